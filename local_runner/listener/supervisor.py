"""Starts the listener again when it crashes or hangs, where no systemd does: a small process around the large one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from local_runner.listener.lasting import BackOff
from local_runner.listener.watchdog import HUNG_EXIT_CODE

SUPERVISED = "CHARLEY_SUPERVISED"
"""Environment variable of the inner process: how often it was started before."""

_STEADY_SECONDS = 60.0
"""A listener that lived this long did not die of its start: the next one is started at once."""


def restarts() -> int:
    """How often this listener was started again."""
    count = os.environ.get(SUPERVISED, "0")
    return int(count) if count.isdecimal() else 0


def wanted() -> bool:
    """Whether nobody watches over this process yet."""
    return SUPERVISED not in os.environ and "NOTIFY_SOCKET" not in os.environ


def died(code: int) -> bool:
    """Whether an exit code means a crash (a signal) or a hang, not an answer to a wrong call."""
    return code < 0 or code == HUNG_EXIT_CODE


def supervise(command: Sequence[str], back_off: BackOff | None = None) -> int:
    """Run a command until it ends by itself, again and again after crashes; its exit code.

    SIGTERM and SIGINT are passed on.
    """
    back_off = back_off or BackOff(0.5, 30.0)
    asked_to_end: list[int] = []
    child: subprocess.Popen[bytes] | None = None

    def end(number: int, frame: FrameType | None) -> None:
        asked_to_end.append(number)
        if child is not None and child.poll() is None:
            child.send_signal(signal.SIGTERM)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    count = 0
    try:
        while True:
            begun = time.monotonic()
            environment = {**os.environ, SUPERVISED: str(count)}
            # A group of its own: Ctrl-C reaches it once, through us.
            child = subprocess.Popen(list(command), env=environment, start_new_session=True)  # noqa: S603
            code = child.wait()
            if asked_to_end or not died(code):
                return 0 if asked_to_end and code < 0 else code
            count += 1
            sys.stderr.write(f"charley: the listener died ({_why(code)}) and is started again\n")
            sys.stderr.flush()
            if time.monotonic() - begun > _STEADY_SECONDS:
                back_off.worked()
            back_off.failed(time.monotonic())
            while not asked_to_end and not back_off.due(time.monotonic()):
                time.sleep(0.1)
            if asked_to_end:
                return 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _why(code: int) -> str:
    if code == HUNG_EXIT_CODE:
        return "it hung"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"
