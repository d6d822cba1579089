"""Fetching a voice model from a real server on this machine: whole, cut, resumed, tampered with, hostile."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from archive_server import ArchiveServer, zipped

from voice_models import fetching
from voice_models.catalogue import CatalogueEntry
from voice_models.errors import FetchError, UnpackError
from voice_models.fetching import fetch

EntryFor = Callable[..., CatalogueEntry]


def everything_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir()) if folder.exists() else []


def from_byte(wanted: str | None) -> int:
    assert wanted is not None
    return int(wanted.removeprefix("bytes=").removesuffix("-"))


def test_a_whole_download_is_installed(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    told: list[tuple[int, int]] = []
    path = fetch(entry_for(archive), destination, progress=lambda done, total: told.append((done, total)))
    assert everything_in(destination) == ["small-model/am/final.mdl", "small-model/conf/model.conf"]
    assert path == destination / "small-model"
    assert (path / "am/final.mdl").stat().st_size == 300_000
    assert told[-1] == (len(archive), len(archive))
    assert not (destination / ".fetching").exists()


def test_an_installed_model_is_not_downloaded_again(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    fetch(entry_for(archive), destination)
    fetch(entry_for(archive), destination)
    assert len(server.asked) == 1


def test_a_broken_connection_is_taken_up_again(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    server.cut_after, server.cuts = 100_000, 2
    fetch(entry_for(archive), destination, pause=0)
    first, second, third = server.asked
    assert first is None
    assert 90_000 < from_byte(second) <= 100_000
    assert 180_000 < from_byte(third) <= 200_000
    assert "small-model/am/final.mdl" in everything_in(destination)


def test_a_later_call_goes_on_where_the_first_was_interrupted(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    server.cut_after = 50_000
    with pytest.raises(FetchError, match=r"1[234]\d,\d+ of .* bytes are here"):
        fetch(entry_for(archive), destination, pause=0)
    assert everything_in(destination) == [".fetching/small-model.part"]
    server.cut_after = None
    fetch(entry_for(archive), destination)
    assert 120_000 < from_byte(server.asked[-1]) <= 150_000
    assert everything_in(destination) == ["small-model/am/final.mdl", "small-model/conf/model.conf"]


def test_an_interruption_by_hand_keeps_what_is_there(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    def stop_after_half(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(entry_for(archive), destination, progress=stop_after_half)
    (kept,) = (destination / ".fetching").iterdir()
    begun = kept.stat().st_size
    assert begun > len(archive) / 2
    fetch(entry_for(archive), destination)
    assert server.asked[-1] == f"bytes={begun}-"


def test_a_server_without_ranges_sends_everything_again(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    server.ranges, server.cut_after, server.cuts = False, 100_000, 1
    path = fetch(entry_for(archive), destination, pause=0)
    assert (path / "am/final.mdl").stat().st_size == 300_000


def test_a_tampered_download_is_removed(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    server.archive = archive[:1000] + bytes([archive[1000] ^ 1]) + archive[1001:]
    with pytest.raises(FetchError, match="not the right file"):
        fetch(entry_for(archive), destination)
    assert everything_in(destination) == []


def test_a_truncated_file_on_the_server_is_not_installed(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    server.archive = archive[:-10]
    with pytest.raises(FetchError, match="try again"):
        fetch(entry_for(archive), destination, pause=0)
    assert not (destination / "small-model").exists()


def test_a_larger_file_is_refused_before_it_fills_the_disk(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    server.archive = archive + bytes(50_000_000)
    with pytest.raises(FetchError, match="larger than it should be"):
        fetch(entry_for(archive), destination)
    assert everything_in(destination) == []


@pytest.mark.parametrize("status", [403, 404])
def test_a_refusal_is_final(
    status: int, server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    server.status = status
    with pytest.raises(FetchError, match=f"the server says {status}"):
        fetch(entry_for(archive), destination)
    assert len(server.asked) == 1
    assert everything_in(destination) == []


def test_a_server_in_trouble_is_asked_again(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    server.status = 503
    with pytest.raises(FetchError, match="the server says 503"):
        fetch(entry_for(archive), destination, pause=0)
    assert len(server.asked) == fetching.TRIES


def test_a_server_that_is_not_there(entry_for: EntryFor, archive: bytes, destination: Path) -> None:
    with pytest.raises(FetchError, match="no connection to the server"):
        fetch(entry_for(archive), destination, source="http://127.0.0.1:9/x.zip", pause=0)


def test_a_mirror_folder_is_asked_for_the_same_file(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, destination: Path
) -> None:
    assert fetch(entry_for(archive), destination, source=f"{server.address}/mirror/").is_dir()


def test_a_mirror_must_be_an_address(entry_for: EntryFor, archive: bytes, destination: Path) -> None:
    with pytest.raises(FetchError, match="not an address"):
        fetch(entry_for(archive), destination, source="file:///etc/passwd")


HOSTILE_NAMES = [
    "../evil",
    "small-model/../../evil",
    "/evil",
    "C:\\evil",
    "small-model\\..\\..\\evil",
    "small-model/am/..",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_path_out_of_the_folder_is_refused(
    name: str, server: ArchiveServer, entry_for: EntryFor, destination: Path
) -> None:
    hostile = zipped({"small-model/am/final.mdl": b"x", "small-model/conf/model.conf": b"x", name: b"evil"})
    server.archive = hostile
    with pytest.raises(UnpackError, match="outside its folder"):
        fetch(entry_for(hostile), destination)
    assert not (destination / "small-model").exists()
    assert not [p for p in destination.parent.rglob("*evil*")]


def test_a_link_is_refused(server: ArchiveServer, entry_for: EntryFor, destination: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        link = zipfile.ZipInfo("small-model/am")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc")
    server.archive = sink.getvalue()
    with pytest.raises(UnpackError, match="link"):
        fetch(entry_for(server.archive), destination)
    assert not (destination / "small-model").exists()


def test_a_bomb_is_stopped(server: ArchiveServer, entry_for: EntryFor, destination: Path) -> None:
    server.archive = zipped({"small-model/am/final.mdl": bytes(30_000_000)})
    assert len(server.archive) < 50_000
    with pytest.raises(UnpackError, match="unpacks to more than"):
        fetch(entry_for(server.archive, unpacked_size=1_000_000), destination)
    assert not (destination / "small-model").exists()
    assert not [p for p in destination.iterdir() if p.name.startswith(".unpacking")]


def test_too_many_files_are_refused(server: ArchiveServer, entry_for: EntryFor, destination: Path) -> None:
    server.archive = zipped({f"small-model/{i}": b"" for i in range(2001)})
    with pytest.raises(UnpackError, match="2001 files"):
        fetch(entry_for(server.archive), destination)


@pytest.mark.parametrize(
    "content",
    [b"not a zip at all", zipped({"small-model/readme": b"hello"}), zipped({"small-model/am/final.mdl": b"x"})[:-30]],
    ids=["no archive", "no model", "cut archive"],
)
def test_an_archive_without_a_model_is_refused(
    content: bytes, server: ArchiveServer, entry_for: EntryFor, destination: Path
) -> None:
    server.archive = content
    with pytest.raises(UnpackError):
        fetch(entry_for(content), destination)
    assert not (destination / "small-model").exists()


def test_files_without_a_folder_of_their_own_are_put_into_one(
    server: ArchiveServer, entry_for: EntryFor, destination: Path
) -> None:
    server.archive = zipped({"am/final.mdl": b"x", "conf/model.conf": b"y"})
    path = fetch(entry_for(server.archive), destination)
    assert everything_in(path) == ["am/final.mdl", "conf/model.conf"]


def test_a_folder_that_cannot_be_written(
    server: ArchiveServer, entry_for: EntryFor, archive: bytes, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(FetchError, match="cannot write to"):
        fetch(entry_for(archive), in_the_way / "models")


def test_a_shipped_model_cannot_be_fetched(destination: Path) -> None:
    with pytest.raises(FetchError, match="ships with Charley"):
        fetch(CatalogueEntry("charley-en", "en", "Apache-2.0", "", None), destination)
