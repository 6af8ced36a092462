"""Members declared by their C# signature, as tables: `{"string Substring(int start, int length)": function}`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from inferway.languages.csharp.types import VOID, Type, parse_type

Members = Mapping[str, Callable[..., Any]]
"""C# signatures with what they do. The forms, where `self` is the receiver (none for `static` and `new`):

- `"int Length"`: a property, `function(self)`; `"static DateTime UtcNow"`: `function()`;
- `"set string Name"`: its setter, `function(self, value)`;
- `"string Substring(int start, int length = 1)"`: a method, `function(self, start, length)`;
- `"T As<T>(bool preserveContent = false)"`: a generic one gets a tuple of its type arguments first,
  `function(self, types, preserveContent)`;
- `"char this[int index]"`: an indexer, `function(self, index)`; `"set object this[string key]"`: its setter,
  `function(self, key, value)`;
- `"new(string text)"`: a constructor, `function(text)`, or `function(types, text)` when the class is generic;
- parameters may be `params string[] rest` (given as a list) and `out int result`: the function then returns a tuple of
  its result and the out values;
- `async` does not exist: what a function needs must be at hand.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter: `mode` is "", "params", "out" or "this"."""

    name: str
    type: Type
    mode: str = ""
    optional: bool = False
    default: object = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One declared member. `kind` is "property", "setter", "method", "indexer", "index setter" or "constructor"."""

    kind: str
    name: str
    type: Type
    static: bool
    type_parameters: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    apply: Callable[..., Any]


_METHOD: Final = re.compile(
    r"(?P<type>.+?) ?\b(?P<name>[A-Za-z_]\w*)(?:<(?P<generic>[^()<>]*)>)?\((?P<parameters>.*)\)"
)
_INDEXER: Final = re.compile(r"(?P<type>.+) this\[(?P<parameters>.*)\]")
_PROPERTY: Final = re.compile(r"(?P<type>.+) (?P<name>[A-Za-z_]\w*)")
_PARAMETER: Final = re.compile(
    r"(?:(?P<mode>params|out|this) )?(?P<type>.+?) (?P<name>[A-Za-z_]\w*)(?: = (?P<default>.+))?"
)
_CONSTANTS: Final[dict[str, object]] = {"true": True, "false": False, "null": None, '""': ""}


def parse_member(text: str, apply: Callable[..., Any]) -> Member:
    """The member that a C# signature declares. Raises ValueError when it is not one of the forms of `Members`."""
    static = text.startswith("static ")
    rest = text.removeprefix("static ")
    setter = rest.startswith("set ")
    rest = rest.removeprefix("set ")
    if rest.startswith("new("):
        return Member(
            kind="constructor",
            name="new",
            type=VOID,
            static=True,
            type_parameters=(),
            parameters=_parameters(rest[4:-1], text),
            apply=apply,
        )
    for pattern, kind in ((_METHOD, "method"), (_INDEXER, "indexer"), (_PROPERTY, "property")):
        found = pattern.fullmatch(rest)
        if found is not None:
            groups = found.groupdict()
            generic = groups.get("generic")
            return Member(
                kind={"indexer": "index setter", "property": "setter"}[kind] if setter else kind,
                name=groups.get("name") or "this",
                type=parse_type(groups["type"]),
                static=static,
                type_parameters=tuple(each.strip() for each in generic.split(",")) if generic else (),
                parameters=_parameters(groups.get("parameters") or "", text),
                apply=apply,
            )
    raise ValueError(f"not a member's signature: {text!r}")


def member_name(text: str) -> str:
    """The name that a signature declares, without reading the rest of it."""
    rest = text.removeprefix("static ").removeprefix("set ")
    if rest.startswith("new("):
        return "new"
    if " this[" in rest:
        return "this"
    return re.sub(r"<[^()<>]*>$", "", rest.partition("(")[0]).rpartition(" ")[2]


def _parameters(text: str, whole: str) -> tuple[Parameter, ...]:
    return tuple(_parameter(each.strip(), whole) for each in _split(text)) if text.strip() else ()


def _parameter(text: str, whole: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    if found is None:
        raise ValueError(f"not a parameter: {text!r} in {whole!r}")
    default = found["default"]
    value = None if default is None else _CONSTANTS[default] if default in _CONSTANTS else int(default)
    return Parameter(
        name=found["name"],
        type=parse_type(found["type"]),
        mode=found["mode"] or "",
        optional=default is not None,
        default=value,
    )


def _split(text: str) -> list[str]:
    """The text at its commas outside of `< >`."""
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character == "<") - (character == ">")
        if character == "," and not depth:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]
