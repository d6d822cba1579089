"""``python -m local_runner.understanding.benchmarks``: the figures of docs/understanding.md."""

from __future__ import annotations

import json
from pathlib import Path

import click

_DATA = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="Folder with clinc150.json and snips/INTENT/.",
)
_MODEL = click.option(
    "--interaction-model", "model", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)


@click.group()
def benchmarks() -> None:
    """Measure understanding; one JSON object on standard output, progress on standard error."""


@benchmarks.command()
@_DATA
@click.option("--seeds", default=5, show_default=True, help="Draws of intents and lines.")
@click.option("--own-background", is_flag=True, help="Without the 240 background lines of the protocol.")
def clinc(data: Path, seeds: int, own_background: bool) -> None:
    """Intents and rejection: 15 of CLINC150's intents, 20 samples each."""
    from local_runner.understanding.benchmarks.clinc import run

    click.echo(json.dumps(run(data, range(seeds), not own_background), indent=1))


@benchmarks.command()
@_DATA
@click.option("--queries", default=70, show_default=True, help="Training queries an intent, from the first on.")
def snips(data: Path, queries: int) -> None:
    """Slots without given lists: the SNIPS custom-intent benchmark of June 2017."""
    from local_runner.understanding.benchmarks.snips import run

    click.echo(json.dumps(run(data, queries), indent=1))


@benchmarks.command()
@_MODEL
@click.option("--times", default=1, show_default=True, help="Multiply the model's samples (with made-up words added).")
def speed(model: Path, times: int) -> None:
    """Time to train, and to understand one utterance that is no sample."""
    from local_runner.understanding.benchmarks.speed import speed_of

    click.echo(json.dumps(speed_of(model, times), indent=1))


@benchmarks.command()
@_MODEL
def startup(model: Path) -> None:
    """Time and memory from a fresh Python to the first answer, with a cached model."""
    from local_runner.understanding.benchmarks.speed import startup_of

    click.echo(json.dumps(startup_of(model), indent=1))


if __name__ == "__main__":
    benchmarks()
