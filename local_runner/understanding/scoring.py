"""Score of an understander over labelled utterances."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_runner.errors import UsageError
from local_runner.understanding.engine import Understander
from local_runner.understanding.meaning import FALLBACK
from local_runner.understanding.words import utterance


@dataclass(frozen=True)
class Labelled:
    """One utterance and what it means."""

    text: str
    intent: str
    """``AMAZON.FallbackIntent`` for what is not for the skill."""
    slots: dict[str, str] = field(default_factory=dict)
    """Slot name → canonical value, or what was said."""
    expected: tuple[str, ...] = ()
    """Intents that the session makes likely."""


@dataclass(frozen=True)
class Report:
    """Counts over a labelled file."""

    in_scope: int
    right_intent: int
    """In scope, understood as the labelled intent."""
    wrong_intent: int
    """In scope, acted on as another intent."""
    out_of_scope: int
    rejected: int
    """Out of scope, and rejected."""
    slots_right: int
    slots_found: int
    slots_wanted: int
    mistakes: tuple[dict[str, Any], ...] = ()

    @property
    def slot_f1(self) -> float | None:
        """Harmonic mean of slot precision and recall over all slots, or None if there are no slots."""
        total = self.slots_found + self.slots_wanted
        return 2 * self.slots_right / total if total else None

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "in_scope": self.in_scope,
            "right_intent": self.right_intent,
            "accuracy": _share(self.right_intent, self.in_scope),
            "wrong_intent": self.wrong_intent,
            "out_of_scope": self.out_of_scope,
            "rejected": self.rejected,
            "rejection": _share(self.rejected, self.out_of_scope),
            "slot_f1": self.slot_f1,
            "mistakes": list(self.mistakes),
        }

    def as_text(self) -> str:
        """The report for a person."""
        lines = [f"in scope: {self.right_intent} of {self.in_scope} right, {self.wrong_intent} taken for another"]
        lines.append(f"out of scope: {self.rejected} of {self.out_of_scope} rejected")
        if self.slot_f1 is not None:
            lines.append(f"slots: F1 {self.slot_f1:.3f} ({self.slots_right} right of {self.slots_wanted} wanted)")
        lines += [f"  {m['text']!r}: {m['intent']} wanted, {m['got']} got" for m in self.mistakes]
        return "\n".join(lines)


def read_labels(path: Path) -> list[Labelled]:
    """Read a labelled file.

    JSON lines or a JSON list of ``{"text", "intent", "slots"?, "expected"?}``, or a JSON object as fixtures have
    it: ``{"file.wav": {"text", "intent", "slots"}}``.

    Raises:
        UsageError: the file cannot be read or has another shape.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read the labels {path}", "check the path") from error
    try:
        try:
            data = json.loads(text)
        except ValueError:
            data = [json.loads(line) for line in text.splitlines() if line.strip()]
        entries = [data] if isinstance(data, dict) and "text" in data else data
        if isinstance(entries, dict):
            entries = list(entries.values())
        return [
            Labelled(
                str(e["text"]),
                str(e.get("intent") or FALLBACK),
                {str(k): str(v) for k, v in (e.get("slots") or {}).items()},
                tuple(e.get("expected") or ()),
            )
            for e in entries
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is not a labels file ({type(error).__name__}: {error})",
            'give a list, or lines, of {"text": ..., "intent": ..., "slots": {...}}',
        ) from error


def evaluate(understander: Understander, labelled: Iterable[Labelled]) -> Report:
    """Understand every utterance and count."""
    counts = dict.fromkeys(
        ("in_scope", "right_intent", "wrong_intent", "out_of_scope", "rejected", "slots_right", "slots_found",
         "slots_wanted"), 0
    )  # fmt: skip
    mistakes: list[dict[str, Any]] = []
    for item in labelled:
        got = understander.understand(item.text, item.expected)
        right = got.intent == item.intent
        if item.intent == FALLBACK:
            counts["out_of_scope"] += 1
            counts["rejected"] += right
        else:
            counts["in_scope"] += 1
            counts["right_intent"] += right
            counts["wrong_intent"] += not right and got.intent != FALLBACK
            found = {s.name: (s.value, s.resolved, s.id) for s in got.slots.values()} if right else {}
            slots_right = sum(
                any(form is not None and same(form, wanted) for form in found.get(name, ()))
                for name, wanted in item.slots.items()
            )
            counts["slots_right"] += slots_right
            counts["slots_found"] += len(found) if item.slots or found else 0
            counts["slots_wanted"] += len(item.slots)
            right = right and slots_right == len(item.slots)
        if not right:
            mistakes.append({
                "text": item.text, "intent": item.intent, "got": got.intent, "score": round(got.score, 3),
                "best_guess": got.best_guess, "slots": {s.name: s.resolved or s.value for s in got.slots.values()},
                "wanted": item.slots,
            })  # fmt: skip
    return Report(mistakes=tuple(mistakes), **counts)


def same(one: str, other: str) -> bool:
    """The same words, whatever their spelling."""
    return _words(one) == _words(other)


def _words(text: str) -> Sequence[str]:
    return utterance(text).words


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
