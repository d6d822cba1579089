"""What the content files say, as values: sources, slot types, questions, danger signs, movements, phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = ("doctor", "urgent", "emergency")
"""Levels of advice, lowest first: see a doctor in days; by phone tonight; emergency now."""

TOPICS = (
    "relief_now", "relief_options", "causes", "who_gets", "what_is", "duration", "prevention", "supplements",
    "bedtime_routine", "rls", "medication", "pregnancy", "when_doctor", "red_flag", "control_next", "control_repeat",
    "control_stop", "control_slower", "feeling_better", "still_hurting", "thanks", "help", "launch", "none",
)  # fmt: skip
"""Every topic that an answer can have; part of the command line's contract."""

POSITIONS = ("bed", "seated", "standing")
"""Positions for a movement, safest first (rule 5: bed before chair before standing)."""


@dataclass(frozen=True)
class Source:
    """Where a statement comes from."""

    id: str
    title: str
    publisher: str
    year: str
    address: str
    confirmed: str
    """'read', 'secondhand' or 'general' (general medical knowledge, not confirmed in a page that was read)."""
    spoken: str
    """How a voice names it."""


@dataclass(frozen=True)
class SlotValue:
    """One value of a slot type."""

    id: str
    name: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class SlotType:
    """A slot type of the interaction model."""

    name: str
    values: tuple[SlotValue, ...]


@dataclass(frozen=True)
class Utterances:
    """An intent and what people say to reach it."""

    intent: str
    topic: str
    slots: Mapping[str, str]
    """Slot name → slot type."""
    ask: tuple[str, ...]
    """Sample utterances."""


@dataclass(frozen=True)
class Answer:
    """What is said to a question, under a condition."""

    id: str
    when: Mapping[str, frozenset[str]]
    """Slot name → value ids for which this answer is meant; empty for the default answer."""
    say: str
    more: str
    card: str
    level: str | None
    sources: tuple[str, ...]
    covers: tuple[str, ...]
    """Numbers of the statements in the clinical fact sheet that this answers."""


@dataclass(frozen=True)
class Question:
    """One subject that people ask about."""

    id: str
    utterances: Utterances
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Danger:
    """One row of the triage table."""

    id: str
    level: str
    topic: str
    utterances: Utterances | None
    """None for a row that only follows from signs said elsewhere."""
    when: tuple[frozenset[str], ...]
    """Each set of sign and condition ids that means this row."""
    say: str
    sources: tuple[str, ...]
    covers: tuple[str, ...]


@dataclass(frozen=True)
class Movement:
    """One movement for one body part in one position."""

    id: str
    part: str
    position: str
    say: str
    hold: int
    """Seconds of one hold; 0 for a movement that is not held."""
    repeats: int
    sources: tuple[str, ...]
    cautions: str
    suits: frozenset[str]
    """Conditions for which this version is the right one ('pregnant', 'cannot_reach'); empty for the usual one."""
    avoid: frozenset[str]
    """Conditions under which it must not be offered."""
    spoken: frozenset[str]
    """Words of the body-part slot for which alone it is meant ('hip crease'); empty for all."""


@dataclass(frozen=True)
class RoutineStep:
    """One step of the bedtime routine, in both versions."""

    id: str
    hold: int
    """Seconds held after the line."""
    seated: str
    standing: str


@dataclass(frozen=True)
class Store:
    """What the skill store shows."""

    name: str
    summary: str
    description: str
    examples: tuple[str, ...]
    """Example phrases, the first one with the wake word; ``{invocation}`` stands for the invocation name."""
    keywords: tuple[str, ...]
    testing: str
    """What Amazon's testers should know."""
    privacy_policy: str
    """Address of the privacy policy; empty until the skill is published."""


@dataclass(frozen=True)
class Content:
    """Everything Charley can say, and everything people can say to it."""

    sources: Mapping[str, Source]
    slot_types: Mapping[str, SlotType]
    questions: tuple[Question, ...]
    dangers: tuple[Danger, ...]
    signs_intents: tuple[Utterances, ...]
    """Intents that only report signs; the level follows from the signs."""
    conversation: tuple[Utterances, ...]
    movements: tuple[Movement, ...]
    routine: tuple[RoutineStep, ...]
    routine_sources: tuple[str, ...]
    phrases: Mapping[str, str]
    store: Store | None = None
    """None in the compiled content: the skill does not need it when it runs."""

    @property
    def utterances(self) -> tuple[Utterances, ...]:
        """Every intent with its samples."""
        return (
            *self.conversation,
            *self.signs_intents,
            *(d.utterances for d in self.dangers if d.utterances),
            *(q.utterances for q in self.questions),
        )
