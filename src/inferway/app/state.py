"""What must last between two runs: a folder beside the project, with the node's own secret."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

FOLDER: Final = ".inferway"
VARIABLE: Final = "INFERWAY_STATE"
_BYTES: Final = 32


class StateError(Exception):
    """What must last cannot be kept or read; the text names the file and says why."""


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
        """Give the path of a file of the state, in a folder that is made where needed. Raises StateError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            ignored = self.folder / ".gitignore"
            if not ignored.exists():
                ignored.write_text("*\n", encoding="utf-8")
        except OSError as error:
            raise StateError(f"what must last cannot be kept in {self.folder}: {error.strerror}") from error
        return self.folder / name

    def secret(self) -> bytes:
        """Give the node's secret, made on first use. Raises StateError where it cannot be kept, or is none."""
        file = self.file("secret")
        try:
            if not file.exists():
                self._make(file)
            secret = bytes.fromhex(file.read_text(encoding="ascii").strip())
        except OSError as error:
            raise StateError(f"{file} cannot be kept or read: {error.strerror}") from error
        except ValueError:
            secret = b""
        if len(secret) != _BYTES:  # keys made from a short one could be guessed
            raise StateError(
                f"{file} holds no secret of {_BYTES} bytes; delete it for a new one, which changes all keys"
            )
        return secret

    def _make(self, file: Path) -> None:
        """Make a secret; its file appears with all that is in it, and of two that start at once one comes first."""
        with tempfile.NamedTemporaryFile("w", dir=self.folder, encoding="ascii") as made:  # mode 0600
            made.write(secrets.token_hex(_BYTES) + "\n")
            made.flush()
            os.fsync(made.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(made.name, file)
