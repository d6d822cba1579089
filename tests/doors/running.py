"""Starts a real endpoint on loopback, in a process of its own, and stops it again."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from authority import SKILL_ID, Authority, as_bytes, envelope, pem

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]

LIVE = Authority("live", around=datetime.now(UTC))
"""The authority of servers, which use the machine's clock."""


@dataclass
class Server:
    """An endpoint that runs: where it listens, and every line that it logged."""

    process: subprocess.Popen[str]
    follower: threading.Thread
    port: int = 0
    lines: list[dict[str, Any]] = field(default_factory=list)

    def connection(self, timeout: float = 10) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def post(self, body: bytes, headers: Mapping[str, str], path: str = "/") -> tuple[int, bytes]:
        connection = self.connection()
        try:
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def ask(self, **request: Any) -> dict[str, Any]:
        """A signed request of now, and the answer to it."""
        body = as_bytes(envelope(at=datetime.now(UTC), **request))
        status, answer = self.post(body, LIVE.headers(body))
        assert status == 200, (status, answer, self.lines[-3:])
        parsed: dict[str, Any] = json.loads(answer)
        return parsed

    def get(self, path: str) -> tuple[int, bytes]:
        connection = self.connection()
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def events(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        wanted = {"event": event, **fields}.items()
        return [line for line in self.lines if all(line.get(name) == value for name, value in wanted)]

    def wait_for(self, event: str, seconds: float = 10, **fields: Any) -> dict[str, Any]:
        """The first line that tells of ``event`` with these fields."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := self.events(event, **fields):
                return found[0]
            time.sleep(0.02)
        raise AssertionError(f"{event} was not logged within {seconds} s: {self.lines[-5:]}")

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=20)
        self.follower.join(10)
        return code


def write_pki(folder: Path, authority: Authority = LIVE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "root.pem").write_bytes(pem(authority.root))
    (folder / "chain.pem").write_bytes(authority.chain())
    return folder


@contextmanager
def serving(
    folder: Path, *, skill: str = "sample_skill:create_skill", environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """``script/serve`` with the test authority; stopped, by force if need be, at the end."""
    process = subprocess.Popen(
        [str(REPOSITORY / "script" / "serve"), "--pythonpath", str(HERE), "signed_app:create()"],
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "CHARLEY_BIND": "127.0.0.1:0",
            "CHARLEY_SKILL_ID": SKILL_ID,
            "TEST_PKI": str(write_pki(folder / "pki")),
            "TEST_SKILL": skill,
            **(environment or {}),
        },
    )
    lines: list[dict[str, Any]] = []
    follower = threading.Thread(target=_follow, args=(process, lines))
    follower.start()
    server = Server(process, follower, lines=lines)
    try:
        server.port = _port(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        follower.join(10)
        assert process.stderr is not None
        process.stderr.close()


def _follow(process: subprocess.Popen[str], lines: list[dict[str, Any]]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        try:
            lines.append(json.loads(line))
        except ValueError:
            lines.append({"event": "not JSON", "line": line})


def _port(server: Server) -> int:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.process.poll() is None:
        for line in server.events("message"):
            if found := re.search(r"Listening at: https?://127\.0\.0\.1:(\d+)", str(line.get("message"))):
                return int(found[1])
        time.sleep(0.02)
    raise AssertionError(f"the endpoint did not start: {server.lines}")
