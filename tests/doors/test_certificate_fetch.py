"""Fetching a chain from a real TLS server: what is slow, large, elsewhere or not trusted is not taken."""

from __future__ import annotations

import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from authority import Authority, pem
from cryptography.hazmat.primitives import serialization

from skill.verification import HttpsFetch, Reason, Refusal

WEB = Authority("web", around=datetime.now(UTC))


class _Store(BaseHTTPRequestHandler):
    """Stands where S3 stands."""

    def do_GET(self) -> None:
        getattr(self, self.path.strip("/"), self.missing)()

    def good(self) -> None:
        self._send(b"a chain")

    def moved(self) -> None:
        self.send_response(302)
        self.send_header("Location", f"https://{self.headers['Host']}/good")
        self.end_headers()

    def large(self) -> None:
        self._send(b"x" * 4096)

    def dripping(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def silent(self) -> None:
        time.sleep(1)

    def missing(self) -> None:
        self.send_error(403)

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what these tests are about."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ssl.SSLContext]]:
    """The server's address, and a context that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    leaf = WEB.leaf(names=("localhost",))
    (folder / "chain.pem").write_bytes(WEB.chain(leaf))
    (folder / "key.pem").write_bytes(
        WEB.leaf_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    server: socketserver.TCPServer = _Quiet(("127.0.0.1", 0), _Store)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    trusting = ssl.create_default_context(cadata=pem(WEB.root).decode())
    yield f"https://localhost:{server.server_address[1]}", trusting
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_a_good_answer_is_taken(store: tuple[str, ssl.SSLContext]) -> None:
    address, context = store
    assert HttpsFetch(context=context)(f"{address}/good") == b"a chain"


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("moved", lambda context: HttpsFetch(context=context)),
        ("missing", lambda context: HttpsFetch(context=context)),
        ("large", lambda context: HttpsFetch(limit_bytes=4095, context=context)),
        ("dripping", lambda context: HttpsFetch(seconds=0.2, context=context)),
        ("silent", lambda context: HttpsFetch(seconds=0.2, context=context)),
        ("good", lambda context: HttpsFetch()),  # not trusted by the world
    ],
    ids=["redirect", "status", "size", "drip", "silence", "trust"],
)
def test_anything_else_is_a_refusal(
    store: tuple[str, ssl.SSLContext], path: str, make: Callable[[ssl.SSLContext], HttpsFetch]
) -> None:
    address, context = store
    began = time.monotonic()
    with pytest.raises(Refusal) as refusal:
        make(context)(f"{address}/{path}")
    assert refusal.value.reason is Reason.FETCH
    assert time.monotonic() - began < 3.5


def test_nobody_there() -> None:
    with pytest.raises(Refusal) as refusal:
        HttpsFetch(seconds=0.5)("https://127.0.0.1:9/echo.api/x.pem")
    assert refusal.value.reason is Reason.FETCH
