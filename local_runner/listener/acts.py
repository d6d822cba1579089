"""What the conversation is told (percepts), and what it wants done (actions): all that goes in and out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

# What comes in ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """Time has passed, and this was heard in it."""

    loud: bool = False
    """Whether the frame is well above the noise floor, own voice taken out."""
    words: str = ""
    """What the open utterance holds so far; empty when none is open."""
    complete: bool = False
    """Whether these words are a whole request."""


@dataclass(frozen=True)
class Woken:
    """A wake phrase was said, and a second look agreed."""

    phrase: str
    request: bool = False
    """Whether the phrase itself asks for something ('help my leg')."""
    confidence: float = 1.0


@dataclass(frozen=True)
class Heard:
    """An utterance that was finished, understood."""

    understanding: Any
    """An ``Understanding``: intent, slots, rejected, heard."""
    words: str = ""
    level: float | None = None
    """How loud it was spoken, in decibels below full scale."""
    own_voice: bool = False
    """Whether it was only the loudspeaker."""
    launch: bool = False
    """Whether it was an invocation ('open charley') that asks for nothing."""


@dataclass(frozen=True)
class Answered:
    """The skill's answer."""

    says: bool
    """Whether there is anything to say."""
    session_open: bool = False
    reprompt: bool = False
    """Whether it has something to say after a silence."""


@dataclass(frozen=True)
class Spoken:
    """Everything that was to be said has been played."""


@dataclass(frozen=True)
class InputLost:
    """The microphone is gone."""

    reason: str = ""


@dataclass(frozen=True)
class InputBack:
    """The microphone is back."""


Percept: TypeAlias = Frame | Woken | Heard | Answered | Spoken | InputLost | InputBack


# What goes out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attend:
    """Open an utterance for the recogniser."""

    begin: Literal["wake phrase", "after wake phrase", "just now", "now"]
    """Where in the sound that was heard already: ``just now`` is a little before the present."""


@dataclass(frozen=True)
class Drop:
    """Forget the open utterance."""


@dataclass(frozen=True)
class Finish:
    """Recognise and understand the open utterance; ``Heard`` follows."""


@dataclass(frozen=True)
class Ask:
    """Ask the skill (None: launch it); ``Answered`` follows."""

    understanding: Any | None


@dataclass(frozen=True)
class EndSession:
    """Tell the skill that its session is over."""

    reason: Literal["USER_INITIATED", "EXCEEDED_MAX_REPROMPTS"]


@dataclass(frozen=True)
class Say:
    """Speak what the skill answered; ``Spoken`` follows."""

    what: Literal["answer", "reprompt", "again", "microphone lost", "microphone back"]


@dataclass(frozen=True)
class Tone:
    """Play the soft tone that says 'I listen'."""


@dataclass(frozen=True)
class Hush:
    """Stop speaking at once, and forget what was still to be said."""


@dataclass(frozen=True)
class Hold:
    """Stop speaking at once, and keep the place."""


@dataclass(frozen=True)
class GoOn:
    """Speak on from the place that was kept."""


@dataclass(frozen=True)
class Duck:
    """Speak quieter while somebody talks, or as before."""

    on: bool


@dataclass(frozen=True)
class Volume:
    """Speak louder or quieter from now on."""

    louder: bool


@dataclass(frozen=True)
class SpokenTo:
    """Somebody spoke to it at this level."""

    level: float


@dataclass(frozen=True)
class Note:
    """Something for the journal."""

    event: str
    more: dict[str, Any] = field(default_factory=dict)


Action: TypeAlias = (
    Attend | Drop | Finish | Ask | EndSession | Say | Tone | Hush | Hold | GoOn | Duck | Volume | SpokenTo | Note
)
