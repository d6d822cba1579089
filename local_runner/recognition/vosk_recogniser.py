"""Vosk behind the recogniser protocol: a voice model, a skill's language model, hypotheses with confidences."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from local_runner.hearing import UNKNOWN_WORD, Hypothesis, Recognition
from local_runner.listening import ListeningModel
from local_runner.recognition.decoder import Decoder
from local_runner.recognition.decoding import DecodingSettings
from local_runner.recognition.evidence import MARGIN, OURS_ALONE, Evidence, doubted, span
from local_runner.recognition.graph import GraphSettings
from local_runner.recognition.hypotheses import with_confidences
from local_runner.recognition.level import amplified, gain_for, speech_level
from local_runner.recognition.prepared import prepare
from local_runner.recognition.voice_model import VoiceModel
from local_runner.recognition.vosk_models import load_vosk_model
from local_runner.sound import CAPTURE_RATE, Sound

_LOGGER = logging.getLogger(__name__)
_CHUNK = CAPTURE_RATE // 4
_LOOKED_AT_AGAIN = 30 * CAPTURE_RATE
"""Most samples of an utterance that a second look may need: only what was said last, if somebody talks on and on."""


class VoskRecogniser:
    """Hears what a listening model says may be said. One thread at a time.

    Args:
        voice_model: directory of a Vosk model.
        listening: what may be said; None for whatever the voice model was made for.
        graph: how the language model is made; by default with room for speech to others in it, or none where
            ``free`` sees to that.
        decoding: how the search goes.
        n_best: how many readings of an utterance are wanted, at least 1.
        free: whether every utterance is looked at a second time, without the skill's language: ``Recognition.free``
            is then what it sounds like to somebody who does not know the skill, and confidences take into account
            whether it was for us at all. Speech to others is told apart better than by ``graph`` alone.
        normalise: whether recordings are brought to a standard level first.
        cache: where prepared models are kept; the user's cache folder if None.

    Raises:
        RecogniserError: the voice model is missing or damaged.
    """

    def __init__(
        self,
        voice_model: Path,
        listening: ListeningModel | None = None,
        *,
        graph: GraphSettings | None = None,
        decoding: DecodingSettings | None = None,
        n_best: int = 10,
        free: bool = False,
        normalise: bool = True,
        cache: Path | None = None,
    ) -> None:
        self.voice = VoiceModel.open(voice_model)
        self.n_best = n_best
        self.normalise = normalise
        self.unheard: tuple[str, ...] = ()
        """Words of the listening model that cannot be heard; phrases with them are left out."""
        graph = graph or (OURS_ALONE if free else GraphSettings())
        decoding = decoding or DecodingSettings()
        if listening is not None and not self.voice.has_open_graph:
            _LOGGER.warning(
                "%s has one fixed graph (HCLG.fst): it hears its own language, not the skill's, and hears it less well",
                self.voice.name,
            )
            listening = None
        prepared = prepare(self.voice, listening, graph, decoding, cache)
        self.unheard = prepared.unheard
        self.model = load_vosk_model(prepared.path)
        """The ``vosk.Model``."""
        self._evidence: Evidence | None = None
        if free and listening is not None:
            self._evidence = Evidence(self.voice, self.model, cache)

    @property
    def name(self) -> str:
        """The voice model's name."""
        return self.voice.name

    def knows(self, word: str) -> bool:
        """Whether the voice model can hear a word."""
        return int(self.model.vosk_model_find_word(word)) >= 0

    def recognise(self, sound: Sound) -> Recognition:
        """A whole utterance, at any rate and level; silence is one empty hypothesis."""
        stream = self.stream()
        gain = gain_for(speech_level(sound)) if self.normalise else 1.0
        for chunk in _chunks(sound):
            stream.accept(amplified(chunk, gain))
        return replace(stream.finish(), seconds=sound.seconds)

    def stream(self) -> VoskStream:
        """A new stream of frames at 16 kHz."""
        return VoskStream(self)

    def _decoder(self) -> Decoder:
        return Decoder(self.model, self.n_best)


class VoskStream:
    """One utterance after another, heard as they are spoken."""

    def __init__(self, recogniser: VoskRecogniser) -> None:
        self._recogniser = recogniser
        self._begin()

    def _begin(self) -> None:
        self._decoder = self._recogniser._decoder()
        self._kept: deque[NDArray[np.int16]] = deque()
        self._kept_from = 0
        self._samples = 0
        self._spent = 0.0

    def accept(self, frame: NDArray[np.int16]) -> bool:
        """Take the next samples; True when the speaker seems to have finished saying something."""
        begun = time.perf_counter()
        self._samples += len(frame)
        if self._recogniser._evidence is not None:
            self._kept.append(frame.copy())
            while self._samples - self._kept_from > _LOOKED_AT_AGAIN:
                self._kept_from += len(self._kept.popleft())
        ended = self._decoder.accept(frame)
        self._spent += time.perf_counter() - begun
        return ended

    def partial(self) -> str:
        """The words so far."""
        return self._decoder.partial()

    def finish(self) -> Recognition:
        """The whole utterance; the stream then begins the next one."""
        begun = time.perf_counter()
        hypotheses = with_confidences(self._decoder.readings())
        hypotheses, free = self._looked_at_again(hypotheses)
        spent = self._spent + time.perf_counter() - begun
        heard = Recognition(hypotheses, free, self._samples / CAPTURE_RATE, spent)
        self._begin()
        return heard

    def _looked_at_again(self, hypotheses: tuple[Hypothesis, ...]) -> tuple[tuple[Hypothesis, ...], Hypothesis | None]:
        evidence, words = self._recogniser._evidence, hypotheses[0].words
        if evidence is None or not words:
            return hypotheses, None
        begun = self._kept_from / CAPTURE_RATE
        recent = tuple(w for w in words if w.start >= begun)
        if not recent:
            return hypotheses, None
        moved = tuple(replace(w, start=w.start - begun, end=w.end - begun) for w in recent)
        weighed = evidence.weigh(span(moved, np.concatenate(list(self._kept))))
        first = begun + max(0.0, moved[0].start - MARGIN)
        # Sounds that are no word say nothing about what was said.
        words_alone = tuple(word for word in weighed.others.words if word[0] != UNKNOWN_WORD)
        free = with_confidences([replace(weighed.others, words=words_alone)], -first)[0]
        return doubted(hypotheses, weighed.probability), free


def _chunks(sound: Sound) -> Iterator[NDArray[np.int16]]:
    """A recording at 16 kHz, a quarter of a second at a time."""
    if sound.rate == CAPTURE_RATE:
        for at in range(0, len(sound.samples), _CHUNK):
            yield sound.samples[at : at + _CHUNK]
        return
    import soxr

    resampler = soxr.ResampleStream(sound.rate, CAPTURE_RATE, 1, dtype="int16")
    step = max(1, sound.rate // 4)
    for at in range(0, len(sound.samples), step):
        yield resampler.resample_chunk(sound.samples[at : at + step], last=at + step >= len(sound.samples))
