"""The web door in process: what it answers, what it refuses, what it logs and what it keeps to itself."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from authority import CERTIFICATE_URL, TEST, as_bytes, envelope
from flask.testing import FlaskClient
from sample_skill import create_skill
from werkzeug.test import TestResponse

from skill.doors import APOLOGY
from skill.endpoint_settings import EndpointSettings, EndpointSettingsError
from skill.request_log import JsonFormatter
from skill.web import create_app

Client = FlaskClient


@pytest.fixture
def client() -> Client:
    return create_app(create_skill(), EndpointSettings(), TEST.verifier()).test_client()


def send(client: Client, body: bytes) -> TestResponse:
    return client.post("/", data=body, headers=TEST.headers(body))


def reasons(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.fields["reason"] for record in caplog.records if record.getMessage() == "refused"]  # type: ignore[attr-defined]


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(JsonFormatter().format(record) for record in caplog.records)


def test_a_signed_request_is_answered(client: Client) -> None:
    response = send(client, as_bytes(envelope()))
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    answer = response.get_json()
    assert answer["version"] == "1.0"
    assert answer["response"]["outputSpeech"]["ssml"] == "<speak>Hello. How many turns?</speak>"
    assert answer["sessionAttributes"] == {"turns": 0}


def test_an_unsigned_request_is_refused_without_a_word(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    response = client.post("/", data=as_bytes(envelope()))
    assert (response.status_code, response.data) == (400, b"Bad Request\n")
    assert reasons(caplog) == ["headers"]


def test_the_older_signature_header_does_not_count(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    body = as_bytes(envelope())
    headers = {"SignatureCertChainUrl": CERTIFICATE_URL, "Signature": TEST.sign(body)}
    assert client.post("/", data=body, headers=headers).status_code == 400
    assert reasons(caplog) == ["headers"]


def _without(*path: str) -> dict[str, Any]:
    whole = envelope("IntentRequest", "TurnIntent", {"Word": "x"})
    inner = whole
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return whole


def _with(value: Any, *path: str) -> dict[str, Any]:
    whole = envelope("IntentRequest", "TurnIntent", {"Word": "x"})
    inner = whole
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return whole


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "body"),
        (b"{nope", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b'"text"', "body"),
        (b"1" * 5000, "body"),
        (b"\xff\xfe{}", "body"),
        ("{}".encode("utf-16"), "body"),
        (b"[" * 50_000, "body"),
        (b'{"request":' * 5_000, "body"),
        (b'{"request": {}}', "body"),
        (as_bytes(envelope()).replace(b'"1.0"', b"NaN"), "body"),
        (as_bytes(_without("version")), "body"),
        (as_bytes(_without("request")), "body"),
        (as_bytes(_without("context")), "body"),
        (as_bytes(_without("session")), "body"),
        (as_bytes(_without("request", "type")), "body"),
        (as_bytes(_without("request", "timestamp")), "body"),
        (as_bytes(_without("request", "intent")), "body"),
        (as_bytes(_without("request", "intent", "name")), "body"),
        (as_bytes(_with([], "session")), "body"),
        (as_bytes(_with("x", "session", "attributes")), "body"),
        (as_bytes(_with([], "session", "user")), "body"),
        (as_bytes(_with(1_700_000_000, "request", "timestamp")), "body"),
        (as_bytes(_with([], "request", "intent", "slots")), "body"),
        (as_bytes(_with({"Word": None}, "request", "intent", "slots")), "body"),
        (as_bytes(_with({"name": "Word", "value": 3}, "request", "intent", "slots", "Word")), "body"),
        (as_bytes(_with({"name": "W", "resolutions": []}, "request", "intent", "slots", "Word")), "body"),
        (as_bytes(_with([], "context", "System")), "body"),
        (as_bytes(_with({"application": {}}, "context", "System")), "body"),
        (as_bytes(envelope("Alexa.Something.New")), "type"),
        (as_bytes(_with("MAYBE", "request", "intent", "confirmationStatus")), "type"),
        (as_bytes(_with(["x"], "context", "System", "device")), "type"),
        (as_bytes(_with("not a time", "request", "timestamp")), "timestamp"),
    ],
)
def test_what_is_signed_but_no_request_is_a_400(
    client: Client, caplog: pytest.LogCaptureFixture, body: bytes, reason: str
) -> None:
    assert send(client, body).status_code == 400
    assert reasons(caplog) == [reason]


def test_the_body_has_a_limit(caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(create_skill(), EndpointSettings(body_bytes=2000), TEST.verifier()).test_client()
    small = as_bytes(envelope())
    assert send(client, small + b" " * (2000 - len(small))).status_code == 200
    assert send(client, small + b" " * (2001 - len(small))).status_code == 400
    assert reasons(caplog) == ["size"]


def test_a_handler_that_raises_gives_a_spoken_apology_and_a_logged_trace(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    response = send(client, as_bytes(envelope("IntentRequest", "FailIntent", {"Word": "thrombosis"})))
    assert response.status_code == 200
    answer = response.get_json()["response"]
    assert APOLOGY in answer["outputSpeech"]["ssml"]
    assert answer["shouldEndSession"] is True
    failed = next(record.fields for record in caplog.records if record.getMessage() == "failed")  # type: ignore[attr-defined]
    assert failed["trace"][0] == "RuntimeError"
    assert any("sample_skill.py" in line and line.endswith(" fail") for line in failed["trace"])
    assert "thrombosis" not in logged(caplog)


def test_an_answer_that_cannot_be_sent_is_a_handlers_fault(client: Client) -> None:
    response = send(client, as_bytes(envelope("IntentRequest", "JunkIntent")))
    assert APOLOGY in response.get_json()["response"]["outputSpeech"]["ssml"]


def test_no_speech_where_alexa_takes_speech_for_a_fault(client: Client) -> None:
    body = as_bytes(
        envelope("System.ExceptionEncountered", error={"type": "INVALID_RESPONSE"}, cause={"requestId": "x"})
    )
    response = send(client, body)  # the sample has no handler for it: the SDK raises
    assert response.status_code == 200
    assert response.get_json() == {"version": "1.0", "response": {}}


def test_a_skill_may_be_a_plain_function() -> None:
    def skill(event: dict[str, Any]) -> dict[str, Any]:
        return {"version": "1.0", "response": {"heard": event["request"]["type"]}}

    client = create_app(skill, EndpointSettings(), TEST.verifier()).test_client()
    assert send(client, as_bytes(envelope())).get_json()["response"] == {"heard": "LaunchRequest"}
    assert send(client, as_bytes(envelope("Alexa.Something.New"))).status_code == 400


@pytest.mark.parametrize("junk", [None, [], "text", {"response": {1, 2}}])
def test_a_function_that_answers_with_junk_gives_the_apology(junk: Any) -> None:
    client = create_app(lambda event: junk, EndpointSettings(), TEST.verifier()).test_client()
    response = send(client, as_bytes(envelope()))
    assert APOLOGY in response.get_json()["response"]["outputSpeech"]["ssml"]


def test_a_fault_of_the_verification_lets_nobody_in(caplog: pytest.LogCaptureFixture) -> None:
    def clock() -> Any:
        raise ZeroDivisionError

    client = create_app(create_skill(), EndpointSettings(), TEST.verifier(clock=clock)).test_client()
    assert send(client, as_bytes(envelope())).status_code == 400
    assert reasons(caplog) == ["error"]
    assert "ZeroDivisionError" in logged(caplog)


def test_nothing_that_was_said_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said = envelope("IntentRequest", "TurnIntent", {"Word": "pulmonary embolism"}, {"told": "pregnant"})
    send(client, as_bytes(said))
    send(client, as_bytes(said) + b"{")
    client.post("/", data=as_bytes(said))
    text = logged(caplog)
    assert text.count("\n") == 2
    for secret in ("embolism", "pregnant", "TurnIntent", "amzn1.ask.account", "session.1"):
        assert secret not in text
    assert {"type": "IntentRequest", "event": "answered"}.items() <= json.loads(text.splitlines()[0]).items()


def test_health_readiness_and_everything_else(client: Client) -> None:
    assert client.get("/health").get_json() == {"status": "ok"}
    assert client.get("/ready").get_json() == {"status": "ready"}
    assert client.get("/metrics").status_code == 404
    assert client.get("/").status_code == 405
    assert client.get("/").headers["Allow"] == "OPTIONS, POST"
    assert client.put("/health").status_code == 405
    assert client.post("/elsewhere").status_code == 404


def test_without_a_skill_id_it_runs_says_so_and_refuses(caplog: pytest.LogCaptureFixture) -> None:
    verifier = TEST.verifier(skill_ids=frozenset())
    client = create_app(create_skill(), EndpointSettings(), verifier).test_client()
    assert "no_skill_id" in caplog.messages
    assert client.get("/ready").status_code == 503
    assert client.get("/health").status_code == 200
    assert send(client, as_bytes(envelope())).status_code == 400
    assert reasons(caplog) == ["application"]


def test_roots_that_cannot_be_read_are_a_wrong_setting(tmp_path: Path) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_text("nothing")
    with pytest.raises(EndpointSettingsError, match="CHARLEY_TRUST_ROOTS"):
        create_app(create_skill(), EndpointSettings(trust_roots=roots))


def test_proxies_are_believed_only_where_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    body = as_bytes(envelope())
    for proxies in (0, 1):
        client = create_app(create_skill(), EndpointSettings(proxies=proxies), TEST.verifier()).test_client()
        client.post("/", data=body, headers=TEST.headers(body) | {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    clients = [record.fields["client"] for record in caplog.records if record.getMessage() == "answered"]  # type: ignore[attr-defined]
    assert clients == ["127.0.0.1", "198.51.100.7"]


def _local(**changes: Any) -> dict[str, Any]:
    return {"headers": {"Host": "localhost:8080"}, "environ_overrides": {"REMOTE_ADDR": "127.0.0.1"}} | changes


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (_local(), 200),
        (_local(headers={"Host": "127.0.0.1:8080"}), 200),
        (_local(headers={"Host": "[::1]:8080"}, environ_overrides={"REMOTE_ADDR": "::1"}), 200),
        (_local(environ_overrides={"REMOTE_ADDR": "192.0.2.1"}), 400),
        (_local(environ_overrides={"REMOTE_ADDR": ""}), 400),
        (_local(headers={"Host": "rebound.example.com"}), 400),
        (_local(headers={"Host": "localhost.example.com:8080"}), 400),
        (_local(headers={"Host": "localhost", "X-Forwarded-For": "127.0.0.1"}), 400),
        (_local(headers={"Host": "localhost", "Forwarded": "for=192.0.2.1"}), 400),
        (_local(headers={"Host": "localhost", "Via": "1.1 proxy"}), 400),
    ],
)
def test_development_answers_this_machine_only_and_says_so(
    caplog: pytest.LogCaptureFixture, call: dict[str, Any], status: int
) -> None:
    client = create_app(create_skill(), EndpointSettings(), development=True).test_client()
    assert "unverified" in caplog.messages
    assert client.post("/", data=as_bytes(envelope()), **call).status_code == status
    assert reasons(caplog) == ([] if status == 200 else ["loopback"])


def test_development_refuses_wrong_shapes_too(caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(create_skill(), EndpointSettings(), development=True).test_client()
    assert client.post("/", data=b"{}", **_local()).status_code == 400
    assert client.post("/", data=as_bytes(envelope("Alexa.Something.New")), **_local()).status_code == 400
    assert reasons(caplog) == ["body", "type"]


def test_metrics_count_outcomes_and_reasons() -> None:
    pytest.importorskip("prometheus_client")
    client = create_app(create_skill(), EndpointSettings(metrics=True), TEST.verifier()).test_client()
    send(client, as_bytes(envelope()))
    send(client, as_bytes(envelope("IntentRequest", "FailIntent", {"Word": "x"})))
    client.post("/", data=b"{}")
    client.post(
        "/", data=b"{}", headers={"SignatureCertChainUrl": "x", "Signature-256": base64.b64encode(b"x" * 256).decode()}
    )
    text = client.get("/metrics").get_data(as_text=True)
    for line in (
        'charley_request_seconds_count{outcome="answered"} 1.0',
        'charley_request_seconds_count{outcome="apologised"} 1.0',
        'charley_request_seconds_count{outcome="refused"} 2.0',
        'charley_refusals_total{reason="headers"} 1.0',
        'charley_refusals_total{reason="url"} 1.0',
    ):
        assert line in text


@pytest.fixture
def two_instances() -> Callable[[int], Client]:
    apps = [create_app(create_skill(), EndpointSettings(), TEST.verifier()) for _ in range(2)]
    return lambda turn: apps[turn % 2].test_client()


def test_a_session_may_alternate_between_two_instances(two_instances: Callable[[int], Client]) -> None:
    attributes: dict[str, Any] = {}
    for turn in range(1, 7):
        body = as_bytes(envelope("IntentRequest", "TurnIntent", attributes=attributes))
        answer = send(two_instances(turn), body).get_json()
        attributes = answer["sessionAttributes"]
        assert f"Turn {turn}." in answer["response"]["outputSpeech"]["ssml"]
