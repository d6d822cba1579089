"""What to listen for: an interaction model as weighted word sequences with slot classes, which a recogniser can use."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from local_runner.interaction_model import Intent, InteractionModel
from local_runner.spoken_forms import BUILT_IN_PHRASES, OPEN_SLOTS, built_in_slots, spoken_words

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
EXPECTED_SHARE = 0.5
"""Share of all that is said which the intents a session expects get, when it expects any."""
BUILT_IN_WEIGHT = 0.5
"""Weight of a built-in intent (stop, help, …) beside one of the skill's own."""
_FILLERS = ("um", "uh", "er", "please", "okay", "hey", "well", "so")


@dataclass(frozen=True)
class ClassToken:
    """Stands in a word sequence for any phrase of a word class."""

    name: str


Token = str | ClassToken
"""A word, or a class of phrases."""


@dataclass(frozen=True)
class Sentence:
    """One way to say something."""

    tokens: tuple[Token, ...]
    weight: float
    """Relative frequency; only ratios matter."""
    intent: str


@dataclass(frozen=True)
class WordClass:
    """The phrases that fill a slot."""

    name: str
    phrases: tuple[tuple[Token, ...], ...]
    """Different from each other, each with at least one token; may name other classes, never itself."""
    open: bool = False
    """Whether any other words may fill it too (AMAZON.SearchQuery)."""


@dataclass(frozen=True)
class ListeningModel:
    """Weighted word sequences with slot classes: neutral data for a recogniser."""

    sentences: tuple[Sentence, ...]
    classes: tuple[WordClass, ...] = ()
    fillers: tuple[str, ...] = _FILLERS
    """Words that may be said before a sentence and mean nothing."""

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word that can be heard, except inside open classes."""
        sequences: list[Iterable[Token]] = [s.tokens for s in self.sentences]
        sequences += [phrase for c in self.classes for phrase in c.phrases]
        return frozenset(t for tokens in sequences for t in tokens if isinstance(t, str)) | frozenset(self.fillers)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the contents; the key of a recogniser's cache."""
        return hashlib.sha256(repr((self.sentences, self.classes, self.fillers)).encode()).hexdigest()

    def word_class(self, name: str) -> WordClass:
        """The class of that name.

        Raises:
            KeyError: there is none.
        """
        return self._classes_by_name[name]

    @cached_property
    def _classes_by_name(self) -> dict[str, WordClass]:
        return {c.name: c for c in self.classes}


def listening_model(model: InteractionModel, expected: Sequence[str] = ()) -> ListeningModel:
    """What a skill wants to hear.

    Every intent of the skill weighs the same, however many sample utterances it has, and a built-in one half of that;
    within an intent every sample weighs the same, and within a slot every value. Names in ``expected`` that the model
    has share half of the weight, the other intents the rest.
    """
    known = {i.name for i in model.intents}
    awaited = {name for name in expected if name in known}
    classes = _Classes(model)
    sentences: list[Sentence] = []
    by_intent = {i.name: s for i in model.intents if (s := _intent_sentences(i, classes))}
    share = {name: BUILT_IN_WEIGHT if name.startswith("AMAZON.") else 1.0 for name in by_intent}
    total_awaited = sum(w for name, w in share.items() if name in awaited)
    total_other = sum(w for name, w in share.items() if name not in awaited)
    for name, sequences in by_intent.items():
        weight = share[name]
        if total_awaited and total_other:
            part, total = (EXPECTED_SHARE, total_awaited) if name in awaited else (1 - EXPECTED_SHARE, total_other)
            weight *= part / total * len(by_intent)
        sentences += [Sentence(tokens, weight / len(sequences), name) for tokens in sequences]
    return ListeningModel(tuple(sentences), classes.used())


def phrases_model(phrases: Iterable[str]) -> ListeningModel:
    """A listening model of fixed phrases, all as likely."""
    sequences = dict.fromkeys(spoken_words(phrase) for phrase in phrases)
    return ListeningModel(tuple(Sentence(words, 1.0, "") for words in sequences if words))


def _intent_sentences(intent: Intent, classes: _Classes) -> tuple[tuple[Token, ...], ...]:
    """Token sequences of an intent: samples, built-in phrases, and what is said when one slot is asked for."""
    types = {slot.name: slot.type for slot in intent.slots}
    texts = [*intent.samples, *(sample for slot in intent.slots for sample in slot.samples)]
    found = [classes.tokens(text, types) for text in texts]
    found += [classes.tokens(text, {}) for text in BUILT_IN_PHRASES.get(intent.name, ())]
    return tuple(dict.fromkeys(tokens for tokens in found if tokens))


class _Classes:
    """Collects the word classes that sentences refer to."""

    def __init__(self, model: InteractionModel) -> None:
        self._model = model
        self._built: dict[str, WordClass | None] = {}

    def tokens(self, text: str, types: dict[str, str]) -> tuple[Token, ...]:
        """Split a sample into words and classes; empty if it names a slot that nobody can fill."""
        tokens: list[Token] = []
        end = 0
        for found in _PLACEHOLDER.finditer(text):
            tokens += spoken_words(text[end : found.start()])
            end = found.end()
            # "{value|Slot}" is the older spelling.
            slot = found.group(1).rpartition("|")[2].strip()
            name = types.get(slot, slot)
            if self._build(name) is None:
                return ()
            tokens.append(ClassToken(name))
            if text[end : end + 2] in ("'s", "’s"):
                # "{Name}'s" cannot be said of a class; the plain value sounds nearly the same.
                end += 2
        return (*tokens, *spoken_words(text[end:]))

    def used(self) -> tuple[WordClass, ...]:
        return tuple(c for c in self._built.values() if c is not None)

    def _build(self, name: str) -> WordClass | None:
        if name not in self._built:
            self._built[name] = None  # a class that refers to itself finds nothing
            custom = self._model.slot_type(name)
            forms = [form for value in custom.values for form in value.spoken_forms] if custom else []
            built_in = built_in_slots().get(name, ())
            phrases = [spoken_words(form) for form in forms] + [self.tokens(phrase, {}) for phrase in built_in]
            unique = tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
            is_open = name in OPEN_SLOTS or (name.startswith("AMAZON.") and not built_in)
            if unique or is_open:
                self._built[name] = WordClass(name, unique, is_open)
        return self._built[name]
