"""Faults of an interaction model or manifest, a line each: Amazon's schema, and rules that the schema does not show.

Rules: https://developer.amazon.com/docs/custom-skills/create-the-interaction-model-for-your-skill.html and the
requirements for invocation names; limits as the Alexa developer console states them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

_SCHEMA = Path(__file__).parent / "alexa_schema.json"
_MODEL = "v1.skill.interactionModel.InteractionModelData"
_MANIFEST = "v1.skill.Manifest.SkillManifestEnvelope"

REQUIRED = (
    "AMAZON.CancelIntent",
    "AMAZON.FallbackIntent",
    "AMAZON.HelpIntent",
    "AMAZON.NavigateHomeIntent",
    "AMAZON.StopIntent",
)
"""Built-in intents that a custom skill must declare."""

LAUNCH_WORDS = frozenset(
    ["launch", "ask", "tell", "load", "begin", "enable", "open", "start", "run", "use", "resume", "play", "turn"]
)
CONNECTING_WORDS = frozenset(
    ["on", "from", "to", "in", "using", "with", "about", "for", "that", "by", "if", "and", "whether"]
)
"""Words that an invocation name must not contain: they steer Alexa to the skill."""
WAKE_WORDS = frozenset(["alexa", "amazon", "echo", "computer", "ziggy", "skill", "app"])
"""Words that an invocation name must not contain: they wake the device, or name the kind of thing."""

MOST_INTENTS = 250
LONGEST_SAMPLE = 200
LONGEST_VALUE = 140
LARGEST_MODEL = 1_500_000
"""Bytes of JSON that the model-building service takes."""

_NAME = re.compile(r"[A-Za-z][A-Za-z_]*")
_BUILT_IN = re.compile(r"AMAZON\.[A-Za-z_]+(?:<[^>]+>)?")
_SAMPLE = re.compile(r"(?:[^\W\d_]|[ '.\-]|\{[A-Za-z_]+\})+")
_VALUE = re.compile(r"[\w '.&\-/+]+")
_SLOT = re.compile(r"\{([^{}]*)\}")


def model_faults(data: Any) -> Iterator[str]:
    """Faults of an interaction model (parsed JSON), a line each; none when it is good."""
    shape = list(_schema_faults(data, _MODEL))
    yield from shape
    if shape:
        return  # what does not have the right shape cannot be looked into
    if len(json.dumps(data)) > LARGEST_MODEL:
        yield f"the model has more than {LARGEST_MODEL:,} bytes"
    language = data["interactionModel"]["languageModel"]
    yield from _invocation_faults(language["invocationName"])
    intents = language.get("intents") or []
    types = {t.get("name", ""): t for t in language.get("types") or []}
    names = [i["name"] for i in intents]
    for missing in [n for n in REQUIRED if n not in names]:
        yield f"intent {missing} is missing"
    for twice in sorted({n for n in names if names.count(n) > 1}):
        yield f"intent {twice} stands twice"
    if len(intents) > MOST_INTENTS:
        yield f"{len(intents)} intents, and Alexa takes {MOST_INTENTS}"
    seen: dict[str, str] = {}
    for intent in intents:
        yield from _intent_faults(intent, types, seen)
    for slot_type in types.values():
        yield from _type_faults(slot_type)


def manifest_faults(data: Any) -> Iterator[str]:
    """Faults of a skill manifest (parsed JSON), a line each."""
    shape = list(_schema_faults(data, _MANIFEST))
    yield from shape
    if shape:
        return
    publishing = data.get("manifest", {}).get("publishingInformation", {})
    locales = publishing.get("locales") or {}
    if not locales:
        yield "manifest.publishingInformation.locales is empty"
    for locale, entry in locales.items():
        where = f"locale {locale}"
        for key in ("summary", "description", "smallIconUri", "largeIconUri"):
            if not entry.get(key):
                yield f"{where}: {key} is missing"
        phrases = entry.get("examplePhrases") or []
        if not 1 <= len(phrases) <= 3:
            yield f"{where}: {len(phrases)} example phrases, and Alexa takes one to three"
        if phrases and not phrases[0].lower().startswith("alexa"):
            yield f"{where}: the first example phrase must begin with the wake word"
        if publishing.get("category") == "HEALTH_AND_FITNESS" and "doctor" not in entry.get("description", "").lower():
            yield f"{where}: a health skill's description must say that it is no substitute for a doctor"


def _invocation_faults(name: str) -> Iterator[str]:
    words = name.split()
    if name != name.lower():
        yield f"invocation name '{name}' must be lower case"
    if len(words) < 2:
        yield f"invocation name '{name}' needs two words or more"
    if not re.fullmatch(r"[a-z '.]+", name.lower()):
        yield f"invocation name '{name}' may have letters, spaces, apostrophes and periods only"
    for word in words:
        if word in LAUNCH_WORDS | CONNECTING_WORDS:
            yield f"invocation name '{name}' contains the launch or connecting word '{word}'"
        if word in WAKE_WORDS:
            yield f"invocation name '{name}' contains the wake word '{word}'"


def _intent_faults(
    intent: Mapping[str, Any], types: Mapping[str, Mapping[str, Any]], seen: dict[str, str]
) -> Iterator[str]:
    name = intent["name"]
    if not (_NAME.fullmatch(name) or _BUILT_IN.fullmatch(name)):
        yield f"intent {name}: names have letters and underscores only"
    slots: dict[str, str] = {}
    for slot in intent.get("slots") or []:
        slot_name, slot_type = slot.get("name", ""), slot.get("type", "")
        if not _NAME.fullmatch(slot_name):
            yield f"intent {name}: slot '{slot_name}': names have letters and underscores only"
        if slot_name in slots:
            yield f"intent {name}: slot {slot_name} stands twice"
        slots[slot_name] = slot_type
        if slot_type not in types and not slot_type.startswith("AMAZON."):
            yield f"intent {name}: slot {slot_name} has the type '{slot_type}', which is not defined"
    samples = intent.get("samples") or []
    if not samples and not name.startswith("AMAZON."):
        yield f"intent {name}: no sample utterances"
    for sample in samples:
        yield from _sample_faults(name, sample, slots)
        key = " ".join(sample.lower().split())
        if seen.setdefault(key, name) != name or samples.count(sample) > 1:
            yield f"intent {name}: sample '{sample}' stands also in {seen[key]}"


def _sample_faults(intent: str, sample: str, slots: Mapping[str, str]) -> Iterator[str]:
    where = f"intent {intent}: sample '{sample}'"
    if not sample.strip():
        yield f"intent {intent}: an empty sample"
        return
    if len(sample) > LONGEST_SAMPLE:
        yield f"{where} has more than {LONGEST_SAMPLE} characters"
    if not _SAMPLE.fullmatch(sample):
        yield f"{where}: letters, apostrophes, periods, hyphens, spaces and {{slots}} only"
    used = _SLOT.findall(sample)
    for slot in used:
        if slot not in slots:
            yield f"{where}: slot '{slot}' is not declared"
        if used.count(slot) > 1:
            yield f"{where}: slot '{slot}' stands twice"
    if any(slots.get(s) == "AMAZON.SearchQuery" for s in used) and not _SLOT.sub("", sample).strip():
        yield f"{where}: a search query needs words around it"


def _type_faults(slot_type: Mapping[str, Any]) -> Iterator[str]:
    name = slot_type.get("name", "")
    if not (_NAME.fullmatch(name) or _BUILT_IN.fullmatch(name)):
        yield f"type {name}: names have letters and underscores only"
    values = slot_type.get("values") or []
    if not values and not slot_type.get("valueSupplier"):
        yield f"type {name}: no values"
    ids: set[str] = set()
    spoken: dict[str, str] = {}
    for value in values:
        entry = value["name"]
        canonical = entry.get("value", "")
        if value.get("id"):
            if value["id"] in ids:
                yield f"type {name}: id '{value['id']}' stands twice"
            ids.add(value["id"])
        for form in (canonical, *(entry.get("synonyms") or ())):
            if not form.strip() or len(form) > LONGEST_VALUE:
                yield f"type {name}: '{form}' must have 1 to {LONGEST_VALUE} characters"
            elif not _VALUE.fullmatch(form):
                yield f"type {name}: '{form}' has characters that nobody speaks"
            other = spoken.setdefault(form.lower(), canonical)
            if other != canonical:
                yield f"type {name}: '{form}' means both '{other}' and '{canonical}'"


def _schema_faults(data: Any, root: str) -> Iterator[str]:
    """What Amazon's schema refuses, and keys that it does not know."""
    for error in sorted(_validator(root).iter_errors(data), key=lambda e: list(map(str, e.absolute_path))):
        where = ".".join(map(str, error.absolute_path)) or "the file"
        yield f"{where}: {' '.join(error.message.split())[:200]}"


@cache
def _validator(root: str) -> Any:
    # Only `charley model check` needs it, and it is slow to import.
    from jsonschema import Draft4Validator

    definitions = json.loads(_SCHEMA.read_text(encoding="utf-8"))["definitions"]
    for definition in definitions.values():
        # The published description leaves unknown keys open; the service does not take them.
        if "properties" in definition and "allOf" not in definition and "x-discriminator" not in definition:
            definition.setdefault("additionalProperties", False)
    return Draft4Validator({"$ref": f"#/definitions/{root}", "definitions": definitions})
