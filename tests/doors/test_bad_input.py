"""Whatever comes in: never a 500, never slow, and nobody gets in who should not."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

import pytest
from authority import CERTIFICATE_URL, TEST, as_bytes, envelope
from bad_input import bent_envelopes, bent_headers
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_skill import create_skill

from skill.endpoint_settings import EndpointSettings
from skill.envelope import EnvelopeError, application_ids, parse_envelope
from skill.verification import Refusal, normalise_url
from skill.web import create_app

SECONDS = 2.0
"""No single input may take longer; most take less than a millisecond."""

bounded = settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
header_text = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=300)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def signed() -> FlaskClient:
    return create_app(create_skill(), EndpointSettings(), TEST.verifier()).test_client()


@pytest.fixture(scope="module")
def unsigned() -> FlaskClient:
    return create_app(create_skill(), EndpointSettings(), development=True).test_client()


def status_of(client: FlaskClient, body: bytes, headers: dict[str, str] | None = None) -> int:
    began = time.perf_counter()
    response = client.post("/", data=body, headers=headers or {"Host": "localhost"})
    assert time.perf_counter() - began < SECONDS
    if response.status_code == 200:
        assert isinstance(json.loads(response.data)["response"], dict)
    return response.status_code


@bounded
@given(url=st.text(max_size=100) | header_text.map(lambda text: "https://s3.amazonaws.com/echo.api/" + text))
def test_any_url_is_amazons_plain_one_or_refused(url: str) -> None:
    try:
        plain = normalise_url(url)
    except Refusal:
        return
    assert plain.startswith("https://s3.amazonaws.com/echo.api/")
    assert plain.endswith(".pem")
    assert "/../" not in plain
    assert normalise_url(plain) == plain


@bounded
@given(url=header_text, signature=header_text, body=st.binary(max_size=300))
def test_any_headers_are_a_400(signed: FlaskClient, url: str, signature: str, body: bytes) -> None:
    for some_url in (url, CERTIFICATE_URL):
        headers = {"SignatureCertChainUrl": some_url, "Signature-256": signature}
        assert status_of(signed, body, headers) == 400


@bounded
@given(body=st.binary(max_size=300) | json_values.map(as_bytes))
def test_any_signed_body_that_is_no_envelope_is_a_400(signed: FlaskClient, body: bytes) -> None:
    assert status_of(signed, body, TEST.headers(body)) == 400


@bounded
@given(
    place=st.sampled_from(
        [
            ("request", "intent"), ("request", "locale"), ("request", "type"), ("request", "requestId"),
            ("session", "new"),
            ("session", "attributes"), ("session", "attributes", "turns"), ("session", "user"), ("context", "System"),
            ("context", "AudioPlayer"), ("request", "intent", "slots", "Word"), ("request", "intent", "slots"),
        ]
    ),
    value=json_values,
)  # fmt: skip
def test_anything_anywhere_is_an_answer_or_a_400(unsigned: FlaskClient, place: tuple[str, ...], value: Any) -> None:
    bent = envelope("IntentRequest", "TurnIntent", {"Word": "x"}, {"turns": 1})
    inner = bent
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    assert status_of(unsigned, as_bytes(bent)) in (200, 400)


@bounded
@given(value=json_values)
def test_what_passes_as_an_envelope_names_its_application(value: Any) -> None:
    try:
        parsed = parse_envelope(as_bytes({"version": "1.0", "request": value, "context": value}))
    except EnvelopeError:
        return
    assert application_ids(parsed)


def test_thousands_of_bent_envelopes(unsigned: FlaskClient) -> None:
    statuses = [status_of(unsigned, body) for body in itertools.islice(bent_envelopes(seed=1), 2000)]
    assert set(statuses) == {200, 400}
    assert min(statuses.count(200), statuses.count(400)) > 200  # both doors of the check are used


def test_thousands_of_bent_headers(signed: FlaskClient) -> None:
    body = as_bytes(envelope())
    good = TEST.headers(body)
    assert status_of(signed, body, good) == 200
    for headers in itertools.islice(bent_headers(seed=1, good=good), 1000):
        status = status_of(signed, body, headers)
        assert status == 400 or {name: headers.get(name) for name in good} == good or _same_url(headers, good)


def _same_url(headers: dict[str, str], good: dict[str, str]) -> bool:
    """The URL was changed into another spelling of an Amazon URL, and the test's fetch has one chain for all."""
    try:
        normalise_url(headers.get("SignatureCertChainUrl", ""))
    except Refusal:
        return False
    return headers.get("Signature-256") == good["Signature-256"]
