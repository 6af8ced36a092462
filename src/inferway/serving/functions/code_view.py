"""A function's files, looked at without running any: a folder as it stands, or a tree that is put together."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from inferway.formats.presence import exists, is_file, is_folder
from inferway.serving.functions.code_parts import code_of, folder_in_place
from inferway.serving.functions.code_tree import CodeError, Room
from inferway.serving.functions.options import FunctionOptions


class CodeView(Protocol):
    """Files by their names below the function's folder, `/` between the parts."""

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""

    def has_folder(self, name: str) -> bool:
        """Say whether there is such a folder."""

    def read(self, name: str) -> bytes:
        """Give a file's content; raises OSError."""

    def place(self, name: str) -> str:
        """Say where a file is, or would be."""

    def is_executable(self, name: str) -> bool:
        """Say whether a file may be run."""

    def beside(self, folder: str) -> Iterator[str]:
        """Give the names of what a folder holds, "" for the whole."""


class Folder:
    """A folder as it stands (CodeView)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""
        return is_file(self._folder / name)

    def has_folder(self, name: str) -> bool:
        """Say whether there is such a folder."""
        return is_folder(self._folder / name)

    def read(self, name: str) -> bytes:
        """Give a file's content; raises OSError."""
        return (self._folder / name).read_bytes()

    def place(self, name: str) -> str:
        """Say where a file is, or would be."""
        return str(self._folder / name)

    def is_executable(self, name: str) -> bool:
        """Say whether a file may be run."""
        return os.access(self._folder / name, os.X_OK)

    def beside(self, folder: str) -> Iterator[str]:
        """Give the names of what a folder holds, "" for the whole."""
        try:
            yield from os.listdir(self._folder / folder)  # noqa: PTH208 - names are wanted
        except OSError:
            return


def view_of(options: FunctionOptions, room: Room) -> CodeView:
    """Give a function's files; raises CodeError."""
    folder = folder_in_place(options)
    if folder is not None:
        return Folder(folder)
    if not options.code and not exists(options.path):
        raise CodeError("function-folder-missing", "there is no such folder for a function", options.path)
    return code_of(options, room)
