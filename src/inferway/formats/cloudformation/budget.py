"""What a template may cost, with all that it includes and nests."""

from typing import Final

from inferway.formats.nodes import MOST_VALUES, Node, SyntaxFault

MOST_CHARACTERS: Final = 32 * 1024 * 1024
"""Characters in all values, resolved: some thirty times what the service takes as a template."""

MOST_WRITTEN: Final = 2 * MOST_VALUES
"""Values that loops and includes are written out to."""

MOST_STACKS: Final = 200
"""Nested stacks; the service makes at most 2,500 at a time in an account."""


class Budget:
    """Counts what is made; each method raises SyntaxFault past its bound."""

    def __init__(self) -> None:
        self._characters = 0
        self._written = 0
        self._stacks = 0

    def spend(self, characters: int, at: Node) -> None:
        """Count a value of so many characters that was resolved."""
        self._characters += characters + 1
        if self._characters > MOST_CHARACTERS:
            text = f"the template resolves to more than {MOST_CHARACTERS // 1024 // 1024} million characters"
            raise SyntaxFault("too-large", text, at.line, at.column, at.file)

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
