"""Content → the interaction model that Alexa, and the bedside listener, understand speech with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from skill.compiled import COMPILED, compile_content
from skill.content_types import Content, SlotType
from skill.interaction_model.lint import REQUIRED
from skill.interaction_model.manifest import INVOCATION, manifest

LOCALES = ("en-US", "en-GB", "en-AU", "en-CA", "en-IN")
"""Locales that the skill is offered in; British and American speakers understand the same content."""

SKILL = Path(__file__).parent.parent
"""The skill's folder, to which the paths of generated files belong."""


def interaction_model(content: Content) -> dict[str, Any]:
    """The interaction model as JSON-ready data, in a stable order."""
    intents: dict[str, dict[str, Any]] = {name: {"name": name, "samples": []} for name in REQUIRED}
    used: set[str] = set()
    taken: dict[str, str] = {}
    # Where two intents come to the same sample once its slots stand in it, the danger sign keeps it.
    dangers = {d.utterances.intent for d in content.dangers if d.utterances}
    for utterances in sorted(content.utterances, key=lambda u: u.intent not in dangers):
        intent: dict[str, Any] = {"name": utterances.intent}
        if utterances.slots:
            intent["slots"] = [{"name": n, "type": t} for n, t in sorted(utterances.slots.items())]
            used.update(utterances.slots.values())
        samples = {_slotted(sample, utterances.slots, content) for sample in utterances.ask}
        intent["samples"] = sorted(s for s in samples if taken.setdefault(s, utterances.intent) == utterances.intent)
        intents[utterances.intent] = intent
    types = [_slot_type(content.slot_types[name]) for name in sorted(used) if name in content.slot_types]
    return {
        "interactionModel": {
            "languageModel": {
                "invocationName": INVOCATION,
                "intents": [intents[name] for name in sorted(intents)],
                "types": types,
            }
        }
    }


_ALWAYS_SLOTS = ("BodyPart", "Position", "Side")
"""What a sample names of these in plain words becomes a slot: a literal sample would match without filling it, and the
place of the pain would be lost."""


def _slotted(sample: str, slots: Mapping[str, str], content: Content) -> str:
    """The sample with its first literal body part, position and side as slots, where the intent has those slots."""
    for name in _ALWAYS_SLOTS:
        if name in slots and f"{{{name}}}" not in sample:
            sample = _literal(slots[name], content).sub(f"{{{name}}}", sample, count=1)
    return sample


def _literal(type_name: str, content: Content) -> re.Pattern[str]:
    """Matches any spoken form of the type's values, longest first."""
    return _pattern(content.slot_types[type_name])


@cache
def _pattern(slot_type: SlotType) -> re.Pattern[str]:
    forms = sorted({f for v in slot_type.values for f in (v.name, *v.synonyms)}, key=len, reverse=True)
    return re.compile(rf"(?<![\w'{{])(?:{'|'.join(map(re.escape, forms))})(?![\w'}}])")


def _slot_type(slot_type: SlotType) -> dict[str, Any]:
    return {
        "name": slot_type.name,
        "values": [
            # A list of synonyms even where it is empty: other clients of the model expect one.
            {"id": v.id, "name": {"value": v.name, "synonyms": sorted(set(v.synonyms) - {v.name})}}
            for v in slot_type.values
        ],
    }


def to_json(data: Any) -> str:
    """JSON as it is checked in."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def files(content: Content) -> dict[Path, str]:
    """Every generated file, by its path below `skill/`: an interaction model a locale, the manifest, the content."""
    text = to_json(interaction_model(content))
    models = Path("skill-package") / "interactionModels" / "custom"
    return {
        **{models / f"{locale}.json": text for locale in LOCALES},
        Path("skill-package") / "skill.json": to_json(manifest(content, LOCALES)),
        Path(COMPILED.name): compile_content(content),
    }
