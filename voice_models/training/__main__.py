"""The recipe's command line: `python -m voice_models.training STEP`; every step can be stopped and run again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from voice_models.training.settings import RECIPES, Recipe
from voice_models.training.workplace import DEFAULT, Workplace, append_rows, progress, read_rows

TEXT = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Run:
    """What every step needs to know."""

    place: Workplace
    recipe: Recipe
    jobs: int


@click.group(help=__doc__)
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT, help="Intermediate files.")
@click.option("--recipe", "name", type=click.Choice(sorted(RECIPES)), default="full", show_default=True)
@click.option("--jobs", default=2, show_default=True, help="Processes for reading, aligning and features.")
@click.pass_context
def main(context: click.Context, work: Path, name: str, jobs: int) -> None:
    work.mkdir(parents=True, exist_ok=True)
    context.obj = Run(Workplace(work.resolve()), RECIPES[name], jobs)


@main.command()
@click.option("--text", "texts", type=TEXT, multiple=True, help="Running text, one sentence a line (repeatable).")
@click.option("--interaction-model", "models", type=TEXT, multiple=True, help="Alexa model to read from (repeatable).")
@click.pass_obj
def prompts(run: Run, texts: tuple[Path, ...], models: tuple[Path, ...]) -> None:
    """Collect what the voices will read."""
    from voice_models.training import lexicon
    from voice_models.training.prompts import collect

    known = lexicon.full_lexicon()
    common = [word for word in lexicon.common_words((10, 20)) if word in known]
    recipe = run.recipe
    found = collect(
        known, common, texts, models, requests=recipe.requests, lists=recipe.word_lists, seed=recipe.seed
    )
    run.place.prompts.write_text("\n".join(found) + "\n", encoding="utf-8")
    click.echo(f"{len(found)} prompts in {run.place.prompts}")


@main.command()
@click.pass_obj
def synthesise(run: Run) -> None:
    """Have the synthetic voices read the prompts."""
    from voice_models.training import synthesis, voices

    synthesis.require(("espeak-ng", "flite", "festival"))
    texts = run.place.prompts.read_text(encoding="utf-8").splitlines()
    variants = voices.prepare_espeak(run.place.root, run.recipe.invented_voices, run.recipe.seed)
    readings = voices.plan_readings(texts, run.recipe.readings, variants, run.recipe.seed)
    done = {row["name"] for row in read_rows(run.place.manifest)}
    todo = [each for each in readings if each.name not in done]
    made = synthesis.synthesise(todo, run.place.speech, run.place.root / "espeak-ng-data", run.jobs)
    with progress("reading aloud", len(synthesis.batches(todo))) as advance:
        for _ in append_rows(run.place.manifest, made):
            advance()
    rows = read_rows(run.place.manifest)
    click.echo(f"{len(rows)} of {len(readings)} readings, {sum(row['seconds'] for row in rows) / 3600:.2f} hours")


@main.command()
@click.pass_obj
def align(run: Run) -> None:
    """Find out when each phone was said."""
    from voice_models.training.alignment import align_all

    done = {row["name"] for row in read_rows(run.place.alignments)}
    todo = [row for row in read_rows(run.place.manifest) if row["name"] not in done]
    with progress("aligning", len(todo)) as advance:
        for _ in append_rows(run.place.alignments, ([row] for row in align_all(todo, run.jobs))):
            advance()
    rows = read_rows(run.place.alignments)
    good = sum(row["phones"] is not None for row in rows)
    click.echo(f"{good} of {len(rows)} readings aligned")


if __name__ == "__main__":
    main()
