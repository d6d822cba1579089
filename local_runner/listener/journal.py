"""The journal of a night: one JSON object a line, with the time of audio since the start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from local_runner.errors import UsageError

EVENTS = frozenset(
    {"started", "wake", "heard", "answer", "speaking", "interrupted", "session_open", "session_closed", "ignored"}
    | {"input_lost", "input_back", "stopped"}
)
"""What the file holds, and nothing else; faults of other parts are for the status line and the log."""
_WORDS = ("text", "by", "slots")
"""Fields that hold words somebody said."""


class Journal:
    """Writes events, keeps counts of them, and tells whoever watches (the status line)."""

    def __init__(self, path: Path | None = None, keep_words: bool = True, append: bool = False) -> None:
        self._file: TextIO | None = None
        self._keep_words = keep_words
        self.counts: dict[str, int] = {}
        self.watchers: list[Any] = []
        """Called with every event as a dictionary."""
        if path is not None:
            try:
                self._file = open(path, "a" if append else "w", encoding="utf-8")  # noqa: SIM115 - closed by close()
            except OSError as error:
                raise UsageError(f"{path} cannot be written ({error.strerror})", "choose another place") from error

    def note(self, now: float, event: str, **more: Any) -> None:
        """Write an event that happened at ``now`` (seconds of audio since the start)."""
        self.counts[event] = self.counts.get(event, 0) + 1
        entry = {"t": round(now, 3), "event": event, **more}
        if not self._keep_words:
            entry = {name: value for name, value in entry.items() if name not in _WORDS}
        if self._file is not None and event in EVENTS:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()
        for watcher in self.watchers:
            watcher(entry)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
