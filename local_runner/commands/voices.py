"""``charley voices``: which voice models there are, and fetching them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from local_runner.errors import DownloadError, UsageError


@click.group()
def command() -> None:
    """Voice models: what can be heard with."""


_catalogue = click.option(
    "--catalogue",
    type=click.Path(path_type=Path),
    envvar="CHARLEY_VOICE_CATALOGUE",
    help="another catalogue (a YAML file like voice_models/catalogue.yaml)",
)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="one JSON object on standard output")
@_catalogue
def list_models(as_json: bool, catalogue: Path | None) -> None:
    """Models that are here, and models that can be fetched."""
    from voice_models.catalogue import read_catalogue
    from voice_models.errors import CatalogueError
    from voice_models.places import all_installed

    try:
        entries = read_catalogue(catalogue)
    except CatalogueError as error:
        raise UsageError(error.problem, error.mend) from error
    here = all_installed()
    used = _used()
    models = [
        {
            "name": name,
            "installed": str(here[name]) if name in here else None,
            "used": name in here and used == here[name],
            "language": entry.language if entry else None,
            "licence": entry.licence if entry else None,
            "about": entry.about if entry else None,
            "size": entry.download.size if entry and entry.download else None,
            "sha256": entry.download.sha256 if entry and entry.download else None,
            "address": entry.download.address if entry and entry.download else None,
        }
        for name in dict.fromkeys([*entries, *here])
        for entry in [entries.get(name)]
    ]
    if as_json:
        click.echo(json.dumps({"models": models}))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("name", "state", "download", "licence", "about"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("name", "state", "download"))
    for m in models:
        state = "in use" if m["used"] else "installed" if m["installed"] else "not here"
        size = m["size"]
        table.add_row(
            str(m["name"]),
            state,
            f"{size / 1e6:.0f} MB" if isinstance(size, int) else "",
            str(m["licence"] or ""),
            str(m["about"] or ""),
        )
    Console().print(table)


@command.command()
@click.argument("name")
@click.option(
    "--from", "source", metavar="URL", envvar="CHARLEY_VOICES_FROM", help="a mirror: the archive, or a folder/"
)
@click.option("--to", "destination", type=click.Path(path_type=Path, file_okay=False), help="folder to install it in")
@click.option("--json", "as_json", is_flag=True, help="one JSON object on standard output")
@_catalogue
def fetch(name: str, source: str | None, destination: Path | None, as_json: bool, catalogue: Path | None) -> None:
    """Download a model, check it, install it; an interrupted download goes on where it was."""
    from voice_models.catalogue import read_catalogue
    from voice_models.errors import CatalogueError, VoiceModelError
    from voice_models.fetching import fetch as fetch_model
    from voice_models.places import default_destination, installed

    try:
        entry = read_catalogue(catalogue).get(name)
        if entry is None:
            raise UsageError(f"there is no voice model {name!r}", "see `charley voices list`")
        there = installed(name) if destination is None else None
        if there is None:
            total = entry.download.size if entry.download else 0
            with _Bar(name, total) as progress:
                path = fetch_model(entry, destination or default_destination(), source=source, progress=progress.tell)
        else:
            path = there
    except CatalogueError as error:
        raise UsageError(error.problem, error.mend) from error
    except VoiceModelError as error:
        raise DownloadError(error.problem, error.mend) from error
    if as_json:
        click.echo(json.dumps({"name": name, "path": str(path), "fetched": there is None}))
    else:
        click.echo(f"{name} is in {path}" if there is None else f"{name} is already here, in {path}")


class _Bar:
    """A progress bar on standard error."""

    def __init__(self, name: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(name, total=total or None)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, done: int, total: int) -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done, total=total)


def _used() -> Path | None:
    """The model that is used where none is named."""
    from local_runner.errors import RecogniserError
    from local_runner.recognition.voice_model import default_voice_model

    try:
        return default_voice_model()
    except RecogniserError:
        return None
