"""Lines of Python source under construction, each with the place in the template that it stands for."""

from __future__ import annotations

from typing import Any

from inferway.languages.vtl.nodes import Place

_QUOTED = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "{": "{{", "}": "}}"})


class Emission:
    """Collects lines and constants. `emit` adds a line at the current depth."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.places: list[Place | None] = []
        self.constants: dict[str, Any] = {}
        self.depth = 0
        self._names: dict[tuple[type, Any], str] = {}
        self._temporaries = 0

    def emit(self, line: str, place: Place | None = None) -> None:
        """One line of source."""
        self.lines.append(" " * self.depth + line)
        self.places.append(place)

    def insert(self, at: int, lines: list[str]) -> None:
        """Lines before the line `at`, at the depth of the line that stands there."""
        indent = " " * self.depth
        self.lines[at:at] = [indent + line for line in lines]
        self.places[at:at] = [None] * len(lines)

    def temporary(self, prefix: str = "t") -> str:
        """A fresh variable name."""
        self._temporaries += 1
        return f"{prefix}{self._temporaries}"

    def constant(self, value: Any, prefix: str = "k") -> str:
        """The global name under which generated code finds a string or an object."""
        key = (type(value), value if isinstance(value, str) else id(value))
        if key not in self._names:
            self._names[key] = f"{prefix}{len(self._names)}_"
            self.constants[self._names[key]] = value
        return self._names[key]


def formatted_text(text: str) -> str:
    """Constant text as it stands inside an f-string in single quotes."""
    quoted = text.translate(_QUOTED)
    if quoted.isprintable():
        return quoted
    return "".join(char if char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
