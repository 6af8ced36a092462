"""Where an expression stands: the loops around it, the arguments of the function that it belongs to; and its budget."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from inferway.formats.arm.values import Unresolved, Value, weight
from inferway.formats.nodes import Node, SyntaxFault

MOST_CHARACTERS: Final = 32 * 1024 * 1024
"""Characters in all values of a template, resolved: eight times what the service takes as a template."""

_VALUE: Final = 8
"""Characters that each value counts for, however short it is."""

MOST_TEXT: Final = 1024 * 1024
"""Characters in one value."""

MOST_CALLS: Final = 400_000
"""Calls of functions in one template and those that it links to."""

MOST_DEPLOYMENTS: Final = 800
"""Deployments in one template and those that it links to: as many as a resource group remembers, and as a template has
resources ("Azure subscription and service limits, quotas, and constraints", resource groups and templates)."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Copy loops around an expression, the innermost last, each with its name and index; and names with their values.

    `arguments` are those of a template's own function, None outside of one; `locals` those of lambdas.
    """

    copies: tuple[tuple[str, int], ...] = ()
    arguments: Mapping[str, Value] | None = None
    locals: Mapping[str, Value] = {}

    def looping(self, name: str, index: int) -> "Frame":
        """Give the frame of one turn of a loop in it."""
        return msgspec.structs.replace(self, copies=(*self.copies, (name, index)))


OUTSIDE: Final = Frame()


class Lambda(msgspec.Struct, frozen=True, kw_only=True):
    """A function that is a value: it takes as many values as it has names."""

    names: tuple[str, ...]
    run: Callable[[Mapping[str, Value]], Value]

    def __call__(self, *given: Value) -> Value:
        """Run it; further values than it has names for are left out."""
        return self.run(dict(zip(self.names, given, strict=False)))


class Budget:
    """Counts what is made, so that nothing grows without end."""

    def __init__(self) -> None:
        self._characters = 0
        self._calls = 0
        self._deployments = 0

    def deployment(self) -> None:
        """Count a deployment; raises SyntaxFault past the bound."""
        self._deployments += 1
        if self._deployments > MOST_DEPLOYMENTS:
            raise SyntaxFault("too-large", f"more than {MOST_DEPLOYMENTS} deployments in one template and its links")

    def call(self) -> None:
        """Count a call; raises SyntaxFault past the bound."""
        self._calls += 1
        if self._calls > MOST_CALLS:
            raise SyntaxFault("too-large", f"the template's expressions call more than {MOST_CALLS:,} functions")

    def made(self, value: Value) -> Value:
        """Count a value that a function made and give it; raises Unresolved, past the bound of all SyntaxFault."""
        size = weight(value) if isinstance(value, str | list | Mapping) else 1
        if size > MOST_TEXT:
            raise Unresolved("too-large", f"a value of more than {MOST_TEXT // 1024 // 1024} million characters")
        self.spend(size)
        return value

    def spend(self, characters: int, at: Node | None = None) -> None:
        """Count characters; raises SyntaxFault past the bound."""
        self._characters += characters + _VALUE
        if self._characters > MOST_CHARACTERS:
            text = f"the template resolves to more than {MOST_CHARACTERS // 1024 // 1024} million characters"
            raise SyntaxFault("too-large", text, at.line if at else 0, at.column if at else 0)
