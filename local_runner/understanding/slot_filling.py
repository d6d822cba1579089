"""Slots of an intent that has been decided on: values from lists, by rule, or from where they stand in the sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from local_runner.interaction_model import Intent, InteractionModel, Slot, SlotType, SlotValue
from local_runner.understanding.builtin_lists import common_values
from local_runner.understanding.encoder import shared_encoder
from local_runner.understanding.gazetteer import Gazetteer
from local_runner.understanding.meaning import SlotMatch
from local_runner.understanding.slot_types import FREE_TEXT, is_read, readings_at
from local_runner.understanding.tagger import Tagger
from local_runner.understanding.words import Utterance

_NAMED = re.compile(r"\{[^{}|]*?\|?\s*(\w+)\s*\}")
_TAIL = frozenset({"please", "now", "thanks", "okay", "then"})


class SlotFiller:
    """Fills the slots of one skill's intents."""

    def __init__(self, model: InteractionModel) -> None:
        self.model = model
        self.gazetteers = {t.name: Gazetteer(t) for t in model.types if t.values}
        used = {s.type for i in model.intents for s in i.slots}
        self.common = {
            name: Gazetteer(SlotType(name, tuple(SlotValue(v) for v in values)))
            for name in sorted(used)
            if (values := common_values(name))
        }
        # A type whose values all have ids is an enumeration: nothing else can be meant. Others take other words too, as
        # on Alexa, where the sentence has the shape of a sample.
        self._enumerations = {t.name for t in model.types if t.values and all(v.id for v in t.values)}
        self._order: dict[str, list[Slot]] = {}
        self._read_types = sorted({s.type for i in model.intents for s in i.slots if is_read(s.type)})

    def spans(self, slot: Slot, words: Sequence[str], start: int) -> list[tuple[int, bool]]:
        """Where a value of the slot that begins at ``start`` may end, and whether any words would do."""
        gazetteer = self.gazetteers.get(slot.type)
        ends = [(end, False) for end, _ in readings_at(slot.type, words, start)]
        if gazetteer is not None:
            ends += [(r.end, False) for r in gazetteer.exact_at(words, start)]
        if slot.type in self.common:
            ends += [(r.end, False) for r in self.common[slot.type].exact_at(words, start)]
        if slot.type in FREE_TEXT or (gazetteer is None and not is_read(slot.type)):
            ends += [(end, True) for end in range(start + 1, len(words) + 1)]
        return ends

    def takes_other_words(self, slot: Slot) -> bool:
        """The slot may hold words that are in no list and follow no rule."""
        return slot.type not in self._enumerations and not is_read(slot.type)

    def known(self, words: Sequence[str]) -> list[tuple[int, int, str]]:
        """Values among the words, from lists or by rule: first word, end, type."""
        found = self.types_in(words)
        for kind in self._read_types:
            start = 0
            while start < len(words):
                readings = readings_at(kind, words, start)
                if readings:
                    found.append((start, readings[0][0], kind))
                start = readings[0][0] if readings else start + 1
        return found

    def types_in(self, words: Sequence[str]) -> list[tuple[int, int, str]]:
        """Values from lists among the words, of any type: first word, end, type; longest of each type first."""
        found = []
        for name, gazetteer in (*self.gazetteers.items(), *self.common.items()):
            start = 0
            while start < len(words):
                resolution = next(gazetteer.exact_at(words, start), None)
                if resolution is not None:
                    found.append((start, resolution.end, name))
                start = resolution.end if resolution is not None else start + 1
        return found

    def fill(self, slot: Slot, heard: Utterance, start: int, end: int) -> SlotMatch:
        """The slot filled with ``heard.words[start:end]``."""
        for reading in readings_at(slot.type, heard.words, start, date.today()):
            if reading[0] == end:
                return SlotMatch(slot.name, reading[1], slot.type)
        gazetteer = self.gazetteers.get(slot.type)
        said = heard.span(start, end)
        if gazetteer is None:
            return SlotMatch(slot.name, said, slot.type)
        resolution = gazetteer.resolve(heard.words[start:end])
        if resolution is None:
            return SlotMatch(slot.name, said, slot.type, custom=True)
        return SlotMatch(slot.name, said, slot.type, resolution.value.name, resolution.value.id, True)

    def search(
        self, intent: str, heard: Utterance, blocked: Mapping[str, Sequence[bool]], tagger: Tagger | None = None
    ) -> dict[str, SlotMatch]:
        """Fill what can be filled of an intent's slots.

        Args:
            intent: its name.
            heard: the utterance.
            blocked: for each slot, the words that may not be part of its value (what is denied).
            tagger: knows where the intent's slots stand, if there is one.
        """
        declared = self.model.intent(intent)
        if declared is None:
            return {}
        found: dict[str, SlotMatch] = {}
        taken = [False] * len(heard.words)
        if tagger is not None:
            shut = [all(b[i] for b in blocked.values()) for i in range(len(taken))]
            vectors = shared_encoder().one(tuple(heard.words))[1]
            for name, (start, end) in tagger.find(heard.words, vectors, self.known(heard.words), shut).items():
                slot = declared.slot(name)
                span = self._settle(slot, heard.words, start, end) if slot is not None else None
                if slot is not None and span is not None and not any(taken[slice(*span)]):
                    found[name] = self.fill(slot, heard, *span)
                    taken[slice(*span)] = [True] * (span[1] - span[0])
        for slot in self._in_order(declared):
            if slot.name in found:
                continue
            shut = [t or b for t, b in zip(taken, blocked[slot.name], strict=True)]
            span = self._find(slot, heard.words, shut)
            if span is not None:
                found[slot.name] = self.fill(slot, heard, *span)
                taken[slice(*span)] = [True] * (span[1] - span[0])
        return found

    def _in_order(self, intent: Intent) -> list[Slot]:
        """Lists before rules; of slots of one type, the one that samples name most often first."""
        if intent.name not in self._order:
            named = Counter(name for sample in intent.samples for name in _NAMED.findall(sample))
            self._order[intent.name] = sorted(intent.slots, key=lambda s: (is_read(s.type), -named[s.name]))
        return self._order[intent.name]

    def _settle(self, slot: Slot, words: Sequence[str], start: int, end: int) -> tuple[int, int] | None:
        """The part of a tagged span that the slot's type accepts."""
        if is_read(slot.type):
            for first in range(start, end):
                readings = readings_at(slot.type, words, first)
                if readings:
                    return first, readings[0][0]
            return None
        if slot.type in self._enumerations:
            values = self.gazetteers[slot.type].search(words[start:end])
            return (start + values[0].start, start + values[0].end) if values else None
        while end - start > 1 and words[end - 1] in _TAIL:
            end -= 1
        gazetteer = self.gazetteers.get(slot.type)
        if gazetteer is not None and gazetteer.resolve(words[start:end]) is None:
            # A value from the list that is most of the span is the value.
            inner = [r for i in range(start, end) for r in gazetteer.exact_at(words[:end], i)]
            best = max(inner, key=lambda r: r.end - r.start, default=None)
            if best is not None and (best.end - best.start) >= 0.6 * (end - start):
                return best.start, best.end
        return start, end

    def _find(self, slot: Slot, words: Sequence[str], shut: Sequence[bool]) -> tuple[int, int] | None:
        gazetteer = self.gazetteers.get(slot.type) or self.common.get(slot.type)
        if gazetteer is not None:
            values = gazetteer.search(words, shut)
            return (values[0].start, values[0].end) if values else None
        if is_read(slot.type):
            for start in range(len(words)):
                readings = readings_at(slot.type, words, start)
                if readings and not any(shut[start : readings[0][0]]):
                    return start, readings[0][0]
        return None
