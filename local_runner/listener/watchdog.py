"""A watchdog of our own, and word to systemd's: a listener that hangs is ended, so that it can be started again."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from collections.abc import Callable

HANG_SECONDS = 30.0
"""Longer than anything the loop ever waits for (a synthesiser that hangs is given up after less)."""
HUNG_EXIT_CODE = 75
"""Exit code of a listener that hung: temporary failure (sysexits.h), so that a supervisor starts it again."""


def notify(state: str) -> bool:
    """Tell systemd (``READY=1``, ``WATCHDOG=1``, ``STOPPING=1``) over the local socket that it gave us, if it did."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or not hasattr(socket, "AF_UNIX"):
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.connect(address)
        connection.sendall(state.encode())
        return True
    return False


class Watchdog:
    """Ends the process when ``alive`` was not called for ``seconds``."""

    def __init__(self, seconds: float = HANG_SECONDS, end: Callable[[], None] | None = None) -> None:
        self._seconds = seconds
        self._end = end or _end_process
        self._last = time.monotonic()
        self._told = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._last = time.monotonic()
        self._thread.start()
        notify("READY=1")

    def alive(self) -> None:
        """The loop goes round; systemd hears of it every few seconds."""
        self._last = time.monotonic()
        if self._last - self._told > 5:
            self._told = self._last
            notify("WATCHDOG=1")

    def stop(self) -> None:
        """Watch no longer."""
        notify("STOPPING=1")
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(min(1.0, self._seconds / 4)):
            if time.monotonic() - self._last > self._seconds:
                self._end()
                return


def _end_process() -> None:
    sys.stderr.write("charley: the listener hung and is ended; it is started again by its supervisor\n")
    sys.stderr.flush()
    os._exit(HUNG_EXIT_CODE)
