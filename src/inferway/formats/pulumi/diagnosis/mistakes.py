"""What is wrong in a program's text."""

import ast

import msgspec

from inferway.faults import Finding, Place, Severity


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """A finding of the diagnosis. One that `raises` would have stopped the program, so a clean run disproves it.

    `first` and `last` are the lines of the call that it stands in.
    """

    finding: Finding
    raises: bool
    first: int
    last: int


class MistakeList:
    """The mistakes of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[tuple[str, int, int], Mistake] = {}

    @property
    def all(self) -> tuple[Mistake, ...]:
        """Every mistake, by place."""
        return tuple(
            sorted(self._found.values(), key=lambda each: (each.finding.place.line, each.finding.place.column))
        )

    def raising(self, code: str, text: str, node: ast.AST) -> None:
        """Note what stops the program."""
        self._add(Severity.ERROR, code, text, node, raises=True)

    def silent(self, severity: Severity, code: str, text: str, node: ast.AST) -> None:
        """Note what goes wrong without a word."""
        self._add(severity, code, text, node, raises=False)

    def _add(self, severity: Severity, code: str, text: str, node: ast.AST, *, raises: bool) -> None:
        line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
        place = Place(file=self.file, line=line, column=column)
        finding = Finding(severity=severity, code=code, text=text, place=place)
        last = getattr(node, "end_lineno", line) or line
        self._found.setdefault((code, line, column), Mistake(finding=finding, raises=raises, first=line, last=last))
