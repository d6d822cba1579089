"""Unpacks a downloaded archive without trusting it."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from voice_models.errors import UnpackError

MOST_FILES = 2000
_BLOCK = 1 << 20
_MEND = "do not use this archive; tell whoever offers it"


def unpack(archive: Path, folder: Path, most_bytes: int) -> None:
    """Unpack a ZIP archive into an empty folder.

    Only plain files and folders inside ``folder`` are written: no absolute names, no way up, no links, no devices, no
    more than ``most_bytes`` in all (counted while unpacking: what the archive says of itself is not believed) and
    ``MOST_FILES`` files. File modes in the archive are not used.

    Raises:
        UnpackError: the archive is damaged or breaks one of these rules; ``folder`` may then hold a part of it.
        OSError: the disk is full, or the folder cannot be written.
    """
    left = most_bytes
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            if len(members) > MOST_FILES:
                raise UnpackError(f"the archive holds {len(members)} files", _MEND)
            for member in members:
                target = folder / _safe(member)
                if member.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as source, open(target, "xb") as sink:
                    while block := source.read(_BLOCK):
                        left -= len(block)
                        if left < 0:
                            raise UnpackError(f"the archive unpacks to more than {most_bytes:,} bytes", _MEND)
                        sink.write(block)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise UnpackError("the archive is damaged, or no ZIP archive", "fetch it again") from error
    except FileExistsError as error:
        raise UnpackError("the archive has two files of one name", _MEND) from error


def _safe(member: zipfile.ZipInfo) -> PurePosixPath:
    """The member's path inside the folder, or an error."""
    name = member.filename
    path = PurePosixPath(name)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if not name or path.is_absolute() or "\\" in name or ":" in name or "\0" in name or ".." in path.parts:
        raise UnpackError(f"the archive has a file that points outside its folder ({name!r})", _MEND)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise UnpackError(f"the archive has a link or a device in it ({name!r})", _MEND)
    return path
