"""The Lambda door: the handler in process, and the zip as AWS unpacks it, in an interpreter that has nothing else."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from authority import SKILL_ID, envelope

from skill import lambda_function
from skill.doors import APOLOGY

REPOSITORY = Path(__file__).parents[2]

_ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
from skill.lambda_function import handler
for line in sys.stdin:
    print(json.dumps(handler(json.loads(line), None)), flush=True)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip that script/lambda makes."""
    folder = tmp_path_factory.mktemp("lambda")
    subprocess.run([sys.executable, REPOSITORY / "script" / "lambda", "--output", folder], check=True, timeout=60)
    return folder / "charley-lambda.zip"


def test_the_zip_is_small_and_runs_alone(package: Path, tmp_path: Path) -> None:
    assert package.stat().st_size <= 12_000_000
    with zipfile.ZipFile(package) as packed:
        packed.extractall(tmp_path)
        names = packed.namelist()
    assert not [name for name in names if name.endswith((".so", ".pyi", ".yaml", ".wav"))]
    turns = [
        envelope(),
        envelope("IntentRequest", "AMAZON.HelpIntent"),
        envelope("IntentRequest", "AMAZON.FallbackIntent"),
        envelope("IntentRequest", "AMAZON.StopIntent"),
        envelope("SessionEndedRequest", reason="USER_INITIATED"),
    ]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _ASK, tmp_path],
        input="".join(json.dumps(turn) + "\n" for turn in turns),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    *answers, modules = map(json.loads, done.stdout.splitlines())
    assert len(answers) == len(turns)
    assert all(answer["version"] == "1.0" for answer in answers)
    spoken = [answer["response"].get("outputSpeech", {}).get("ssml", "") for answer in answers[:4]]
    assert all(text.startswith("<speak>") and APOLOGY not in text for text in spoken)
    assert not {"numpy", "vosk", "flask", "cryptography", "yaml", "requests", "local_runner"} & set(modules)


def test_the_byte_code_is_used_whatever_the_time_stamps_say(package: Path) -> None:
    with zipfile.ZipFile(package) as packed:
        compiled = [name for name in packed.namelist() if name.endswith(".pyc")]
        flags = {packed.read(name)[4:8] for name in compiled}
    assert len(compiled) > 500
    assert flags == {b"\x01\0\0\0"}  # by hash, never checked: PEP 552


def test_another_skill_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARLEY_SKILL_ID", f"{SKILL_ID}, amzn1.ask.skill.second")
    assert lambda_function.handler(envelope())["version"] == "1.0"
    assert lambda_function.handler(envelope(skill_id="amzn1.ask.skill.second"))["version"] == "1.0"
    with pytest.raises(PermissionError, match="CHARLEY_SKILL_ID"):
        lambda_function.handler(envelope(skill_id="amzn1.ask.skill.other"))


@pytest.mark.parametrize("event", [{}, {"key1": "value1"}, {"Records": []}, envelope("Alexa.Something.New")])
def test_what_is_no_request_is_an_error_in_one_clause(event: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a request envelope"):
        lambda_function.handler(event)


def test_a_handler_that_raises_gives_the_apology(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(event: dict[str, Any]) -> dict[str, Any]:
        raise KeyError("what somebody said")

    monkeypatch.setattr(lambda_function, "_SKILL", fail)
    caplog.set_level(logging.INFO)
    answer = lambda_function.handler(envelope())
    assert APOLOGY in answer["response"]["outputSpeech"]["ssml"]
    assert answer["response"]["shouldEndSession"] is True
    assert lambda_function.handler(envelope("SessionEndedRequest")) == {"version": "1.0", "response": {}}
    failed = [record.fields for record in caplog.records if record.getMessage() == "failed"]  # type: ignore[attr-defined]
    assert failed[0]["trace"][0] == "KeyError"
    assert "somebody" not in str([vars(record) for record in caplog.records])


class _CloudFormation(yaml.SafeLoader):
    """Knows CloudFormation's short forms as far as this template uses them."""


for _tag in ("!Ref", "!GetAtt", "!Sub"):
    _CloudFormation.add_constructor(_tag, lambda loader, node: node.value)


def test_template_and_ask_resources_name_what_exists() -> None:
    template = yaml.load((REPOSITORY / "template.yaml").read_text(), _CloudFormation)
    function = template["Resources"]["Skill"]["Properties"]
    assert function["CodeUri"] == "build/charley-lambda.zip"
    assert function["Environment"]["Variables"] == {"CHARLEY_SKILL_ID": "SkillId"}
    ask = json.loads((REPOSITORY / "ask-resources.json").read_text())["profiles"]["default"]
    user = ask["skillInfrastructure"]["userConfig"]
    for dotted in (function["Handler"], user["handler"]):
        module, _, name = dotted.rpartition(".")
        assert module == lambda_function.__name__
        assert callable(getattr(lambda_function, name))
    package = REPOSITORY / ask["skillMetadata"]["src"]
    assert (package / "interactionModels" / "custom" / "en-US.json").is_file()
    assert ask["code"]["default"]["src"] == "./build/lambda"
    supported = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', (REPOSITORY / "pyproject.toml").read_text())
    assert supported is not None
    runtimes = [f"python3.{minor}" for minor in range(int(supported[1]), int(supported[2]))]
    assert template["Parameters"]["PythonRuntime"]["AllowedValues"] == runtimes
    assert user["runtime"] in runtimes
