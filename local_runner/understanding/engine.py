"""The understander: one utterance, or one recognition, to an intent with its slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from local_runner.hearing import UNKNOWN_WORD, Recognition
from local_runner.interaction_model import InteractionModel, Slot
from local_runner.understanding import store
from local_runner.understanding.builtin_intents import PHRASES, SAFETY
from local_runner.understanding.gazetteer import Gazetteer
from local_runner.understanding.meaning import FALLBACK, SlotMatch, Understanding
from local_runner.understanding.slot_types import FREE_TEXT, is_read, readings_at
from local_runner.understanding.templates import Match, TemplateIndex, templates
from local_runner.understanding.training import Trained, train, types_in
from local_runner.understanding.words import Utterance, content_words, utterance, without_fillers

_SAFE_PHRASES = {
    tuple(phrase.split()): name for name in SAFETY.values() for phrase in PHRASES[name] if len(phrase.split()) == 1
}
EXPECTED = 1.5
"""What being expected by the session adds to an intent's log-odds."""
_POLITE = frozenset({"please", "now", "okay", "thanks"})


class Understander:
    """Understands one skill."""

    def __init__(self, model: InteractionModel, trained: Trained, gazetteers: dict[str, Gazetteer]) -> None:
        self.model = model
        self._trained = trained
        self._gazetteers = gazetteers
        self._index = TemplateIndex(templates(model))
        self._label = {name: i for i, name in enumerate(trained.labels)}

    @classmethod
    def load(cls, model: InteractionModel, cache: Path | None = None) -> Understander:
        """Read what was learnt from the model, or learn it now and keep it.

        Args:
            model: the skill's interaction model.
            cache: directory to keep it in; default the user's cache. It need not be writable.
        """
        gazetteers = {t.name: Gazetteer(t) for t in model.types if t.values}
        path = store.path_for(cache or store.default_cache(), model.fingerprint)
        arrays = store.read(path)
        if arrays is not None:
            try:
                return cls(model, Trained.restore(arrays), gazetteers)
            except (KeyError, ValueError, IndexError):
                pass  # written by something else: learn it again
        trained = train(model, gazetteers)
        store.write(path, trained.state())
        return cls(model, trained, gazetteers)

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
        safe = self._safety(heard)
        if safe is not None:
            return Understanding(safe, score=1.0, heard=text)
        exact = self._exact(heard, expected) or self._exact(full, expected)
        if exact is not None:
            return replace(exact, heard=text)
        return replace(self._likely(heard, expected), heard=text)

    def choose(self, recognition: Recognition, expected: Sequence[str] = ()) -> Understanding:
        """The meaning of a recognition: the best of its hypotheses."""
        best: tuple[float, Understanding] | None = None
        for rank, hypothesis in enumerate(recognition.hypotheses):
            understanding = self.understand(hypothesis.text, expected)
            words = hypothesis.text.split()
            unknown = words.count(UNKNOWN_WORD) / len(words) if words else 1.0
            worth = understanding.score * (1 - unknown) * (0.5 + 0.5 * hypothesis.confidence) - 0.02 * rank
            if understanding.rejected is not None:
                worth -= 1.0
            elif unknown > 0.5:
                worth -= 1.0
                understanding = replace(
                    understanding,
                    intent=FALLBACK,
                    slots={},
                    rejected="most of it was not in the skill's vocabulary",
                    best_guess=understanding.intent,
                )
            if best is None or worth > best[0]:
                best = (worth, understanding)
        assert best is not None  # a recognition is never empty
        return best[1]

    def _safety(self, heard: Utterance) -> str | None:
        words = [w for w in heard.words if w not in _POLITE] or list(heard.words)
        once = [w for i, w in enumerate(words) if i == 0 or w != words[i - 1]]
        if len(once) == 1 and once[0] in SAFETY:
            return SAFETY[once[0]]
        return None

    def _spans(self, slot: Slot, words: Sequence[str], start: int) -> list[tuple[int, bool]]:
        gazetteer = self._gazetteers.get(slot.type)
        ends = [(end, False) for end, _ in readings_at(slot.type, words, start)]
        if gazetteer is not None:
            ends += [(r.end, False) for r in gazetteer.exact_at(words, start)]
        if slot.type in FREE_TEXT or (gazetteer is None and not is_read(slot.type)):
            ends += [(end, True) for end in range(start + 1, len(words) + 1)]
        return ends

    def _exact(self, heard: Utterance, expected: Sequence[str]) -> Understanding | None:
        matches = [m for m in self._index.matches(heard.words, self._spans) if not m.free_words]
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
        slots = {f.slot.name: self._fill(f.slot, heard, f.start, f.end) for f in best.fills}
        if best.template.intent == FALLBACK:
            return Understanding(FALLBACK, rejected="the skill's model says that it is not for it", heard=heard.text)
        return Understanding(best.template.intent, slots, 1.0, heard=heard.text)

    def _likely(self, heard: Utterance, expected: Sequence[str]) -> Understanding:
        trained = self._trained
        prior = None
        if expected:
            prior = np.zeros(len(trained.labels), dtype=np.float32)
            prior[[self._label[name] for name in expected if name in self._label and name != FALLBACK]] = EXPECTED
        evidence = trained.evidence(heard.words, types_in(heard.words, self._gazetteers), prior)
        best = int(evidence.argmax())
        name = trained.labels[best]
        score = float(1 / (1 + np.exp(trained.threshold - evidence[best])))
        if not content_words(heard.words):
            return Understanding(FALLBACK, score=score, rejected="it has no word that carries meaning", best_guess=name)
        if score < 0.5:
            return Understanding(FALLBACK, score=score, rejected="too unlike what the skill knows", best_guess=name)
        return Understanding(name, self._slots(name, heard), score)

    def _slots(self, intent: str, heard: Utterance) -> dict[str, SlotMatch]:
        found: dict[str, SlotMatch] = {}
        declared = self.model.intent(intent)
        if declared is None:
            return found
        free = [True] * len(heard.words)
        for slot in declared.slots:
            gazetteer = self._gazetteers.get(slot.type)
            if gazetteer is not None:
                for r in gazetteer.search(heard.words, [not f for f in free]):
                    found[slot.name] = self._fill(slot, heard, r.start, r.end)
                    free[r.start : r.end] = [False] * (r.end - r.start)
                    break
            elif is_read(slot.type):
                for i in range(len(heard.words)):
                    readings = readings_at(slot.type, heard.words, i)
                    if readings and all(free[i : readings[0][0]]):
                        found[slot.name] = self._fill(slot, heard, i, readings[0][0])
                        free[i : readings[0][0]] = [False] * (readings[0][0] - i)
                        break
        return found

    def _fill(self, slot: Slot, heard: Utterance, start: int, end: int) -> SlotMatch:
        for reading in readings_at(slot.type, heard.words, start):
            if reading[0] == end:
                return SlotMatch(slot.name, reading[1], slot.type)
        gazetteer = self._gazetteers.get(slot.type)
        said = heard.span(start, end)
        if gazetteer is None:
            return SlotMatch(slot.name, said, slot.type)
        resolution = gazetteer.resolve(heard.words[start:end])
        if resolution is None:
            return SlotMatch(slot.name, said, slot.type, custom=True)
        return SlotMatch(slot.name, said, slot.type, resolution.value.name, resolution.value.id, True)
