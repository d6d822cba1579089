"""One Vosk decoder, and what it has heard of one utterance up to the last pause."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_runner.errors import RecogniserError
from local_runner.recognition.hypotheses import Alternative, alternatives, joined
from local_runner.sound import CAPTURE_RATE


class Decoder:
    """Takes an utterance, pauses and all.

    Args:
        model: a ``vosk.Model``.
        n_best: how many readings are wanted, at least 1.
    """

    def __init__(self, model: Any, n_best: int) -> None:
        import vosk

        self._vosk = vosk.KaldiRecognizer(model, float(CAPTURE_RATE))
        self._vosk.SetWords(True)
        self._vosk.SetMaxAlternatives(n_best)
        self._n_best = n_best
        self._segments: list[tuple[Alternative, ...]] = []

    def accept(self, samples: NDArray[np.int16]) -> bool:
        """Take samples at 16 kHz; True when words have been heard and a pause has followed."""
        try:
            ended = bool(self._vosk.AcceptWaveform(np.ascontiguousarray(samples).tobytes()))
        except Exception as error:  # Vosk raises plain Exception
            raise RecogniserError("Vosk could not process the sound", "try another voice model with --model") from error
        return ended and self._keep(self._vosk.Result())

    def partial(self) -> str:
        """The words so far."""
        heard = json.loads(self._vosk.PartialResult()).get("partial", "")
        before = (" ".join(w for w, _, _ in segment[0].words) for segment in self._segments)
        return " ".join([*before, heard]).strip()

    def readings(self) -> tuple[Alternative, ...]:
        """The whole utterance's readings, best first; ends it."""
        self._keep(self._vosk.FinalResult())
        return joined(self._segments, self._n_best)

    def _keep(self, result: str) -> bool:
        """Keep a stretch of speech; stretches of silence are dropped, so that a long night needs no memory."""
        found = alternatives(result)
        if not found or not any(a.words for a in found):
            return False
        self._segments.append(found)
        return bool(found[0].words)
