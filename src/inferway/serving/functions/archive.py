"""Reads a zip archive's list of files, and refuses one that would write outside its folder or fill the disk."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from inferway.serving.functions.code_tree import BROKEN, CodeError, Entry, Room

_DRIVE: Final = re.compile(r"[A-Za-z]:[\\/]")
_LIST: Final = 16_777_216  # bytes of an archive's list of files, which is held in memory
_END: Final = b"PK\x05\x06"
_END_64: Final = b"PK\x06\x07"
_LINK_LENGTH: Final = 4096  # bytes, Linux's PATH_MAX
_EXECUTABLE: Final = 0o111


def is_archive(path: Path) -> bool:
    """Say whether a file is a zip archive by its first bytes."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", _END)


def entries_of(path: Path, room: Room) -> Iterator[Entry]:
    """Give an archive's files and links; raises CodeError for one that cannot be unpacked, or not safely."""
    try:
        _check_list(path)
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield _entry(path, archive, info, room)
    except (*BROKEN, struct.error, zlib.error) as error:
        raise CodeError("code-archive", f"cannot be unpacked: {error}", path) from None
    except OSError as error:
        raise CodeError("code-archive", f"cannot be read: {error.strerror or error}", path) from None


def inner_name(name: str, path: Path) -> str:
    """Give a name below a folder in its plain form; raises CodeError for one that leads outside."""
    pure = PurePosixPath(name.replace("\\", "/"))
    if pure.is_absolute() or ".." in pure.parts or _DRIVE.match(name) or "\0" in name or not pure.parts:
        raise CodeError("code-outside", f"{name!r} would be outside the function's folder", path)
    return str(pure)


def _entry(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: Room) -> Entry:
    name = inner_name(info.filename, path)
    if info.flag_bits & 1:
        raise CodeError("code-archive", f"{name!r} is encrypted", path)
    room.take(info.file_size, path)
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        if info.file_size > _LINK_LENGTH:
            raise CodeError("code-outside", f"{name!r} is no link that can be followed", path)
        return Entry(name=name, link=safe_link(name, archive.read(info).decode("utf-8", "replace"), path))
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise CodeError("code-archive", f"{name!r} is neither a file nor a link", path)
    return Entry(name=name, file=str(path), member=info.filename, is_executable=bool(mode & _EXECUTABLE))


def safe_link(name: str, target: str, path: Path) -> str:
    """Give a link's target; raises CodeError for one that leads outside, or goes up after it has gone down.

    The latter could pass through another link, whose own place decides where "up" is.
    """
    pure = PurePosixPath(target)
    ups = next((number for number, part in enumerate(pure.parts) if part != ".."), len(pure.parts))
    depth = len(PurePosixPath(name).parts) - 1
    if not target or pure.is_absolute() or ups > depth or ".." in pure.parts[ups:] or "\0" in target:
        raise CodeError("code-outside", f"the link {name!r} would lead outside the function's folder", path)
    return target


def _check_list(path: Path) -> None:
    """Refuse an archive whose list alone would fill the memory (APPNOTE.TXT, 4.3.14 to 4.3.16)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            raise zipfile.BadZipFile("it is no zip archive")
        length = struct.unpack_from("<L", tail, at + 12)[0]
        if at >= 20 and tail[at - 20 : at - 16] == _END_64:
            file.seek(struct.unpack_from("<Q", tail, at - 12)[0])
            length = struct.unpack("<Q", file.read(56)[40:48])[0]
    if length > _LIST:
        raise CodeError("code-too-large", f"its list of files is longer than {_LIST} bytes", path)
