"""The SNIPS custom-intent benchmark of June 2017 (Coucke et al., arXiv 1805.10190): slots of seven intents.

As that benchmark does, each intent is trained and tested by itself. The first queries of its training file become the
samples of a skill with that one intent; a slot type's values are those that occur in these queries, and no others. A
slot is right if its name and its whole value are, letters and digits compared without case or punctuation.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from local_runner.interaction_model import Intent, InteractionModel, Slot, SlotType, SlotValue
from local_runner.understanding import Understander
from local_runner.understanding.words import tokens


def run(data: Path, queries: int = 70) -> dict[str, Any]:
    """Slot F1 of each intent, and their means.

    Returns:
        ``f1``: the mean over intents of the mean over an intent's slots of F1, one that never was right counting 0 (as
        the published figures are averaged in docs/understanding.md); ``f1_pooled``: the mean over intents of F1 over
        all its slots together; ``engine_f1``: ``f1`` where the engine may also reject the utterance, which then has
        no slots.
    """
    intents = {}
    for folder in sorted(p for p in (data / "snips").iterdir() if p.is_dir()):
        intents[folder.name] = _intent(folder, queries)
    summary: dict[str, Any] = {
        key: round(sum(i[key] for i in intents.values()) / len(intents), 4) for key in ("f1", "f1_pooled", "engine_f1")
    }
    return {"queries": queries, **summary, "intents": intents}


def _intent(folder: Path, queries: int) -> dict[str, float]:
    name = folder.name
    understander = None
    with tempfile.TemporaryDirectory() as cache:
        understander = Understander.load(_model(name, _read(folder, "train")[:queries]), Path(cache))
    wanted, found, found_by_engine = [], [], []
    for query in _read(folder, "validate"):
        text = "".join(part["text"] for part in query)
        wanted.append({(p["entity"], _spelled(p["text"])) for p in query if p.get("entity")})
        slots = understander.slots_of(name, text)
        found.append({(s.name, _spelled(s.value)) for s in slots.values()})
        found_by_engine.append(found[-1] if understander.understand(text).intent == name else set())
    return {
        "f1": round(_mean_f1(wanted, found), 4),
        "f1_pooled": round(_pooled_f1(wanted, found), 4),
        "engine_f1": round(_mean_f1(wanted, found_by_engine), 4),
    }


def _read(folder: Path, split: str) -> list[list[dict[str, str]]]:
    raw = (folder / f"{split}_{folder.name}.json").read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return [query["data"] for query in json.loads(text)[folder.name]]


def _model(name: str, queries: list[list[dict[str, str]]]) -> InteractionModel:
    values: dict[str, dict[str, None]] = {}
    samples = []
    for query in queries:
        sample = ""
        for part in query:
            if entity := part.get("entity"):
                values.setdefault(entity, {})[part["text"].strip()] = None
                sample += f" {{{entity}}} "
            else:
                sample += part["text"]
        samples.append(" ".join(sample.split()))
    types = tuple(SlotType(slot, tuple(SlotValue(v) for v in known)) for slot, known in values.items())
    intent = Intent(name, tuple(Slot(slot, slot) for slot in values), tuple(samples))
    return InteractionModel("snips benchmark", (intent,), types)


def _spelled(text: str) -> str:
    return " ".join(tokens(text))


Slots = list[set[tuple[str, str]]]


def _counts(wanted: Slots, found: Slots) -> tuple[Counter[str], Counter[str], Counter[str]]:
    right: Counter[str] = Counter()
    for w, f in zip(wanted, found, strict=True):
        right.update(slot for slot, _ in w & f)
    return right, Counter(s for f in found for s, _ in f), Counter(s for w in wanted for s, _ in w)


def _mean_f1(wanted: Slots, found: Slots) -> float:
    right, given, due = _counts(wanted, found)
    return sum(2 * right[slot] / (given[slot] + due[slot]) for slot in due) / len(due)


def _pooled_f1(wanted: Slots, found: Slots) -> float:
    right, given, due = (sum(c.values()) for c in _counts(wanted, found))
    return 2 * right / (given + due)
