"""How much more a stretch of sound is like what we listen for than like any other speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from local_runner.listening import ListeningModel
from local_runner.recognition.decoder import Decoder
from local_runner.recognition.decoding import DecodingSettings
from local_runner.recognition.graph import GraphSettings
from local_runner.recognition.prepared import prepare
from local_runner.recognition.voice_model import VoiceModel
from local_runner.recognition.vosk_models import load_vosk_model
from local_runner.sound import CAPTURE_RATE

_NEVER = 60.0
"""A cost that nothing is worth."""
_ONLY_OURS = GraphSettings(
    caution=0.01, empty_cost=_NEVER, garbage_cost=_NEVER, garbage_inside_cost=_NEVER, filler_cost=_NEVER
)
_ONLY_OTHERS = GraphSettings(empty_cost=_NEVER, garbage_cost=0.0)
_NO_WORDS = ListeningModel((), (), ())


class Evidence:
    """Weighs what we listen for against the voice model's whole vocabulary, on the same sound.

    The log-likelihood ratio of the two best paths, each with its language model, for each second of sound: a second
    opinion that does not depend on how the first search was tuned, and that one threshold turns into yes or no.
    """

    def __init__(self, voice_model: Path, listening: ListeningModel, cache: Path | None = None) -> None:
        voice = VoiceModel.open(voice_model)
        decoding = DecodingSettings()
        self._ours = load_vosk_model(prepare(voice, listening, _ONLY_OURS, decoding, cache).path)
        self._others = load_vosk_model(prepare(voice, _NO_WORDS, _ONLY_OTHERS, decoding, cache).path)

    def score(self, samples: NDArray[np.int16]) -> tuple[str, float]:
        """What of ours it is most like, and the evidence for it in nats a second (below 0: others are more likely).

        Args:
            samples: a short stretch at 16 kHz, shape (n,), with a little room before and after the words.
        """
        ours, others = (self._best(model, samples) for model in (self._ours, self._others))
        if not ours[0] or len(samples) == 0:
            return "", -np.inf
        return ours[0], (ours[1] - others[1]) / (len(samples) / CAPTURE_RATE)

    @staticmethod
    def _best(model: object, samples: NDArray[np.int16]) -> tuple[str, float]:
        decoder = Decoder(model, None, 1)
        decoder.accept(samples)
        readings = decoder.readings()
        return " ".join(word for word, _, _ in readings[0].words), readings[0].score
