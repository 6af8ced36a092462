"""What is found while a program is evaluated: bounded in number, each thing once."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final, Protocol

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.nodes import SyntaxFault
from inferway.formats.pulumi.diagnosis.likeness import nearest

MOST_FINDINGS: Final = 200
_MOST_NAMES: Final = 2_000  # names among which a nearest one is looked for
_LONGEST_NAME: Final = 200


class Standing(Protocol):
    """What stands somewhere in the file; line and column are 1-based."""

    @property
    def line(self) -> int:
        """The line."""
        ...

    @property
    def column(self) -> int:
        """The column."""
        ...


class Report:
    """The findings of one program, in the order in which they were made; `shown` gives a file as they name it."""

    def __init__(self, file: str, shown: Callable[[str], str] = str) -> None:
        self.file = file
        self.shown = shown
        self._findings: dict[Finding, None] = {}

    def error(self, at: Standing, code: str, text: str) -> None:
        """Report what makes the program unusable."""
        self._add(Severity.ERROR, at, code, text)

    def warning(self, at: Standing, code: str, text: str) -> None:
        """Report what is lost."""
        self._add(Severity.WARNING, at, code, text)

    def note(self, at: Standing, code: str, text: str) -> None:
        """Report what explains a result."""
        self._add(Severity.NOTE, at, code, text)

    def findings(self) -> Findings:
        """Give what was found so far."""
        return tuple(self._findings)

    def _add(self, severity: Severity, at: Standing, code: str, text: str) -> None:
        """Keep a finding; raises SyntaxFault, which ends the evaluation, where there are too many."""
        place = Place(file=self.file, line=at.line, column=at.column)
        self._findings[Finding(severity=severity, code=code, text=text, place=place)] = None
        if len(self._findings) >= MOST_FINDINGS:
            more = f"more than {MOST_FINDINGS} findings; the rest of the program is not evaluated"
            raise SyntaxFault("too-many-findings", more, at.line, at.column)


def meant(name: str, known: Iterable[str]) -> str:
    """Give "; did you mean X?" for the known names most like `name`, "" where none is."""
    near = nearest(name[:_LONGEST_NAME], islice(known, _MOST_NAMES))
    return f"; did you mean {' or '.join(near)}?" if near else ""
