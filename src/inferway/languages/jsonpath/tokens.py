"""The parts of a path, in the order in which they are read."""

from dataclasses import dataclass

from inferway.languages.regex import JavaPattern


@dataclass(frozen=True, slots=True)
class Property:
    """`.name`, `['name']` or `['a','b']`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`, `[-1]` or `[0,2]`."""

    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """`[1:3]`, `[1:]` or `[:3]`; there are no steps."""

    start: int | None
    stop: int | None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`*` or `[*]`."""


@dataclass(frozen=True, slots=True)
class Scan:
    """`..`; the token behind it is applied at every depth."""


@dataclass(frozen=True, slots=True)
class Filter:
    """`[?(…)]`."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A function's parameter: a path read from the root document, or a JSON value."""

    path: "tuple[Token, ...] | None"
    value: object


@dataclass(frozen=True, slots=True)
class Function:
    """`.name(…)`."""

    name: str
    parameters: tuple[Parameter, ...]
    column: int


Token = Property | Index | Slice | Wildcard | Scan | Filter | Function


@dataclass(frozen=True, slots=True)
class PathOperand:
    """A path inside a filter: `@…` is read from the item, `$…` from the document."""

    tokens: tuple[Token, ...]
    rooted: bool


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number, true, false, null, JSON list or JSON object."""

    value: object


@dataclass(frozen=True, slots=True)
class PatternOperand:
    """`/…/i`."""

    pattern: JavaPattern


Operand = PathOperand | Literal | PatternOperand


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`, the operator in upper case."""

    left: Operand
    operator: str
    right: Operand


@dataclass(frozen=True, slots=True)
class Exists:
    """A path alone, or with `!` in front."""

    path: PathOperand
    expected: bool


@dataclass(frozen=True, slots=True)
class AllOf:
    """`a && b`."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`a || b`."""

    parts: "tuple[Condition, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """`!(a)`."""

    part: "Condition"


Condition = Compare | Exists | AllOf | AnyOf | Not
