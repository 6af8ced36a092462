"""A document put together from parts of resources, each value with the place that it came from."""

from itertools import pairwise
from typing import Any

from inferway.faults import Place
from inferway.formats.cursor import Cursor, Report

Path = tuple[str | int, ...]


class _Origin:
    """Where the values below a point of the document came from."""

    __slots__ = ("at", "below")

    def __init__(self, at: Cursor | None) -> None:
        self.at = at
        self.below: dict[str | int, _Origin] = {}


class Assembly:
    """A document in the making; it is itself the places of its values."""

    def __init__(self, at: Cursor) -> None:
        self._at = at
        self._value: dict[str, Any] = {}
        self._root = _Origin(at)
        self._owned = {id(self._value)}

    def graft(self, document: Cursor) -> None:
        """Take a whole document as the one to add to."""
        if isinstance(document.value, dict):
            self._value = dict(document.value)
            self._owned.add(id(self._value))
            self._root.at = document

    def put(self, path: Path, value: object, at: Cursor) -> None:
        """Put a value at a path, with the place of `at`; mappings on the way are made, and lists grow by one."""
        holder: Any = self._value
        origin = self._root
        for step, following in pairwise(path):
            origin = origin.below.setdefault(step, _Origin(None))
            holder = self._own(holder, step, [] if isinstance(following, int) else {})
        last = path[-1]
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[last] = value
        origin.below[last] = _Origin(at)

    def copy(self, path: Path, at: Cursor) -> None:
        """Put a value as it is where it came from; nothing where it is absent or null."""
        if at.value is not None and at.present:
            self.put(path, at.value, at)

    def has(self, path: Path) -> bool:
        """Say whether something stands at a path."""
        here: Any = self._value
        for step in path:
            if not isinstance(here, dict) or step not in here:
                return False
            here = here[step]
        return True

    def cursor(self, findings: Report) -> Cursor:
        """Stand at the document."""
        return Cursor(self._value, (), self, findings)

    def find(self, *path: str | int) -> Place:
        """Give the place that the value at a path came from, its nearest parent's where it came from nowhere."""
        at, rest = self._came_from(path)
        return at.at(*rest)

    def inside(self, line: int, column: int, *path: str | int) -> Place:
        """Give the place of a line and column within the text at a path."""
        at, rest = self._came_from(path)
        return at.inside(line, column, *rest)

    def _came_from(self, path: Path) -> tuple[Cursor, Path]:
        origin, found, rest = self._root, self._root.at or self._at, path
        for index, step in enumerate(path):
            known = origin.below.get(step)
            if known is None:
                break
            origin = known
            if origin.at is not None:
                found, rest = origin.at, path[index + 1 :]
        return found, rest

    def _own(self, holder: Any, step: str | int, empty: Any) -> Any:
        """Give the container at a step as the document's own, so that what is put into it changes nothing else."""
        found = holder[int(step)] if isinstance(holder, list) else holder.get(step)
        if id(found) in self._owned:
            return found
        made = dict(found) if isinstance(found, dict) else list(found) if isinstance(found, list) else empty
        holder[step] = made
        self._owned.add(id(made))
        return made
