"""The content as one JSON file, without the sample utterances: what the skill reads when it runs.

Reading and checking the YAML takes a few tenths of a second, which a Lambda function would pay at every cold start and
a person in pain at every question. So `charley model build` checks the YAML and writes this file beside the interaction
model; a test proves that they are in step.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from skill.content_types import (
    Answer,
    Content,
    Danger,
    Movement,
    Question,
    RoutineStep,
    Source,
    Utterances,
)
from skill.errors import ContentError

COMPILED = Path(__file__).parent / "content.json"
"""The file that ships."""


def compile_content(content: Content) -> str:
    """The content as the text of the compiled file."""
    data = {
        "sources": {k: asdict(s) for k, s in content.sources.items()},
        "questions": [
            {
                "id": q.id,
                "utterances": _intent(q.utterances),
                "answers": [_plain(asdict(a)) for a in q.answers],
            }
            for q in content.questions
        ],
        "dangers": [
            _plain(asdict(d)) | {"utterances": _intent(d.utterances) if d.utterances else None} for d in content.dangers
        ],
        "signs_intents": [_intent(u) for u in content.signs_intents],
        "conversation": [_intent(u) for u in content.conversation],
        "movements": [_plain(asdict(m)) for m in content.movements],
        "routine": [asdict(s) for s in content.routine],
        "routine_sources": list(content.routine_sources),
        "phrases": dict(content.phrases),
    }
    return json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


@cache
def compiled_content(path: Path = COMPILED) -> Content:
    """The content from the compiled file; sample utterances and slot types are left out.

    Raises:
        ContentError: the file is missing or is not what `compile_content` writes.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Content(
            sources={k: Source(**s) for k, s in data["sources"].items()},
            slot_types={},
            questions=tuple(
                Question(
                    q["id"],
                    _utterances(q["utterances"]),
                    tuple(Answer(**_tuples(a) | {"when": _sets(a["when"])}) for a in q["answers"]),
                )
                for q in data["questions"]
            ),
            dangers=tuple(
                Danger(
                    **_tuples(d)
                    | {
                        "utterances": _utterances(d["utterances"]) if d["utterances"] else None,
                        "when": tuple(frozenset(group) for group in d["when"]),
                    }
                )
                for d in data["dangers"]
            ),
            signs_intents=tuple(_utterances(u) for u in data["signs_intents"]),
            conversation=tuple(_utterances(u) for u in data["conversation"]),
            movements=tuple(
                Movement(**_tuples(m) | {k: frozenset(m[k]) for k in ("suits", "avoid", "spoken")})
                for m in data["movements"]
            ),
            routine=tuple(RoutineStep(**s) for s in data["routine"]),
            routine_sources=tuple(data["routine_sources"]),
            phrases=data["phrases"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ContentError(
            path.name, 1, f"cannot be used ({type(error).__name__}: {error}); run: charley model build"
        ) from error


def _intent(utterances: Utterances) -> dict[str, Any]:
    return {"intent": utterances.intent, "topic": utterances.topic, "slots": dict(utterances.slots)}


def _utterances(data: Mapping[str, Any]) -> Utterances:
    return Utterances(data["intent"], data["topic"], data["slots"], ())


def _plain(value: Any) -> Any:
    """Sets and tuples as lists, sets in a stable order."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]
    return value


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}


def _sets(data: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {k: frozenset(v) for k, v in data.items()}
