"""The catalogue: voice models that ship with Charley, and those that can be fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from voice_models.errors import CatalogueError

_CATALOGUE = Path(__file__).parent / "catalogue.yaml"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SHA_256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Download:
    """An archive that can be fetched."""

    address: str
    """http or https."""
    size: int
    """Of the archive, in bytes."""
    sha256: str
    """Of the archive, in hexadecimal digits."""
    unpacked_size: int
    """Most that the archive may unpack to, in bytes."""

    @property
    def file_name(self) -> str:
        """The last part of the address."""
        return self.address.rpartition("/")[2]


@dataclass(frozen=True)
class CatalogueEntry:
    """One voice model."""

    name: str
    """Also the name of its folder."""
    language: str
    licence: str
    about: str
    """One sentence."""
    download: Download | None
    """None for a model that ships with Charley."""


def read_catalogue(path: Path | None = None) -> dict[str, CatalogueEntry]:
    """Name → entry, from a catalogue file (Charley's own if None).

    Raises:
        CatalogueError: the file cannot be read, or an entry is not right.
    """
    import yaml

    path = path or _CATALOGUE
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogueError(f"cannot read the catalogue {path}", "check that it is there and is YAML") from error
    if not isinstance(data, dict):
        raise CatalogueError(f"{path} is not a catalogue", "it needs one block for each model, under the model's name")
    return {str(name): _entry(str(name), block, path) for name, block in data.items()}


def _entry(name: str, block: object, path: Path) -> CatalogueEntry:
    mend = "compare it with voice_models/catalogue.yaml"
    if not _NAME.fullmatch(name) or not isinstance(block, dict):
        raise CatalogueError(f"{path} has an entry {name!r} that is none", mend)
    try:
        fetched = block.get("download")
        download = None
        if fetched is not None:
            download = Download(
                str(fetched["address"]), int(fetched["size"]), str(fetched["sha256"]), int(fetched["unpacked_size"])
            )
            if not download.address.startswith(("https://", "http://")) or not _SHA_256.fullmatch(download.sha256):
                raise ValueError("address or sha256")
        return CatalogueEntry(
            name, str(block["language"]), str(block["licence"]), " ".join(str(block["about"]).split()), download
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogueError(f"{path}: the entry {name} lacks something or has it wrong ({error})", mend) from error
