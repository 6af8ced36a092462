"""What must last between two runs: a folder beside the project, with the node's own secret."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

FOLDER: Final = ".inferway"
VARIABLE: Final = "INFERWAY_STATE"


class State:
    """A folder that only its owner may read; it is made when something is kept in it for the first time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, project: Path, bound: str) -> "State":
        """Give the state of a project: where its bindings say, else the variable INFERWAY_STATE, else beside it."""
        beside = (project if project.is_dir() else project.parent) / FOLDER
        return cls(Path(bound or os.environ.get(VARIABLE, "") or beside).resolve())

    def file(self, name: str) -> Path:
        """Give the path of a file of the state, in a folder that is there. Raises OSError where it cannot be made."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, mode=0o700)
            (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")
        return self.folder / name

    def secret(self) -> bytes:
        """Give the node's secret, made on first use. Raises OSError where it cannot be kept."""
        file = self.file("secret")
        if not file.exists():
            with tempfile.NamedTemporaryFile("w", dir=self.folder, encoding="ascii") as made:  # mode 0600
                made.write(secrets.token_hex(32) + "\n")
                made.flush()
                with contextlib.suppress(FileExistsError):  # of two that start at once, one comes first
                    os.link(made.name, file)
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
