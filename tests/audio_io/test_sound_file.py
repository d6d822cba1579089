"""Recordings of every kind, good and bad, become 16 kHz mono or one clear line."""

from __future__ import annotations

import contextlib
import resource
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from local_runner.audio import (
    FRAME_SAMPLES,
    EndOfRecording,
    FileMicrophone,
    FileSpeaker,
    read_blocks,
    read_sound,
    write_wav,
)
from local_runner.errors import AudioFileError
from local_runner.sound import CAPTURE_RATE, Sound


def tone(rate: int, seconds: float = 1.0, hertz: float = 440.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


def pitch(sound: Sound) -> float:
    spectrum = np.abs(np.fft.rfft(sound.samples.astype(float)))
    return float(np.argmax(spectrum) * sound.rate / len(sound.samples))


@pytest.mark.parametrize(
    ("name", "rate", "channels", "subtype"),
    [
        ("a.wav", 16_000, 1, "PCM_16"),
        ("a.wav", 8_000, 1, "PCM_16"),
        ("a.wav", 48_000, 2, "PCM_16"),
        ("a.wav", 44_100, 2, "PCM_24"),
        ("a.wav", 16_000, 1, "FLOAT"),
        ("a.wav", 48_000, 6, "DOUBLE"),
        ("a.wav", 8_000, 1, "ULAW"),
        ("a.wav", 11_025, 1, "PCM_U8"),
        ("a.flac", 44_100, 2, "PCM_16"),
        ("a.ogg", 44_100, 2, "VORBIS"),
        ("a.opus", 48_000, 1, "OPUS"),
    ],
)
def test_every_kind_becomes_16_khz_mono(tmp_path: Path, name: str, rate: int, channels: int, subtype: str) -> None:
    path = tmp_path / name
    kind = "OGG" if name.endswith("opus") else None
    soundfile.write(path, np.tile(tone(rate)[:, None], channels), rate, subtype=subtype, format=kind)
    sound = read_sound(path)
    assert sound.rate == CAPTURE_RATE
    assert sound.seconds == pytest.approx(1.0, abs=0.01)
    assert pitch(sound) == pytest.approx(440, abs=2)
    level = np.sqrt(np.mean(np.square(sound.samples / 32768)))
    assert level == pytest.approx(0.5 / np.sqrt(2), rel=0.05)


def test_16_bit_samples_pass_unchanged(tmp_path: Path) -> None:
    samples = np.array([0, 1, -1, 32767, -32768, 1234], np.int16)
    write_wav(tmp_path / "a.wav", Sound(samples, 16_000))
    assert np.array_equal(read_sound(tmp_path / "a.wav").samples, samples)


def test_floats_beyond_full_scale_are_clipped_and_not_a_number_is_silence(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([2.0, -3.0, np.nan, np.inf, 0.0]), 16_000, subtype="FLOAT")
    assert read_sound(tmp_path / "a.wav").samples.tolist() == [32767, -32768, 0, 32767, 0]


def test_silence_is_a_sound(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", Sound(np.zeros(16_000, np.int16), 16_000))
    assert read_sound(tmp_path / "a.wav").seconds == 1.0


def wav_bytes() -> bytes:
    data = (tone(16_000) * 32767).astype("<i2").tobytes()
    fmt = struct.pack("<HHIIHH", 1, 1, 16_000, 32_000, 2, 16)
    return (
        b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + fmt
        + b"data" + struct.pack("<I", len(data)) + data
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"this is a letter to my doctor, not a recording\n" * 50, "not a recording"),
        (wav_bytes()[:20], "not a recording"),
        (wav_bytes()[:30], "not a recording"),
        (wav_bytes()[:44], "holds no sound"),
        (bytes(5000), "not a recording"),
        (b"fLaC" + bytes(300), "not a recording"),
        (b"OggS" + bytes(300), "not a recording"),
    ],
)
def test_what_is_not_a_recording_is_one_clear_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(AudioFileError, match=message) as caught:
        read_sound(path)
    assert "\n" not in str(caught.value)
    assert caught.value.mend


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(wav_bytes()[: 44 + 16_000])
    assert read_sound(path).seconds == pytest.approx(0.5, abs=0.01)


def test_a_recording_whose_header_was_never_finished_is_read(tmp_path: Path) -> None:
    """What `arecord | …` leaves: sizes of 0xFFFFFFFF because the recorder could not go back."""
    content = bytearray(wav_bytes())
    content[4:8] = content[40:44] = b"\xff\xff\xff\xff"
    path = tmp_path / "piped.wav"
    path.write_bytes(content)
    assert read_sound(path).seconds == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("cut", [60, 200, 2000])
def test_a_damaged_compressed_recording_never_crashes(tmp_path: Path, cut: int) -> None:
    for name in ("a.flac", "a.ogg"):
        soundfile.write(tmp_path / name, tone(16_000, 3.0), 16_000)
        content = bytearray((tmp_path / name).read_bytes())
        content[cut:] = bytes(reversed(content[cut:]))
        (tmp_path / name).write_bytes(content)
        with contextlib.suppress(AudioFileError):
            assert read_sound(tmp_path / name).rate == CAPTURE_RATE


def test_a_missing_file_a_folder_and_an_odd_rate(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="no file"):
        read_sound(tmp_path / "none.wav")
    with pytest.raises(AudioFileError, match="folder"):
        read_sound(tmp_path)
    soundfile.write(tmp_path / "odd.wav", np.zeros(100), 100)
    with pytest.raises(AudioFileError, match="100 samples a second"):
        read_sound(tmp_path / "odd.wav")


def two_hours(path: Path) -> None:
    with soundfile.SoundFile(path, "w", 8_000, 1, "PCM_16") as file:
        minute = (tone(8_000, 60.0) * 32767).astype(np.int16)
        for _ in range(120):
            file.write(minute)


def test_two_hours_are_refused_as_a_question_but_pass_in_blocks_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    two_hours(path)
    with pytest.raises(AudioFileError, match=r"2.0 hours long, .* 10 minutes"):
        read_sound(path)
    unit = 1 if sys.platform == "darwin" else 1024
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    total = sum(len(block) for block in read_blocks(path))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    assert total == 7200 * CAPTURE_RATE
    assert after - before < 20e6


def test_a_file_as_microphone_gives_frames_then_ends(tmp_path: Path) -> None:
    samples = (np.arange(FRAME_SAMPLES * 2 + 100) % 1000).astype(np.int16)
    write_wav(tmp_path / "a.wav", Sound(samples, 16_000))
    microphone = FileMicrophone(tmp_path / "a.wav")
    microphone.open()
    frames = [microphone.read() for _ in range(3)]
    with pytest.raises(EndOfRecording):
        microphone.read()
    together = np.concatenate(frames)
    assert np.array_equal(together[: len(samples)], samples)
    assert not together[len(samples) :].any()
    microphone.open()
    assert np.array_equal(microphone.read(), frames[0])


def test_a_file_as_loudspeaker_plays_exactly_as_long_as_time_passes(tmp_path: Path) -> None:
    speaker = FileSpeaker(tmp_path / "out.wav", 22_050)
    given = iter(range(10**9))
    speaker.open(lambda n: np.array([next(given) % 30_000 for _ in range(n)], np.int16))
    for _ in range(25):
        speaker.advance(0.04)
    speaker.close()
    played, rate = soundfile.read(tmp_path / "out.wav", dtype="int16")
    assert rate == 22_050
    assert np.array_equal(played, np.arange(22_050))


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="cannot be written"):
        write_wav(tmp_path / "none" / "a.wav", Sound(np.zeros(1, np.int16), 16_000))
