"""`charley ask` and `charley chat` as people and other tools call them: the contract, to the letter."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

if TYPE_CHECKING:
    from conftest import Charley

KEYS = {
    "heard", "confidence", "model", "intent", "slots", "topic", "level", "speech", "ssml", "reprompt", "session_open",
    "sources", "timing_ms",
}  # fmt: skip


def test_a_cramp_is_answered_with_a_movement_in_the_first_sentence(charley: Charley) -> None:
    answer = charley("ask", "help my calf has cramped", "--json").object
    assert set(answer) == KEYS
    assert answer["topic"] == "relief_now"
    assert answer["slots"]["BodyPart"]["id"] == "calf"
    first = answer["speech"].split(". ")[0]
    assert len(first.split()) <= 15
    assert first.startswith("Straighten that leg")
    assert answer["session_open"] is True
    assert answer["reprompt"]
    assert answer["sources"]
    assert set(answer["timing_ms"]) == {"recognise", "understand", "answer", "speak"}


def test_a_red_flag_gets_no_stretch(charley: Charley) -> None:
    answer = charley("ask", "my calf is swollen and hot", "--json").object
    assert answer["topic"] == "red_flag"
    assert answer["level"] == "urgent"
    assert "Straighten" not in answer["speech"]


def test_what_is_not_for_us(charley: Charley) -> None:
    answer = charley("ask", "play some jazz", "--json").object
    assert answer["intent"] == "AMAZON.FallbackIntent"
    assert answer["topic"] == "none"


def test_without_json_the_words_alone(charley: Charley) -> None:
    ran = charley("ask", "my", "foot", "has", "cramped")
    assert ran.status == 0
    assert ran.out.startswith("Bend that knee, grab your toes")
    assert "<" not in ran.out


def test_chat_keeps_one_session(charley: Charley) -> None:
    first, second, third = charley("chat", "--json", stdin="i have a cramp\nin my foot\nyes\n").objects
    assert first["topic"] == "relief_now"
    assert second["slots"]["BodyPart"]["id"] == "foot"
    assert third["topic"] == "red_flag"


def test_chat_begins_with_an_empty_line_and_begins_again(charley: Charley) -> None:
    launch, stop, again = charley("chat", "--json", stdin="\nstop\nmy shin is cramping\n").objects
    assert launch["topic"] == "launch"
    assert launch["intent"] == "LaunchRequest"
    assert stop["session_open"] is False
    assert again["topic"] == "relief_now"


def test_lines_are_sessions_of_their_own(charley: Charley, tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("my calf is cramping\n\nyes\n\N{SLEEPING FACE}\n", encoding="utf-8")
    answers = charley("ask", "--lines", tmp_path / "lines.txt", "--json").objects
    assert [a["topic"] for a in answers] == ["relief_now", "none", "none", "none"]


def test_a_spoken_question_and_a_spoken_answer(charley: Charley, repository: Path, tmp_path: Path) -> None:
    reply = tmp_path / "reply.wav"
    ran = charley("ask", "--audio", repository / "tests/audio/calf_cramp.flac", "--out", reply, "--json")
    answer = ran.object
    assert answer["model"] == "charley-en"
    assert answer["topic"] == "relief_now"
    assert answer["timing_ms"]["recognise"] > 0
    with wave.open(str(reply)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
        loudest = np.abs(np.frombuffer(sound.readframes(sound.getnframes()), np.int16)).max()
    assert seconds > 20  # the hold is real silence
    assert loudest > 3000


def test_another_skill_written_as_amazons_samples_are(charley: Charley, repository: Path) -> None:
    folder = repository / "tests" / "device"
    model = folder / "coffee_model.json"
    ran = charley("chat", "--skill", "coffee_skill:handler", "--interaction-model", model, "--json",
                  stdin="\norder a latte\nlarge\nyes\n", cwd=folder)  # fmt: skip
    welcome, size, confirm, order = ran.objects
    assert welcome["speech"].startswith("Welcome")
    assert size["speech"] == "Large or small?"
    assert confirm["slots"]["Size"] == {"value": "large", "id": "L"}
    assert order["speech"].startswith("Order 1")
    assert (order["topic"], order["level"]) == (None, None)


class TestBadInput:
    """One clear line, the right exit code, never a traceback (the fixture looks for one)."""

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (("ask",), "give one question"),
            (("ask", "  "), "empty"),
            (("ask", "x" * 10_000), "10,000 characters"),
            (("ask", "a", "--audio", "b.wav"), "give one question"),
            (("ask", "--audio", "nothing.wav"), "nothing.wav"),
            (("ask", "--lines", "nothing.txt"), "nothing.txt"),
            (("ask", "a", "--out", "no/such/folder/x.wav"), "folder"),
            (("ask", "a", "--skill", "coffee"), "--interaction-model"),
            (("ask", "a", "--interaction-model", "nothing.json"), "nothing.json"),
            (("ask", "a", "--interaction-model", "pyproject.toml"), "not JSON"),
            (
                ("ask", "a", "--skill", "no_module:x", "--interaction-model", "tests/device/coffee_model.json"),
                "no module",
            ),
            (("ask", "a", "--nonsense"), "--nonsense"),
            (("nonsense",), "nonsense"),
        ],
    )
    def test_wrong_calls(self, charley: Charley, arguments: tuple[str, ...], says: str) -> None:
        ran = charley(*arguments)
        assert ran.status == 2
        assert ran.out == ""
        assert says in ran.err
        assert len(ran.err.strip().splitlines()) == 1

    def test_emoji_are_no_words(self, charley: Charley) -> None:
        assert charley("ask", "\N{SLEEPING FACE}\N{LEG}", "--json").object["topic"] == "none"

    def test_a_missing_voice_model(self, charley: Charley, repository: Path) -> None:
        ran = charley("ask", "--audio", repository / "tests/audio/calf_cramp.flac", "--model", "no-such-model")
        assert ran.status in (1, 2)
        assert "no-such-model" in ran.err

    def test_a_damaged_voice_model(self, charley: Charley, repository: Path, tmp_path: Path) -> None:
        import shutil

        shutil.copytree(repository / "voice_models/charley-en", tmp_path / "m")
        (tmp_path / "m/am/final.mdl").write_bytes(b"\0Bnonsense")
        ran = charley("ask", "--audio", repository / "tests/audio/calf_cramp.flac", "--model", tmp_path / "m")
        assert ran.status == 1
        assert len([line for line in ran.err.splitlines() if line.startswith("charley:")]) == 1

    def test_a_missing_voice(self, charley: Charley, tmp_path: Path) -> None:
        ran = charley("ask", "my calf is cramping", "--voice", "gandalf", "--out", tmp_path / "x.wav")
        assert ran.status in (1, 2)
        assert "gandalf" in ran.err


@pytest.fixture(scope="module")
def question(repository: Path) -> tuple[np.ndarray, int]:
    """A recorded question, as samples and rate."""
    samples, rate = soundfile.read(repository / "tests/audio/calf_cramp.flac", dtype="float32")
    return samples, rate


class TestRecordings:
    """Every kind of recording is converted, or refused in one line."""

    @pytest.mark.parametrize(
        ("name", "rate", "channels", "subtype"),
        [
            ("eight.wav", 8000, 1, "PCM_16"),
            ("studio.wav", 48000, 2, "PCM_24"),
            ("float.wav", 16000, 1, "FLOAT"),
            ("music.ogg", 16000, 1, "VORBIS"),
            ("same.flac", 44100, 2, "PCM_16"),
        ],
    )
    def test_what_can_be_converted(
        self, charley: Charley, tmp_path: Path, question: tuple[np.ndarray, int], name: str, rate: int, channels: int,
        subtype: str,
    ) -> None:  # fmt: skip
        import soxr

        samples = soxr.resample(question[0], question[1], rate)
        soundfile.write(tmp_path / name, np.stack([samples] * channels, axis=1), rate, subtype=subtype)
        answer = charley("ask", "--audio", tmp_path / name, "--json").object
        assert answer["topic"] == "relief_now"

    def test_silence(self, charley: Charley, tmp_path: Path) -> None:
        soundfile.write(tmp_path / "silent.wav", np.zeros(32000, np.int16), 16000)
        answer = charley("ask", "--audio", tmp_path / "silent.wav", "--json").object
        assert answer["heard"] == ""
        assert answer["topic"] == "none"

    def test_not_a_recording(self, charley: Charley, tmp_path: Path) -> None:
        (tmp_path / "text.wav").write_text("this is no sound")
        (tmp_path / "empty.wav").write_bytes(b"")
        soundfile.write(tmp_path / "whole.wav", np.zeros(16000, np.int16), 16000)
        (tmp_path / "cut.wav").write_bytes((tmp_path / "whole.wav").read_bytes()[:20])
        for name in ("text.wav", "empty.wav", "cut.wav"):
            ran = charley("ask", "--audio", tmp_path / name)
            assert ran.status == 2, name
            assert len(ran.err.strip().splitlines()) == 1, name

    def test_two_hours_are_refused_before_they_are_read(self, charley: Charley, tmp_path: Path) -> None:
        with wave.open(str(tmp_path / "long.wav"), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            for _ in range(120):
                sound.writeframes(bytes(8000 * 60 * 2))
        ran = charley("ask", "--audio", tmp_path / "long.wav")
        assert ran.status == 2
        assert "minute" in ran.err or "long" in ran.err
