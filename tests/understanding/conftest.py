"""A small skill about a garden: enough intents, slots and denials to try every step on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local_runner.interaction_model import InteractionModel
from local_runner.understanding import Understander


def _type(name: str, *values: tuple[str, str | None, tuple[str, ...]]) -> dict[str, Any]:
    return {"name": name, "values": [{"id": i, "name": {"value": v, "synonyms": list(s)}} for v, i, s in values]}


def _intent(name: str, slots: dict[str, str] | None = None, *samples: str) -> dict[str, Any]:
    return {
        "name": name,
        "slots": [{"name": n, "type": t} for n, t in (slots or {}).items()],
        "samples": list(samples),
    }


def garden() -> dict[str, Any]:
    """The model as JSON."""
    intents = [
        _intent(
            "WaterIntent",
            {"Plant": "Plant", "Time": "AMAZON.DURATION"},
            "water the {Plant}",
            "please water my {Plant}",
            "give the {Plant} some water",
            "the {Plant} needs water",
            "my {Plant} is thirsty",
            "water the {Plant} for {Time}",
            "sprinkle the {Plant} for {Time}",
            "the soil of the {Plant} is dry",
        ),
        _intent(
            "WiltingIntent",
            {"Plant": "Plant"},
            "my {Plant} is wilting",
            "the {Plant} is dying",
            "the leaves of my {Plant} are yellow",
            "the {Plant} has gone brown",
            "my {Plant} looks sick",
            "there are holes in the leaves",
            "it is wilting",
        ),
        _intent(
            "NotGrowingIntent",
            {"Plant": "Plant"},
            "my {Plant} won't grow",
            "the {Plant} isn't growing",
            "nothing grows here",
            "the seeds didn't come up",
            "i can't see any shoots",
        ),
        _intent("PlantNameIntent", {"Plant": "Plant"}, "{Plant}", "the {Plant}"),
        _intent(
            "WhenToPlantIntent",
            {"Plant": "Plant", "Day": "AMAZON.DATE"},
            "when do i plant {Plant}",
            "what month should the {Plant} go in",
            "is it too late to sow {Plant}",
            "can i plant {Plant} {Day}",
            "when is planting time",
        ),
        _intent(
            "NoteIntent",
            {"Text": "AMAZON.SearchQuery"},
            "make a note that {Text}",
            "write down {Text}",
            "note that {Text}",
            "remember that {Text}",
        ),
        _intent("CountIntent", {"Number": "AMAZON.NUMBER"}, "i have {Number} trees", "there are {Number} of them"),
        *({"name": f"AMAZON.{n}Intent", "samples": []} for n in ("Help", "Stop", "Cancel", "Yes", "No", "Repeat")),
        {"name": "AMAZON.FallbackIntent", "samples": ["what is the plant manager called", "plant a kiss on me"]},
    ]
    types = [
        _type(
            "Plant",
            ("tomatoes", "tomato", ("tomato", "cherry tomatoes")),
            ("roses", "rose", ("rose bush", "rose")),
            ("apple tree", "apple", ("apple", "apples")),
            ("lawn", "lawn", ("grass", "turf")),
        )
    ]
    return {
        "interactionModel": {"languageModel": {"invocationName": "garden helper", "intents": intents, "types": types}}
    }


@pytest.fixture(scope="session")
def garden_model() -> InteractionModel:
    """The small skill."""
    return InteractionModel.parse(garden())


@pytest.fixture(scope="session")
def gardener(garden_model: InteractionModel, tmp_path_factory: pytest.TempPathFactory) -> Understander:
    """An understander of the small skill, trained once for all tests."""
    return Understander.load(garden_model, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def garden_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small skill as a file."""
    import json

    path = tmp_path_factory.mktemp("model") / "garden.json"
    path.write_text(json.dumps(garden()), encoding="utf-8")
    return path
