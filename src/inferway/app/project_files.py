"""The files that a project was read from and runs, and how a change of one is told."""

import os
from pathlib import Path
from typing import Final

from inferway.definition.bindings import Bindings, BoundFunction

_SCRIPTS: Final = frozenset((".cjs", ".js", ".mjs", ".py"))
_MOST_SCRIPTS: Final = 5_000
_PROGRAMS: Final = frozenset((".js", ".mjs", ".py", ".ts"))
_READ_BY_PROGRAMS: Final = frozenset(
    (".graphql", ".json", ".js", ".toml", ".ts", ".txt", ".vtl", ".xml", ".yaml", ".yml")
)
_MOST_WATCHED: Final = 1000

Stamp = tuple[int, int]
"""What tells one content of a file from another: its time of change in nanoseconds and its size in bytes."""


def stamp(file: Path) -> Stamp:
    """Give a file's stamp; zeros where it is gone."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _files_below(folder: Path, suffixes: frozenset[str], most: int) -> list[Path]:
    """Give the files of some endings in a folder, but for hidden folders and packages that were installed into it."""
    found: list[Path] = []
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        found += (Path(at, name) for name in sorted(files) if Path(name).suffix in suffixes)
        if len(found) >= most:
            break
    return sorted(found[:most])


def scripts_below(folder: Path) -> list[Path]:
    """Give the programs of a folder that runs here."""
    return _files_below(folder, _SCRIPTS, _MOST_SCRIPTS)


def code_of(function: BoundFunction) -> list[Path]:
    """Give the files whose change is one of a function that runs here."""
    paths = [
        Path(path) for path in (function.path, *(part.path for part in (*function.code, *function.layers))) if path
    ]
    return [file for path in paths for file in (scripts_below(path) if path.is_dir() else [path])]


def scripts(bindings: Bindings) -> list[Path]:
    """Give the programs of all that runs here, so that an edit of one is seen."""
    models = [Path(folder) / "code" for endpoint in bindings.endpoints.values() for folder in endpoint.folders]
    found = [script for folder in models for script in scripts_below(folder)]
    return found + [file for function in bindings.functions.values() for file in code_of(function)]


def read_beside(files: tuple[Path, ...]) -> list[Path]:
    """Give the files below the folder of the first program of some that it may have read: policies, schemas."""
    programs = [file for file in files if file.suffix in _PROGRAMS]
    if not programs:
        return []
    return _files_below(programs[0].parent, _READ_BY_PROGRAMS, _MOST_WATCHED)
