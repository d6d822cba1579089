"""One quiet line on the terminal: what Charley is doing, and how loud the room is. Dim, for a dark room."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TextIO

_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"
_DOING = {
    "asleep": "listening for the wake phrase",
    "attending": "listening to you",
    "speaking": "speaking",
    "paused": "paused: say 'go on'",
}
_BAR = 12


class Screen:
    """The status line; silent where there is no terminal.

    Args:
        show_words: whether words that were heard are shown.
    """

    def __init__(self, show_words: bool = False, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._live = self._out.isatty()
        self._show_words = show_words
        self._last = ""
        self._word = ""

    def event(self, entry: Mapping[str, Any]) -> None:
        """Show what happened; where there is no terminal, faults alone are logged, one a line."""
        event = entry["event"]
        if event == "heard":
            self._word = f"heard: {entry.get('text', '')}" if self._show_words else "heard you"
        elif event in ("session_closed", "ignored", "stopped"):
            self._word = ""
        if event in ("input_lost", "input_back", "output_lost", "output_back", "fault"):
            reason = entry.get("reason") or entry.get("problem") or ""
            self._print(f"{event.replace('_', ' ')}{': ' + reason if reason else ''}")

    def show(self, phase: str, level: float, lost: str | None) -> None:
        """Show the state; level in decibels below full scale."""
        if not self._live:
            return
        filled = max(0, min(_BAR, round((level + 70) / 50 * _BAR)))
        doing = f"no microphone: {lost}" if lost else _DOING.get(phase, phase)
        line = f"{'▪' * filled}{'·' * (_BAR - filled)}  {doing}" + (f"  ({self._word})" if self._word else "")
        if line != self._last:
            self._last = line
            self._out.write(f"\r\x1b[K{_DIM}{line[:100]}{_PLAIN}")
            self._out.flush()

    def close(self) -> None:
        """Leave the line."""
        if self._live and self._last:
            self._out.write("\r\x1b[K")
            self._out.flush()

    def _print(self, line: str) -> None:
        if self._live:
            self._out.write("\r\x1b[K")
            self._last = ""
        self._out.write(f"charley: {line}\n")
        self._out.flush()
