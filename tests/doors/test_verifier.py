"""Signature, age and application id; the cache, its bounds and its patience."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from authority import CERTIFICATE_URL, NOW, SKILL_ID, TEST, as_bytes, envelope

from skill.verification import CertificateCache, Reason, Refusal, RequestVerifier, SigningKey, check_chain


def refusal_of(verifier: RequestVerifier, body: bytes, **headers: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        verifier.verify(headers.get("url", CERTIFICATE_URL), headers.get("signature", TEST.sign(body)), body)
    return refusal.value


def test_a_good_request_comes_back_parsed() -> None:
    wanted = envelope("IntentRequest", "TurnIntent", {"Word": "café"})
    body = as_bytes(wanted)
    assert TEST.verifier().verify(CERTIFICATE_URL, TEST.sign(body), body) == wanted


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"url": None}, Reason.HEADERS),
        ({"signature": None}, Reason.HEADERS),
        ({"signature": ""}, Reason.HEADERS),
        ({"signature": "***"}, Reason.HEADERS),
        ({"signature": "é"}, Reason.HEADERS),
        ({"signature": "AAAA"}, Reason.SIGNATURE),
        ({"signature": "A" * 4096}, Reason.SIGNATURE),
        ({"signature": TEST.sign(b"another body")}, Reason.SIGNATURE),
    ],
)
def test_headers(headers: dict[str, Any], reason: Reason) -> None:
    assert refusal_of(TEST.verifier(), as_bytes(envelope()), **headers).reason is reason


def test_one_changed_byte_is_enough_and_the_same_json_in_other_bytes_too() -> None:
    body = as_bytes(envelope())
    respelled = json.dumps(json.loads(body), indent=1).encode()
    for changed in (body + b" ", body[:-1], respelled):
        assert refusal_of(TEST.verifier(), changed, signature=TEST.sign(body)).reason is Reason.SIGNATURE


@pytest.mark.parametrize("seconds", [-150, -149, 0, 149, 150])
def test_recent_enough(seconds: float) -> None:
    body = as_bytes(envelope(at=NOW + timedelta(seconds=seconds)))
    assert TEST.verifier().verify(CERTIFICATE_URL, TEST.sign(body), body)


@pytest.mark.parametrize("seconds", [-100_000, -151, 151, 100_000])
def test_too_old_or_from_the_future(seconds: float) -> None:
    body = as_bytes(envelope(at=NOW + timedelta(seconds=seconds)))
    assert refusal_of(TEST.verifier(), body).reason is Reason.TIMESTAMP


@pytest.mark.parametrize("stamp", ["yesterday", "2026-11-22T03:00:00", "0001-01-01T00:00:00+23:59", "2026-11-22"])
def test_a_time_that_cannot_be_compared(stamp: str) -> None:
    dated = envelope()
    dated["request"]["timestamp"] = stamp
    assert refusal_of(TEST.verifier(), as_bytes(dated)).reason is Reason.TIMESTAMP


@pytest.mark.parametrize("stamp", ["2026-11-22T03:00:00.123Z", "2026-11-22T05:00:00+02:00"])
def test_other_spellings_of_now(stamp: str) -> None:
    dated = envelope()
    dated["request"]["timestamp"] = stamp
    body = as_bytes(dated)
    assert TEST.verifier().verify(CERTIFICATE_URL, TEST.sign(body), body)


def test_another_skills_request_is_refused_wherever_it_says_so() -> None:
    other = envelope(skill_id="amzn1.ask.skill.other")
    in_session_only = envelope()
    in_session_only["session"]["application"] = {"applicationId": "amzn1.ask.skill.other"}
    in_context_only = envelope()
    in_context_only["context"]["System"]["application"] = {"applicationId": "amzn1.ask.skill.other"}
    for foreign in (other, in_session_only, in_context_only):
        assert refusal_of(TEST.verifier(), as_bytes(foreign)).reason is Reason.APPLICATION
    both = TEST.verifier(skill_ids=frozenset({SKILL_ID, "amzn1.ask.skill.other"}))
    body = as_bytes(other)
    assert both.verify(CERTIFICATE_URL, TEST.sign(body), body)


def test_without_a_skill_id_nobody_is_let_in() -> None:
    assert refusal_of(TEST.verifier(skill_ids=frozenset()), as_bytes(envelope())).reason is Reason.APPLICATION


class _Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def _counting(chain: bytes) -> tuple[list[str], Callable[[str], bytes]]:
    fetched: list[str] = []

    def fetch(url: str) -> bytes:
        fetched.append(url)
        return chain

    return fetched, fetch


def test_a_chain_is_fetched_once_for_all_spellings_of_its_url_and_again_after_an_hour() -> None:
    clock = _Clock()
    fetched, fetch = _counting(TEST.chain())
    verifier = TEST.verifier(fetch=fetch, clock=clock)

    def send(url: str = CERTIFICATE_URL) -> None:
        body = as_bytes(envelope(at=clock.now))
        verifier.verify(url, TEST.sign(body), body)

    send()
    send(CERTIFICATE_URL.replace(".com/", ".com:443/"))
    send(CERTIFICATE_URL.replace("/echo.api/", "/echo.api/./"))
    clock.now += timedelta(seconds=3599)
    send()
    assert len(fetched) == 1
    clock.now += timedelta(seconds=1)
    send()
    assert len(fetched) == 2
    clock.now -= timedelta(days=1)  # a clock that was wrong: what was kept then is not trusted now
    send()
    assert len(fetched) == 3


def test_a_key_is_never_kept_past_the_dates_of_its_chain() -> None:
    clock = _Clock()
    chain = TEST.chain(TEST.leaf(days=(-1, 0.001)))  # ends in 86 seconds
    fetched, fetch = _counting(chain)
    verifier = TEST.verifier(fetch=fetch, clock=clock)
    body = as_bytes(envelope(at=clock.now))
    verifier.verify(CERTIFICATE_URL, TEST.sign(body), body)
    clock.now += timedelta(seconds=90)
    assert refusal_of(verifier, body).reason is Reason.DATES
    assert len(fetched) == 2


def test_a_failed_fetch_is_a_refusal_and_is_not_remembered() -> None:
    answers: list[Any] = [OSError("down"), b"x" * 70_000, Refusal(Reason.FETCH, "status 403"), TEST.chain()]

    def fetch(url: str) -> bytes:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return bytes(answer)

    verifier = TEST.verifier(fetch=fetch)
    body = as_bytes(envelope())
    for _ in range(3):
        assert refusal_of(verifier, body).reason is Reason.FETCH
    assert verifier.verify(CERTIFICATE_URL, TEST.sign(body), body)


def _key(url: str, now: datetime) -> SigningKey:
    return check_chain(TEST.chain(), TEST.store, NOW)


def test_the_cache_is_bounded_and_forgets_the_least_used() -> None:
    loaded: list[str] = []

    def load(url: str, now: datetime) -> SigningKey:
        loaded.append(url)
        return _key(url, now)

    cache = CertificateCache(load, entries=2)
    for url in ("a", "b", "a", "c", "a", "b"):
        cache.get(url, NOW)
    assert loaded == ["a", "b", "c", "b"]
    assert len(cache) == 2


def test_many_requests_wait_for_one_fetch_and_strangers_cannot_take_all_places() -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()
    loaded: list[str] = []

    def load(url: str, now: datetime) -> SigningKey:
        loaded.append(url)
        begun.release()
        assert go_on.wait(10)
        return _key(url, now)

    cache = CertificateCache(load, fetches_at_once=2)
    outcomes: list[Any] = []
    threads = [
        threading.Thread(target=lambda url=url: outcomes.append(cache.get(url, NOW))) for url in ("a", "a", "a", "b")
    ]
    for thread in threads:
        thread.start()
    for _ in range(2):
        assert begun.acquire(timeout=10)
    with pytest.raises(Refusal) as refusal:
        cache.get("c", NOW)
    assert refusal.value.reason is Reason.BUSY
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert sorted(loaded) == ["a", "b"]
    assert len(outcomes) == 4
    assert cache.get("c", NOW)


def test_a_request_does_not_wait_for_ever_for_anothers_fetch() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def load(url: str, now: datetime) -> SigningKey:
        begun.set()
        assert go_on.wait(10)
        return _key(url, now)

    cache = CertificateCache(load, wait_seconds=0.05)
    first = threading.Thread(target=cache.get, args=("a", NOW))
    first.start()
    assert begun.wait(10)
    with pytest.raises(Refusal) as refusal:
        cache.get("a", NOW)
    assert refusal.value.reason is Reason.FETCH
    go_on.set()
    first.join(10)
