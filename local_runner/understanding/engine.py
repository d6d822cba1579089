"""The understander: one utterance, or one recognition, to an intent with its slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from local_runner.hearing import UNKNOWN_WORD, Recognition
from local_runner.interaction_model import InteractionModel
from local_runner.understanding import store
from local_runner.understanding.builtin_intents import SAFETY
from local_runner.understanding.choosing import choose
from local_runner.understanding.homophones import Homophones
from local_runner.understanding.meaning import FALLBACK, SlotMatch, Understanding
from local_runner.understanding.negation import denied, negations, without_denied
from local_runner.understanding.polarity import affirmed_part, denied_slots, denies
from local_runner.understanding.repairs import corrections, without_politeness, without_stutter
from local_runner.understanding.slot_filling import SlotFiller
from local_runner.understanding.templates import Match, Template, TemplateIndex, templates
from local_runner.understanding.training import Trained, train
from local_runner.understanding.words import Utterance, content_words, utterance, without_fillers

EXPECTED = 1.5
"""What being expected by the session adds to an intent's log-odds."""
MISHEARD = 0.9
"""What the score is worth of an utterance that is only understood with a word taken for another that sounds alike."""
_ANSWERS = frozenset({"no", "yes", "actually", "sorry"})
_POLITE = frozenset({"please", "now", "okay", "thanks", "alexa"})


@dataclass(frozen=True)
class _Guess:
    """What the classifier makes of some words."""

    intent: str
    score: float
    """0 to 1; from one half on it is accepted."""
    alike: tuple[int, ...] = ()
    """Indices of the templates of the intent that are most like the words, nearest first."""


class Understander:
    """Understands one skill. Reading is thread-safe; nothing is remembered between utterances."""

    def __init__(self, model: InteractionModel, trained: Trained, slots: SlotFiller) -> None:
        self.model = model
        self.trained = trained
        self._slots = slots
        self._templates = templates(model)
        self._index = TemplateIndex(self._templates)
        self._homophones = Homophones(self._templates, slots)
        self._label = {name: i for i, name in enumerate(trained.labels)}

    @classmethod
    def load(cls, model: InteractionModel, cache: Path | None = None) -> Understander:
        """Read what was learnt from the model, or learn it now and keep it.

        Args:
            model: the skill's interaction model.
            cache: directory to keep it in; default the user's cache. It need not be writable.
        """
        slots = SlotFiller(model)
        path = store.path_for(cache or store.default_cache(), model.fingerprint)
        arrays = store.read(path)
        if arrays is not None:
            try:
                return cls(model, Trained.restore(arrays), slots)
            except (KeyError, ValueError, IndexError, TypeError):
                pass  # written by something else: learn it again
        trained = train(model, slots)
        store.write(path, trained.state())
        return cls(model, trained, slots)

    def understand(self, text: str, expected: Sequence[str] = ()) -> Understanding:
        """The meaning of a text.

        Args:
            text: what was said or typed.
            expected: names of intents that the session makes likely.
        """
        full = utterance(text)
        heard = without_fillers(full)
        if not heard.words or all(w == UNKNOWN_WORD for w in heard.words):
            return Understanding(FALLBACK, rejected="nothing that could be understood was said", heard=text)
        safe = _safety(heard)
        if safe is not None:
            return Understanding(safe, score=1.0, heard=text)
        return replace(self._meaning(full, heard, expected), heard=text)

    def choose(self, recognition: Recognition, expected: Sequence[str] = ()) -> Understanding:
        """The meaning of a recognition, chosen among its hypotheses."""
        return choose(recognition, lambda text: self.understand(text, expected))

    def slots_of(self, intent: str, text: str) -> dict[str, SlotMatch]:
        """The slots of a text that is known to mean an intent, by slot name."""
        return self._fill(intent, without_fillers(utterance(text)), ())

    def _meaning(self, full: Utterance, heard: Utterance, expected: Sequence[str]) -> Understanding:
        for reading in (heard, full) if full is not heard else (heard,):
            exact = self._exact(reading, expected)
            if exact is not None:
                return exact
        plain = heard.keep(without_politeness(heard.words, without_stutter(heard.words)))
        readings = corrections(plain.words, self._slots.types_in(plain.words))
        for indices in readings:
            exact = self._exact(plain.keep(indices), expected)
            if exact is not None:
                return exact
        if plain.words != heard.words:
            exact = self._exact(plain, expected)
            if exact is not None:
                return exact
        if len(plain.words) > 1 and plain.words[0] in _ANSWERS and not negations(plain.words[:2]):
            # "No, it's the left one": what follows is what was meant.
            exact = self._exact(plain.keep(range(1, len(plain.words))), expected)
            if exact is not None:
                return exact
        likely = [self._likely(plain.keep(indices), expected) for indices in readings]
        best = max(likely, key=lambda u: u.score, default=None)
        if best is not None and best.rejected is None:
            return best
        understood = self._likely(plain, expected)
        if understood.rejected is None:
            return understood
        sounded = self._homophones.replaced(plain)
        if sounded is None:
            return understood
        again = self._exact(sounded, expected) or self._likely(sounded, expected)
        return understood if again.rejected is not None else replace(again, score=again.score * MISHEARD)

    def _exact(self, heard: Utterance, expected: Sequence[str]) -> Understanding | None:
        """A sample utterance, word for word."""
        if not heard.words:
            return None
        matches = [m for m in self._index.matches(heard.words, self._slots.spans) if not m.free_words]
        if not matches:
            return None

        def order(match: Match) -> tuple[bool, bool, int, int]:
            return (
                match.template.intent in expected,
                not match.template.elicited,
                match.literals,
                -len(match.fills),
            )

        best = max(matches, key=order)
        if best.template.intent == FALLBACK:
            return Understanding(FALLBACK, rejected="the skill's own model says that it is not for it")
        slots = {f.slot.name: self._slots.fill(f.slot, heard, f.start, f.end) for f in best.fills}
        return Understanding(best.template.intent, slots, 1.0)

    def _likely(self, heard: Utterance, expected: Sequence[str]) -> Understanding:
        """The likeliest intent, if it is likely enough and nothing that it rests on is denied."""
        words = heard.words
        guesses = self._guesses(words, expected)
        guess = guesses[0]
        carried = self._carried(heard, guess, expected)
        if carried is not None:
            return carried
        if not content_words(words):
            return _rejection(guess, "it has no word that carries meaning")
        if guess.score < 0.5:
            return _rejection(guess, "too unlike what the skill knows")
        without = without_denied(words)
        for rank, candidate in enumerate(guesses):
            alike = [self._templates[i] for i in candidate.alike if i >= 0]
            if candidate.score >= 0.5 and affirmed_part(words, alike, without, strict=rank > 0) is None:
                return Understanding(candidate.intent, self._fill(candidate.intent, heard, alike), candidate.score)
        alike = [self._templates[i] for i in guess.alike if i >= 0]
        doubtful = affirmed_part(words, alike, without) or []
        # Take away what is denied here and affirmed in the samples (or the reverse): what is left must do by itself.
        rest = heard.keep(doubtful)
        if content_words(rest.words):
            exact = self._exact(rest, expected)
            if exact is not None:
                return exact
            again = self._guesses(rest.words, expected)[0]
            # What is left must not rest on a sample that denies something either.
            nearest = self._templates[again.alike[0]] if again.alike and again.alike[0] >= 0 else None
            if again.score >= 0.5 and (nearest is None or not denies(nearest)):
                return Understanding(again.intent, self._fill(again.intent, heard, ()), again.score)
        return _rejection(guess, "it says the opposite of what the skill knows")

    def _carried(self, heard: Utterance, guess: _Guess, expected: Sequence[str]) -> Understanding | None:
        """A sample whose own words are all there, around a slot that takes any words ("make a note that …")."""
        if not heard.words:
            return None
        matches = [m for m in self._index.matches(heard.words, self._slots.spans) if m.free_words]
        if not matches:
            return None
        best = max(matches, key=lambda m: (m.template.intent in expected, m.literals, -m.free_words))
        intent = best.template.intent
        telling = len(content_words(best.template.words))
        if telling and best.literals >= 3:
            score = 0.9
        elif ((telling and best.literals >= 2) or intent in expected) and (guess.score < 0.5 or guess.intent == intent):
            score = max(0.6, guess.score)
        else:
            return None
        slots = {f.slot.name: self._slots.fill(f.slot, heard, f.start, f.end) for f in best.fills}
        return Understanding(intent, slots, score)

    def _guesses(self, words: Sequence[str], expected: Sequence[str]) -> list[_Guess]:
        trained = self.trained
        prior = None
        likely = [self._label[name] for name in expected if name in self._label and name != FALLBACK]
        if likely:
            prior = np.zeros(len(trained.labels), dtype=np.float32)
            prior[likely] = EXPECTED
        found = trained.candidates(words, trained.marks(words, self._slots), prior)
        guesses = [_Guess(c.intent, float(1 / (1 + np.exp(-c.margin))), c.alike) for c in found]
        return guesses or [_Guess(FALLBACK, 0.0)]

    def _fill(self, intent: str, heard: Utterance, alike: Sequence[Template]) -> dict[str, SlotMatch]:
        """Slots, none of them from what is denied, unless a sample like it has the slot there."""
        declared = self.model.intent(intent)
        if declared is None:
            return {}
        mask = denied(heard.words)
        open_mask = [False] * len(mask)
        allowed = denied_slots(alike) if any(mask) else frozenset()
        blocked = {s.name: open_mask if s.name in allowed else mask for s in declared.slots}
        return self._slots.search(intent, heard, blocked, self.trained.taggers.get(intent))


def _safety(heard: Utterance) -> str | None:
    """Stop, cancel and help, alone, repeated or with a please, whatever else the skill knows."""
    words = [w for w in heard.words if w not in _POLITE]
    once = {*words}
    return SAFETY.get(once.pop()) if len(once) == 1 else None


def _rejection(guess: _Guess, why: str) -> Understanding:
    return Understanding(FALLBACK, score=min(guess.score, 0.49), rejected=why, best_guess=guess.intent)
