"""Charley itself behind the doors: it keeps nothing between two requests but the attributes of the session."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from authority import TEST, as_bytes, envelope
from flask.testing import FlaskClient

from skill import create_skill, lambda_function
from skill.doors import APOLOGY
from skill.endpoint_settings import EndpointSettings
from skill.web import create_app

CALF: Sequence[tuple[str, dict[str, str]]] = (
    ("CrampNowIntent", {"BodyPart": "calf"}),
    ("AMAZON.NoIntent", {}),
    ("AMAZON.NextIntent", {}),
    ("AMAZON.RepeatIntent", {}),
    ("AMAZON.HelpIntent", {}),
    ("AMAZON.NextIntent", {}),
    ("AMAZON.FallbackIntent", {}),
    ("AMAZON.YesIntent", {}),
    ("AMAZON.StopIntent", {}),
)
FOOT: Sequence[tuple[str, dict[str, str]]] = (
    ("CrampNowIntent", {"BodyPart": "foot"}),
    ("AMAZON.NextIntent", {}),
    ("AMAZON.YesIntent", {}),
    ("AMAZON.NoIntent", {}),
    ("AMAZON.RepeatIntent", {}),
)


class _Session:
    """Carries the attributes, as Alexa does."""

    def __init__(self, turns: Sequence[tuple[str, dict[str, str]]]) -> None:
        self.turns = iter(turns)
        self.attributes: dict[str, Any] = {}
        self.answers: list[dict[str, Any]] = []

    def next_turn(self, client: FlaskClient) -> bool:
        turn = next(self.turns, None)
        if turn is None:
            return False
        intent, slots = turn
        body = as_bytes(envelope("IntentRequest", intent, slots, self.attributes))
        response = client.post("/", data=body, headers=TEST.headers(body))
        assert response.status_code == 200
        answer = response.get_json()
        assert APOLOGY not in str(answer)
        self.attributes = answer.get("sessionAttributes") or {}
        self.answers.append(answer)
        return True


def _instances(count: int) -> list[FlaskClient]:
    return [create_app(create_skill(), EndpointSettings(), TEST.verifier()).test_client() for _ in range(count)]


def _alone(turns: Sequence[tuple[str, dict[str, str]]]) -> list[dict[str, Any]]:
    session = _Session(turns)
    clients = _instances(1)
    while session.next_turn(clients[0]):
        pass
    return session.answers


def test_two_instances_alternate_and_two_sessions_mix_and_nobody_notices() -> None:
    calf, foot = _Session(CALF), _Session(FOOT)
    clients = itertools.cycle(_instances(2))
    going = True
    while going:
        going = any([calf.next_turn(next(clients)), foot.next_turn(next(clients)), calf.next_turn(next(clients))])
    assert calf.answers == _alone(CALF)
    assert foot.answers == _alone(FOOT)
    assert len({str(answer) for answer in calf.answers}) > 3


def test_web_and_lambda_give_the_same_answer() -> None:
    (answer,) = _alone(CALF[:1])
    event = envelope("IntentRequest", "CrampNowIntent", {"BodyPart": "calf"})
    assert lambda_function.handler(event) == answer
