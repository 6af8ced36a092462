"""Places of an artifact: in the file that describes it, in the file of its text, in the file that overrides it."""

from typing import Final

from inferway.faults import Place
from inferway.formats.nodes import NodePlaces
from inferway.formats.resources import Places

_VALUE: Final = ("properties", "value")


class ArtifactPlaces:
    """Finds the places of one artifact's properties; its `value` stands in a file of its own where `text` names one."""

    def __init__(self, own: Places, text: str = "", override: NodePlaces | None = None) -> None:
        self._own = own
        self._text = text
        self._override = override

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path of keys and indexes."""
        if self._override is not None and path and self._override.node(*path) is not None:
            return self._override.find(*path)
        if self._text and path[:2] == _VALUE:
            return Place(file=self._text, line=1, column=1)
        return self._own.find(*path)

    def inside(self, line: int, column: int, *path: str | int) -> Place:
        """Give the place of a 1-based line and column within the text at a path."""
        if self._text and path[:2] == _VALUE:
            return Place(file=self._text, line=line, column=column)
        return self.find(*path)
