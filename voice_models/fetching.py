"""Fetches voice models: resumed, checked against size and SHA-256, and installed whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voice_models.catalogue import CatalogueEntry, Download
from voice_models.errors import FetchError, UnpackError
from voice_models.places import is_model
from voice_models.unpacking import unpack

if TYPE_CHECKING:
    import requests

Progress = Callable[[int, int], None]
"""Called with bytes so far and bytes in all."""
TRIES = 3
"""How often a broken connection is taken up again."""
_PAUSE = 1.0
_TIMEOUT = 30.0
_BLOCK = 1 << 13  # what a broken connection loses at most


def fetch(
    entry: CatalogueEntry,
    destination: Path,
    *,
    source: str | None = None,
    progress: Progress | None = None,
    pause: float = _PAUSE,
) -> Path:
    """Install a model and return its folder; one that is there already is left as it is.

    What was downloaded before an interruption is kept in ``destination/.fetching`` and taken up again; anything else
    that is left unfinished is removed.

    Args:
        entry: the model; it must have a download.
        destination: folder for the model's own folder; made if it is not there.
        source: another address of the archive, or of a folder with it (ending in ``/``); checked all the same.
        progress: told of every block.
        pause: seconds before a broken connection is taken up again; doubled each time.

    Raises:
        FetchError: it could not be downloaded, is not the archive the catalogue knows, or cannot be written.
        UnpackError: the archive is not safe, or holds no voice model.
    """
    if entry.download is None:
        raise FetchError(f"{entry.name} cannot be fetched", "it ships with Charley")
    target = destination / entry.name
    if is_model(target):
        return target
    address = _address(entry.download, source)
    try:
        work = destination / ".fetching"
        work.mkdir(parents=True, exist_ok=True)
        try:
            part = work / f"{entry.name}.part"
            _download(entry.download, address, part, progress, pause)
            _check(entry.download, part)
            _install(part, target, entry.download.unpacked_size)
            part.unlink()
        finally:
            if not any(work.iterdir()):
                work.rmdir()
    except OSError as error:
        raise FetchError(
            f"cannot write to {destination} ({error.strerror or error})",
            "make room there, or choose another folder with --to",
        ) from error
    return target


def _address(download: Download, source: str | None) -> str:
    if source is None:
        return download.address
    if not source.startswith(("https://", "http://")):
        raise FetchError(f"{source} is not an address", "it must begin with https:// or http://")
    return source + download.file_name if source.endswith("/") else source


def _download(download: Download, address: str, part: Path, progress: Progress | None, pause: float) -> None:
    """Bring ``part`` to its full size, in several tries if need be."""
    import requests

    trouble = ""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            _receive(download, address, part, progress)
        except requests.RequestException as error:
            trouble = _reason(error)
        else:
            if part.stat().st_size == download.size:
                return
            trouble = "the connection ended early"
    have = part.stat().st_size if part.exists() else 0
    raise FetchError(
        f"could not download {address} ({trouble}; {have:,} of {download.size:,} bytes are here)",
        "try again, it goes on from there; or fetch it from a mirror with --from",
    )


def _receive(download: Download, address: str, part: Path, progress: Progress | None) -> None:
    """One request: the whole archive, or what is still missing of it."""
    import requests

    have = part.stat().st_size if part.exists() else 0
    if have >= download.size:
        if have == download.size:
            return
        part.unlink()
        have = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with requests.get(address, headers=headers, stream=True, timeout=_TIMEOUT) as answer:
        if answer.status_code == 416:
            part.unlink(missing_ok=True)
            raise requests.ConnectionError("the server has no such part of it")
        if answer.status_code >= 500:
            raise requests.ConnectionError(f"the server says {answer.status_code}")
        if answer.status_code not in (200, 206):
            raise FetchError(
                f"could not download {address} (the server says {answer.status_code} {answer.reason})",
                "check the address, or fetch it from a mirror with --from",
            )
        if have and not _continues(answer, have):
            have = 0
        with open(part, "ab" if have else "wb") as sink:
            for block in answer.iter_content(_BLOCK):
                have += len(block)
                if have > download.size:
                    break
                sink.write(block)
                if progress is not None:
                    progress(have, download.size)
    if have > download.size:
        part.unlink()
        raise FetchError(
            f"{address} is larger than it should be ({download.size:,} bytes)",
            "it is another version or has been tampered with; fetch it from another mirror with --from",
        )


def _continues(answer: requests.Response, have: int) -> bool:
    """Whether the server sends the rest, not the whole again."""
    return answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")


def _reason(error: Exception) -> str:
    """A short clause for a failed request."""
    import requests

    if isinstance(error, requests.Timeout):
        return "the server does not answer"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not valid"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke"
    if isinstance(error, requests.ConnectionError):
        text = str(error)
        return text if len(text) < 60 else "no connection to the server"
    return type(error).__name__


def _check(download: Download, part: Path) -> None:
    with open(part, "rb") as archive:
        found = hashlib.file_digest(archive, "sha256").hexdigest()
    if found != download.sha256:
        part.unlink()
        raise FetchError(
            f"the download is not the right file (SHA-256 {found[:12]}…, should be {download.sha256[:12]}…)",
            "it was damaged or tampered with and has been removed; try again, or another mirror with --from",
        )


def _install(archive: Path, target: Path, most_bytes: int) -> None:
    """Unpack beside the target, look whether it is a voice model, and move it into place in one step."""
    with tempfile.TemporaryDirectory(prefix=".unpacking-", dir=target.parent) as made:
        unpack(archive, Path(made), most_bytes)
        candidates = [Path(made) / target.name, Path(made)]
        found = next((c for c in candidates if is_model(c)), None)
        if found is None:
            raise UnpackError("the archive holds no voice model", "check the address")
        if target.exists():
            # A damaged leftover; what is whole was returned long before.
            shutil.rmtree(target)
        if found == Path(made):
            found = Path(made) / target.name
            found.mkdir()
            for item in list(Path(made).iterdir()):
                if item != found:
                    item.rename(found / item.name)
        found.rename(target)
