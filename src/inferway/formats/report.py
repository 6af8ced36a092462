"""What is found while a definition is evaluated: bounded in number, each thing once, in order."""

import difflib
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.nodes import SyntaxFault

MOST_FINDINGS: Final = 200
"""More than these help nobody; a definition with so many is given up."""

_LONGEST_TEXT: Final = 900
"""Characters of a finding's text; a definition may hold names of any length."""

_MOST_NAMES: Final = 2_000
"""Names among which a nearest one is looked for."""

_LONGEST_NAME: Final = 200


class Standing(Protocol):
    """What stands somewhere in a file, a Node or an Entry for one; line and column are 1-based."""

    @property
    def line(self) -> int:
        """The line."""
        ...

    @property
    def column(self) -> int:
        """The column."""
        ...


class Report:
    """The findings of one definition.

    `file` is the definition's own; a part that stands in another says so itself (`Node.file`), or is reported with it.
    `shown` gives a file as findings name it.
    """

    def __init__(self, file: str = "", shown: Callable[[str], str] = str) -> None:
        self.file = file
        self.shown = shown
        self._findings: dict[Finding, None] = {}

    def place(self, at: Standing, file: str = "") -> Place:
        """Give the place of a part of the definition."""
        return Place(file=file or getattr(at, "file", "") or self.file, line=at.line, column=at.column)

    def error(self, at: Standing, code: str, text: str, file: str = "") -> None:
        """Report what makes the definition unusable."""
        self._add(Severity.ERROR, at, code, text, file)

    def warning(self, at: Standing, code: str, text: str, file: str = "") -> None:
        """Report what is lost."""
        self._add(Severity.WARNING, at, code, text, file)

    def note(self, at: Standing, code: str, text: str, file: str = "") -> None:
        """Report what only explains."""
        self._add(Severity.NOTE, at, code, text, file)

    def keep(self, finding: Finding) -> None:
        """Report what was found elsewhere."""
        self._findings[finding] = None

    def absorb(self, findings: Findings, at: Standing) -> None:
        """Take over the findings of another file, which is read for what stands here."""
        self._findings.update(dict.fromkeys(findings))
        self._check_number(self.place(at))

    def findings(self) -> Findings:
        """Give what was found so far."""
        return tuple(self._findings)

    def _add(self, severity: Severity, at: Standing, code: str, text: str, file: str) -> None:
        text = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
        place = self.place(at, file)
        self._findings[Finding(severity=severity, code=code, text=text, place=place)] = None
        self._check_number(place)

    def _check_number(self, place: Place) -> None:
        """Raise SyntaxFault, which ends the evaluation, where there are too many."""
        if len(self._findings) >= MOST_FINDINGS:
            more = f"more than {MOST_FINDINGS} findings; the rest of the definition is not read"
            raise SyntaxFault("too-many-findings", more, place.line, place.column, place.file)


def nearest(name: str, known: Iterable[str]) -> str:
    """Give " (did you mean X?)" for the known name that is most like `name`, "" where none is."""
    names = [each for each, _ in zip(known, range(_MOST_NAMES), strict=False)]
    lowered = name.lower()
    folded = next((each for each in names if each.lower() == lowered), None)
    found = [folded] if folded else difflib.get_close_matches(name[:_LONGEST_NAME], names, n=1, cutoff=0.6)
    return f" (did you mean {found[0]}?)" if found else ""
