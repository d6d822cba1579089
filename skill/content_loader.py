"""Reads `skill/content/` and checks it: what refers to what, that nothing is missing, that nothing stands twice."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from skill.content_types import (
    LEVELS,
    POSITIONS,
    TOPICS,
    Answer,
    Content,
    Danger,
    Movement,
    Question,
    RoutineStep,
    SlotType,
    SlotValue,
    Source,
    Store,
    Utterances,
)
from skill.content_yaml import Entry, read_entry
from skill.errors import ContentError

CONTENT = Path(__file__).parent / "content"
"""The folder of the content that ships."""


OWN_FACTS = frozenset({"checked_yes", "ten_minutes"})
"""Facts that the conversation itself finds out, beside the signs and conditions that people name."""


@cache
def load_content(root: Path = CONTENT) -> Content:
    """Read all content below ``root``; read once, then kept.

    Raises:
        ContentError: a file is wrong; the message begins with its name and line.
    """
    sources = _sources(read_entry(root / "sources.yaml", root))
    slot_types = {t.name: t for t in (_slot_type(e) for e in _folder(root, "slots"))}
    reader = _Reader(frozenset(sources), frozenset(slot_types))
    questions = tuple(reader.question(e) for e in _folder(root, "questions"))
    dangers: list[Danger] = []
    signs: list[Utterances] = []
    for entry in _folder(root, "danger"):
        if "say" in entry:
            dangers.append(reader.danger(entry))
        else:
            signs.append(reader.utterances(entry, ("id", "when")))
    conversation = tuple(reader.utterances(e, ("id",)) for e in _folder(root, "conversation"))
    movements = tuple(m for e in _folder(root, "relief") for m in reader.movements(e))
    bedtime = read_entry(root / "bedtime.yaml", root)
    bedtime.only("sources", "steps")
    phrases_entry = read_entry(root / "phrases.yaml", root).mapping("phrases")
    if phrases_entry is None:
        raise ContentError("phrases.yaml", 1, "'phrases' is missing")
    content = Content(
        sources=sources,
        slot_types=slot_types,
        questions=questions,
        dangers=tuple(dangers),
        signs_intents=tuple(signs),
        conversation=conversation,
        movements=movements,
        routine=tuple(_routine_step(e) for e in bedtime.entries("steps")),
        routine_sources=reader.sources(bedtime),
        phrases={key: phrases_entry.text(key) for key in phrases_entry},
        store=_store(read_entry(root / "store.yaml", root)),
    )
    _check_whole(content)
    return content


def _folder(root: Path, name: str) -> Iterable[Entry]:
    return [read_entry(path, root) for path in sorted((root / name).glob("*.yaml"))]


def _sources(entry: Entry) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for key in entry:
        item = entry.mapping(key)
        if item is None:
            raise entry.fail(f"source '{key}' is empty", key)
        item.only("title", "publisher", "year", "address", "confirmed", "spoken")
        confirmed = item.text("confirmed")
        if confirmed not in ("read", "secondhand", "general"):
            raise item.fail("'confirmed' must be read, secondhand or general", "confirmed")
        found[key] = Source(
            key,
            item.text("title"),
            item.text("publisher", required=False),
            item.text("year", required=False),
            item.text("address", required=False),
            confirmed,
            item.text("spoken"),
        )
    return found


def _slot_type(entry: Entry) -> SlotType:
    entry.only("type", "values")
    values: list[SlotValue] = []
    spoken: dict[str, str] = {}
    for item in entry.entries("values"):
        item.only("id", "name", "synonyms")
        value = SlotValue(item.text("id"), item.text("name"), item.texts("synonyms"))
        for form in (value.name, *value.synonyms):
            other = spoken.setdefault(form.lower(), value.id)
            if other != value.id:
                raise item.fail(f"'{form}' means both {other} and {value.id}")
        values.append(value)
    ids = [v.id for v in values]
    if len(set(ids)) != len(ids) or not ids:
        raise entry.fail("every value needs an id of its own, and there must be at least one", "values")
    return SlotType(entry.text("type"), tuple(values))


def _routine_step(entry: Entry) -> RoutineStep:
    entry.only("id", "hold", "seated", "standing")
    return RoutineStep(entry.text("id"), entry.integer("hold"), entry.text("seated"), entry.text("standing"))


def _store(entry: Entry) -> Store:
    entry.only("name", "summary", "description", "examples", "keywords", "testing", "privacy_policy")
    paragraphs = entry.texts("description")
    return Store(
        entry.text("name"),
        entry.text("summary"),
        "\n\n".join(paragraphs),
        entry.texts("examples"),
        entry.texts("keywords"),
        entry.text("testing"),
        entry.text("privacy_policy", required=False),
    )


class _Reader:
    """Reads entries that refer to sources and slot types."""

    def __init__(self, sources: frozenset[str], slot_types: frozenset[str]) -> None:
        self._sources = sources
        self._slot_types = slot_types

    def sources(self, entry: Entry) -> tuple[str, ...]:
        ids = entry.texts("sources")
        for source in ids:
            if source not in self._sources:
                raise entry.fail(f"source '{source}' is not in sources.yaml", "sources")
        return ids

    def utterances(self, entry: Entry, also: tuple[str, ...]) -> Utterances:
        entry.only("intent", "topic", "slots", "ask", *also)
        return self._utterances(entry, entry.text("topic"))

    def _utterances(self, entry: Entry, topic: str) -> Utterances:
        if topic not in TOPICS:
            raise entry.fail(f"'{topic}' is not a topic", "topic")
        slots: dict[str, str] = {}
        declared = entry.mapping("slots")
        for name in declared or ():
            assert declared is not None
            slot_type = declared.text(name)
            if slot_type not in self._slot_types and not slot_type.startswith("AMAZON."):
                raise declared.fail(f"slot type '{slot_type}' has no file in slots/", name)
            slots[name] = slot_type
        return Utterances(entry.text("intent"), topic, slots, entry.texts("ask"))

    def question(self, entry: Entry) -> Question:
        entry.only("id", "topic", "intent", "slots", "ask", "answers")
        utterances = self._utterances(entry, entry.text("topic"))
        answers = tuple(self._answer(e, utterances) for e in entry.entries("answers"))
        if not answers or answers[-1].when:
            raise entry.fail("the last answer must be the one without 'when'", "answers")
        return Question(entry.text("id"), utterances, answers)

    def _answer(self, entry: Entry, utterances: Utterances) -> Answer:
        entry.only("id", "when", "say", "more", "card", "level", "sources", "covers")
        when: dict[str, frozenset[str]] = {}
        condition = entry.mapping("when")
        for slot in condition or ():
            assert condition is not None
            if slot not in utterances.slots:
                raise condition.fail(f"the intent has no slot '{slot}'", slot)
            when[slot] = frozenset(condition.texts(slot))
        say, more = entry.text("say"), entry.text("more", required=False)
        return Answer(
            entry.text("id"),
            when,
            say,
            more,
            entry.text("card", required=False) or f"{say} {more}".strip(),
            _level(entry, required=False),
            self.sources(entry),
            entry.texts("covers"),
        )

    def danger(self, entry: Entry) -> Danger:
        entry.only("id", "level", "topic", "intent", "slots", "ask", "say", "sources", "covers", "when", "stretch")
        topic = entry.text("topic", "red_flag")
        level = _level(entry, required=True)
        assert level is not None
        return Danger(
            entry.text("id"),
            level,
            topic,
            self._utterances(entry, topic) if "intent" in entry else None,
            entry.sets("when"),
            entry.text("say"),
            self.sources(entry),
            entry.texts("covers"),
        )

    def movements(self, entry: Entry) -> Iterable[Movement]:
        entry.only("part", "movements")
        part = entry.text("part")
        for item in entry.entries("movements"):
            item.only(
                "id", "position", "say", "hold", "repeats", "cautions", "sources", "suits", "avoid", "spoken"
            )  # fmt: skip
            position = item.text("position")
            if position not in POSITIONS:
                raise item.fail(f"'position' must be one of {', '.join(POSITIONS)}", "position")
            yield Movement(
                item.text("id"),
                part,
                position,
                item.text("say"),
                item.integer("hold"),
                item.integer("repeats"),
                self.sources(item),
                item.text("cautions"),
                frozenset(item.texts("suits")),
                frozenset(item.texts("avoid")),
                frozenset(item.texts("spoken")),
            )


def _level(entry: Entry, *, required: bool) -> str | None:
    level = entry.text("level", required=required)
    if not level and not required:
        return None
    if level not in LEVELS:
        raise entry.fail(f"'level' must be one of {', '.join(LEVELS)}", "level")
    return level


def _check_whole(content: Content) -> None:
    """What no single file can show: one file per intent, samples that stand once, ids that exist."""
    intents: dict[str, int] = {}
    samples: dict[str, str] = {}
    for utterances in content.utterances:
        intents[utterances.intent] = intents.get(utterances.intent, 0) + 1
        if intents[utterances.intent] > 1:
            raise ContentError("content", 1, f"intent {utterances.intent} stands in two files")
        for sample in utterances.ask:
            other = samples.setdefault(sample.lower(), utterances.intent)
            if other != utterances.intent:
                raise ContentError("content", 1, f"'{sample}' is a sample of both {other} and {utterances.intent}")
    for question in content.questions:
        for answer in question.answers:
            for slot, ids in answer.when.items():
                slot_type = content.slot_types.get(question.utterances.slots[slot])
                known = {v.id for v in slot_type.values} if slot_type else set()
                for missing in ids - known:
                    raise ContentError(f"questions/{question.id}", 1, f"answer {answer.id}: no value '{missing}'")
    facts = {v.id for name in ("Sign", "Condition", "Person") for v in _values(content, name)} | OWN_FACTS
    for danger in content.dangers:
        for missing in frozenset().union(*danger.when) - facts:
            raise ContentError(f"danger/{danger.id}", 1, f"'{missing}' is no sign, condition or person")


def _values(content: Content, slot_type: str) -> tuple[SlotValue, ...]:
    found = content.slot_types.get(slot_type)
    return found.values if found else ()
