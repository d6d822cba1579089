"""Is everything here that a night needs? Each part is tried for real, and each fault comes with its mend."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from local_runner.errors import CharleyError
from local_runner.sound import CAPTURE_RATE, Sound

SENTENCE = "help my calf has cramped"
"""Spoken by the voice and given to the recogniser; any skill may be asked its own with another sentence."""

_LEAST_DISK = 200e6
"""Bytes: room for the prepared models and a season of logs."""
_TONE_HERTZ, _TONE_SECONDS = 700.0, 0.6
_LISTEN_SECONDS = 2.0


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    name: str
    ok: bool
    says: str
    """What was found, one clause."""
    mend: str = ""
    """What to do, when it is a fault."""
    needed: bool = True
    """Whether a night is not possible without it."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """What was measured; units are in the names."""


@dataclass(frozen=True)
class Patient:
    """What is to be examined."""

    voice_model: Path | None = None
    """Directory of the voice model; None for the one that is used by default."""
    interaction_model: Path | None = None
    microphone: str | None = None
    """Part of a device's name; None for the default device."""
    speaker: str | None = None
    voice: str | None = None
    """A voice of the synthesiser; None for its own English."""
    aloud: bool = True
    """Whether a tone and a sentence are played and heard again."""
    places: tuple[Path, ...] = ()
    """Folders that must be writable."""


def examine(patient: Patient) -> Iterator[Finding]:
    """One finding after another, quick ones first."""
    checks: tuple[Callable[[Patient], Iterator[Finding]], ...] = (_disk, _model, _voice_and_recogniser, _sound)
    for check in checks:
        yield from check(patient)


def _fault(name: str, error: CharleyError, needed: bool = True) -> Finding:
    return Finding(name, False, error.problem, error.mend, needed)


def _disk(patient: Patient) -> Iterator[Finding]:
    for place in patient.places:
        existing = next(folder for folder in (place, *place.parents) if folder.exists())
        free = shutil.disk_usage(existing).free
        figures = {"free_mb": round(free / 1e6)}
        if not os.access(existing, os.W_OK):
            yield Finding("disk", False, f"{place} cannot be written", "change its permissions", figures=figures)
        elif free < _LEAST_DISK:
            mend = f"make {(_LEAST_DISK - free) / 1e6:.0f} MB free"
            yield Finding("disk", False, f"only {free / 1e6:.0f} MB free in {place}", mend, figures=figures)
        else:
            yield Finding("disk", True, f"{free / 1e9:.1f} GB free in {place}", figures=figures)


def _model(patient: Patient) -> Iterator[Finding]:
    if patient.interaction_model is None:
        return
    from local_runner.interaction_model import InteractionModel

    try:
        model = InteractionModel.load(patient.interaction_model)
    except CharleyError as error:
        yield _fault("interaction model", error)
        return
    yield Finding("interaction model", True, f"{len(model.intents)} intents, called {model.invocation_name!r}")


def _voice_and_recogniser(patient: Patient) -> Iterator[Finding]:
    from local_runner.speech import Pyttsx3Voice, Speech

    spoken: Sound | None = None
    with Pyttsx3Voice(patient.voice) as voice:
        begun = time.perf_counter()
        try:
            spoken = voice.render([Speech(SENTENCE)])
        except CharleyError as error:
            yield _fault("voice", error)
        else:
            taken = time.perf_counter() - begun
            figures = {"render_ms": round(1000 * taken)}
            yield Finding("voice", True, f"speaks ({patient.voice or 'its own English'})", figures=figures)
    yield _recogniser(patient, spoken)


def _recogniser(patient: Patient, spoken: Sound | None) -> Finding:
    from local_runner.listening import phrases_model
    from local_runner.recognition import VoskRecogniser, default_voice_model

    try:
        path = patient.voice_model or default_voice_model()
        with tempfile.TemporaryDirectory() as cache:
            recogniser = VoskRecogniser(path, phrases_model([SENTENCE, "stop", "yes", "no"]), cache=Path(cache))
            if spoken is None:
                return Finding("recogniser", True, f"{recogniser.name} loads (not tried: there is no voice)")
            heard = recogniser.recognise(spoken)
    except CharleyError as error:
        return _fault("recogniser", error)
    figures = {"decode_ms": round(1000 * heard.decode_seconds), "sound_ms": round(1000 * heard.seconds)}
    if heard.best.text != SENTENCE:
        said = f"{path.name} heard {heard.best.text!r} instead of {SENTENCE!r}"
        return Finding("recogniser", False, said, "fetch a better model with charley voices fetch", figures=figures)
    return Finding("recogniser", True, f"{path.name} understood the voice", figures=figures)


def _sound(patient: Patient) -> Iterator[Finding]:
    from local_runner.audio.devices import SoundCardMicrophone, SoundCardSpeaker, device_names

    microphone, speaker = SoundCardMicrophone(patient.microphone), SoundCardSpeaker(patient.speaker)
    hears, plays = False, False
    try:
        try:
            microphone.open()
            quiet = _recorded(microphone, _LISTEN_SECONDS)
            yield _microphone_finding(quiet, patient.microphone or device_names("input")[0])
            hears = bool(len(quiet))
        except CharleyError as error:
            yield _fault("microphone", error)
        try:
            speaker.open(lambda count: np.zeros(count, np.int16))
            yield Finding("speaker", True, f"{patient.speaker or device_names('output')[0]} opens")
            plays = True
        except CharleyError as error:
            yield _fault("speaker", error)
        if hears and plays and patient.aloud:
            yield from _heard_again(patient, microphone, speaker)
    finally:
        microphone.close()
        speaker.close()


def _microphone_finding(samples: NDArray[np.int16], name: str) -> Finding:
    from local_runner.listener.levels import decibels

    if not len(samples):
        return Finding("microphone", False, f"{name} delivers nothing", "check its cable, then plug it in again")
    power = [decibels(part) for part in np.array_split(samples, max(1, len(samples) // 640))]
    figures = {"level_dbfs": round(float(np.max(power)), 1), "noise_floor_dbfs": round(float(np.median(power)), 1)}
    floor = f"noise floor {figures['noise_floor_dbfs']:.0f} dBFS"
    if not samples.any():
        says = f"{name} opens, but delivers digital silence"
        return Finding("microphone", True, says, "see that it is not muted (pavucontrol, alsamixer)", figures=figures)
    if figures["noise_floor_dbfs"] > -30:
        return Finding("microphone", True, f"{name} opens, but is noisy ({floor})", "lower its gain", figures=figures)
    if np.abs(samples.astype(np.int32)).max() >= 32_767:
        return Finding("microphone", True, f"{name} opens, but is overdriven", "lower its gain", figures=figures)
    return Finding("microphone", True, f"{name} opens ({floor})", figures=figures)


def _recorded(microphone: object, seconds: float) -> NDArray[np.int16]:
    from local_runner.audio.devices import SoundCardMicrophone

    assert isinstance(microphone, SoundCardMicrophone)
    frames: list[NDArray[np.int16]] = []
    deadline = time.monotonic() + seconds + 2
    while sum(map(len, frames)) < seconds * CAPTURE_RATE and time.monotonic() < deadline:
        frame = microphone.read(0.2)
        if frame is not None:
            frames.append(frame)
    return np.concatenate(frames) if frames else np.zeros(0, np.int16)


def _heard_again(patient: Patient, microphone: object, speaker: object) -> Iterator[Finding]:
    """Play a tone and a sentence, and look for them in what the microphone delivers."""
    from local_runner.audio.devices import SoundCardSpeaker
    from local_runner.audio.player import Player
    from local_runner.speech import Pyttsx3Voice, Speech

    assert isinstance(speaker, SoundCardSpeaker)
    player = Player(speaker.rate)
    speaker.open(player.pull)
    time_axis = np.arange(int(_TONE_SECONDS * speaker.rate)) / speaker.rate
    tone = (6000 * np.sin(2 * np.pi * _TONE_HERTZ * time_axis)).astype(np.int16)
    before = _recorded(microphone, 0.5)
    player.play("tone", tone)
    heard = _recorded(microphone, _TONE_SECONDS + 0.6)
    rise = _tone_level(heard) - _tone_level(before)
    figures = {"tone_above_room_db": round(rise, 1)}
    if rise < 6:
        mend = "turn the loudspeaker up, or bring the two nearer (harmless with headphones)"
        yield Finding("sound check", False, "the microphone does not hear the loudspeaker", mend, False, figures)
        return
    yield Finding("sound check", True, f"the microphone hears the loudspeaker, {rise:.0f} dB above the room", "", False,
                  figures)  # fmt: skip
    try:
        with Pyttsx3Voice(patient.voice) as voice:
            sentence = voice.render([Speech(SENTENCE)])
    except CharleyError:
        return  # said already
    player.play("sentence", sentence.samples)
    again = _recorded(microphone, sentence.seconds + 0.8)
    finding = _recogniser(patient, Sound(again, CAPTURE_RATE))
    says = "a spoken sentence was recognised across the room" if finding.ok else f"across the room, {finding.says}"
    yield Finding("sound check", finding.ok, says, finding.mend, False, finding.figures)


def _tone_level(samples: NDArray[np.int16]) -> float:
    """Strongest level of the tone in any 40 ms, in decibels below full scale."""
    frame = 640
    whole = samples[: len(samples) // frame * frame].reshape(-1, frame).astype(np.float64) / 32768
    if not len(whole):
        return -120.0
    turn = np.exp(-2j * np.pi * _TONE_HERTZ * np.arange(frame) / CAPTURE_RATE)
    return float(20 * np.log10(np.abs(whole @ turn).max() * 2 / frame + 1e-6))
