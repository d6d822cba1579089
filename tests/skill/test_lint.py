"""`charley model check`: one line for each fault that Amazon would refuse, or that would fail in use."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from skill.content_loader import load_content
from skill.interaction_model.build import LOCALES, SKILL, interaction_model
from skill.interaction_model.lint import manifest_faults, model_faults
from skill.interaction_model.manifest import manifest

GOOD: dict[str, Any] = {
    "interactionModel": {
        "languageModel": {
            "invocationName": "corner coffee",
            "intents": [
                *(
                    {"name": f"AMAZON.{n}Intent", "samples": []}
                    for n in ("Help", "Stop", "Cancel", "Fallback", "NavigateHome")
                ),
                {
                    "name": "OrderIntent",
                    "slots": [{"name": "Size", "type": "Size"}],
                    "samples": ["a {Size} one", "order"],
                },
            ],
            "types": [{"name": "Size", "values": [{"id": "L", "name": {"value": "large", "synonyms": ["big"]}}]}],
        }
    }
}


def test_a_good_model_has_no_fault() -> None:
    assert list(model_faults(GOOD)) == []


def test_our_own_package_has_no_fault() -> None:
    content = load_content()
    assert list(model_faults(interaction_model(content))) == []
    assert list(manifest_faults(manifest(content, LOCALES))) == []
    for locale in LOCALES:
        path = SKILL / "skill-package" / "interactionModels" / "custom" / f"{locale}.json"
        assert list(model_faults(json.loads(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("invocationName", "Corner Coffee", "lower case"),
        ("invocationName", "coffee", "two words"),
        ("invocationName", "open coffee", "launch or connecting word 'open'"),
        ("invocationName", "echo coffee", "wake word 'echo'"),
        ("invocationName", "coffee 24", "letters"),
        ("intents.5.name", "Order-Intent", "letters and underscores"),
        ("intents.5.slots.0.type", "Colour", "'Colour', which is not defined"),
        ("intents.5.slots.0.name", "Size2", "letters and underscores"),
        ("intents.5.samples.0", "a {Colour} one", "'Colour' is not declared"),
        ("intents.5.samples.0", "a {Size one", "letters, apostrophes"),
        ("intents.5.samples.0", "two 2 go", "letters, apostrophes"),
        ("intents.5.samples.0", "what?", "letters, apostrophes"),
        ("intents.5.samples.0", "{Size} {Size}", "stands twice"),
        ("intents.5.samples.0", "order", "stands also in OrderIntent"),
        ("intents.5.samples.0", " ", "empty sample"),
        ("intents.5.samples.0", "a" * 201, "200 characters"),
        ("intents.5.samples", [], "no sample utterances"),
        ("intents.5.typo", 1, "typo"),
        ("intents.0.name", "AMAZON.YesIntent", "AMAZON.HelpIntent is missing"),
        ("types.0.values.0.name", {"value": "large"}, "'synonyms' is a required property"),
        ("types.0.values", [], "no values"),
        ("intents", "none", "is not of type 'array'"),
    ],
)  # fmt: skip
def test_each_fault_is_found(path: str, value: Any, says: str) -> None:
    data = copy.deepcopy(GOOD)
    node: Any = data["interactionModel"]["languageModel"]
    *way, last = path.split(".")
    for step in way:
        node = node[int(step) if step.isdigit() else step]
    node[int(last) if last.isdigit() else last] = value
    faults = list(model_faults(data))
    assert any(says in fault for fault in faults), faults
    assert all("\n" not in fault for fault in faults)


def test_values_that_mean_two_things() -> None:
    data = copy.deepcopy(GOOD)
    values = data["interactionModel"]["languageModel"]["types"][0]["values"]
    values.append({"id": "L", "name": {"value": "small", "synonyms": ["big"]}})
    faults = list(model_faults(data))
    assert any("'big' means both" in f for f in faults)
    assert any("id 'L' stands twice" in f for f in faults)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("description", "A nice skill.", "no substitute for a doctor"),
        ("examplePhrases", [], "example phrases"),
        ("examplePhrases", ["open it"], "wake word"),
        ("summary", "x" * 161, "too long"),
        ("smallIconUri", "", "smallIconUri"),
    ],
)
def test_faults_of_a_manifest(key: str, value: Any, says: str) -> None:
    data = manifest(load_content(), LOCALES)
    data["manifest"]["publishingInformation"]["locales"]["en-GB"][key] = value
    assert any(says in fault and "en-GB" in fault for fault in manifest_faults(data))
