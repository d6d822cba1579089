"""What is said, as parts: text and true silences; and how it becomes SSML within Alexa's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

LONGEST_BREAK = 10
"""Seconds of the longest ``<break>`` that Alexa takes; longer silences are several breaks."""

SLOWER = 1.5
"""How much longer silences are when somebody asked for it slower."""

Part = str | int
"""A sentence or two to say, or seconds of silence."""


@dataclass(frozen=True)
class Reply:
    """One answer of the skill, before it becomes a response."""

    say: tuple[Part, ...]
    """What is said first."""
    topic: str
    ask: str = ""
    """The closing question; a session stays open exactly when there is one."""
    asked: str = ""
    """Short name of the question, by which 'yes' and 'no' are understood next time."""
    silence: tuple[Part, ...] = ()
    """What is said when the person says nothing (the reprompt); ends with a question of its own or takes ``ask``."""
    level: str | None = None
    sources: tuple[str, ...] = ()
    card: str = ""
    movement: str = ""
    """Id of the movement that is being done, for devices with a screen."""

    @property
    def open(self) -> bool:
        """Whether the session stays open."""
        return bool(self.ask)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that is said at once, the closing question included."""
        return (*self.say, self.ask) if self.ask else self.say

    @property
    def reprompt(self) -> tuple[Part, ...]:
        """What is said after a silence; empty when the session ends."""
        if not self.ask:
            return ()
        parts = self.silence or (self.ask,)
        last = parts[-1]
        return parts if isinstance(last, str) and last.rstrip().endswith("?") else (*parts, self.ask)


def to_ssml(parts: Sequence[Part], *, slow: bool = False) -> str:
    """Parts as SSML without the ``<speak>`` tags, which the SDK's response builder adds."""
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(escape(part))
        else:
            pieces.extend(_breaks(round(part * SLOWER) if slow else part))
    text = " ".join(pieces)
    return f'<prosody rate="slow">{text}</prosody>' if slow else text


def plain(parts: Iterable[Part]) -> str:
    """The words alone."""
    return " ".join(part for part in parts if isinstance(part, str))


def _breaks(seconds: int) -> Iterable[str]:
    while seconds > 0:
        yield f'<break time="{min(seconds, LONGEST_BREAK)}s"/>'
        seconds -= LONGEST_BREAK
