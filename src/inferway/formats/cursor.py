"""A value of a resource's properties with the path that leads to it, for readers that report what they find."""

from collections.abc import Iterator, Mapping
from typing import Final, Protocol, runtime_checkable

from inferway.faults import Finding, Place, Severity
from inferway.formats.nodes import Node, NodePlaces, node_of
from inferway.formats.resources import Places, Resource


@runtime_checkable
class TextPlaces(Protocol):
    """Places that know the lines within a text."""

    def inside(self, line: int, column: int, *path: str | int) -> Place:
        """Give the place of a 1-based line and column within the text at a path."""
        ...


class _Absent:
    """Marks a value that is not there; null is there."""

    __slots__ = ()

    def __bool__(self) -> bool:
        """An absent value is as empty as null."""
        return False


_ABSENT: Final = _Absent()

Report = dict[Finding, None]
"""Findings in the order in which they were made, each once however often its cause is met."""


class Cursor:
    """Walks plain JSON data; every mismatch is reported at its place and read as absent, so a walk never fails."""

    __slots__ = ("_findings", "_places", "path", "value")

    def __init__(self, value: object, path: tuple[str | int, ...], places: Places, findings: Report) -> None:
        self.value = value
        self.path = path
        self._places = places
        self._findings = findings

    @classmethod
    def of(cls, resource: Resource, findings: Report) -> "Cursor":
        """Stand at a resource's properties; what is reported goes to `findings`."""
        return cls(resource.properties, (), resource.places, findings)

    @property
    def present(self) -> bool:
        """Whether there is a value here, be it null."""
        return self.value is not _ABSENT

    @property
    def place(self) -> Place:
        """The place of the value, of its nearest parent where it is absent."""
        return self._places.find(*self.path)

    def at(self, *path: str | int) -> Place:
        """Give the place of a value below this one."""
        return self._places.find(*self.path, *path)

    def inside(self, line: int, column: int, *path: str | int) -> Place:
        """Give the place of a 1-based line and column within this text, or one below, as near as the syntax lets."""
        if isinstance(self._places, TextPlaces):
            return self._places.inside(line, column, *self.path, *path)
        return self.at(*path)

    def node(self) -> Node:
        """Give the value as a tree with the places of its file; all at one place where those are not known."""
        node = self._places.node(*self.path) if isinstance(self._places, NodePlaces) else None
        return (
            node
            if node is not None
            else node_of(self.value if self.present else None, self.place.line, self.place.column)
        )

    def __getitem__(self, key: str) -> "Cursor":
        """Step to a mapping's value; absent where there is none; reports what is no mapping."""
        value: object = _ABSENT
        if isinstance(self.value, Mapping):
            value = self.value.get(key, _ABSENT)
        else:
            self._expect_nothing("a mapping")
        return Cursor(value, (*self.path, key), self._places, self._findings)

    def entries(self) -> Iterator[tuple[str, "Cursor"]]:
        """Give each key of a mapping and its value; none where it is absent or null; reports what is no mapping."""
        if isinstance(self.value, Mapping):
            for key in self.value:
                yield key, self[key]
        else:
            self._expect_nothing("a mapping")

    def items(self) -> Iterator["Cursor"]:
        """Give each item of a list; none where it is absent or null; reports what is no list."""
        if isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield Cursor(item, (*self.path, index), self._places, self._findings)
        else:
            self._expect_nothing("a list")

    def text(self, default: str = "") -> str:
        """Give the text; a number or truth value as JSON writes it; reports a mapping or a list."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        if isinstance(self.value, int | float):
            return str(self.value)
        self._expect_nothing("a text")
        return default

    def integer(self) -> int | None:
        """Give the whole number, also where it is written as a text; None where it is absent; reports anything else."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, str) and self.value.isascii() and self.value.isdigit() and len(self.value) < 10:
            return int(self.value)
        self._expect_nothing("a whole number")
        return None

    def flag(self) -> bool:
        """Give the truth value, also where it is written as a text; false where it is absent; reports anything else."""
        if isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, str) and self.value.lower() in {"true", "false"}:
            return self.value.lower() == "true"
        self._expect_nothing("true or false")
        return False

    @property
    def label(self) -> str:
        """The last name on the path, for a finding's text."""
        return next((f"`{step}`" for step in reversed(self.path) if isinstance(step, str)), "the document")

    def error(self, code: str, text: str, place: Place | None = None) -> None:
        """Report an error here."""
        self._report(Severity.ERROR, code, text, place)

    def warning(self, code: str, text: str, place: Place | None = None) -> None:
        """Report a warning here."""
        self._report(Severity.WARNING, code, text, place)

    def note(self, code: str, text: str) -> None:
        """Report a note here."""
        self._report(Severity.NOTE, code, text, None)

    def _expect_nothing(self, wanted: str) -> None:
        """Report a value that is there and of another kind than the one wanted; null counts as absent."""
        if self.value is not _ABSENT and self.value is not None:
            self.error("wrong-type", f"{self.label} must be {wanted}")

    def _report(self, severity: Severity, code: str, text: str, place: Place | None) -> None:
        finding = Finding(severity=severity, code=code, text=text, place=place or self.place)
        self._findings[finding] = None
