"""What an expression of a program stands for, as far as its text tells."""

import ast

import msgspec

from inferway.formats.pulumi.sdk import Declaration, Module


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """A module of an SDK, or `pulumi` itself."""

    module: Module


class Class(msgspec.Struct, frozen=True, kw_only=True):
    """A class or function of an SDK."""

    declared: Declaration


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """An object of an SDK's class, with the call that makes it."""

    declared: Declaration
    call: ast.Call


class Getter(msgspec.Struct, frozen=True, kw_only=True):
    """The function `get` of a resource class."""

    declared: Declaration


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """The function `pulumi.export`."""


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A text constant."""

    node: ast.Constant


Thing = Package | Class | Instance | Getter | Export | Text | None
"""None where nothing is known."""


class Scope:
    """Names and what they stand for, within an outer scope."""

    def __init__(self, outer: "Scope | None" = None) -> None:
        self._outer = outer
        self._names: dict[str, Thing] = {}

    def find(self, name: str) -> Thing:
        """Give what a name stands for."""
        if name in self._names:
            return self._names[name]
        return self._outer.find(name) if self._outer else None

    def bind(self, name: str, thing: Thing) -> None:
        """Bind a name. One that may stand for objects of two classes stands for neither."""
        held = self._names.get(name)
        if isinstance(held, Instance) and not (isinstance(thing, Instance) and thing.declared == held.declared):
            thing = None
        self._names[name] = thing
