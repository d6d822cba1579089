"""Where voice models are kept on this machine."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER_VARIABLE = "CHARLEY_VOICE_MODELS"
"""Environment variable: a folder to look in first, and to fetch into."""
_HERE = Path(__file__).parent


def folders() -> tuple[Path, ...]:
    """Folders that may hold voice models, in the order in which they are searched; not all exist.

    The folder that ``CHARLEY_VOICE_MODELS`` names; what was fetched in this checkout; what was fetched by this user;
    what ships with Charley.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    return (*([Path(chosen)] if chosen else []), _HERE / "downloads", _user_folder(), _HERE)


def default_destination() -> Path:
    """Where a fetched model goes: the chosen folder, ``voice_models/downloads`` in a checkout, or the user's data."""
    if chosen := os.environ.get(FOLDER_VARIABLE):
        return Path(chosen)
    if (_HERE.parent / "pyproject.toml").is_file() and os.access(_HERE, os.W_OK):
        return _HERE / "downloads"
    return _user_folder()


def is_model(path: Path) -> bool:
    """Whether a folder looks like a voice model."""
    return (path / "am/final.mdl").is_file() and (path / "conf/model.conf").is_file()


def installed(name: str) -> Path | None:
    """The folder of an installed model of that name, or None."""
    if name != Path(name).name or name in ("", ".", ".."):
        return None
    return next((folder / name for folder in folders() if is_model(folder / name)), None)


def all_installed() -> dict[str, Path]:
    """Name → folder of every installed model; a name that is there twice counts where it is found first."""
    found: dict[str, Path] = {}
    for folder in folders():
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if not path.name.startswith(".") and is_model(path):
                    found.setdefault(path.name, path)
    return found


def _user_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("charley")) / "voice_models"
