"""Reading aloud: runs the speech engines and keeps what they said as 16 kHz mono FLAC files."""

from __future__ import annotations

import io
import os
import random
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from itertools import groupby
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from voice_models.training.voices import FESTIVAL_VOICES, Reading

RATE = 16_000
"""Samples a second of every sound in the recipe."""

BATCH = 40
"""Readings given to one worker at a time; festival starts once a batch."""

TIMEOUT_S = 120.0
"""How long an engine may take over a batch before it is given up."""


class SynthesisError(RuntimeError):
    """A speech engine is not installed; the message names its Debian package."""


def require(programs: Iterable[str]) -> None:
    """Check that the engines are there.

    Raises:
        SynthesisError: one is not, with the package to install.
    """
    from shutil import which

    packages = {"fstcompile": "libfst-tools"}
    for program in programs:
        if which(program) is None:
            raise SynthesisError(f"'{program}' is not installed; install Debian's '{packages.get(program, program)}'")


def to_mono_16k(samples: NDArray[Any], rate: int) -> NDArray[np.float32]:
    """One channel at 16 kHz, float32 in -1..1."""
    mono = samples if samples.ndim == 1 else samples[:, 0]
    return np.asarray(mono if rate == RATE else soxr.resample(mono, rate, RATE), dtype=np.float32)


def _espeak(reading: Reading, data: Path) -> bytes:
    command = ["espeak-ng", "-v", reading.voice, "-s", f"{reading.rate:.0f}", "-p", f"{reading.pitch:.0f}", "--stdout"]
    environment = {**os.environ, "ESPEAK_DATA_PATH": str(data)}
    return subprocess.run([*command, reading.text], env=environment, capture_output=True, timeout=TIMEOUT_S).stdout  # noqa: S603


def _flite(reading: Reading, scratch: Path) -> bytes:
    out = scratch / "flite.wav"
    command = ["flite", "-voice", reading.voice, "--setf", f"duration_stretch={reading.rate}"]
    if reading.pitch:
        command += ["--setf", f"int_f0_target_mean={reading.pitch:.0f}"]
    subprocess.run([*command, "-t", reading.text, "-o", str(out)], capture_output=True, timeout=TIMEOUT_S)  # noqa: S603
    return out.read_bytes() if out.exists() else b""


def festival_script(readings: Sequence[Reading], folder: Path) -> str:
    """The Scheme program that has festival read all of them into `folder/NAME.wav`."""
    lines: list[str] = []
    for reading in readings:
        lines.append(f"({FESTIVAL_VOICES[reading.voice]})")
        lines.append(f"(Parameter.set 'Duration_Stretch {reading.rate})")
        if reading.pitch:
            spread = reading.pitch * 0.13
            target = f"(target_f0_mean {reading.pitch:.0f}) (target_f0_std {spread:.0f})"
            lines.append(f"(set! int_lr_params '({target} (model_f0_mean 170) (model_f0_std 34)))")
        wave = folder / f"{reading.name}.wav"
        lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{reading.text}")) "{wave}" \'riff)')
    return "\n".join(lines) + "\n"


def _sounds(readings: Sequence[Reading], data: Path) -> Iterator[tuple[Reading, bytes]]:
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        if readings[0].engine == "festival":
            script = scratch / "read.scm"
            script.write_text(festival_script(readings, scratch), encoding="ascii")
            subprocess.run(["festival", "-b", str(script)], capture_output=True, timeout=TIMEOUT_S)  # noqa: S603, S607
        for reading in readings:
            if reading.engine == "festival":
                wave = scratch / f"{reading.name}.wav"
                yield reading, wave.read_bytes() if wave.exists() else b""
            else:
                yield reading, _espeak(reading, data) if reading.engine == "espeak" else _flite(reading, scratch)


def synthesise_batch(readings: Sequence[Reading], folder: Path, data: Path) -> list[dict[str, Any]]:
    """Read one engine's batch. Returns a manifest row for each that gave a quarter of a second of sound or more."""
    rows: list[dict[str, Any]] = []
    try:
        for reading, wave in _sounds(readings, data):
            if len(wave) < RATE // 2:
                continue
            samples, rate = soundfile.read(io.BytesIO(wave), dtype="float32")
            samples = to_mono_16k(samples, rate)
            peak = float(np.abs(samples).max(initial=0.0))
            if len(samples) < RATE // 4 or peak < 1e-3:
                continue
            path = folder / f"{reading.name}.flac"
            soundfile.write(path, samples * min(1.0, 0.7 / peak), RATE, subtype="PCM_16")
            rows.append({**asdict(reading), "path": str(path), "seconds": round(len(samples) / RATE, 3)})
    except subprocess.TimeoutExpired:
        pass  # an engine that hangs on a sentence costs the rest of that batch and no more
    return rows


def batches(readings: Iterable[Reading]) -> list[list[Reading]]:
    """Runs of at most BATCH readings of one speaker, in shuffled order: a run cut short is still balanced."""
    out: list[list[Reading]] = []
    for _, group in groupby(readings, key=lambda each: (each.engine, each.name.rpartition("-")[0])):
        run = list(group)
        out += [run[start : start + BATCH] for start in range(0, len(run), BATCH)]
    random.Random(len(out)).shuffle(out)  # noqa: S311
    return out


def synthesise(readings: Sequence[Reading], folder: Path, data: Path, jobs: int) -> Iterator[list[dict[str, Any]]]:
    """Read everything with `jobs` processes; yields manifest rows batch by batch, in no fixed order."""
    folder.mkdir(parents=True, exist_ok=True)
    with Pool(jobs) as pool:
        yield from pool.imap_unordered(partial(synthesise_batch, folder=folder, data=data), batches(readings))
