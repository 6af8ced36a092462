"""Names, the slots that hold their values, and compiled expressions.

A frame is a list: its parent frame, the budget, then a slot for each variable. A lambda's call makes a frame, and so
does each round of a loop whose body holds a lambda, so that it captures that round's variables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from inferway.languages.csharp.types import Type

FrameData = list[Any]
Run = Callable[[FrameData], Any]
FIRST_SLOT: Final = 2


class _Missing:
    pass


MISSING: Final = _Missing()


@dataclass(slots=True)
class Expr:
    """A compiled expression: its static type, what computes it, its value when that is a constant.

    `parts` are what a string concatenation joins.
    """

    type: Type
    run: Run
    constant: Any = MISSING
    parts: tuple[Run, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether the value is known."""
        return self.constant is not MISSING


@dataclass(slots=True)
class TypeName:
    """A type where an expression stands: what static members hang on."""

    type: Type


class Frame:
    """Counts the slots of one frame while it is compiled."""

    __slots__ = ("level", "size")

    def __init__(self, level: int) -> None:
        self.level = level
        self.size = FIRST_SLOT

    def slot(self) -> int:
        """A new slot."""
        self.size += 1
        return self.size - 1


@dataclass(frozen=True, slots=True)
class Variable:
    """Where a name's value is."""

    type: Type
    level: int
    slot: int


class Scope:
    """The names of one block."""

    __slots__ = ("frame", "names", "parent")

    def __init__(self, frame: Frame, parent: Scope | None = None) -> None:
        self.frame = frame
        self.parent = parent
        self.names: dict[str, Variable] = {}

    def find(self, name: str) -> Variable | None:
        """A name in this block or around it."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None

    def declare(self, name: str, type_: Type) -> Variable:
        """A new variable."""
        self.names[name] = found = Variable(type_, self.frame.level, self.frame.slot())
        return found


def reader(variable: Variable, level: int) -> Run:
    """What reads a variable from a frame of the level."""
    slot, up = variable.slot, level - variable.level
    if up == 0:
        return lambda f: f[slot]
    if up == 1:
        return lambda f: f[0][slot]

    def run(f: FrameData) -> Any:
        for _ in range(up):
            f = f[0]
        return f[slot]

    return run


def writer(variable: Variable, level: int) -> Callable[[FrameData, Any], None]:
    """What writes a variable from a frame of the level."""
    slot, up = variable.slot, level - variable.level

    def write(f: FrameData, value: Any) -> None:
        for _ in range(up):
            f = f[0]
        f[slot] = value

    return write


def constant(type_: Type, value: Any) -> Expr:
    """A constant's expression."""
    return Expr(type_, lambda _: value, value)
