"""The types that one host's expressions may name: .NET's in `library`, and the host's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from inferway.languages.csharp.host import Host
from inferway.languages.csharp.signature import Member, Members, member_name, parse_member
from inferway.languages.csharp.types import ENUMS, OBJECT, Type, is_value_type, parse_type, substitute
from inferway.languages.csharp.values import EnumValue, ExceptionValue, type_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Class:
    """One type of .NET: `members` are C# signatures; `python` is the class of its values, where that alone tells.

    `parameters` are its type parameters, `bases` what it derives from or implements, in C#.
    """

    name: str
    members: Members = field(default_factory=dict)
    parameters: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    python: type | tuple[type, ...] | None = None


_NONE: Final[tuple[Member, ...]] = ()


class Table:
    """A class's members by name, read when they are first asked for."""

    __slots__ = ("_found", "_texts", "bases", "class_")

    def __init__(self, class_: Class) -> None:
        self.class_ = class_
        self.bases = tuple(parse_type(each) for each in class_.bases)
        self._texts: dict[str, list[str]] = {}
        for text in class_.members:
            self._texts.setdefault(member_name(text), []).append(text)
        self._found: dict[str, tuple[Member, ...]] = {}

    def get(self, name: str) -> tuple[Member, ...]:
        """The members of a name."""
        if name not in self._texts:
            return _NONE
        found = self._found.get(name)
        if found is None:
            found = tuple(parse_member(text, self.class_.members[text]) for text in self._texts[name])
            self._found[name] = found
        return found

    def names(self) -> Iterator[str]:
        """All the names."""
        return iter(self._texts)


class Universe:
    """Looks types and their members up."""

    def __init__(self, classes: tuple[Class, ...], extensions: tuple[Class, ...], host: Host | None = None) -> None:
        self._tables = {each.name: Table(each) for each in classes}
        self._extensions = [Table(each) for each in extensions]
        self._host: Mapping[str, tuple[Member, ...]] = host.extensions if host else {}
        self._shown = tuple(each for each in host.types if each.python is not None) if host else ()
        for each in host.types if host else ():
            own = Class(name=each.name, members=each.members, bases=each.bases, python=each.python)
            self._tables[each.name] = Table(own)
        self._as_base = lru_cache(maxsize=4_096)(self._find_base)

    def table(self, name: str) -> Table | None:
        """A type's members, None for a type that is not declared."""
        return self._tables.get("enum" if name in ENUMS and name not in self._tables else name)

    def knows(self, type_: Type) -> bool:
        """Whether a type and its arguments are declared."""
        if type_.name in ("[]", "?") or self.table(type_.name) is not None or type_.name.startswith("{"):
            return all(map(self.knows, type_.arguments))
        return False

    def bases(self, type_: Type) -> tuple[Type, ...]:
        """What a type derives from or implements directly."""
        table = self._tables.get(type_.name)
        if table is None:
            return ()
        bound = dict(zip(table.class_.parameters, type_.arguments, strict=False))
        return tuple(substitute(each, bound) for each in table.bases)

    def as_base(self, type_: Type, name: str) -> Type | None:
        """The type itself or the first base of it that has the name."""
        return self._as_base(type_, name)

    def _find_base(self, type_: Type, name: str) -> Type | None:
        if type_.name == name:
            return type_
        for each in self.bases(type_):
            found = self._as_base(each, name)
            if found is not None:
                return found
        return None

    def derives(self, type_: Type, base: Type) -> bool:
        """Whether a reference of a type is one of the base as well; `IEnumerable<T>` and its like vary with T."""
        if type_ == base or base == OBJECT:
            return True
        found = self._as_base(type_, base.name)
        if found is None:
            return any(each.name == base.name and self.derives(each, base) for each in self.bases(type_))
        if found == base:
            return True
        if found.name in _COVARIANT and len(found.arguments) == len(base.arguments):
            pairs = zip(found.arguments, base.arguments, strict=True)
            if all(a == b or (not is_value_type(a) and self.derives(a, b)) for a, b in pairs):
                return True
        return found is not type_ and any(self.derives(each, base) for each in self.bases(type_))

    def members(self, type_: Type, name: str) -> list[tuple[Member, dict[str, Type]]]:
        """A type's members of a name, its own before its bases', each with what its type parameters stand for."""
        found: list[tuple[Member, dict[str, Type]]] = []
        self._collect(type_, name, found, set())
        objects = self._tables["object"]
        if type_.name != "object":
            found.extend((each, {}) for each in objects.get(name) if not each.static)
        return found

    def _collect(self, type_: Type, name: str, into: list[tuple[Member, dict[str, Type]]], seen: set[Type]) -> None:
        table = self.table(type_.name)
        if table is None or type_ in seen:
            return
        seen.add(type_)
        bound = dict(zip(table.class_.parameters, type_.arguments, strict=False))
        into.extend((each, bound) for each in table.get(name))
        for base in table.bases:
            self._collect(substitute(base, bound), name, into, seen)

    def extensions(self, name: str) -> list[Member]:
        """The extension methods of a name, the host's first."""
        return [*self._host.get(name, ()), *(each for table in self._extensions for each in table.get(name))]

    def host_text(self, value: Any) -> str | None:
        """`ToString()` of a host's object, None for another value: of a class's own type before one of its bases'."""
        fitting = [each for each in self._shown if isinstance(value, each.python or ())]
        found = next((each for each in fitting if each.python is value.__class__), fitting[0] if fitting else None)
        return None if found is None else found.name if found.text is None else found.text(value)

    def is_instance(self, value: Any, type_: Type) -> bool:
        """Whether a boxed value is of a type: what `is` says."""
        if value is None:
            return False
        if type_ == OBJECT:
            return True
        if type_.name == "?":
            return self.is_instance(value, type_.arguments[0])
        table = self._tables.get(type_.name)
        python = table.class_.python if table else None
        if python is not None and not type_.arguments:
            return isinstance(value, python) and (python is not int or value.__class__ is int)
        own = type_of(value)
        if isinstance(value, ExceptionValue) and self.table(own.name) is None:
            own = Type("Exception")
        if isinstance(value, EnumValue):
            return own == type_
        if own == OBJECT and python is not None:
            return isinstance(value, python)
        return self.derives(own, type_)


_COVARIANT: Final = frozenset(
    {
        "IEnumerable",
        "IReadOnlyList",
        "IReadOnlyCollection",
        "IOrderedEnumerable",
        "IGrouping",
        "[]",
        "Func",
        "IQueryable",
    }
)
