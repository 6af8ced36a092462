"""The files that a CDK app is made of: whether they changed after it was synthesized, and which to watch."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_LEFT_OUT: Final = frozenset(("__pycache__", "node_modules", "cdk.out", "venv", "env", "coverage", "target"))
_BINDINGS: Final = "inferway.toml"  # stands beside an app, and is no part of it
_MOST_FILES: Final = 5_000
_MOST_WATCHED: Final = 500
_PROGRAMS: Final = frozenset(
    (
        *(".py", ".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json", ".java", ".cs", ".go"),
        *(".yaml", ".yml", ".vtl", ".graphql"),
    )
)


def watched(folder: Path, out: Path) -> tuple[Path, ...]:
    """Give the project's programs and templates, as far as there are not too many."""
    files = (file for file in _files(folder, out) if file.suffix in _PROGRAMS)
    return tuple(file for file, _ in zip(files, range(_MOST_WATCHED), strict=False))


def newer(folder: Path, out: Path, time: float) -> Path | None:
    """Give a file of the project that changed after a time, in seconds since the epoch; None where none did."""
    return next((file for file in _files(folder, out) if _changed(file) > time), None)


def _changed(file: Path) -> float:
    try:
        return file.lstat().st_mtime
    except FileNotFoundError:  # it has just gone
        return 0.0


def _files(folder: Path, out: Path) -> Iterator[Path]:
    seen = 0
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if name not in _LEFT_OUT and not name.startswith(".") and Path(here) / name != out
        )
        for name in sorted(files):
            if name == _BINDINGS:
                continue
            seen += 1
            if seen > _MOST_FILES:
                return
            yield Path(here) / name
