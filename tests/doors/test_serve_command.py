"""``charley serve``: verification is on, and off only on loopback and in so many words."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from authority import as_bytes, envelope

from local_runner.cli import main

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]


@contextmanager
def _serving(*options: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """The command in a process of its own: the process, its port, and the line that it greets with."""
    process = subprocess.Popen(
        [sys.executable, "-m", "local_runner.cli", "serve", "--port", "0", *options],
        cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        greeting = next((line for line in process.stderr if "serving on" in line), "")
        found = re.search(r"http://127\.0\.0\.1:(\d+)", greeting)
        assert found, greeting
        yield process, int(found[1]), greeting
    finally:
        process.kill()
        process.communicate(timeout=20)


def _post(port: int, host: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", "/", as_bytes(envelope(at=datetime.now(UTC))), {"Host": host})
        return connection.getresponse().status
    finally:
        connection.close()


def test_unsigned_requests_are_answered_on_this_machine_only_and_ctrl_c_stops() -> None:
    with _serving("--no-verification", "--skill", "sample_skill:create_skill") as (process, port, greeting):
        assert "UNVERIFIED" in greeting
        assert _post(port, f"localhost:{port}") == 200
        assert _post(port, "rebound.example.com") == 400
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0


def test_without_the_flag_unsigned_requests_are_refused() -> None:
    with _serving() as (_, port, greeting):
        assert "signed requests only" in greeting
        assert _post(port, f"localhost:{port}") == 400


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_unverified_and_reachable_do_not_go_together(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["serve", "--no-verification", "--host", host])
    assert stopped.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_mistakes_are_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        for arguments, word in (
            (["serve", "--port", str(taken.getsockname()[1]), "--no-verification"], "--port"),
            (["serve", "--skill", "no_such_module:skill"], "no_such_module"),
            (["serve", "--port", "70000"], "70000"),
        ):
            with pytest.raises(SystemExit) as stopped:
                main(arguments)
            assert stopped.value.code == 2
            lines = capsys.readouterr().err.splitlines()
            assert [line for line in lines if line.startswith("charley: ")] != []
            assert word in lines[-1]
        monkeypatch.setenv("CHARLEY_BODY_BYTES", "little")
        with pytest.raises(SystemExit) as stopped:
            main(["serve"])
    assert stopped.value.code == 2
    assert "CHARLEY_BODY_BYTES" in capsys.readouterr().err
