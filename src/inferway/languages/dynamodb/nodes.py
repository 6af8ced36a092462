"""The nodes of parsed expressions; names and values are bound already."""

from collections.abc import Mapping

import msgspec

from inferway.languages.dynamodb.values import Value

Path = tuple[str | int, ...]


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """The value at a document path."""

    path: Path


class Constant(msgspec.Struct, frozen=True, kw_only=True):
    """A value of ExpressionAttributeValues."""

    value: Value


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A function with its operands."""

    name: str
    operands: tuple["Operand", ...]


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """The sum or difference of two operands; `operator` is `+` or `-`."""

    operator: str
    left: "Operand"
    right: "Operand"


Operand = Attribute | Constant | Call | Sum


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two operands and `=`, `<>`, `<`, `<=`, `>` or `>=`."""

    operator: str
    left: Operand
    right: Operand


class Between(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an operand stands between two others, which count."""

    operand: Operand
    low: Operand
    high: Operand


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an operand is one of others."""

    operand: Operand
    among: tuple[Operand, ...]


class Both(msgspec.Struct, frozen=True, kw_only=True):
    """AND."""

    left: "Condition"
    right: "Condition"


class Either(msgspec.Struct, frozen=True, kw_only=True):
    """OR."""

    left: "Condition"
    right: "Condition"


class Negation(msgspec.Struct, frozen=True, kw_only=True):
    """NOT."""

    condition: "Condition"


Condition = Comparison | Between | Membership | Both | Either | Negation | Call


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """One action of SET."""

    path: Path
    value: Operand


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One action of ADD or DELETE."""

    path: Path
    value: Value


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """An update expression's actions by their clause."""

    set: tuple[Assignment, ...] = ()
    remove: tuple[Path, ...] = ()
    add: tuple[Change, ...] = ()
    delete: tuple[Change, ...] = ()

    def paths(self) -> list[Path]:
        """Give every path that is changed."""
        changes = [change.path for change in (*self.add, *self.delete)]
        return [assignment.path for assignment in self.set] + changes + list(self.remove)


class Names:
    """A request's ExpressionAttributeNames and ExpressionAttributeValues, and which of them were used."""

    def __init__(self, names: Mapping[str, str], values: Mapping[str, Value]) -> None:
        self.names = names
        self.values = values
        self.used: set[str] = set()

    def unused(self) -> str:
        """Say which were given and not used, in the service's words; "" when all were."""
        for kind, given in (("Names", self.names), ("Values", self.values)):
            rest = [name for name in given if name not in self.used]
            if rest:
                return f"Value provided in ExpressionAttribute{kind} unused in expressions: keys: {{{', '.join(rest)}}}"
        return ""
