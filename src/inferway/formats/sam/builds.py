"""What `sam build` has made of a function's or a layer's code.

Source: AWS SAM CLI, "sam build" (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/
sam-cli-command-reference-sam-build.html): `.aws-sam/build` holds a folder for each, with its dependencies installed.
"""

import contextlib
import os
from pathlib import Path
from typing import Final

_BUILD: Final = Path(".aws-sam") / "build"
_LEFT_OUT: Final = frozenset((".aws-sam", ".git", ".venv", "__pycache__", "node_modules"))
_MOST_FILES: Final = 5_000


def built(folder: Path, name: str) -> Path | None:
    """Give the folder that was built for a resource of the template in `folder`; None where there is none."""
    if not name.isalnum():
        return None
    made = folder / _BUILD / name
    return made if made.is_dir() and (folder / _BUILD / "template.yaml").is_file() else None


def is_older(folder: Path, code: Path) -> bool:
    """Say whether the template's last build came before a change of the code."""
    return (folder / _BUILD / "template.yaml").stat().st_mtime < _newest(code)


def _newest(code: Path) -> float:
    """Give the time of the last change among the code's first files, 0 where there is none."""
    newest, seen = 0.0, 0
    with contextlib.suppress(OSError, ValueError):  # no such file, or no name of one
        newest = code.stat().st_mtime if not code.is_dir() else 0.0
    for here, folders, files in os.walk(code):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        for name in sorted(files):
            with contextlib.suppress(FileNotFoundError):  # it has just gone
                newest = max(newest, (Path(here) / name).lstat().st_mtime)
            seen += 1
            if seen >= _MOST_FILES:
                return newest
    return newest
