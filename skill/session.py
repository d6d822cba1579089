"""What the skill remembers between two turns: all of it in the session attributes, nothing anywhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from skill.spoken import Part, Reply

_KEY = "charley"


@dataclass
class Relief:
    """Where a guided stretch stands."""

    part: str
    word: str
    """What the person called the part."""
    position: str = "bed"
    movement: str = ""
    hold: int = 0
    """Which hold of this movement, from 1."""
    tried: list[str] = field(default_factory=list)
    """Movements that were given, and comforts ('warm', 'rub')."""
    checked: bool = False
    """The swelling check was answered with no."""
    up: bool = False
    """The person is standing, or asked for it (rule 5)."""


@dataclass
class Session:
    """One session's memory."""

    facts: set[str] = field(default_factory=set)
    """Signs and conditions that were named (ids of slot values), and rows of the triage table that were matched."""
    relief: Relief | None = None
    bedtime: int | None = None
    """Index of the step that comes next in the bedtime routine, or None."""
    bedtime_standing: bool = False
    since: float | None = None
    """Seconds since the epoch of the first complaint."""
    slow: bool = False
    danger: str = ""
    """Id of the triage row that was said last."""
    asked: str = ""
    """Short name of the last closing question."""
    more: str = ""
    """Id of the answer that 'tell me more' continues."""
    sources: list[str] = field(default_factory=list)
    """Sources of what was said last."""
    last: Reply | None = None
    """What was said last, for 'repeat'."""

    @classmethod
    def read(cls, attributes: Mapping[str, Any]) -> Session:
        """The session in the attributes of a request; a fresh one where there is none, or none that can be read.

        The attributes travel through the client, so whatever shape they have must not raise.
        """
        data = attributes.get(_KEY)
        if not isinstance(data, Mapping):
            return cls()
        try:
            relief, last = data.get("relief"), data.get("last")
            return cls(
                facts={str(f) for f in data.get("facts", ())},
                relief=Relief(**relief) if relief else None,
                bedtime=int(data["bedtime"]) if data.get("bedtime") is not None else None,
                bedtime_standing=bool(data.get("bedtime_standing")),
                since=float(data["since"]) if data.get("since") is not None else None,
                slow=bool(data.get("slow")),
                danger=str(data.get("danger", "")),
                asked=str(data.get("asked", "")),
                more=str(data.get("more", "")),
                sources=[str(s) for s in data.get("sources", ())],
                last=_read_reply(last) if last else None,
            )
        except (TypeError, ValueError, AttributeError):
            return cls()

    def write(self) -> dict[str, Any]:
        """The session as JSON-ready attributes; what is empty is left out, to keep responses small."""
        data: dict[str, Any] = {
            "facts": sorted(self.facts),
            "relief": vars(self.relief) if self.relief else None,
            "bedtime": self.bedtime,
            "bedtime_standing": self.bedtime_standing,
            "since": self.since,
            "slow": self.slow,
            "danger": self.danger,
            "asked": self.asked,
            "more": self.more,
            "sources": self.sources,
            "last": _write_reply(self.last) if self.last else None,
        }
        return {_KEY: {k: v for k, v in data.items() if v not in (None, "", False, [])}}


def _write_reply(reply: Reply) -> dict[str, Any]:
    data = {k: list(v) if isinstance(v, tuple) else v for k, v in vars(reply).items()}
    data.pop("card")
    return {k: v for k, v in data.items() if v not in (None, "", [])}


def _read_reply(data: Mapping[str, Any]) -> Reply:
    def parts(name: str) -> tuple[Part, ...]:
        found = tuple(data.get(name, ()))
        if not all(isinstance(p, str | int) for p in found):
            raise TypeError(name)
        return found

    return Reply(
        say=parts("say"),
        topic=str(data.get("topic", "")),
        ask=str(data.get("ask", "")),
        asked=str(data.get("asked", "")),
        silence=parts("silence"),
        level=data.get("level"),
        sources=tuple(str(s) for s in data.get("sources", ())),
        movement=str(data.get("movement", "")),
    )
