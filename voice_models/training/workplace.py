"""Where a run keeps its intermediate files, and the small habits that make every step resumable."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT = Path(__file__).parent / "work"
"""Ignored by git."""


@dataclass(frozen=True)
class Workplace:
    """The files of one training run below one folder."""

    root: Path
    """Any folder with room for a few gigabytes."""

    @property
    def prompts(self) -> Path:
        """What is read, one a line."""
        return self.root / "prompts.txt"

    @property
    def speech(self) -> Path:
        """The readings, FLAC."""
        return self.root / "speech"

    @property
    def manifest(self) -> Path:
        """JSON lines: what was read by whom, and where it lies."""
        return self.root / "manifest.jsonl"

    @property
    def alignments(self) -> Path:
        """JSON lines: the manifest's rows with their phones; rows with `phones: null` could not be aligned."""
        return self.root / "alignments.jsonl"

    @property
    def realignments(self) -> Path:
        """The same from the recipe's own network; preferred to `alignments` once it exists."""
        return self.root / "realignments.jsonl"

    @property
    def features(self) -> Path:
        """Shards of features and labels, `.npz`."""
        return self.root / "features"

    @property
    def rooms(self) -> Path:
        """Room impulse responses, `.npz`."""
        return self.root / "rooms.npz"

    @property
    def noises(self) -> Path:
        """Features of made noises, `.npz`."""
        return self.root / "noises.npz"

    @property
    def checkpoints(self) -> Path:
        """The network after every few minutes of training."""
        return self.root / "checkpoints"

    @property
    def model(self) -> Path:
        """The finished Vosk model directory."""
        return self.root / "model"


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Rows of a JSON-lines file; none if it does not exist. A half-written last line is left out."""
    rows: list[dict[str, Any]] = []
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return rows


def append_rows(path: Path, batches: Iterable[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    """Write batches of rows as they come, and hand each on (so that progress can be shown)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.read_bytes().endswith(b"\n"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")  # an earlier run was cut off in the middle of a line
    with path.open("a", encoding="utf-8") as file:
        for rows in batches:
            file.writelines(json.dumps(row) + "\n" for row in rows)
            file.flush()
            yield rows


@contextmanager
def progress(what: str, total: float) -> Iterator[Any]:
    """A progress bar on standard error; yields a function that advances it by a number of steps."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps=1: bar.advance(task, steps)
