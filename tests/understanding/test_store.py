"""The cache: kept, rebuilt when damaged, not needed."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from local_runner.interaction_model import InteractionModel
from local_runner.understanding import Understander, store
from local_runner.understanding import engine as engine_module


def small(sample: str = "open the window") -> InteractionModel:
    return InteractionModel.parse(
        {
            "interactionModel": {
                "languageModel": {
                    "invocationName": "window opener",
                    "intents": [
                        {"name": "OpenIntent", "samples": [sample, "let some air in"]},
                        {"name": "AMAZON.StopIntent"},
                    ],
                }
            }
        }
    )


def files(cache: Path) -> list[Path]:
    return sorted(p for p in cache.rglob("*") if p.is_file())


def test_trained_once_and_read_ever_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Understander.load(small(), tmp_path)
    assert len(files(tmp_path)) == 1

    def never(*_: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(engine_module, "train", never)
    second = Understander.load(small(), tmp_path)
    for text in ("open the window", "could you open a window", "what is for dinner"):
        one, two = first.understand(text), second.understand(text)
        assert (one.intent, one.slots, one.rejected) == (two.intent, two.slots, two.rejected)
        assert one.score == pytest.approx(two.score, abs=0.02)


def test_another_model_another_file(tmp_path: Path) -> None:
    Understander.load(small(), tmp_path)
    Understander.load(small("shut the window"), tmp_path)
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("damage", [b"", b"not a zip", "half", "other"])
def test_a_damaged_cache_is_rebuilt(tmp_path: Path, damage: bytes | str) -> None:
    Understander.load(small(), tmp_path)
    [path] = files(tmp_path)
    whole = path.read_bytes()
    if damage == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "other":
        with path.open("wb") as file:
            np.savez(file, labels=np.array("A\nB"), weights=np.zeros((3, 5)))
    else:
        assert isinstance(damage, bytes)
        path.write_bytes(damage)
    assert Understander.load(small(), tmp_path).understand("open the window").intent == "OpenIntent"
    assert store.read(path) is not None
    assert len(path.read_bytes()) == pytest.approx(len(whole), rel=0.01)


def test_a_directory_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    not_a_directory = tmp_path / "file"
    not_a_directory.write_text("in the way")
    got = Understander.load(small(), not_a_directory).understand("let some air in")
    assert got.intent == "OpenIntent"


def test_several_writers_leave_one_whole_file(tmp_path: Path) -> None:
    arrays = {"a": np.arange(100_000), "b": np.ones(5)}
    path = store.path_for(tmp_path, "f" * 64)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: store.write(path, arrays), range(24)))
    read = store.read(path)
    assert read is not None
    assert read["a"].sum() == arrays["a"].sum()
    assert files(tmp_path) == [path]


def test_importing_the_room_is_cheap() -> None:
    code = (
        "import sys, local_runner.understanding as u; assert u.SlotMatch; "
        "print([m for m in ('numpy', 'onnxruntime', 'rapidfuzz') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
