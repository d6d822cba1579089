"""Slots of an intent that has been decided on: values from lists, by rule, or from where they stand in the sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from local_runner.interaction_model import InteractionModel, Slot
from local_runner.understanding.gazetteer import Gazetteer
from local_runner.understanding.meaning import SlotMatch
from local_runner.understanding.slot_types import FREE_TEXT, is_read, readings_at
from local_runner.understanding.words import Utterance


class SlotFiller:
    """Fills the slots of one skill's intents."""

    def __init__(self, model: InteractionModel) -> None:
        self.model = model
        self.gazetteers = {t.name: Gazetteer(t) for t in model.types if t.values}

    def spans(self, slot: Slot, words: Sequence[str], start: int) -> list[tuple[int, bool]]:
        """Where a value of the slot that begins at ``start`` may end, and whether any words would do."""
        gazetteer = self.gazetteers.get(slot.type)
        ends = [(end, False) for end, _ in readings_at(slot.type, words, start)]
        if gazetteer is not None:
            ends += [(r.end, False) for r in gazetteer.exact_at(words, start)]
        if slot.type in FREE_TEXT or (gazetteer is None and not is_read(slot.type)):
            ends += [(end, True) for end in range(start + 1, len(words) + 1)]
        return ends

    def types_in(self, words: Sequence[str]) -> list[tuple[int, int, str]]:
        """Values from lists among the words, of any type: first word, end, type; longest of each type first."""
        found = []
        for name, gazetteer in self.gazetteers.items():
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

    def search(self, intent: str, heard: Utterance, blocked: dict[str, Sequence[bool]]) -> dict[str, SlotMatch]:
        """Fill what can be filled of an intent's slots.

        Args:
            intent: its name.
            heard: the utterance.
            blocked: for each slot, the words that may not be part of its value (what is denied).
        """
        declared = self.model.intent(intent)
        if declared is None:
            return {}
        found: dict[str, SlotMatch] = {}
        taken = [False] * len(heard.words)
        for slot in sorted(declared.slots, key=lambda s: is_read(s.type)):
            shut = [t or b for t, b in zip(taken, blocked[slot.name], strict=True)]
            span = self._find(slot, heard.words, shut)
            if span is not None:
                found[slot.name] = self.fill(slot, heard, *span)
                taken[span[0] : span[1]] = [True] * (span[1] - span[0])
        return found

    def _find(self, slot: Slot, words: Sequence[str], shut: Sequence[bool]) -> tuple[int, int] | None:
        gazetteer = self.gazetteers.get(slot.type)
        if gazetteer is not None:
            values = gazetteer.search(words, shut)
            return (values[0].start, values[0].end) if values else None
        if is_read(slot.type):
            for start in range(len(words)):
                readings = readings_at(slot.type, words, start)
                if readings and not any(shut[start : readings[0][0]]):
                    return start, readings[0][0]
        return None
