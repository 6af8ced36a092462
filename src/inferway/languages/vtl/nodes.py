"""The template's syntax tree: frozen nodes, each with the place it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Line and column, 1-based."""

    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """`.name` after a reference."""

    name: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """`.name(arguments)` after a reference."""

    name: str
    arguments: tuple[Expression, ...]
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Index:
    """`[argument]` after a reference."""

    argument: Expression
    place: Place


Step: TypeAlias = Property | Call | Index


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """`$root.step.step`, and how it prints.

    `prefix` and `escapes` are text before it; `null_text` prints when it has no value; an `escaped` one prints its own
    text. A `runt` is not a reference after all: it prints `root`. `assigned` is the variable that `#set` gives a value:
    in 1.7 that is the first token without its `$`, so only `$root` sets `root`.
    """

    root: str
    steps: tuple[Step, ...]
    escapes: str
    prefix: str
    null_text: str
    escaped: bool
    computable: bool
    runt: bool
    literal: str
    assigned: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    """A string without references, a number or a boolean."""

    value: str | int | float | bool
    literal: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Interpolation:
    """A double-quoted string with references or directives in it; `trim` characters are taken off its end."""

    body: Block
    trim: int
    literal: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class ListLiteral:
    """`[a, b]`."""

    items: tuple[Expression, ...]
    literal: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MapLiteral:
    """`{a: b}`."""

    entries: tuple[tuple[Expression, Expression], ...]
    literal: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """`[a..b]`."""

    first: Expression
    last: Expression
    literal: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Binary:
    """An operator with two sides; `operator` is its symbol."""

    operator: str
    left: Expression
    right: Expression
    literal: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Not:
    """`!operand`."""

    operand: Expression
    literal: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A bare word among a directive's arguments."""

    text: str
    literal: str


Expression: TypeAlias = Reference | Constant | Interpolation | ListLiteral | MapLiteral | Range | Binary | Not | Word


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """Text that prints as it is."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Set:
    """`#set(target = value)`."""

    target: Reference
    value: Expression
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class If:
    """`#if … #elseif … #else … #end`."""

    branches: tuple[tuple[Expression, Block], ...]
    otherwise: Block
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreach:
    """`#foreach($variable in source) … #end`."""

    variable: str
    source: Expression
    body: Block
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Define:
    """`#define($name) … #end`."""

    name: str
    body: Block
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Macro:
    """`#macro(name $parameter …) … #end`."""

    name: str
    parameters: tuple[str, ...]
    body: Block
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class MacroCall:
    """`#name(arguments)`, or `#@name(arguments) … #end` with a body; without such a macro `literal` prints."""

    name: str
    arguments: tuple[Expression, ...]
    body: Block | None
    literal: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """`#break`, or `#break($scope)`."""

    scope: Expression | None
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """`#stop`."""

    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluate:
    """`#evaluate(source)`."""

    source: Expression
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Include:
    """`#include(name)` or `#parse(name)`: there is nothing to load from, so rendering it fails."""

    name: str
    arguments: tuple[Expression, ...]
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Return:
    """`#return(value)`: ends the template with a value."""

    value: Expression | None
    place: Place


Statement: TypeAlias = (
    Text | Reference | Set | If | Foreach | Define | Macro | MacroCall | Break | Stop | Evaluate | Include | Return
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Statements in order."""

    statements: tuple[Statement, ...]
