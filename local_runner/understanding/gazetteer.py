"""Entity resolution: which canonical value of a slot type somebody said, exactly or nearly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from local_runner.interaction_model import SlotType, SlotValue
from local_runner.understanding.words import utterance

FUZZY_CUTOFF = 84.0
"""Least rapidfuzz ratio (0 to 100) at which a misheard phrase still counts as a value."""

_LEADING = frozenset("a an the my your his her our their some this that".split())  # noqa: SIM905


@dataclass(frozen=True)
class Resolution:
    """A span of words that is (nearly) a value of a slot type."""

    start: int
    """Index of the first word."""
    end: int
    """Index after the last word."""
    value: SlotValue
    likeness: float
    """0 to 100; 100 is exact."""


class Gazetteer:
    """The values of one slot type, by what people say for them."""

    def __init__(self, slot_type: SlotType) -> None:
        self.name = slot_type.name
        self._values: dict[tuple[str, ...], SlotValue] = {}
        for value in slot_type.values:
            # The canonical name of one value wins over a synonym of another.
            canonical = utterance(value.name).words
            if canonical:
                self._values[canonical] = value
        for value in slot_type.values:
            # "TX" is spelled out: "t x".
            if value.name.isupper() and value.name.isalpha() and 1 < len(value.name) <= 4:
                self._values.setdefault(tuple(value.name.lower()), value)
            for form in value.synonyms:
                words = utterance(form).words
                if words:
                    self._values.setdefault(words, value)
        self._forms = list(self._values)
        self.longest = max((len(f) for f in self._forms), default=0)
        self._first = frozenset(f[0] for f in self._forms)
        self._vocabulary = frozenset(w for f in self._forms for w in f)
        # "front of my thigh" is "front of the thigh".
        self._bare: dict[tuple[str, ...], SlotValue] = {}
        for spoken, value in self._values.items():
            bare = tuple(w for w in spoken if w not in _LEADING)
            if bare and bare != spoken:
                self._bare.setdefault(bare, value)
        self._by_length: dict[int, tuple[list[str], list[tuple[str, ...]]]] = {}
        for spoken in self._forms:
            for length in range(len(spoken) - 1, len(spoken) + 2):
                texts, forms = self._by_length.setdefault(length, ([], []))
                texts.append(" ".join(spoken))
                forms.append(spoken)
        self._near: dict[tuple[str, ...], Resolution | None] = {}

    def __len__(self) -> int:
        return len(self._forms)

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The values' canonical names, as words."""
        first: dict[int, tuple[str, ...]] = {}
        for form, value in self._values.items():
            first.setdefault(id(value), form)
        return list(first.values())

    @property
    def forms(self) -> list[tuple[str, ...]]:
        """Everything people say for a value, in the model's order (canonical names first)."""
        return self._forms

    def exact_at(self, words: Sequence[str], start: int) -> Iterator[Resolution]:
        """Values that stand at ``start``, longest first."""
        if words[start] not in self._first:
            return
        for end in range(min(len(words), start + self.longest + 1), start, -1):
            said = tuple(words[start:end])
            value = self._values.get(said)
            if value is None and end - start > 2 and words[end - 1] not in _LEADING:
                bare = tuple(w for w in said[1:] if w not in _LEADING)
                if len(bare) < len(said) - 1:
                    bare = (said[0], *bare)
                    value = self._bare.get(bare) or self._values.get(bare)
            if value is not None:
                yield Resolution(start, end, value, 100.0)

    def resolve(self, words: Sequence[str]) -> Resolution | None:
        """The value that these words as a whole are, exactly, without a leading article, or nearly."""
        whole = tuple(words)
        if not whole:
            return None
        value = self._values.get(whole)
        if value is None and len(whole) > 1 and whole[0] in _LEADING:
            value = self._values.get(whole[1:])
        if value is None and whole[0] not in _LEADING:
            value = next((v for a in ("the", "a") if (v := self._values.get((a, *whole))) is not None), None)
        if value is not None:
            return Resolution(0, len(whole), value, 100.0)
        return self._nearly(whole)

    def search(self, words: Sequence[str], blocked: Sequence[bool] | None = None) -> list[Resolution]:
        """Values anywhere in the words that do not overlap: exact ones before near ones, longer before shorter.

        Args:
            words: the utterance.
            blocked: words that may not be part of a value.
        """
        taken = list(blocked) if blocked is not None else [False] * len(words)
        found: list[Resolution] = []
        exact = sorted(
            (r for i in range(len(words)) for r in self.exact_at(words, i)), key=lambda r: (r.start - r.end, r.start)
        )
        for resolution in exact:
            if not any(taken[resolution.start : resolution.end]):
                found.append(resolution)
                taken[resolution.start : resolution.end] = [True] * (resolution.end - resolution.start)
        strange = [w not in self._vocabulary for w in words]
        if not found and any(strange):
            # Only what has a word that the list does not know can be a misspelt value; the rest would be exact.
            near = [
                Resolution(start, end, r.value, r.likeness)
                for start in range(len(words))
                for end in range(start + 1, min(len(words), start + self.longest + 1) + 1)
                if any(strange[start:end])
                and not any(taken[start:end])
                and (r := self._nearly(tuple(words[start:end]))) is not None
            ]
            for resolution in sorted(near, key=lambda r: (-r.likeness, r.start - r.end)):
                if not any(taken[resolution.start : resolution.end]):
                    found.append(resolution)
                    taken[resolution.start : resolution.end] = [True] * (resolution.end - resolution.start)
        return sorted(found, key=lambda r: r.start)

    def _nearly(self, words: tuple[str, ...]) -> Resolution | None:
        if words not in self._near:
            if len(self._near) > 2000:
                self._near.clear()
            self._near[words] = self._compare(words)
        return self._near[words]

    def _compare(self, words: tuple[str, ...]) -> Resolution | None:
        text = " ".join(words)
        # Short words are too near to each other: "calf" and "half" are one edit apart.
        if len(text) < 4 or len(words) not in self._by_length:
            return None
        cutoff = FUZZY_CUTOFF if len(text) > 5 else 88.0
        texts, forms = self._by_length[len(words)]
        match = process.extractOne(text, texts, scorer=fuzz.ratio, score_cutoff=cutoff)
        if match is None:
            return None
        form, likeness, index = match
        if form[0] != text[0] and likeness < 90:
            return None
        return Resolution(0, len(words), self._values[forms[index]], float(likeness))
