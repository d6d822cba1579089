"""Words of the skill that sound like what was recognised: "my cough is cramping" for "my calf is cramping"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from local_runner.understanding.phonetics import sound_key
from local_runner.understanding.slot_filling import SlotFiller
from local_runner.understanding.templates import Template
from local_runner.understanding.words import FUNCTION_WORDS, Utterance


class Homophones:
    """The skill's vocabulary by sound."""

    def __init__(self, patterns: Sequence[Template], slots: SlotFiller) -> None:
        self._patterns = patterns
        self._slots = slots

    @cached_property
    def _words(self) -> Counter[str]:
        counts = Counter(word for template in self._patterns for word in template.words)
        counts.update(word for g in self._slots.gazetteers.values() for form in g.forms for word in form)
        return counts

    @cached_property
    def _by_sound(self) -> dict[str, str]:
        # The commonest word of each sound; short keys fit everything.
        found: dict[str, str] = {}
        for word, _ in self._words.most_common():
            key = sound_key(word)
            if len(key) > 1 and word not in FUNCTION_WORDS:
                found.setdefault(key, word)
        return found

    def replaced(self, heard: Utterance) -> Utterance | None:
        """The utterance with words that the skill does not know replaced by its own that sound alike, or None."""
        words = [
            w if w in self._words or w in FUNCTION_WORDS else self._by_sound.get(sound_key(w), w) for w in heard.words
        ]
        return replace(heard, words=tuple(words)) if tuple(words) != heard.words else None
