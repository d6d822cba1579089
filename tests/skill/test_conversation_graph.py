"""Walks the conversation graph: every state that can be reached, every intent in it, and checks each response."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from local_runner.envelopes import envelope_json, request_json
from local_runner.exchange import spoken_words
from skill import handler
from skill.compiled import compiled_content
from skill.dangers import STRETCHING
from skill.session import Session
from skill.triage import NO_STRETCH

CONTENT = compiled_content()
STRETCHES = tuple(m.say.split(". ")[0] for m in CONTENT.movements) + tuple(
    CONTENT.phrases[p] for p in ("relief.repeat", "relief.again_line", "relief.rub", "relief.warm")
)
RED_ROWS = [d for d in CONTENT.dangers if d.level in NO_STRETCH and d.utterances]
MOST_STATES = 60
"""States that are expanded; the walk is breadth first, so these are the nearest to the beginning."""


def slot(name: str, value: str, identity: str) -> dict[str, Any]:
    """A slot that resolved to one value."""
    match = {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": value, "id": identity}}]}
    return {
        "name": name,
        "value": value,
        "confirmationStatus": "NONE",
        "resolutions": {"resolutionsPerAuthority": [{"authority": "test", **match}]},
    }


def call(
    attributes: dict[str, Any], intent: str, slots: dict[str, dict[str, Any]] | None = None, minute: int = 0
) -> dict[str, Any]:
    """The skill's answer to an intent in a state."""
    from datetime import UTC, datetime

    now = datetime(2026, 1, 1, 3, minute, tzinfo=UTC)
    if intent == "LaunchRequest":
        request = request_json("LaunchRequest", "en-US", now)
    else:
        body = {"name": intent, "confirmationStatus": "NONE", "slots": slots or {}}
        request = request_json("IntentRequest", "en-US", now, intent=body, dialogState="STARTED")
    return handler(envelope_json(request, session_id="s", new=not attributes, attributes=attributes))


def moves() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    """Every intent once, and those with slots also with values that lead somewhere else."""
    for utterances in CONTENT.utterances:
        yield utterances.intent, {}
    for part in ("calf", "foot", "shin", "buttock"):
        yield "CrampNowIntent", {"BodyPart": slot("BodyPart", part, part)}
    yield "CrampNowIntent", {"BodyPart": slot("BodyPart", "thigh", "whole_leg")}
    for position in ("seated", "standing", "cannot_reach"):
        yield "PositionIntent", {"Position": slot("Position", position, position)}
    for condition in ("pregnant", "blood_thinner", "child"):
        yield "ConditionIntent", {"Condition": slot("Condition", condition, condition)}
    yield "NoSignIntent", {"Sign": slot("Sign", "swollen", "swollen")}
    yield "DangerSignIntent", {"Sign": slot("Sign", "swollen", "swollen")}


def state_key(attributes: dict[str, Any]) -> str:
    """What distinguishes states; what was said last only matters by its question."""
    session = dict(attributes.get("charley", {}))
    session.pop("last", None)
    session.pop("sources", None)
    return json.dumps(session, sort_keys=True)


def check(answer: dict[str, Any], where: str) -> None:
    """Alexa's limits (alexa facts), and our own: what stays open asks, what asks stays open."""
    response = answer["response"]
    ssml = response["outputSpeech"]["ssml"]
    assert len(ssml) < 8000, where
    assert len(json.dumps(answer)) < 24_000, where
    words = spoken_words(ssml)
    assert words, where
    for seconds in re.findall(r'<break time="([^"]+)"', ssml):
        assert re.fullmatch(r"([1-9]|10)s", seconds), where
    opened = not response["shouldEndSession"]
    assert opened == ("reprompt" in response), where
    assert opened == words.endswith("?"), f"{where}: {words}"
    if opened:
        reprompt = response["reprompt"]["outputSpeech"]["ssml"]
        assert len(reprompt) < 8000, where
        assert spoken_words(reprompt).endswith("?"), where
    if "card" in response:
        assert len(response["card"]["content"]) < 8000, where
    for phrase in ("hey charley", "help my leg", "leg cramp"):
        assert phrase not in words.lower(), f"{where}: its own voice would wake it: {words}"
    said = answer["sessionAttributes"]["answer"]
    if said["level"] in NO_STRETCH:
        assert not any(s in words for s in STRETCHES), f"{where}: a stretch at a red flag: {words}"


@pytest.fixture(scope="module")
def states() -> list[dict[str, Any]]:
    """Attributes of every state that was reached, breadth first, each response checked on the way."""
    found: dict[str, dict[str, Any]] = {"": {}}
    queue: list[dict[str, Any]] = [{}]
    expanded = 0
    launch = call({}, "LaunchRequest")
    check(launch, "launch")
    queue.append(launch["sessionAttributes"])
    while queue and expanded < MOST_STATES:
        attributes = queue.pop(0)
        expanded += 1
        for intent, slots in moves():
            answer = call(attributes, intent, slots)
            check(answer, f"{state_key(attributes)} + {intent} {list(slots)}")
            if not answer["response"]["shouldEndSession"]:
                following = answer["sessionAttributes"]
                key = state_key(following)
                if key not in found:
                    found[key] = following
                    queue.append(following)
    return list(found.values())


def test_the_walk_gets_around(states: list[dict[str, Any]]) -> None:
    asked = {Session.read(s).asked for s in states}
    assert {"check", "easing", "which_part", "thigh_side", "bedtime", "more", "say_again", "go_on"} <= asked
    assert len(states) > 200


def test_a_red_flag_in_every_state_is_answered_as_one(states: list[dict[str, Any]]) -> None:
    every = max(1, len(states) // 25)
    for attributes in states[::every]:
        for row in RED_ROWS:
            assert row.utterances
            answer = call(attributes, row.utterances.intent)
            where = f"{state_key(attributes)} + {row.id}"
            assert answer["sessionAttributes"]["answer"]["level"] in NO_STRETCH, where
            check(answer, where)


def test_no_stretch_is_offered_while_a_red_flag_stands() -> None:
    for row in RED_ROWS:
        assert row.utterances
        after = call({}, row.utterances.intent)["sessionAttributes"]
        for intent in sorted(STRETCHING):
            answer = call(after, intent, {"BodyPart": slot("BodyPart", "calf", "calf")})
            words = spoken_words(answer["response"]["outputSpeech"]["ssml"])
            assert not any(s in words for s in STRETCHES), f"{row.id} + {intent}: {words}"


def test_ten_minutes_in_every_stretch(states: list[dict[str, Any]]) -> None:
    stretching = [s for s in states if Session.read(s).relief]
    assert stretching
    for attributes in stretching:
        answer = call(attributes, "StillHurtingIntent", minute=11)
        assert answer["sessionAttributes"]["answer"]["level"] in NO_STRETCH


def test_strange_attributes_begin_a_fresh_session() -> None:
    for strange in (None, 7, "x", [], {"relief": {"nothing": 1}}, {"last": {"say": [{}]}}, {"since": "soon"}):
        answer = call({"charley": strange}, "AMAZON.RepeatIntent")
        assert answer["response"]["outputSpeech"]["ssml"]


def test_stop_always_wins(states: list[dict[str, Any]]) -> None:
    for attributes in states[::3]:
        for intent in ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NavigateHomeIntent"):
            assert call(attributes, intent)["response"]["shouldEndSession"] is True
