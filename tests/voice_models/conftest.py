"""An archive in the shape of a voice model, and a server that offers it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from archive_server import ArchiveServer, zipped

from voice_models.catalogue import CatalogueEntry, Download

NAME = "small-model"


@pytest.fixture(scope="session")
def archive() -> bytes:
    """A ZIP archive of about 300 kB with the layout of a voice model."""
    noise = random.Random(0).randbytes(300_000)
    return zipped({f"{NAME}/am/final.mdl": noise, f"{NAME}/conf/model.conf": b"--beam=10\n"})


@pytest.fixture
def server(archive: bytes) -> Iterator[ArchiveServer]:
    """Offers the archive and behaves well until told otherwise."""
    with ArchiveServer(archive).running() as running:
        yield running


EntryFor = Callable[..., CatalogueEntry]


@pytest.fixture
def entry_for(server: ArchiveServer) -> EntryFor:
    """A catalogue entry for an archive on that server."""

    def make(archive: bytes, name: str = NAME, unpacked_size: int = 10_000_000) -> CatalogueEntry:
        digest = hashlib.sha256(archive).hexdigest()
        download = Download(f"{server.address}/{name}.zip", len(archive), digest, unpacked_size)
        return CatalogueEntry(name, "en", "CC0", "For tests.", download)

    return make


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    """Where models are installed."""
    return tmp_path / "models"
