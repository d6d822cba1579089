"""The catalogue, and ``charley voices`` on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from archive_server import ArchiveServer

from voice_models.catalogue import CatalogueEntry, read_catalogue
from voice_models.errors import CatalogueError
from voice_models.places import FOLDER_VARIABLE, all_installed, default_destination, installed

Charley = Callable[..., Any]


def test_the_official_model_is_known_exactly() -> None:
    download = read_catalogue()["vosk-model-small-en-us-0.15"].download
    assert download is not None
    assert (download.size, download.sha256[:8], download.sha256[-8:]) == (41_205_931, "30f26242", "80942498")
    assert download.address.endswith("/vosk/models/vosk-model-small-en-us-0.15.zip")


def test_what_ships_is_there_and_in_the_catalogue() -> None:
    shipped = [e.name for e in read_catalogue().values() if e.download is None]
    assert shipped
    assert all(installed(name) for name in shipped)


BAD = {
    "no yaml": "{",
    "no catalogue": "- a\n- b\n",
    "bad name": "../x: {language: en, licence: x, about: y}",
    "no licence": "x: {language: en, about: y}",
    "bad checksum": "x: {language: en, licence: l, about: y, download: {address: 'http://x/y', size: 1, sha256: ab, "
    "unpacked_size: 2}}",
    "bad address": "x: {language: en, licence: l, about: y, download: {address: 'ftp://x/y', size: 1, sha256: "
    + "a" * 64
    + ", unpacked_size: 2}}",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_wrong_catalogue_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(text)
    with pytest.raises(CatalogueError):
        read_catalogue(file)


def test_models_are_found_in_the_chosen_folder_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("charley-en", "mine"):
        for part in ("am/final.mdl", "conf/model.conf"):
            (tmp_path / name / part).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / part).write_text("x")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert installed("mine") == tmp_path / "mine"
    assert all_installed()["charley-en"] == tmp_path / "charley-en"
    assert default_destination() == tmp_path


@pytest.mark.parametrize("name", ["", ".", "..", "../voice_models/charley-en", "/etc"])
def test_a_name_is_not_a_path(name: str) -> None:
    assert installed(name) is None


@pytest.fixture
def catalogue(tmp_path: Path, server: ArchiveServer, entry_for: Callable[..., CatalogueEntry], archive: bytes) -> Path:
    """A catalogue file with one model, on the server."""
    download = entry_for(archive).download
    assert download is not None
    fields = {k: getattr(download, k) for k in ("address", "size", "sha256", "unpacked_size")}
    file = tmp_path / "catalogue.yaml"
    file.write_text(
        json.dumps({"small-model": {"language": "en", "licence": "CC0", "about": "Test.", "download": fields}})
    )
    return file


def test_listing_and_fetching_from_the_command_line(
    charley: Charley, catalogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "here"))
    before = charley("voices", "list", "--json", "--catalogue", catalogue).object["models"]
    assert {m["name"]: m["installed"] for m in before}["small-model"] is None
    fetched = charley("voices", "fetch", "small-model", "--catalogue", catalogue, "--json")
    assert fetched.status == 0
    assert fetched.object == {"name": "small-model", "path": str(tmp_path / "here/small-model"), "fetched": True}
    again = charley("voices", "fetch", "small-model", "--catalogue", catalogue, "--json")
    assert again.object["fetched"] is False
    after = charley("voices", "list", "--json", "--catalogue", catalogue).object["models"]
    assert {m["name"]: m["installed"] for m in after}["small-model"] == str(tmp_path / "here/small-model")
    assert "small-model" in charley("voices", "list", "--catalogue", catalogue).out


def test_errors_are_one_line(charley: Charley, catalogue: Path, server: ArchiveServer, tmp_path: Path) -> None:
    unknown = charley("voices", "fetch", "nothing")
    assert unknown.status == 2
    assert unknown.err.count("\n") == 1
    server.status = 404
    failed = charley("voices", "fetch", "small-model", "--catalogue", catalogue, "--to", tmp_path / "x")
    assert failed.status == 1
    assert "the server says 404" in failed.err
    assert charley("voices", "list", "--catalogue", tmp_path / "none.yaml").status == 2
