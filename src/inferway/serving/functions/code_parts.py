"""Puts a function's folder and its layers together from folders, files, archives and texts."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from inferway.definition.bindings import CodePart
from inferway.formats.presence import resolved
from inferway.serving.functions.archive import entries_of, inner_name, is_archive, safe_link
from inferway.serving.functions.code_tree import CodeError, Entry, Room, Tree, files_below
from inferway.serving.functions.options import FunctionOptions


def folder_in_place(options: FunctionOptions) -> Path | None:
    """Give the folder that a function runs in as it stands; None for one that must be put together."""
    if not options.code:
        return options.path if options.path.is_dir() else None
    if len(options.code) == 1 and options.code[0].path and not options.code[0].at:
        folder = Path(options.code[0].path)
        return folder if folder.is_dir() else None
    return None


def code_of(options: FunctionOptions, room: Room) -> Tree:
    """Give the files of a function that has no folder as it stands; raises CodeError."""
    parts = options.code or (CodePart(path=str(options.path)),)
    origin = Path(next((part.path for part in parts if part.path), "code"))
    return Tree(_entries(parts, room), origin)


def layer_in_place(options: FunctionOptions) -> Path | None:
    """Give the one folder that is all that a function's layers hold; None where they must be put together."""
    if len(options.layers) == 1 and not options.layers[0].at and options.layers[0].path:
        folder = Path(options.layers[0].path)
        return folder if folder.is_dir() else None
    return None


def layers_of(parts: tuple[CodePart, ...], room: Room) -> Tree:
    """Give the files that layers put below /opt, one over the other; raises CodeError.

    https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
    """
    return Tree(_entries(parts, room), Path(parts[0].path) if parts else Path())


def _entries(parts: Iterable[CodePart], room: Room) -> Iterator[Entry]:
    for part in parts:
        for entry in _entries_of(part, room):
            place = Path(part.path or "code")
            yield msgspec.structs.replace(entry, name=inner_name(entry.name, place))


def _entries_of(part: CodePart, room: Room) -> Iterator[Entry]:
    if not part.path:
        room.take(len(part.text), Path(part.at or "code"))
        yield Entry(name=part.at, text=part.text)
        return
    path = Path(part.path)
    if path.is_dir():
        for entry in _of_folder(path, room):
            yield msgspec.structs.replace(entry, name=_below(part.at, entry.name))
    elif not path.is_file():
        raise CodeError("code-missing", "there is no such file or folder for a function", path)
    elif is_archive(path) and not part.at.endswith(path.suffix or "."):
        for entry in entries_of(path, room):
            yield msgspec.structs.replace(entry, name=_below(part.at, entry.name))
    else:
        room.take(path.stat().st_size, path)
        yield Entry(name=part.at or path.name, file=str(path), is_executable=os.access(path, os.X_OK))


def _of_folder(folder: Path, room: Room) -> Iterator[Entry]:
    for file in files_below(folder):
        path, name = Path(file), os.path.relpath(file, folder)
        if path.is_symlink() and (link := _inner_link(path, name, folder)):
            room.take(0, path)
            yield Entry(name=name, link=link)
        elif path.is_file():
            room.take(path.stat().st_size, path)
            yield Entry(name=name, file=file, is_executable=os.access(path, os.X_OK))
        elif path.is_dir():
            raise CodeError("code-outside", "a link to a folder that is not the function's", path)


def _inner_link(path: Path, name: str, folder: Path) -> str:
    """Give the target of a link that stays within a folder; "" for one to a file that must be copied."""
    target = str(path.readlink())
    if not resolved(path).is_relative_to(resolved(folder)):
        return ""
    try:
        return safe_link(name, target, path)
    except CodeError:
        return ""


def _below(at: str, name: str) -> str:
    return f"{at.rstrip('/')}/{name}" if at else name
