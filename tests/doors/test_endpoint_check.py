"""The look from outside: at endpoints that are as Alexa wants them, and at some that are not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from authority import NOW, OTHER, TEST
from sample_skill import create_skill
from werkzeug.serving import make_server

from skill.endpoint_check import check_amazon_chain, check_endpoint
from skill.endpoint_settings import EndpointSettings
from skill.verification import HttpsFetch, Reason, Refusal
from skill.web import create_app


@pytest.fixture
def endpoint() -> Iterator[str]:
    app = create_app(create_skill(), EndpointSettings(), TEST.verifier(clock=lambda: datetime.now(UTC)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_ours_passes_all_but_the_public_address(endpoint: str) -> None:
    findings = {finding.check: finding for finding in check_endpoint(endpoint)}
    assert [name for name, finding in findings.items() if not finding.ok] == ["address"]
    assert "https" in findings["address"].mend
    assert not any(finding.mend for finding in findings.values() if finding.ok)
    assert {"health", "ready", "unsigned request", "certificate from elsewhere", "false signature"} < set(findings)


class _Obliging(BaseHTTPRequestHandler):
    """An endpoint that answers everybody: what the check is for."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def test_one_that_answers_everybody_is_found_out() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Obliging)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        findings = check_endpoint(f"http://127.0.0.1:{server.server_address[1]}/skill")
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
    assert [finding.ok for finding in findings] == [False] * len(findings)
    assert all(finding.mend for finding in findings)
    assert sum("do not publish" in finding.mend for finding in findings) == 3


@pytest.mark.parametrize("url", ["", "charley", "ftp://example.com/", "https://", "https://[::1", "http://h:99999/"])
def test_what_is_no_address_is_said(url: str) -> None:
    (finding,) = check_endpoint(url)
    assert not finding.ok
    assert "no address" in finding.detail


def test_nobody_there_is_a_finding() -> None:
    *_, last = check_endpoint("https://127.0.0.1:9/")
    assert (last.check, last.ok) == ("connection", False)
    assert last.mend


def _published(chains: dict[int, bytes]) -> Callable[[str], bytes]:
    def fetch(url: str) -> bytes:
        number = int(url.removesuffix(".pem").rpartition("-")[2])
        if number not in chains:
            raise Refusal(Reason.FETCH, "status 403")
        return chains[number]

    return fetch


def _chain(chains: dict[int, bytes]) -> tuple[bool, str]:
    finding = check_amazon_chain(_published(chains), TEST.store, lambda: NOW)
    return finding.ok, finding.detail


def test_the_newest_chain_that_is_good_counts() -> None:
    expired = TEST.chain(TEST.leaf(days=(-30, -1)))
    ok, detail = _chain({12: expired, 13: TEST.chain()})
    assert ok
    assert "echo-api-cert-13.pem" in detail
    assert f"{NOW + timedelta(days=300):%Y-%m-%d}" in detail
    assert _chain({12: TEST.chain(), 13: expired})[0]  # the next may be published before its time


def test_none_good_tells_of_the_newest() -> None:
    ok, detail = _chain({12: TEST.chain(TEST.leaf(days=(-30, -1))), 13: OTHER.chain()})
    assert not ok
    assert "echo-api-cert-13.pem: chain" in detail
    assert _chain({}) == (False, "none was found")


def test_a_closed_network_is_said_at_once() -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes:
        asked.append(url)
        return HttpsFetch(seconds=0.5)("https://127.0.0.1:9/x.pem")

    finding = check_amazon_chain(fetch, TEST.store, lambda: NOW)
    assert not finding.ok
    assert "s3.amazonaws.com" in finding.mend
    assert len(asked) == 1
