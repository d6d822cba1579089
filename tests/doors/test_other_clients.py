"""Clients that nobody here wrote drive gunicorn through a signing proxy: every intent of the interaction model."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from authority import CERTIFICATE_URL, SKILL_ID
from cryptography.hazmat.primitives import serialization
from running import LIVE, serving

from skill.doors import APOLOGY

NODE = Path(__file__).parent / "node"
MODEL = Path(__file__).parents[2] / "skill" / "skill-package" / "interactionModels" / "custom" / "en-US.json"

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed"),
    pytest.mark.skipif(
        not (NODE / "node_modules").is_dir(), reason="run: npm ci --ignore-scripts --prefix tests/doors/node"
    ),
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("clients")
    key = folder / "key.pem"
    key.write_bytes(
        LIVE.leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    with serving(folder, skill="skill:create_skill") as server:
        config = {
            "port": server.port,
            "key": str(key),
            "certificateUrl": CERTIFICATE_URL,
            "model": str(MODEL),
            "skillId": SKILL_ID,
        }
        done = subprocess.run(
            ["node", "drive_endpoint.js"],
            cwd=NODE,
            input=json.dumps(config),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        yield json.loads(done.stdout) | {"failed": server.events("failed")}


def intents() -> list[dict[str, Any]]:
    model: list[dict[str, Any]] = json.loads(MODEL.read_text())["interactionModel"]["languageModel"]["intents"]
    return model


def test_every_intent_is_answered_and_nothing_failed(report: dict[str, Any]) -> None:
    assert set(report["statuses"]) == {200}
    assert report["failed"] == []
    assert [result for result in report["driven"] if "error" in result] == []
    answered = {result["intent"] for result in report["driven"] if result["how"] == "intend"}
    assert answered == {intent["name"] for intent in intents()}
    assert sum(result["how"] == "utter" for result in report["driven"]) > len(intents()) / 8


def test_entity_resolution_came_along(report: dict[str, Any]) -> None:
    matched = [
        slot
        for intent in report["resolved"]
        for slot in intent["slots"].values()
        if (slot.get("resolutions") or {}).get("resolutionsPerAuthority", [{}])[0].get("status", {}).get("code")
        == "ER_SUCCESS_MATCH"
    ]
    assert len(matched) > 50


def test_every_answer_is_one_that_alexa_takes(report: dict[str, Any]) -> None:
    faults = []
    for result in report["driven"]:
        answer = result["answer"]
        response = answer["response"]
        where = f"{result['intent']} ({result['how']})"
        if result["how"] == "end":
            if response.get("outputSpeech") or response.get("reprompt"):
                faults.append(f"{where}: speech after the end")
            continue
        ssml = (response.get("outputSpeech") or {}).get("ssml", "")
        text = re.sub(r"<[^>]*>", " ", ssml).strip()
        if not (ssml.startswith("<speak>") and text) or APOLOGY in ssml:
            faults.append(f"{where}: no answer: {ssml[:80]}")
        if len(ssml) >= 8000 or len(json.dumps(answer).encode()) >= 24_000:
            faults.append(f"{where}: too long")
        if response.get("shouldEndSession") is False:
            if not text.endswith("?"):
                faults.append(f"{where}: an open session that does not end in a question: …{text[-60:]}")
            if not response.get("reprompt"):
                faults.append(f"{where}: an open session without a reprompt")
        if any(float(seconds) > 10 for seconds in re.findall(r'<break time="([\d.]+)s"', ssml)):
            faults.append(f"{where}: a break of more than ten seconds")
    assert faults == []


def test_certification_checks_of_the_test_framework(report: dict[str, Any]) -> None:
    assert report["certified"]["checked"] == len(intents())
    assert report["certified"]["failures"] == []
