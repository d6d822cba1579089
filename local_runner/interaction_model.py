"""An Alexa interaction model, read and checked: what a skill says people may say to it.

Format: https://developer.amazon.com/docs/smapi/interaction-model-schema.html
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from local_runner.errors import ModelFileError


@dataclass(frozen=True)
class SlotValue:
    """One canonical value of a slot type."""

    name: str
    """The canonical value, as spelled in the model."""
    id: str | None = None
    synonyms: tuple[str, ...] = ()

    @property
    def spoken_forms(self) -> tuple[str, ...]:
        """The canonical value and its synonyms, in the model's order."""
        return (self.name, *self.synonyms)


@dataclass(frozen=True)
class SlotType:
    """A custom slot type, or an extension of a built-in one."""

    name: str
    values: tuple[SlotValue, ...]


@dataclass(frozen=True)
class Slot:
    """A slot of an intent."""

    name: str
    type: str
    samples: tuple[str, ...] = ()
    """What people say when they are asked for this slot alone (dialog model)."""


@dataclass(frozen=True)
class Intent:
    """An intent with its sample utterances."""

    name: str
    slots: tuple[Slot, ...] = ()
    samples: tuple[str, ...] = ()
    """Sample utterances with ``{SlotName}`` placeholders, as written."""

    def slot(self, name: str) -> Slot | None:
        """The slot of that name, or None."""
        return next((s for s in self.slots if s.name == name), None)


@dataclass(frozen=True)
class InteractionModel:
    """A whole interaction model for one locale."""

    invocation_name: str
    intents: tuple[Intent, ...]
    types: tuple[SlotType, ...] = ()
    dialog: dict[str, Any] = field(default_factory=dict, hash=False)
    """The model's ``dialog`` part as parsed JSON, empty if it has none."""
    prompts: tuple[dict[str, Any], ...] = field(default=(), hash=False)
    """The model's ``prompts`` as parsed JSON."""

    def intent(self, name: str) -> Intent | None:
        """The intent of that name, or None."""
        return self._intents_by_name.get(name)

    def slot_type(self, name: str) -> SlotType | None:
        """The custom (or extended) slot type of that name, or None for a purely built-in one."""
        return self._types_by_name.get(name)

    @cached_property
    def _intents_by_name(self) -> dict[str, Intent]:
        return {i.name: i for i in self.intents}

    @cached_property
    def _types_by_name(self) -> dict[str, SlotType]:
        return {t.name: t for t in self.types}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over everything that understanding or recognition is made from; the key of every cache."""
        text = repr((self.invocation_name, self.intents, self.types, json.dumps(self.dialog, sort_keys=True)))
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def load(cls, path: Path) -> InteractionModel:
        """Read a model file.

        Raises:
            ModelFileError: the file is missing, is not JSON, or is not an interaction model.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not UTF-8 text"
            raise ModelFileError(f"cannot read the interaction model {path} ({reason})", "check the path") from error
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            raise ModelFileError(f"{path} is not JSON ({where})", "export it again from the skill") from error
        return cls.parse(data, str(path))

    @classmethod
    def parse(cls, data: Any, origin: str = "the interaction model") -> InteractionModel:
        """Build a model from parsed JSON; ``origin`` names it in errors.

        Raises:
            ModelFileError: the JSON is not an interaction model.
        """
        try:
            whole = data["interactionModel"]
            language = whole["languageModel"]
            types = tuple(
                SlotType(
                    t["name"],
                    tuple(
                        SlotValue(
                            v["name"]["value"],
                            v.get("id") or None,
                            tuple(v["name"].get("synonyms") or ()),
                        )
                        for v in t.get("values") or ()
                    ),
                )
                for t in language.get("types") or ()
            )
            intents = tuple(
                Intent(
                    i["name"],
                    tuple(Slot(s["name"], s["type"], tuple(s.get("samples") or ())) for s in i.get("slots") or ()),
                    tuple(i.get("samples") or ()),
                )
                for i in language["intents"]
            )
            model = cls(
                language["invocationName"],
                intents,
                types,
                whole.get("dialog") or {},
                tuple(whole.get("prompts") or ()),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ModelFileError(
                f"{origin} is not an Alexa interaction model ({type(error).__name__}: {error})",
                "it needs interactionModel.languageModel with invocationName and intents",
            ) from error
        names = [i.name for i in intents]
        strings = [*names, model.invocation_name, *(s for i in intents for s in i.samples)]
        if not all(isinstance(s, str) for s in strings):
            raise ModelFileError(f"{origin} has a name or sample that is not text", "check its intents")
        return model
