"""The cache of trained models: keyed by the interaction model, rebuilt when damaged, safe with several writers."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_cache_path

_ROOM = Path(__file__).parent


@lru_cache(maxsize=1)
def engine_version() -> str:
    """Changes with anything that what is trained depends on: the code and data of this room, and the encoder."""
    digest = hashlib.sha256()
    for path in sorted(p for p in _ROOM.iterdir() if p.suffix in (".py", ".txt", ".json")):
        digest.update(path.read_bytes())
    for path in sorted(p for p in (_ROOM / "encoder").iterdir() if p.suffix in (".onnx", ".npy", ".npz")):
        digest.update(f"{path.name} {path.stat().st_size}".encode())
    return digest.hexdigest()[:12]


def default_cache() -> Path:
    """Where trained models are kept for this user."""
    return user_cache_path("charley")


def path_for(cache: Path, fingerprint: str) -> Path:
    """The file of one interaction model."""
    return cache / "understanding" / f"{fingerprint[:32]}-{engine_version()}.npz"


def read(path: Path) -> dict[str, Any] | None:
    """The arrays of a file, or None if it is missing or damaged."""
    try:
        # Opened here: numpy leaves a file open when it turns out not to be an archive.
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def write(path: Path, arrays: dict[str, Any]) -> bool:
    """Store arrays so that a reader sees the whole file or none; False where the directory cannot be written."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=".part")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        return False
    return True
