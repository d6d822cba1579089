"""``charley understand``: text to intent and slots, one utterance a line, or a score over a labelled file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

DEFAULT_MODEL = Path(__file__).parents[2] / "skill/skill-package/interactionModels/custom/en-US.json"
"""Charley's own interaction model."""


@click.command()
@click.option(
    "--interaction-model",
    "model_path",
    type=click.Path(dir_okay=False, path_type=Path),
    default=DEFAULT_MODEL,
    help="Alexa interaction model (JSON); default: Charley's own.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, and nothing else, on standard output.")
@click.option("--expected", multiple=True, metavar="INTENT", help="Intent that the session makes likely (repeatable).")
@click.option(
    "--labels",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Score a labelled file (JSON or JSON lines with text, intent, slots) instead of reading standard input.",
)
def command(model_path: Path, as_json: bool, expected: tuple[str, ...], labels: Path | None) -> None:
    """Text on standard input, one utterance a line, to intent, slots and score, or why it was rejected."""
    from local_runner.interaction_model import InteractionModel
    from local_runner.understanding import Understander

    model = InteractionModel.load(model_path)
    understander = Understander.load(model)
    if labels is not None:
        from local_runner.understanding.scoring import evaluate, read_labels

        report = evaluate(understander, read_labels(labels))
        click.echo(_dump(report.as_dict()) if as_json else report.as_text())
        return
    for line in sys.stdin:
        text = line.strip()
        understanding = understander.understand(text, expected)
        if as_json:
            click.echo(_dump(as_dict(understanding)))
            continue
        slots = " ".join(f"{s.name}={s.resolved or s.value!r}" for s in understanding.slots.values())
        why = f"  ({understanding.rejected}; best guess {understanding.best_guess})" if understanding.rejected else ""
        click.echo(f"{understanding.score:.2f}  {understanding.intent}  {slots}{why}".rstrip())


def as_dict(understanding: Any) -> dict[str, Any]:
    """An understanding as JSON."""
    return {
        "heard": understanding.heard,
        "intent": understanding.intent,
        "slots": {
            s.name: {"value": s.value, "resolved": s.resolved, "id": s.id, "type": s.type}
            for s in understanding.slots.values()
        },
        "score": round(understanding.score, 4),
        "rejected": understanding.rejected,
        "best_guess": understanding.best_guess,
    }


def _dump(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
