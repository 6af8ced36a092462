"""What is found while a template is resolved: bounded in number, each thing once."""

import difflib
from collections.abc import Iterable
from typing import Final

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.nodes import Entry, Node, SyntaxFault

MOST_FINDINGS: Final = 200
"""More than these help nobody; a template with so many is given up."""

_MOST_NAMES: Final = 2_000


class Report:
    """The findings of a template and of those that it links to, in the order in which they were made."""

    def __init__(self) -> None:
        self._findings: dict[Finding, None] = {}

    def error(self, file: str, at: Node | Entry, code: str, text: str) -> None:
        """Report what makes the template unusable."""
        self._add(Severity.ERROR, file, at, code, text)

    def warning(self, file: str, at: Node | Entry, code: str, text: str) -> None:
        """Report what is lost."""
        self._add(Severity.WARNING, file, at, code, text)

    def note(self, file: str, at: Node | Entry, code: str, text: str) -> None:
        """Report what only explains."""
        self._add(Severity.NOTE, file, at, code, text)

    def keep(self, finding: Finding) -> None:
        """Report what was found elsewhere."""
        self._findings[finding] = None

    def findings(self) -> Findings:
        """Give what was found so far."""
        return tuple(self._findings)

    def _add(self, severity: Severity, file: str, at: Node | Entry, code: str, text: str) -> None:
        place = Place(file=file, line=at.line, column=at.column)
        self._findings[Finding(severity=severity, code=code, text=text, place=place)] = None
        if len(self._findings) >= MOST_FINDINGS:
            more = f"more than {MOST_FINDINGS} findings; the rest of the template is not read"
            raise SyntaxFault("too-many-findings", more, at.line, at.column)


def nearest(name: str, known: Iterable[str]) -> str:
    """Give " (did you mean X?)" for the known name that is most like `name`, "" where none is."""
    names = [each for each, _ in zip(known, range(_MOST_NAMES), strict=False)]
    folded = next((each for each in names if each.lower() == name.lower()), None)
    found = [folded] if folded else difflib.get_close_matches(name[:200], names, n=1, cutoff=0.6)
    return f" (did you mean {found[0]}?)" if found else ""
