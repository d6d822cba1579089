"""The service unit, the watchdog and word to systemd."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from local_runner.commands import service
from local_runner.listener.watchdog import HUNG_EXIT_CODE, Watchdog, notify


def test_the_unit_is_one_that_systemd_accepts(tmp_path: Path) -> None:
    text = service.unit(("--wake", "help my leg", "--volume", "-3"))
    assert '--wake "help my leg" --volume -3' in text.replace('"--wake"', "--wake")
    assert "WatchdogSec=" in text
    analyse = shutil.which("systemd-analyze")
    if analyse is None:
        pytest.skip("no systemd here to check the unit with")
    (tmp_path / "charley.service").write_text(text)
    done = subprocess.run(
        [analyse, "--user", "verify", str(tmp_path / "charley.service")], capture_output=True, text=True
    )
    complaints = [line for line in done.stderr.splitlines() if "charley.service" in line]
    assert not complaints


def test_install_writes_the_unit_tells_systemd_and_remove_takes_it_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A systemctl that writes down what it is told: no session of this machine is touched.
    log = tmp_path / "log"
    program = tmp_path / "systemctl"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\necho ActiveState=active\necho SubState=running\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    runner = CliRunner()
    assert runner.invoke(service.command, ["status"]).exit_code == 1
    installed = runner.invoke(service.command, ["install", "--", "--quiet"])
    assert installed.exit_code == 0, installed.output
    unit = tmp_path / "systemd" / "user" / "charley.service"
    assert "listen --quiet" in unit.read_text()
    shown = runner.invoke(service.command, ["status"])
    assert shown.exit_code == 0
    assert "active (running)" in shown.output
    assert runner.invoke(service.command, ["remove"]).exit_code == 0
    assert not unit.exists()
    told = log.read_text().splitlines()
    assert told[:2] == ["--user daemon-reload", "--user enable --now charley.service"]
    assert "--user disable --now charley.service" in told


def test_without_systemd_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    result = CliRunner().invoke(service.command, ["install"])
    assert result.exit_code == 1
    assert "no systemd" in str(result.exception)


def test_systemd_is_told_that_it_is_ready_and_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not notify("READY=1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        watchdog = Watchdog(60)
        watchdog.start()
        watchdog.alive()
        watchdog.stop()
        assert [manager.recv(100).decode() for _ in range(3)] == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_a_loop_that_hangs_is_ended() -> None:
    code = "import time; from local_runner.listener.watchdog import Watchdog; Watchdog(0.5).start(); time.sleep(30)"
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=25)
    assert done.returncode == HUNG_EXIT_CODE
    assert "hung" in done.stderr
    assert time.monotonic() - begun < 20


CRASHES_ONCE = """
import os, signal, sys
from local_runner.listener.supervisor import restarts
if restarts() == 0:
    os.kill(os.getpid(), signal.SIGSEGV)
print("restarts:", restarts())
sys.exit(3)
"""


def test_a_listener_that_crashed_is_started_again_and_its_own_exit_code_is_kept() -> None:
    code = "import sys; from local_runner.listener.supervisor import supervise; "
    code += f"sys.exit(supervise([sys.executable, '-c', {CRASHES_ONCE!r}]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert done.returncode == 3
    assert done.stdout.strip() == "restarts: 1"
    assert "SIGSEGV" in done.stderr
