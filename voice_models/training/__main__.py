"""The recipe's command line: `python -m voice_models.training STEP`; every step can be stopped and run again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import click

from voice_models.training.settings import RECIPES, Recipe
from voice_models.training.workplace import DEFAULT, Workplace, append_rows, progress, read_rows

COMMON = 12_000
"""Words for the word lists."""

TEXT = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


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
    common = lexicon.common_words(known, COMMON)
    recipe = run.recipe
    found = collect(known, common, texts, models, requests=recipe.requests, lists=recipe.word_lists, seed=recipe.seed)
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
    """Find out when each phone was said in the first readings, with PocketSphinx."""
    from voice_models.training.alignment import align_all

    place = run.place
    rows = read_rows(place.manifest)
    random.Random(run.recipe.seed).shuffle(rows)  # noqa: S311 (a run cut short is still balanced)
    done = {row["name"] for row in read_rows(place.alignments)}
    todo = [row for row in rows[: run.recipe.bootstrap_readings] if row["name"] not in done]
    with progress("aligning", len(todo)) as advance:
        for _ in append_rows(place.alignments, ([row] for row in align_all(todo, run.jobs))):
            advance()
    report_alignments(place.alignments)


@main.command()
@click.pass_obj
def realign(run: Run) -> None:
    """Align all readings anew with the network of the bootstrap stage."""
    from voice_models.training.realignment import realign_all

    place = run.place
    done = {row["name"] for row in read_rows(place.realignments)}
    todo = [row for row in read_rows(place.manifest) if row["name"] not in done]
    random.Random(run.recipe.seed).shuffle(todo)  # noqa: S311
    made = realign_all(todo, place.checkpoints / "bootstrap.pt", run.jobs)
    with progress("aligning anew", len(todo)) as advance:
        for _ in append_rows(place.realignments, ([row] for row in made)):
            advance()
    report_alignments(place.realignments)


def report_alignments(path: Path) -> None:
    """Say how many readings fitted their text."""
    rows = read_rows(path)
    good = sum(row["phones"] is not None for row in rows)
    click.echo(f"{good} of {len(rows)} readings aligned")


@main.command()
@click.pass_obj
def features(run: Run) -> None:
    """Simulate rooms, make noises, and turn the readings into features."""
    from voice_models.training import dataset

    place, recipe = run.place, run.recipe
    place.features.mkdir(exist_ok=True)
    source = place.realignments if place.realignments.exists() else place.alignments
    rows = [row for row in read_rows(source) if row["phones"]]
    if not place.rooms.exists():
        with progress("building rooms", recipe.rooms) as advance:
            for _ in dataset.make_rooms(place.rooms, recipe.seed, run.jobs, recipe.rooms):
                advance()
    if not place.noises.exists():
        voices = [row for row in rows if not dataset.is_development(row, recipe)]
        with progress("making noises", recipe.noises) as advance:
            for _ in dataset.make_noises(place.noises, voices, recipe.seed, run.jobs, recipe.noises):
                advance()
    shards = dataset.plan_shards(rows, place.features, recipe)
    todo = [shard for shard in shards if not shard.path.exists()]
    with progress("features", len(todo)) as advance:
        for _ in dataset.make_shards(todo, place.rooms, run.jobs):
            advance()
    wanted = {shard.path for shard in shards}
    for stale in set(place.features.glob("*.npz")) - wanted:
        stale.unlink()  # made from readings that have since changed
    click.echo(f"{len(shards)} shards of features in {place.features}")


@main.command()
@click.argument("stage", type=click.Choice(["bootstrap", "cross-entropy", "sequence"]))
@click.option("--minutes", type=float, help="A time limit in place of the recipe's steps.")
@click.pass_obj
def train(run: Run, stage: str, minutes: float | None) -> None:
    """Train one stage of the network, or go on with it where an earlier run stopped."""
    import dataclasses

    import torch

    from voice_models.training import dataset, trainer
    from voice_models.training.network import Shape

    torch.set_num_threads(1)  # two threads are slower on two busy cores
    recipe, place = run.recipe, run.place
    parts = {
        part: [copy for path in sorted(place.features.glob(f"{part}-*.npz")) for copy in dataset.read_copies(path)]
        for part in ("train", "dev")
    }
    hours = sum(len(copy.features) for copy in parts["train"]) / 360_000
    click.echo(f"{len(parts['train'])} copies, {hours:.1f} hours; {len(parts['dev'])} for development", err=True)
    noises = dataset.read_arrays(place.noises)
    shape = Shape(recipe.width, recipe.bottleneck)
    work = trainer.Trainer(shape, parts["train"], parts["dev"], noises, place.checkpoints, recipe.seed)
    chosen = dataclasses.replace(trainer.STAGES[stage], steps=max(1, recipe.steps[stage]), minutes=minutes)
    with progress(stage, 1.0) as advance:
        work.run(chosen, lambda line: click.echo(line, err=True), advance)


@main.command()
@click.option("--stage", type=click.Choice(["bootstrap", "cross-entropy", "sequence"]), default="sequence")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Default: `model` in the work folder.")
@click.option(
    "--interaction-model", "models", type=TEXT, multiple=True, help="Its words are in the graph (repeatable)."
)
@click.option("--bits", type=click.Choice(["8", "16", "32"]), default="8", show_default=True)
@click.pass_obj
def export(run: Run, stage: str, out: Path | None, models: tuple[Path, ...], bits: str) -> None:
    """Write the trained network as a Vosk model directory."""
    from voice_models.training import lexicon, model_directory, synthesis
    from voice_models.training.export import network_nodes, read_checkpoint
    from voice_models.training.prompts import model_samples
    from voice_models.training.pronouncing import pronounce

    synthesis.require(("fstcompile",))
    folder = out or run.place.model
    saved = read_checkpoint(run.place.checkpoints / f"{stage}.pt")
    head = "sequence" if stage == "sequence" else "frames"
    full = lexicon.full_lexicon()
    rng = random.Random(run.recipe.seed)  # noqa: S311
    others = {word for path in models for text in model_samples(path, rng, 20_000) for word in text.split()}
    strangers = pronounce(word for word in others if word not in full)
    full.update(strangers)
    click.echo(f"{len(strangers)} words are pronounced as espeak-ng reads them", err=True)
    words = model_directory.vocabulary(full, run.recipe.vocabulary, others)
    decoding = model_directory.Decoding() if head == "sequence" else model_directory.Decoding(acoustic_scale=0.3)
    model_directory.write_model(folder, network_nodes(saved, head), words, full, decoding, int(bits))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    click.echo(f"{folder}: {len(words)} words, {size / 1e6:.2f} MB")


@main.command()
@click.option("--model", type=FOLDER, help="Default: `model` in the work folder.")
@click.option(
    "--speech", type=click.Path(exists=True, path_type=Path), required=True, help="Recordings and labels.json."
)
@click.option("--noise", type=TEXT, help="A recording of noise.")
@click.option("--snr", "snrs", type=float, multiple=True, help="Signal-to-noise ratios in dB (repeatable).")
@click.option("--limit", type=int, help="Only the first so many recordings.")
@click.option("--set", "settings", multiple=True, help="NAME=VALUE for conf/model.conf (repeatable).")
@click.option("--json", "report", type=click.Path(dir_okay=False, path_type=Path), help="Write the results here too.")
@click.pass_obj
def evaluate(
    run: Run,
    model: Path | None,
    speech: Path,
    noise: Path | None,
    snrs: tuple[float, ...],
    limit: int | None,
    settings: tuple[str, ...],
    report: Path | None,
) -> None:
    """Measure a model on recorded orders with a trigram of their interaction model."""
    import tempfile

    from voice_models.training import evaluation

    overrides = dict(setting.split("=", 1) for setting in settings)
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "model"
        evaluation.with_graph(model or run.place.model, speech / "interaction_model.json", folder, overrides)
        ear = evaluation.Ear(folder)
        for result, _ in evaluation.measure(ear, speech, noise, snrs or (24, 21, 18, 15, 12, 9, 6), limit):
            results.append(result)
            click.echo(
                f"{result.condition:>6}: {result.right}/{result.total} = {result.right / result.total:.1%},"
                f" slots {result.slots_right}/{result.slots}, RTF {result.real_time_factor:.3f}"
            )
    noisy = [result.right / result.total for result in results if result.condition != "clean"]
    if noisy:
        click.echo(f"  mean in noise: {sum(noisy) / len(noisy):.1%}")
    if report:
        report.write_text(evaluation.as_json(results), encoding="utf-8")


@main.command()
@click.pass_obj
def check(run: Run) -> None:
    """Have the finished model listen to voices that it was never trained on; ends with 'N passed, N failed'."""
    import shutil
    import tempfile

    from voice_models.training.checks import run_checks
    from voice_models.training.settings import is_held_out

    rows = [row for row in read_rows(run.place.realignments) if row["phones"]]
    held_out = [row for row in rows if is_held_out(f"{row['engine']}:{row['voice']}", run.recipe)]
    sentences = run.place.prompts.read_text(encoding="utf-8").splitlines()
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model"
        shutil.copytree(run.place.model, model)
        for result in run_checks(model, held_out, sentences):
            results.append(result.passed)
            click.echo(f"{'ok  ' if result.passed else 'FAIL'} {result.name}: {result.detail}")
    click.echo(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    raise SystemExit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
