"""``charley understand``: lines in, one JSON object a line out; scores over labelled files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from local_runner.commands.understand import command
from local_runner.errors import UsageError


@pytest.fixture
def run(garden_file: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    from local_runner.understanding import store

    cache = tmp_path_factory.getbasetemp() / "command-cache"
    monkeypatch.setattr(store, "default_cache", lambda: cache)
    return CliRunner()


def test_one_json_object_a_line(run: CliRunner, garden_file: Path) -> None:
    result = run.invoke(
        command, ["--interaction-model", str(garden_file), "--json"], input="water the roses\n\nwhat is the weather\n"
    )
    assert result.exit_code == 0
    water, nothing, weather = (json.loads(line) for line in result.stdout.splitlines())
    assert water["intent"] == "WaterIntent"
    assert water["slots"]["Plant"] == {"value": "roses", "resolved": "roses", "id": "rose", "type": "Plant"}
    assert nothing["intent"] == weather["intent"] == "AMAZON.FallbackIntent"
    assert weather["rejected"]


def test_for_a_person(run: CliRunner, garden_file: Path) -> None:
    result = run.invoke(command, ["--interaction-model", str(garden_file)], input="water the roses\nplay jazz\n")
    assert "WaterIntent  Plant='roses'" in result.stdout
    assert "best guess" in result.stdout


def test_scores_a_labelled_file(run: CliRunner, garden_file: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    rows = [
        {"text": "water the roses", "intent": "WaterIntent", "slots": {"Plant": "rose"}},
        {"text": "the lawn needs water", "intent": "WaterIntent", "slots": {"Plant": "rose"}},
        {"text": "stop", "intent": "AMAZON.HelpIntent"},
        {"text": "who won the football", "intent": "AMAZON.FallbackIntent"},
    ]
    labels.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    result = run.invoke(command, ["--interaction-model", str(garden_file), "--labels", str(labels), "--json"])
    report = json.loads(result.stdout)
    assert (report["in_scope"], report["right_intent"], report["wrong_intent"]) == (3, 2, 1)
    assert (report["out_of_scope"], report["rejected"]) == (1, 1)
    assert report["slot_f1"] == pytest.approx(0.5)
    assert [m["text"] for m in report["mistakes"]] == ["the lawn needs water", "stop"]


@pytest.mark.parametrize("content", ["[1]", "{", "nonsense", '[{"intent": "X"}]'])
def test_labels_that_are_none(run: CliRunner, garden_file: Path, tmp_path: Path, content: str) -> None:
    labels = tmp_path / "labels.json"
    labels.write_text(content, encoding="utf-8")
    result = run.invoke(command, ["--interaction-model", str(garden_file), "--labels", str(labels)])
    assert isinstance(result.exception, UsageError)
    assert result.exception.mend
