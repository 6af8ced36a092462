"""What a template may cost, with all that it includes and nests."""

from pathlib import Path
from typing import Final

from inferway.formats.document import LARGEST_FILE
from inferway.formats.nodes import MOST_VALUES, Node, SyntaxFault

MOST_CHARACTERS: Final = 32 * 1024 * 1024
"""Characters in all values, resolved: some thirty times what the service takes as a template."""

MOST_WRITTEN: Final = 2 * MOST_VALUES
"""Values that loops and includes are written out to."""

MOST_STACKS: Final = 200
"""Nested stacks; the service makes at most 2,500 at a time in an account."""

MOST_BYTES: Final = 4 * LARGEST_FILE
"""Bytes in all files beside the first; one that is nested twice counts twice."""


class Budget:
    """Counts what is made; each method raises SyntaxFault past its bound."""

    def __init__(self) -> None:
        self._characters = 0
        self._written = 0
        self._made = 0
        self._stacks = 0
        self._bytes = 0

    def spend(self, characters: int, at: Node) -> None:
        """Count a value of so many characters that was resolved."""
        self._characters += characters + 1
        if self._characters > MOST_CHARACTERS:
            text = f"the template resolves to more than {MOST_CHARACTERS // 1024 // 1024} million characters"
            raise SyntaxFault("too-large", text, at.line, at.column, at.file)

    def read(self, path: Path, at: Node) -> None:
        """Count a file that is read beside the first."""
        self._bytes += path.stat().st_size if path.is_file() else 0
        if self._bytes > MOST_BYTES:
            text = f"the template and what it includes and nests are larger than {MOST_BYTES // 1024 // 1024} MB"
            raise SyntaxFault("too-large", text, at.line, at.column, at.file)

    def make(self, at: Node, values: int) -> None:
        """Count the values of a list or a mapping that a function gave."""
        self._made += values
        if self._made > MOST_VALUES:
            text = f"functions give more than {MOST_VALUES:,} values"
            raise SyntaxFault("too-many-values", text, at.line, at.column, at.file)

    def write(self, at: Node, values: int = 1) -> None:
        """Count values that a loop or an include was written out to."""
        self._written += values
        if self._written > MOST_WRITTEN:
            text = f"loops and includes are written out to more than {MOST_WRITTEN:,} values"
            raise SyntaxFault("too-large", text, at.line, at.column, at.file)

    def nest(self, at: Node) -> None:
        """Count a nested stack."""
        self._stacks += 1
        if self._stacks > MOST_STACKS:
            raise SyntaxFault("too-large", f"more than {MOST_STACKS} nested stacks", at.line, at.column, at.file)
