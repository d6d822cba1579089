"""The endpoint as it is served: ``script/serve`` on loopback, in a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from authority import as_bytes, envelope, pem
from cryptography.hazmat.primitives import serialization
from running import LIVE, REPOSITORY, Server, serving

from skill.endpoint_check import check_endpoint


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


def test_a_signed_request_is_answered_and_an_unsigned_one_gets_400(server: Server) -> None:
    assert "Hello" in server.ask()["response"]["outputSpeech"]["ssml"]
    assert server.post(as_bytes(envelope(at=datetime.now(UTC))), {}) == (400, b"Bad Request\n")
    assert server.wait_for("refused")["reason"] == "headers"


def test_it_lives_and_is_ready(server: Server) -> None:
    assert server.get("/health") == (200, b'{"status":"ok"}\n')
    assert server.get("/ready") == (200, b'{"status":"ready"}\n')


def test_every_line_it_logs_is_json(server: Server) -> None:
    server.ask(request_type="IntentRequest", intent="FailIntent", slots={"Word": "phlebitis"})
    server.wait_for("apologised")
    assert server.events("not JSON") == []
    assert "phlebitis" not in str(server.lines)
    assert server.events("failed")[0]["trace"][0] == "RuntimeError"


def test_a_body_without_a_length_is_bounded_too(server: Server) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * 4096

    connection = server.connection()
    connection.request("POST", "/", chunks(), {"Transfer-Encoding": "chunked"}, encode_chunked=True)
    assert connection.getresponse().status == 400
    connection.close()
    assert server.wait_for("refused", reason="size")


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\nContent-Length: 0\r\n\r\n",
        b"POST /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=["nonsense", "negative", "two lengths", "chunk size", "header", "long line", "long header", "TLS"],
)
def test_what_is_no_http_gets_no_500(server: Server, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(raw)
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    status = answer.split(b" ", 2)[1:2]
    assert not status or status[0].startswith(b"4"), answer[:80]
    assert server.get("/health")[0] == 200


def test_whoever_is_slow_is_cut_and_nobody_else_waits(tmp_path: Path) -> None:
    limits = {"CHARLEY_REQUEST_SECONDS": "1", "CHARLEY_THREADS": "2"}
    with serving(tmp_path, environment=limits) as server:
        silent = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(16)]
        began = time.monotonic()
        assert server.get("/health")[0] == 200  # gunicorn alone would let them hold both threads for seconds on end
        assert time.monotonic() - began < 5
        slow = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(2)]
        slow[0].sendall(b"POST / HTTP/1.1\r\nHo")
        slow[1].sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        began = time.monotonic()
        for client in slow:
            while client.recv(4096):
                pass
            client.close()
        assert time.monotonic() - began < 5
        for client in silent:
            client.close()
        assert server.get("/health")[0] == 200
        # The one whose body stopped short was answered for, in the log if no longer on the wire.
        assert server.wait_for("refused", reason="read")


def test_two_instances_share_a_session(server: Server, tmp_path: Path) -> None:
    with serving(tmp_path) as other:
        attributes: dict[str, Any] = {}
        for turn in range(1, 7):
            answer = (server, other)[turn % 2].ask(
                request_type="IntentRequest", intent="TurnIntent", attributes=attributes
            )
            attributes = answer["sessionAttributes"]
            assert f"Turn {turn}." in answer["response"]["outputSpeech"]["ssml"]


def test_sigterm_under_load_loses_no_answered_request(tmp_path: Path) -> None:
    received: set[str] = set()
    broken: list[str] = []

    with serving(tmp_path) as server:
        stopping = threading.Event()

        def client(number: int) -> None:
            connection = server.connection()
            count = 0
            while True:
                count += 1
                name = f"request.{number}.{count}"
                body = as_bytes(envelope(at=datetime.now(UTC), requestId=name))
                try:
                    connection.request("POST", "/", body, LIVE.headers(body))
                    response = connection.getresponse()
                    status, answer = response.status, response.read()
                except http.client.IncompleteRead:
                    broken.append(name)
                    return
                except (OSError, http.client.HTTPException):
                    if stopping.is_set():
                        return
                    raise
                assert status == 200
                json.loads(answer)
                received.add(name)
                if number % 2:  # half of them come anew each time, as from many of Alexa's machines
                    connection.close()

        clients = [threading.Thread(target=client, args=(number,)) for number in range(4)]
        for thread in clients:
            thread.start()
        deadline = time.monotonic() + 20
        while len(received) < 200 and time.monotonic() < deadline:
            time.sleep(0.02)
        stopping.set()
        assert server.stop() == 0
        for thread in clients:
            thread.join(20)
        answered = {line["request"] for line in server.events("answered")}
    assert len(received) >= 200
    assert broken == []
    assert answered == received


def test_a_wrong_setting_is_one_line_that_names_it() -> None:
    done = subprocess.run(
        [REPOSITORY / "script" / "serve"],
        env={**os.environ, "CHARLEY_BIND": "127.0.0.1:0", "CHARLEY_BODY_BYTES": "little"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr == "charley: CHARLEY_BODY_BYTES is 'little': a number from 1024 is wanted\n"


def test_the_figures_of_several_workers_add_up(tmp_path: Path) -> None:
    pytest.importorskip("prometheus_client")
    figures = tmp_path / "figures"
    figures.mkdir()
    environment = {"CHARLEY_WORKERS": "2", "CHARLEY_METRICS": "1", "PROMETHEUS_MULTIPROC_DIR": str(figures)}
    with serving(tmp_path, environment=environment) as server:
        for _ in range(6):
            server.ask()
        text = server.get("/metrics")[1].decode()
    assert 'charley_request_seconds_count{outcome="answered"} 6.0' in text


def test_gunicorn_itself_may_speak_tls(tmp_path: Path) -> None:
    (tmp_path / "chain.pem").write_bytes(LIVE.chain(LIVE.leaf(names=("localhost",))))
    (tmp_path / "key.pem").write_bytes(
        LIVE.leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    environment = {
        "CHARLEY_TLS_CERTIFICATE": str(tmp_path / "chain.pem"),
        "CHARLEY_TLS_KEY": str(tmp_path / "key.pem"),
    }
    trusting = ssl.create_default_context(cadata=pem(LIVE.root).decode())
    with serving(tmp_path, environment=environment) as server:
        findings = {each.check: each for each in check_endpoint(f"https://localhost:{server.port}/", trusting)}
        strangers = check_endpoint(f"https://localhost:{server.port}/")
    assert [name for name, finding in findings.items() if not finding.ok] == ["address"]  # the port is not 443
    assert "for this name" in findings["its own certificate"].detail
    assert strangers[-1].check == "connection"
    assert "CERTIFICATE_VERIFY_FAILED" in strangers[-1].detail
