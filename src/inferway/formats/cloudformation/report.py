"""What is found while a template is resolved: bounded in number, each thing once."""

import difflib
from collections.abc import Iterable
from typing import Final

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.nodes import Entry, Node, SyntaxFault

MOST_FINDINGS: Final = 200
"""More than these help nobody; a template with so many is given up."""

_LONGEST_TEXT: Final = 900
"""Characters of a finding's text; a template may hold names of any length."""

_MOST_NAMES: Final = 2_000
"""Names among which a nearest one is looked for."""


class Unresolved(Exception):  # noqa: N818 - it becomes a Finding
    """A value cannot be resolved; `at` is where it stands."""

    def __init__(self, code: str, text: str, at: Node) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.at = at


class Report:
    """The findings of one template, in the order in which they were made."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._findings: dict[Finding, None] = {}

    def place(self, at: Node | Entry) -> Place:
        """Give the place of a part of the template."""
        return Place(file=at.file or self.file, line=at.line, column=at.column)

    def error(self, at: Node | Entry, code: str, text: str) -> None:
        """Report what makes the template unusable."""
        self._add(Severity.ERROR, at, code, text)

    def warning(self, at: Node | Entry, code: str, text: str) -> None:
        """Report what is lost."""
        self._add(Severity.WARNING, at, code, text)

    def note(self, at: Node | Entry, code: str, text: str) -> None:
        """Report what only explains."""
        self._add(Severity.NOTE, at, code, text)

    def unresolved(self, unresolved: Unresolved) -> None:
        """Report what cannot be resolved, unless that is reported already."""
        if unresolved.code:
            self.error(unresolved.at, unresolved.code, unresolved.text)

    def absorb(self, findings: Findings, at: Node | Entry) -> None:
        """Take over the findings of another file, which is read for what stands here."""
        self._findings.update(dict.fromkeys(findings))
        self._check_number(at)

    def _add(self, severity: Severity, at: Node | Entry, code: str, text: str) -> None:
        text = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
        self._findings[Finding(severity=severity, code=code, text=text, place=self.place(at))] = None
        self._check_number(at)

    def _check_number(self, at: Node | Entry) -> None:
        if len(self._findings) >= MOST_FINDINGS:
            more = f"more than {MOST_FINDINGS} findings; the rest of the template is not read"
            raise SyntaxFault("too-many-findings", more, at.line, at.column, at.file)

    def findings(self) -> Findings:
        """Give what was found so far."""
        return tuple(self._findings)


def nearest(name: str, known: Iterable[str]) -> str:
    """Give " (did you mean X?)" for the known name that is most like `name`, "" where none is."""
    names = [each for each, _ in zip(known, range(_MOST_NAMES), strict=False)]
    lowered = name.lower()
    folded = next((each for each in names if each.lower() == lowered), None)
    found = [folded] if folded else difflib.get_close_matches(name[:200], names, n=1, cutoff=0.6)
    return f" (did you mean {found[0]}?)" if found else ""
