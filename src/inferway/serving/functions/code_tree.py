"""The files that a function's folder, or its layers, are put together from."""

import lzma
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

MOST_BYTES: Final = 262_144_000
"""250 MB for a function's code and layers, unpacked (Lambda quotas, "Deployment package size")."""

MOST_FILES: Final = 100_000
"""Files of a function's code and layers; the service states no such bound."""

BROKEN: Final = (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, EOFError)
"""What zipfile raises for an archive that it cannot read."""

_PIECE: Final = 1 << 20


class CodeError(Exception):
    """Code that cannot be put together: a finding's code, its text, and the file that it is about."""

    def __init__(self, code: str, text: str, path: Path) -> None:
        super().__init__(f"{path}: {text}")
        self.code = code
        self.text = text
        self.path = path


class Room:
    """How much may still be unpacked."""

    def __init__(self, most_bytes: int = MOST_BYTES, most_files: int = MOST_FILES) -> None:
        self._most = most_bytes
        self._bytes = most_bytes
        self._files = most_files

    def take(self, size: int, path: Path) -> None:
        """Take room for a file; raises CodeError when there is none."""
        self._bytes -= size
        self._files -= 1
        if self._bytes < 0 or self._files < 0:
            text = f"unpacked it is more than {self._most // 1_048_576} MB, or {MOST_FILES} files"
            raise CodeError("code-too-large", text, path)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A file below a folder: a `file` here, a `member` of an archive here, a `text`; or a `link` to another one."""

    name: str
    file: str = ""
    member: str = ""
    text: str = ""
    link: str = ""
    is_executable: bool = False


class Tree:
    """Files by their names, `/` between the parts; of two with one name the later counts."""

    def __init__(self, entries: Iterable[Entry], origin: Path) -> None:
        self._entries: dict[str, Entry] = {}
        for entry in entries:
            self._entries[entry.name] = entry
        self._origin = origin
        self._refuse_files_below_files()

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The files."""
        return self._entries

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""
        return name in self._entries

    def has_folder(self, name: str) -> bool:
        """Say whether there is such a folder with something in it."""
        return any(each.startswith(f"{name}/") for each in self._entries)

    def read(self, name: str) -> bytes:
        """Give a file's content; raises OSError, and CodeError where an archive is damaged."""
        entry = self._entries[name]
        if entry.member:
            try:
                with zipfile.ZipFile(entry.file) as archive:
                    return archive.read(entry.member)
            except (*BROKEN, zlib.error, lzma.LZMAError) as error:
                raise CodeError("code-archive", f"{name!r} cannot be unpacked: {error}", Path(entry.file)) from None
        return Path(entry.file).read_bytes() if entry.file else entry.text.encode()

    def place(self, name: str) -> str:
        """Say where a file comes from; where it would be, if there is none."""
        entry = self._entries.get(name)
        if entry is None or not entry.file:
            return f"{self._origin}/{name}"
        return f"{entry.file}/{entry.member}" if entry.member else entry.file

    def is_executable(self, name: str) -> bool:
        """Say whether a file may be run."""
        return self._entries[name].is_executable

    def beside(self, folder: str) -> Iterator[str]:
        """Give the names of what a folder holds, "" for the whole."""
        start = f"{folder}/" if folder else ""
        return iter({each[len(start) :].partition("/")[0] for each in self._entries if each.startswith(start)})

    def lay_out(self, folder: Path) -> None:
        """Write the files below a new folder; raises CodeError and OSError."""
        folder.mkdir(parents=True)
        plain = [entry for entry in self._entries.values() if not entry.link]
        for file, group in groupby(sorted(plain, key=_source), key=_source):
            if file:
                with zipfile.ZipFile(file) as archive:
                    for entry in group:
                        _write_member(archive, entry, folder, Path(file))
            else:
                for entry in group:
                    _write(entry, folder)
        for entry in self._entries.values():
            if entry.link:  # last, so that nothing is written through one
                place = folder / entry.name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(entry.link)

    def _refuse_files_below_files(self) -> None:
        for name in self._entries:
            above = next((str(each) for each in PurePosixPath(name).parents if str(each) in self._entries), "")
            if above:
                raise CodeError("code-archive", f"{above!r} is a file and has {name!r} below it", self._origin)


def _source(entry: Entry) -> str:
    return entry.file if entry.member else ""


def _write_member(archive: zipfile.ZipFile, entry: Entry, folder: Path, path: Path) -> None:
    place = folder / entry.name
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(entry.member) as source, place.open("wb") as target:
            shutil.copyfileobj(source, target, _PIECE)
    except (*BROKEN, zlib.error, lzma.LZMAError) as error:
        raise CodeError("code-archive", f"{entry.name!r} cannot be unpacked: {error}", path) from None
    if entry.is_executable:
        place.chmod(0o755)


def _write(entry: Entry, folder: Path) -> None:
    place = folder / entry.name
    place.parent.mkdir(parents=True, exist_ok=True)
    if entry.file:
        shutil.copyfile(entry.file, place)
    else:
        place.write_text(entry.text, encoding="utf-8")
    if entry.is_executable:
        place.chmod(0o755)


def files_below(folder: Path) -> Iterator[str]:
    """Give the paths of a folder's files and links, without following a link to a folder."""
    for root, folders, files in os.walk(folder):
        for name in files + [each for each in folders if Path(root, each).is_symlink()]:
            yield str(Path(root, name))
