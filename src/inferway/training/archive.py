"""Packs a folder as SageMaker packs a model, and unpacks one, whoever made it."""

import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import Final

_LEVEL: Final = 3  # gzip's; arrays of floats hardly shrink further
_MOST_MEMBERS: Final = 100_000
_MOST_BYTES: Final = 64 * 1024**3


class ArchiveError(Exception):
    """An archive that cannot be unpacked, or not safely."""


def pack(folder: Path, archive: Path) -> None:
    """Write a folder's content as a gzipped tar, all or nothing; links become what they lead to. Raises OSError."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    partial = archive.with_name(f".{archive.name}.partial")
    try:
        with tarfile.open(partial, "w:gz", compresslevel=_LEVEL, dereference=True) as tar:
            for entry in sorted(folder.iterdir()):
                tar.add(entry, entry.name)
        partial.replace(archive)
    finally:
        partial.unlink(missing_ok=True)


def copy(folder: Path, target: Path) -> None:
    """Copy a folder's content to `target`, all or nothing; links become what they lead to. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        shutil.copytree(folder, partial, ignore_dangling_symlinks=True)
        shutil.rmtree(target, ignore_errors=True)
        partial.replace(target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def unpack(archive: Path, folder: Path, most_bytes: int = _MOST_BYTES) -> None:
    """Unpack a tar, gzipped or not, into a new folder, all or nothing; raises ArchiveError.

    Only files and folders below `folder` are written: a link, a device, or a name that leads out is refused, as are
    more than 100,000 members and more than `most_bytes` of content.
    """
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        with tarfile.open(archive, "r:*") as tar:
            _extract(tar, partial, most_bytes)
        shutil.rmtree(folder, ignore_errors=True)
        partial.replace(folder)
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise ArchiveError(f"{archive.name} cannot be unpacked: {error}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _extract(tar: tarfile.TarFile, folder: Path, most_bytes: int) -> None:
    members = size = 0
    for member in tar:
        members, size = members + 1, size + member.size
        if members > _MOST_MEMBERS or size > most_bytes:
            raise ArchiveError(f"the archive has more than {_MOST_MEMBERS} members or {most_bytes} bytes")
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts:
            raise ArchiveError(f"the archive's member {member.name!r} leads out of its folder")
        target = folder / path
        if member.isdir():
            target.mkdir(parents=True, exist_ok=True)
        elif member.isfile():
            target.parent.mkdir(parents=True, exist_ok=True)
            content = tar.extractfile(member)
            if content is not None:
                with content, target.open("wb") as file:
                    shutil.copyfileobj(content, file, 1024 * 1024)
        else:
            raise ArchiveError(f"the archive's member {member.name!r} is neither a file nor a folder")
