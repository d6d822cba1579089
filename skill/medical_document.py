"""Writes docs/medical.md from the content: what the article states, what Charley says to it, and on whose word.

Run ``python -m skill.medical_document`` after every change of the content; a test proves that the page is in step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from skill.content_loader import CONTENT, load_content
from skill.content_types import Answer, Content, Danger, Question
from skill.content_yaml import read_entry
from skill.errors import ContentError

DOCUMENT = Path(__file__).parent.parent / "docs" / "medical.md"
"""The page in the repository."""

_SLOT = re.compile(r"\{(\w+)\}")

VERDICTS = ("agree", "qualify", "contradict", "added", "note")

INTRODUCTION = """\
# What Charley says, and on whose word

**Reviewed by: nobody yet.** No doctor, physiotherapist or pharmacist has read these lines. They were compiled from
published guidance and trials, and from general medical knowledge where that is marked (GK). The movements and the
danger signs must be read by a doctor and a physiotherapist before Charley is given to the public.

This page is generated from `skill/content` by `python -m skill.medical_document`; do not edit it.

Charley started from an article in a sleep magazine, "Here's why you get nocturnal leg cramps" (Van Winkle's). Every
statement of that article has a number from S1 to S58, everything that a responsible answer adds has a number from O1 to
O20, and every row of the danger-sign table has a number from D1 to D51. A verdict says what became of a statement:
**agree** it is said; **qualify** it is said weaker, or with a condition; **contradict** it must not be said;
**added** the article leaves it out; **note** it is about the article itself.

Sources marked ◐ are known second-hand only, and GK is general medical knowledge that was not confirmed in a page.
"""


@dataclass(frozen=True)
class Statement:
    """A statement of the article, or a fact that was added to it."""

    id: str
    says: str
    verdict: str
    unsaid: str
    """What is deliberately not said, and why; empty if nothing is."""


def load_statements(root: Path = CONTENT) -> tuple[tuple[Statement, ...], tuple[tuple[str, str], ...]]:
    """The statements in order, and the words that are never said with the reason for each.

    Raises:
        ContentError: the file is wrong; the message begins with its name and line.
    """
    entry = read_entry(root / "statements.yaml", root)
    entry.only("statements", "never_said")
    listed = entry.mapping("statements")
    if listed is None:
        raise entry.fail("'statements' is missing")
    statements: list[Statement] = []
    for key in listed:
        item = listed.mapping(key)
        if item is None:
            raise listed.fail(f"statement '{key}' is empty", key)
        item.only("says", "verdict", "unsaid")
        verdict = item.text("verdict")
        if verdict not in VERDICTS:
            raise item.fail(f"'verdict' must be one of {', '.join(VERDICTS)}", "verdict")
        unsaid = item.text("unsaid", required=False)
        if verdict == "contradict" and not unsaid:
            raise item.fail("a statement that is contradicted needs 'unsaid': why it is not said")
        statements.append(Statement(key, item.text("says"), verdict, unsaid))
    never = tuple((e.text("words"), e.text("why")) for e in entry.entries("never_said"))
    return tuple(statements), never


def example_question(content: Content, question: Question, answer: Answer) -> str:
    """Something people say that is answered by ``answer``: a sample, with its slots filled in.

    Raises:
        ContentError: no sample leads to this answer.
    """
    wanted = set(answer.when)
    samples = sorted(question.utterances.ask, key=lambda sample: set(_SLOT.findall(sample)) != wanted)
    for sample in samples:
        said: dict[str, str] = {}
        spoken = sample
        for name in _SLOT.findall(sample):
            values = content.slot_types[question.utterances.slots[name]].values
            value = next((v for v in values if v.id in answer.when.get(name, (v.id,))), values[0])
            said[name] = value.id
            spoken = spoken.replace(f"{{{name}}}", value.name)
        if _chosen(question, said) is answer:
            return spoken
    raise ContentError(f"questions/{question.id}.yaml", 1, f"no sample utterance leads to answer {answer.id}")


def _chosen(question: Question, said: Mapping[str, str]) -> Answer:
    return next(a for a in question.answers if all(said.get(slot) in ids for slot, ids in a.when.items()))


def render(content: Content, root: Path = CONTENT) -> str:
    """The whole page as Markdown."""
    statements, never = load_statements(root)
    parts = [INTRODUCTION, *_statements(content, statements), *_other_answers(content, statements)]
    parts += [*_unsaid(statements, never), *_danger(content)]
    parts += [*_movements(content), *_routine(content), *_sources(content)]
    return "\n".join(parts).rstrip() + "\n"


def _named(content: Content, ids: Iterable[str]) -> str:
    marks = {"read": "", "secondhand": " ◐", "general": ""}
    return ", ".join(f"{i}{marks[content.sources[i].confirmed]}" for i in ids) or "none named"


def _quoted(content: Content, question: Question, answer: Answer) -> str:
    more = f" *More:* “{answer.more}”" if answer.more else ""
    level = f" (level: {answer.level})" if answer.level else ""
    return (
        f"- “{example_question(content, question, answer)}” → “{answer.say}”{more}{level} "
        f"[{_named(content, answer.sources)}]"
    )


def _row(content: Content, danger: Danger) -> str:
    asked = f"“{danger.utterances.ask[0]}”" if danger.utterances and danger.utterances.ask else "signs put together"
    return f"- {danger.id}, {danger.level}: {asked} → “{danger.say}” [{_named(content, danger.sources)}]"


def _statements(content: Content, statements: Iterable[Statement]) -> Iterator[str]:
    """A section for each statement; an answer stands in full where it is met first, and is pointed to later."""
    first: dict[str, str] = {}
    yield "## Every statement, and what is said to it\n"
    for statement in statements:
        yield f"### {statement.id}\n\n{statement.says} **{statement.verdict}**\n"
        lines: list[str] = []
        for question, answer in _all_answers(content):
            if statement.id not in answer.covers:
                continue
            place = first.setdefault(answer.id, statement.id)
            if place == statement.id:
                lines.append(_quoted(content, question, answer))
            else:
                asked = example_question(content, question, answer)
                lines.append(f"- “{asked}” → under [{place}](#{place.lower()}) [{_named(content, answer.sources)}]")
        lines += [_row(content, danger) for danger in content.dangers if statement.id in danger.covers]
        if statement.unsaid:
            lines.append(f"- **Not said:** {statement.unsaid}")
        yield "\n".join(lines) + "\n"


def _all_answers(content: Content) -> Iterator[tuple[Question, Answer]]:
    for question in content.questions:
        for answer in question.answers:
            yield question, answer


def _unsaid(statements: Iterable[Statement], never: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield "## What is deliberately not said, and why\n"
    yield "Of the statements:\n"
    yield "\n".join(f"- {s.id}: {s.unsaid}" for s in statements if s.unsaid) + "\n"
    yield "Never, to anybody:\n"
    yield "\n".join(f"- “{words}”: {why}" for words, why in never) + "\n"


def _danger(content: Content) -> Iterator[str]:
    yield "## Danger signs\n"
    yield "The highest level wins, in any state of the conversation. A doctor must read every row.\n"
    yield "\n".join(_row(content, danger) for danger in content.dangers) + "\n"


def _movements(content: Content) -> Iterator[str]:
    yield "## Movements during a cramp\n"
    yield "A physiotherapist must read every row.\n"
    for movement in content.movements:
        held = f"{movement.hold} seconds, up to {movement.repeats} times" if movement.hold else "not held"
        suits = f"; for: {', '.join(sorted(movement.suits))}" if movement.suits else ""
        avoid = f"; not for: {', '.join(sorted(movement.avoid))}" if movement.avoid else ""
        yield (
            f"- {movement.part}, {movement.position}{suits}{avoid}: “{movement.say}” ({held}) "
            f"[{_named(content, movement.sources)}]"
        )
    yield ""


def _routine(content: Content) -> Iterator[str]:
    yield "## Bedtime stretches\n"
    for step in content.routine:
        yield f"- {step.hold} seconds. Seated: “{step.seated}” Standing: “{step.standing}”"
    yield f"\nSources: {_named(content, content.routine_sources)}\n"


def _other_answers(content: Content, statements: Iterable[Statement]) -> Iterator[str]:
    known = {s.id for s in statements}
    yield "## Answers that take up none of the statements\n"
    yield "\n".join(_quoted(content, q, a) for q, a in _all_answers(content) if not known & set(a.covers)) + "\n"


def _sources(content: Content) -> Iterator[str]:
    words = {"read": "read", "secondhand": "second-hand ◐", "general": "general knowledge"}
    yield "## Sources\n"
    yield "| Ref | Title | Publisher | Year | Address of the page read | Confirmed |\n|---|---|---|---|---|---|"
    for source in content.sources.values():
        cells = (source.id, source.title, source.publisher, source.year, source.address, words[source.confirmed])
        yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
    yield ""


def main() -> None:
    """Write the page."""
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(render(load_content()), encoding="utf-8")


if __name__ == "__main__":
    main()
