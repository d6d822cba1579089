"""Notices that PulseAudio or PipeWire has moved our recording to another source, which no stream is ever told.

A microphone that is unplugged while another source exists (a speaker's monitor, say) leaves the stream running on that
other source. ``pactl subscribe`` waits for such changes without costing anything; one ``pactl list`` tells the source.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from typing import Any

_CHECK_SECONDS = 5.0


class SourceWatch:
    """Watches the source that this process records from. Does nothing where there is no sound server.

    The source of the first recording is home. Another microphone is as good (somebody plugged in a better one); the
    monitor of a loudspeaker is not.

    Args:
        environment: of the sound server's tools; None for the process's own.
    """

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self._environment = environment
        self._changed = threading.Event()
        self._home: str | None = None
        self._process: subprocess.Popen[str] | None = None
        self.available = shutil.which("pactl") is not None
        """Whether the tool that it needs is there."""

    def changed(self) -> bool:
        """Whether sources came, went or were connected anew since ``problem`` was last asked; costs nothing."""
        if not self.available:
            return False
        if self._process is None or self._process.poll() is not None:
            self._subscribe()
        return self._changed.is_set()

    def problem(self) -> str | None:
        """What is wrong with the source that is recorded from now, or None."""
        self._changed.clear()
        source = self._current() if self.available else None
        if source is None:
            return None
        if self._home is None:
            self._home = source
        if source == self._home or not source.endswith(".monitor"):
            return None
        return "the microphone is gone, and the sound server offers the loudspeaker's own sound instead"

    def close(self) -> None:
        """Stop watching."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def _subscribe(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        self._process = subprocess.Popen(
            ["pactl", "subscribe"],  # noqa: S607
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._wait, args=(self._process,), name="sources", daemon=True).start()

    def _wait(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if "source" in line or "server" in line:
                    self._changed.set()
        except ValueError:
            return  # closed while it was read

    def _current(self) -> str | None:
        """Name of the source of this process's recording, or None if that cannot be told."""
        outputs = self._list("source-outputs")
        sources = {source.get("index"): source.get("name") for source in self._list("sources")}
        for output in outputs:
            if str(output.get("properties", {}).get("application.process.id")) == str(os.getpid()):
                return sources.get(output.get("source"))
        return None

    def _list(self, what: str) -> list[dict[str, Any]]:
        command = ["pactl", "--format=json", "list", what]
        try:
            done = subprocess.run(  # noqa: S603
                command, env=self._environment, capture_output=True, text=True, timeout=_CHECK_SECONDS, check=True
            )
            found: list[dict[str, Any]] = json.loads(done.stdout)
        except (OSError, subprocess.SubprocessError, ValueError):
            return []
        return found
