"""Voice models that are missing, damaged, or chosen by name: one clear error each, no crash, no network."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from local_runner.errors import RecogniserError
from local_runner.listening import phrases_model
from local_runner.recognition import VoiceModel, VoskRecogniser, default_voice_model, find_voice_model
from voice_models.places import FOLDER_VARIABLE

SHIPPED = Path(__file__).parent.parent.parent / "voice_models/charley-en"
LISTENING = phrases_model(["stop", "go on"])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped model that may be damaged."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def cut(file: str) -> Callable[[Path], None]:
    def damage(model: Path) -> None:
        content = (model / file).read_bytes()
        (model / file).write_bytes(content[: len(content) // 2])

    return damage


def removed(file: str) -> Callable[[Path], None]:
    return lambda model: (model / file).unlink()


def replaced(file: str, content: str) -> Callable[[Path], None]:
    def damage(model: Path) -> None:
        (model / file).write_text(content)

    return damage


DAMAGES = {
    "no acoustic model": removed("am/final.mdl"),
    "empty acoustic model": replaced("am/final.mdl", ""),
    "half an acoustic model": cut("am/final.mdl"),
    "half a lexicon graph": cut("graph/HCLr.fst"),
    "no lexicon graph": removed("graph/HCLr.fst"),
    "no word list": removed("graph/words.txt"),
    "word list of another kind": replaced("graph/words.txt", "hello\nworld\n"),
    "half the word boundaries": replaced("graph/phones/word_boundary.int", "1 nonword\n2"),
    "no settings": removed("conf/model.conf"),
    "wrong settings": replaced("conf/model.conf", "--nonsense=1\n"),
    "wrong features": replaced("conf/fbank.conf", "--num-mel-bins=23\n"),
    "no features": removed("conf/fbank.conf"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_model_is_one_clear_error(
    damage: Callable[[Path], None], copy: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    damage(copy)
    with pytest.raises(RecogniserError, match="damaged") as raised:
        VoskRecogniser(copy, LISTENING, cache=tmp_path / "cache")
    assert raised.value.mend
    assert capfd.readouterr().err == ""


def test_half_a_language_model_does_not_matter_when_ours_replaces_it(copy: Path, tmp_path: Path) -> None:
    cut("graph/Gr.fst")(copy)
    VoskRecogniser(copy, LISTENING, cache=tmp_path / "cache")
    with pytest.raises(RecogniserError, match="damaged"):
        VoskRecogniser(copy, None, cache=tmp_path / "cache")


def test_a_changed_model_is_prepared_anew(copy: Path, tmp_path: Path) -> None:
    before = VoiceModel.open(copy).fingerprint
    (copy / "graph/words.txt").write_text((copy / "graph/words.txt").read_text() + "xqz 999999\n")
    assert VoiceModel.open(copy).fingerprint != before


def test_no_model_there(tmp_path: Path) -> None:
    with pytest.raises(RecogniserError, match="there is no voice model in"):
        VoskRecogniser(tmp_path / "nothing")


def test_names_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_voice_model(None) == default_voice_model()
    assert find_voice_model(str(SHIPPED)) == SHIPPED
    assert find_voice_model("charley-en") == SHIPPED
    with pytest.raises(RecogniserError, match="no voice model 'vosk-model-xx'"):
        find_voice_model("vosk-model-xx")


def test_the_official_model_is_used_once_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    official = tmp_path / "vosk-model-small-en-us-0.15"
    shutil.copytree(SHIPPED, official)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert default_voice_model() == official
    assert find_voice_model(None) == official
