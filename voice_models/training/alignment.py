"""When each phone was said: forced alignment of the readings with PocketSphinx (its wheel carries the model)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voice_models.training.lexicon import EXTRA, pocketsphinx_dictionary, read_dictionary

FRAME_SAMPLES = 160
"""PocketSphinx counts time in frames of 10 ms."""

LONGEST_S = 14.0
"""Longer readings are left out: they slow training batches down."""

PAD_FRAMES = 25
"""Near-silence put before and after a reading: synthetic voices start at once, and the aligner wants a pause."""

FLOORS = (0.003, 0.008)
"""Noise (rms, of full scale 1) added before aligning, tried in turn. Perfect digital silence defeats PocketSphinx:
of 120 espeak readings 45 aligned without a floor and 104 with one."""

_decoder: Any = None


def start_aligner() -> Any:
    """A PocketSphinx decoder with wide beams that also knows the recipe's extra words."""
    from pocketsphinx import Config, Decoder, get_model_path

    config = Config(
        hmm=str(Path(get_model_path()) / "en-us" / "en-us"),
        dict=str(pocketsphinx_dictionary()),
        lm=None,
        loglevel="FATAL",
        beam=1e-60,
        pbeam=1e-60,
        wbeam=1e-40,
    )
    decoder = Decoder(config)
    for word, pronunciations in read_dictionary(EXTRA).items():
        if decoder.lookup_word(word) is None:
            decoder.add_word(word, " ".join(pronunciations[0]), True)
    return decoder


def _start_worker() -> None:
    global _decoder
    _decoder = start_aligner()


def align(decoder: Any, samples: np.ndarray[Any, Any], text: str) -> list[tuple[str, int, int]] | None:
    """Phones of `text` in `samples` (int16, 16 kHz) as (phone, first frame, frames), or None if they do not fit."""
    for floor in FLOORS:
        phones = _align_padded(decoder, _with_floor(samples, floor).tobytes(), text)
        if phones is not None:
            return [each for each in (_unpadded(phone) for phone in phones) if each is not None]
    return None


def _with_floor(samples: np.ndarray[Any, Any], floor: float) -> np.ndarray[Any, Any]:
    padded = np.pad(samples.astype(np.float64), PAD_FRAMES * FRAME_SAMPLES)
    padded += np.random.default_rng(len(samples)).normal(scale=floor * 32768, size=len(padded))
    return np.clip(padded, -32768, 32767).astype(np.int16)


def _unpadded(phone: tuple[str, int, int]) -> tuple[str, int, int] | None:
    """The phone on the clock of the unpadded reading; None if it lies wholly before it."""
    name, start, frames = phone
    first, last = max(0, start - PAD_FRAMES), start - PAD_FRAMES + frames
    return (name, first, last - first) if last > first else None


def _align_padded(decoder: Any, sound: bytes, text: str) -> list[tuple[str, int, int]] | None:
    try:
        decoder.set_align_text(text)
        for again in (False, True):
            if again:
                decoder.set_alignment()
            decoder.start_utt()
            decoder.process_raw(sound, full_utt=True)
            decoder.end_utt()
            if not again and decoder.hyp() is None:
                return None
        return [(phone.name, phone.start, phone.duration) for word in decoder.get_alignment() for phone in word]
    except RuntimeError:
        return None  # PocketSphinx's word for 'no path through the sentence'


def align_row(row: dict[str, Any]) -> dict[str, Any]:
    """A manifest row with its `phones`, which are None where the sound does not fit its text."""
    samples, _ = soundfile.read(row["path"], dtype="int16")
    if len(samples) > LONGEST_S * 16_000:
        return {**row, "phones": None}
    return {**row, "phones": align(_decoder, samples, row["text"])}


def align_all(rows: Sequence[dict[str, Any]], jobs: int) -> Iterator[dict[str, Any]]:
    """Align every manifest row with `jobs` processes; in no fixed order."""
    with Pool(jobs, initializer=partial(_start_worker)) as pool:
        yield from pool.imap_unordered(align_row, rows, 16)
