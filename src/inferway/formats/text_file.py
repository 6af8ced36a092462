"""A text that a property holds in a file of its own, with the places of that file."""

from pathlib import Path
from typing import Final

from inferway.faults import Place
from inferway.formats.cursor import Cursor, Report
from inferway.formats.document import read_text
from inferway.formats.nodes import SyntaxFault

_TEXT: Final = "text"


class TextFile:
    """The places within a file that is one text."""

    def __init__(self, path: Path) -> None:
        self._file = str(path)

    def find(self, *path: str | int) -> Place:  # noqa: ARG002 - the protocol's form
        """Give the start of the file."""
        return Place(file=self._file, line=1, column=1)

    def inside(self, line: int, column: int, *path: str | int) -> Place:  # noqa: ARG002 - the protocol's form
        """Give a line and column of the file."""
        return Place(file=self._file, line=line, column=column)


def text_in(path: Path, at: Cursor, findings: Report) -> Cursor:
    """Stand at the text of a file that the property `at` names; at that property, with a finding, if it is not read."""
    try:
        text = read_text(path)
    except SyntaxFault as fault:
        at.error(fault.code, f"{path}: {fault.text}")
        return at
    return Cursor({_TEXT: text}, (), TextFile(path), findings)[_TEXT]
