"""Common values of Amazon's own list types, so that a bare "austin" or "a dog" is recognised."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads((Path(__file__).parent / "builtin_lists.json").read_text(encoding="utf-8"))
    return found


def common_values(slot_type: str) -> tuple[str, ...]:
    """Common values of a built-in list type, lower case; empty for every other type. Amazon's own lists are longer."""
    return tuple(_lists().get(slot_type, ())) if slot_type.startswith("AMAZON.") else ()
