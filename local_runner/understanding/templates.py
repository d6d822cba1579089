"""Sample utterances as patterns: parsed once, matched word for word with slots wherever the model has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from local_runner.interaction_model import InteractionModel, Slot
from local_runner.understanding.builtin_intents import PHRASES
from local_runner.understanding.words import expand, is_filler, tokens

_PLACEHOLDER = re.compile(r"\{(?:[^{}|]*\|)?\s*(\w+)\s*\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One sample utterance of one intent."""

    intent: str
    parts: tuple[str | Slot, ...]
    """Words in the common spelling, and slots."""
    elicited: bool = False
    """A sample of a slot (what people say when they are asked for it), not of the intent."""

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots, in order."""
        return tuple(p for p in self.parts if isinstance(p, Slot))

    @property
    def words(self) -> tuple[str, ...]:
        """The literal words, in order."""
        return tuple(p for p in self.parts if isinstance(p, str))


def parse_sample(intent: str, sample: str, slots: dict[str, Slot], elicited: bool = False) -> Template | None:
    """A sample as a template, without hesitations; None if nothing is left of it.

    Placeholders that name no slot of the intent are dropped: Alexa refuses such models, a runner should not crash.
    """
    parts: list[str | Slot] = []
    position = 0
    for match in _PLACEHOLDER.finditer(sample):
        parts.extend(_literal(sample[position : match.start()]))
        slot = slots.get(match.group(1))
        if slot is not None:
            parts.append(slot)
        position = match.end()
    rest = sample[position:]
    if parts and isinstance(parts[-1], Slot) and rest.startswith(("'s", "’s")):
        parts.append("'s")
        rest = rest[2:]
    parts.extend(_literal(rest))
    spoken = [p for p in parts if not isinstance(p, str) or not is_filler(p)] or parts
    return Template(intent, tuple(spoken), elicited) if spoken else None


def _literal(text: str) -> Iterator[str]:
    # A possessive after a placeholder is a word of its own; elsewhere utterance() sees to it.
    for token in tokens(text):
        yield from expand(token)


def templates(model: InteractionModel) -> list[Template]:
    """All patterns of a model: its samples, the slots' own samples, and what people say for built-in intents."""
    found: dict[tuple[str, tuple[str | Slot, ...]], Template] = {}
    for intent in model.intents:
        slots = {s.name: s for s in intent.slots}
        sources = [(sample, False) for sample in intent.samples]
        sources += [(phrase, False) for phrase in PHRASES.get(intent.name, ())]
        sources += [(sample, True) for slot in intent.slots for sample in slot.samples]
        for sample, elicited in sources:
            template = parse_sample(intent.name, sample, slots, elicited)
            if template is not None:
                found.setdefault((intent.name, template.parts), template)
    return list(found.values())


@dataclass(frozen=True)
class Fill:
    """A slot filled by a span of words."""

    slot: Slot
    start: int
    end: int
    free: bool
    """Any words would have done: nothing in the span itself says that it is a value."""


@dataclass(frozen=True)
class Match:
    """A template that an utterance fits from end to end."""

    template: Template
    fills: tuple[Fill, ...]

    @property
    def literals(self) -> int:
        """How many words matched as written."""
        return len(self.template.words)

    @property
    def free_words(self) -> int:
        """How many words were taken by slots that accept any words."""
        return sum(f.end - f.start for f in self.fills if f.free)


SpanFinder = Callable[[Slot, Sequence[str], int], list[tuple[int, bool]]]
"""Ends of the values of a slot that may begin at an index, each with whether it is free text."""


@dataclass
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    slots: dict[Slot, _Node] = field(default_factory=dict)
    ends: list[Template] = field(default_factory=list)


class TemplateIndex:
    """All templates in one tree, so that matching costs what the utterance costs and not what the model costs."""

    def __init__(self, patterns: Sequence[Template]) -> None:
        self._root = _Node()
        # Samples without slots, nearly all of a big model, need no tree.
        self._plain: dict[tuple[str | Slot, ...], tuple[Template, ...]] = {}
        for template in patterns:
            if not template.slots:
                self._plain[template.parts] = (*self._plain.get(template.parts, ()), template)
                continue
            node = self._root
            for part in template.parts:
                if isinstance(part, str):
                    node = node.words.setdefault(part, _Node())
                else:
                    node = node.slots.setdefault(part, _Node())
            node.ends.append(template)

    def matches(self, words: Sequence[str], spans: SpanFinder, limit: int = 200) -> list[Match]:
        """Every template that fits the whole utterance, at most ``limit`` of them."""
        found = [Match(template, ()) for template in self._plain.get(tuple(words), ())]
        known: dict[tuple[Slot, int], list[tuple[int, bool]]] = {}

        def walk(node: _Node, position: int, fills: tuple[Fill, ...]) -> None:
            if len(found) >= limit:
                return
            if position == len(words):
                found.extend(Match(t, fills) for t in node.ends)
                return
            following = node.words.get(words[position])
            if following is not None:
                walk(following, position + 1, fills)
            for slot, beyond in node.slots.items():
                if (slot, position) not in known:
                    known[slot, position] = spans(slot, words, position)
                for end, free in known[slot, position]:
                    walk(beyond, end, (*fills, Fill(slot, position, end, free)))

        walk(self._root, 0, ())
        return found
