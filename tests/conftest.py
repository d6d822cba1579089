"""What every test may need: caches of its own, recordings of real people where they are at hand, the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def speech_recordings() -> Path:
    """Recordings of real people, which are not part of the repository."""
    path = os.environ.get("CHARLEY_SPEECH")
    if not path or not Path(path).is_dir():
        pytest.skip("CHARLEY_SPEECH does not name a folder with real recordings")
    return Path(path)


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output as JSON objects, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def object(self) -> dict[str, Any]:
        """Standard output as the one JSON object it should be."""
        (only,) = self.objects
        return only


Charley = Callable[..., Ran]


@pytest.fixture(scope="session")
def charley() -> Charley:
    """Runs ``charley`` as a process of its own, as people do (and with the cache that script/setup has filled)."""

    def run(*arguments: str | Path, stdin: str | None = None, cwd: Path | None = None, timeout: float = 120) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "local_runner.cli", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=cwd or ROOT,
            timeout=timeout,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
