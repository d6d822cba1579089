"""Runs the real listener over a recorded night, and reads what happened in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Spoken = Callable[..., Path]

_HERE = Path(__file__).parent
SMALL_SKILL = ("--skill", f"{_HERE / 'hold_skill.py'}:handler", "--interaction-model", str(_HERE / "hold_model.json"))
"""A skill that is quickly understood, so that these tests are about listening."""


def run_listener(*arguments: str, timeout: float = 120, environment: dict[str, str] | None = None) -> str:
    command = [sys.executable, "-m", "local_runner.cli", "listen", *arguments]
    variables = {**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stderr
    return done.stderr


def events_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
