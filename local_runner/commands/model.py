"""``charley model``: the Alexa interaction model and manifest, from the content."""

from __future__ import annotations

from pathlib import Path

import click

from local_runner.errors import Failure, InputError


@click.group()
def command() -> None:
    """Make the Alexa interaction model and manifest from the content, and check them."""


@command.command()
@click.option("--check", is_flag=True, help="write nothing; fail when a file is not in step with the content")
def build(check: bool) -> None:
    """Write the skill package from the content."""
    from skill.content_loader import load_content
    from skill.errors import SkillError
    from skill.interaction_model.build import SKILL, files

    try:
        made = files(load_content())
    except SkillError as error:
        raise InputError(str(error), "mend that line, then build again") from error
    stale = [p for p, text in made.items() if not _same(SKILL / p, text)]
    if check and stale:
        raise InputError(f"{', '.join(map(str, stale))} not in step with the content", "run: charley model build")
    for path in stale:
        (SKILL / path).parent.mkdir(parents=True, exist_ok=True)
        (SKILL / path).write_text(made[path], encoding="utf-8")
        click.echo(f"wrote {path}", err=True)
    if not stale:
        click.echo("everything is in step with the content", err=True)


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


@command.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Look for faults in interaction models and manifests (default: Charley's own package); a line each."""
    import json

    from skill.interaction_model.build import SKILL
    from skill.interaction_model.lint import manifest_faults, model_faults

    package = SKILL / "skill-package"
    chosen = files or (*sorted(package.glob("interactionModels/custom/*.json")), package / "skill.json")
    faults = 0
    for path in chosen:
        try:
            data = json.loads(path.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise InputError(f"cannot read {path} ({error})", "give a JSON file") from error
        find = manifest_faults if isinstance(data, dict) and "manifest" in data else model_faults
        for fault in find(data):
            click.echo(f"{path.name}: {fault}")
            faults += 1
    if faults:
        raise Failure(f"{faults} fault{'s' if faults > 1 else ''} found", "mend them, then check again")
    click.echo(f"{len(chosen)} files without a fault", err=True)
