"""Content files: what is wrong is named with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from skill.compiled import COMPILED, compile_content, compiled_content
from skill.content_loader import CONTENT, load_content
from skill.errors import ContentError
from skill.interaction_model.build import SKILL, files


def test_the_content_that_ships_is_sound() -> None:
    content = load_content()
    assert len(content.questions) > 20
    assert len(content.dangers) > 35
    assert {m.part for m in content.movements} == {
        "calf", "foot", "hamstring", "quadriceps", "shin", "inner_thigh", "buttock", "whole_leg",
    }  # fmt: skip


def test_every_generated_file_is_in_step_with_the_content() -> None:
    stale = [p for p, text in files(load_content()).items() if (SKILL / p).read_text(encoding="utf-8") != text]
    assert not stale, f"{stale}: run charley model build"


def test_what_is_compiled_says_the_same() -> None:
    whole, compiled = load_content(), compiled_content()
    assert compiled.dangers == tuple(type(d)(**{**vars(d), "utterances": _bare(d.utterances)}) for d in whole.dangers)
    assert [q.answers for q in compiled.questions] == [q.answers for q in whole.questions]
    assert compiled.movements == whole.movements
    assert compiled.phrases == whole.phrases
    assert compile_content(whole) == COMPILED.read_text(encoding="utf-8")


def _bare(utterances):  # type: ignore[no-untyped-def]
    return type(utterances)(**{**vars(utterances), "ask": ()}) if utterances else None


def test_a_missing_compiled_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="charley model build"):
        compiled_content(tmp_path / "content.json")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path / "content"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("relief/calf.yaml", "hold: 30", "hold: long", 7, "whole number"),
        ("relief/calf.yaml", "    position: bed\n", "    position: floor\n", 5, "must be one of bed"),
        ("relief/calf.yaml", "    repeats: 3\n", "", 4, "'repeats' is missing"),
        ("relief/calf.yaml", "sources: [R23", "sources: [R999", 10, "R999"),
        ("relief/calf.yaml", "part: calf", "part: calf\npart: foot", 3, "twice"),
        ("bedtime.yaml", "sources:", "sauces:", 3, "sauces"),
        ("phrases.yaml", "phrases:", "phrases: [", None, "not YAML"),
        ("danger/ten_minutes.yaml", "level: urgent", "level: soon", 3, "'level' must be one of"),
        ("danger/ten_minutes.yaml", "[[ten_minutes]]", "[[ten_years]]", None, "ten_years"),
        ("danger/ten_minutes.yaml", "[[ten_minutes]]", "ten_minutes", 5, "list of lists"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    copy: Path, file: str, old: str, new: str, line: int | None, says: str
) -> None:
    path = copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=says) as caught:
        load_content(copy)
    assert "\n" not in str(caught.value)
    if line is not None:
        # A duplicate key is reported where it stands the second time.
        assert str(caught.value).startswith(f"{file}:{line}:"), str(caught.value)


def test_a_sample_of_two_intents(copy: Path) -> None:
    (copy / "conversation" / "extra.yaml").write_text(
        "intent: ExtraIntent\ntopic: help\nask: [why do i get leg cramps]\n", encoding="utf-8"
    )
    with pytest.raises(ContentError, match="sample of both"):
        load_content(copy)


def test_no_phrase_lies_about_unused() -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in sorted(SKILL.rglob("*.py")))
    # A few keys are put together from a part: relief.warm, relief.rub.
    unused = [k for k in load_content().phrases if f'"{k}"' not in code and k not in ("relief.warm", "relief.rub")]
    assert unused == []
