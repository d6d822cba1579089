"""How well a model directory hears recorded orders, clean and in noise, through the stock `vosk` wheel."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from voice_models.training.trigram import slot_values, word_numbers, write_trigram

RATE = 16_000
CHUNK = 4000
"""Samples given to the recogniser at a time (a quarter of a second)."""

FRAME = 2048
"""The frame over which the published speech-to-intent benchmark takes peak energies."""


@dataclass(frozen=True)
class Result:
    """One condition's outcome."""

    condition: str
    """`clean`, or the signal-to-noise ratio."""
    right: int
    """Recordings whose every labelled slot was right."""
    total: int
    slots_right: int
    slots: int
    real_time_factor: float
    """Processor seconds for a second of sound."""


def peak_energy(samples: NDArray[Any]) -> float:
    """Largest mean energy of any 2048-sample frame."""
    frames = samples[: len(samples) // FRAME * FRAME].astype(np.float64).reshape(-1, FRAME)
    return float(np.square(frames).mean(1).max())


def mix(speech: NDArray[Any], noise: NDArray[Any], snr_db: float, offset: int) -> NDArray[np.int16]:
    """Speech and noise as the published benchmark mixes them: peak frame energies in ratio, then half of full scale."""
    chosen = np.take(noise, np.arange(offset, offset + len(speech)), mode="wrap").astype(np.float64)
    gain = np.sqrt(peak_energy(speech) / (peak_energy(chosen) * 10 ** (snr_db / 10)))
    mixed = speech + gain * chosen
    return np.asarray(mixed / np.abs(mixed).max() * 0.5 * 32767, dtype=np.int16)


def parse(text: str, values: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Slots of a sentence: the longest value of any slot first, no word used twice, one value a slot."""
    found: dict[str, str] = {}
    pairs = [(value, slot) for slot, each in values.items() for value in each]
    for value, slot in sorted(pairs, key=lambda pair: -len(pair[0])):
        match = None if slot in found else re.search(rf"\b{re.escape(value)}\b", text)
        if match:
            found[slot] = value
            text = f"{text[: match.start()]} _ {text[match.end() :]}"
    return found


def with_graph(model: Path, interaction_model: Path, folder: Path, overrides: Mapping[str, str]) -> Path:
    """A copy of a model directory whose Gr.fst is a trigram of an interaction model, some settings replaced."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(model, folder)
    write_trigram(folder / "graph" / "Gr.fst", [interaction_model], word_numbers(folder))
    conf = folder / "conf" / "model.conf"
    settings = dict(line.lstrip("-").split("=", 1) for line in conf.read_text().splitlines() if "=" in line)
    settings.update(overrides)
    conf.write_text("".join(f"--{name}={value}\n" for name, value in settings.items()))
    return folder


class Ear:
    """A model directory loaded by Vosk."""

    def __init__(self, model: Path) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self._model = vosk.Model(str(model))

    def hear(self, samples: NDArray[np.int16], grammar: Sequence[str] | None = None) -> str:
        """What is said in 16 kHz samples, as words."""
        arguments = [] if grammar is None else [json.dumps(list(grammar))]
        recogniser = self._vosk.KaldiRecognizer(self._model, RATE, *arguments)
        heard: list[str] = []
        for start in range(0, len(samples), CHUNK):
            if recogniser.AcceptWaveform(samples[start : start + CHUNK].tobytes()):
                heard.append(json.loads(recogniser.Result())["text"])
        heard.append(json.loads(recogniser.FinalResult())["text"])
        return " ".join(part for part in heard if part)


def conditions(speech: Path, noise: Path | None, snrs: Sequence[float], limit: int | None) -> Iterator[
    tuple[str, list[tuple[str, NDArray[np.int16]]]]
]:  # fmt: skip
    """Each condition's name and its recordings, clean first."""
    labels = json.loads((speech / "labels.json").read_text(encoding="utf-8"))
    names = sorted(labels)[:limit]
    clean = [(name, soundfile.read(speech / name, dtype="int16")[0]) for name in names]
    yield "clean", clean
    if noise is not None:
        background, _ = soundfile.read(noise, dtype="int16")
        for snr in snrs:
            rng = np.random.default_rng(0)  # the same stretches of noise at every level
            yield (
                f"{snr:g} dB",
                [(name, mix(samples, background, snr, int(rng.integers(len(background))))) for name, samples in clean],
            )


def measure(ear: Ear, speech: Path, noise: Path | None, snrs: Sequence[float], limit: int | None) -> Iterator[
    tuple[Result, dict[str, str]]
]:  # fmt: skip
    """Score every condition; also what was heard in each recording."""
    labels = json.loads((speech / "labels.json").read_text(encoding="utf-8"))
    values = slot_values(speech / "interaction_model.json")
    for condition, recordings in conditions(speech, noise, snrs, limit):
        right = slots_right = slots = 0
        heard: dict[str, str] = {}
        began = time.process_time()
        for name, samples in recordings:
            heard[name] = ear.hear(samples)
            wanted = {slot: value.strip().lower() for slot, value in labels[name]["slots"].items()}
            found = parse(heard[name], values)
            good = sum(found.get(slot) == value for slot, value in wanted.items())
            slots_right, slots = slots_right + good, slots + len(wanted)
            right += good == len(wanted)
        spent = time.process_time() - began
        seconds = sum(len(samples) for _, samples in recordings) / RATE
        result = Result(condition, right, len(recordings), slots_right, slots, round(spent / seconds, 4))
        yield result, heard


def as_json(results: Sequence[Result]) -> str:
    """Results as JSON."""
    return json.dumps([asdict(result) for result in results], indent=1)
