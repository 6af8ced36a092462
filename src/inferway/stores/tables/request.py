"""What every operation reads of its request: the table, keys, and expressions."""

from typing import Any, Final

from inferway.languages.dynamodb.conditions import holds
from inferway.languages.dynamodb.nodes import Condition, Names, Path, Update
from inferway.languages.dynamodb.parser import Parser
from inferway.languages.dynamodb.update_parser import UpdateParser, check_overlaps
from inferway.languages.dynamodb.values import Item, checked, checked_item
from inferway.languages.dynamodb.wire_types import mistyped
from inferway.stores.tables.errors import condition_failed, invalid

_LEGACY: Final = {
    "Expected": "ConditionExpression",
    "ConditionalOperator": "ConditionExpression",
    "AttributeUpdates": "UpdateExpression",
    "AttributesToGet": "ProjectionExpression",
    "KeyConditions": "KeyConditionExpression",
    "QueryFilter": "FilterExpression",
    "ScanFilter": "FilterExpression",
}


class Request:
    """One operation's request. What the service requires and is missing raises its ValidationException."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields
        for legacy, instead in _LEGACY.items():
            if legacy in fields:
                raise invalid(f"{legacy} is a legacy parameter that is not served here; use {instead}")
        names = self.of_type("ExpressionAttributeNames", dict, {})
        values = self.of_type("ExpressionAttributeValues", dict, {})
        for given, kind, sign in ((names, "Names", "#"), (values, "Values", ":")):
            if f"ExpressionAttribute{kind}" in fields and not given:
                raise invalid(f"ExpressionAttribute{kind} must not be empty")
            for name in given:
                if not name.startswith(sign):
                    raise invalid(f'ExpressionAttribute{kind} contains invalid key: Syntax error; key: "{name}"')
        self.names = Names(names, {name: checked(value) for name, value in values.items()})

    def required(self, name: str, kind: type) -> Any:
        """Give a member that must be there."""
        if self.fields.get(name) is None:
            member = name[0].lower() + name[1:]
            raise invalid(
                f"1 validation error detected: Value null at '{member}' failed to satisfy constraint: "
                "Member must not be null"
            )
        return self.of_type(name, kind, None)

    def of_type(self, name: str, kind: type, default: Any) -> Any:
        """Give a member, or the default where it is not there; raises WireTypeError for one of another type."""
        value = self.fields.get(name)
        if value is None:
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise mistyped(value, kind)
        return value

    def one_of(self, name: str, *allowed: str) -> str:
        """Give a member that is one of some words, the first of them where it is not there."""
        value = self.of_type(name, str, allowed[0])
        if value not in allowed:
            raise invalid(
                f"1 validation error detected: Value '{value}' at '{name[0].lower()}{name[1:]}' failed to satisfy "
                f"constraint: Member must satisfy enum value set: [{', '.join(allowed)}]"
            )
        return str(value)

    @property
    def table(self) -> str:
        """The table's name; it may be given as an ARN."""
        return table_name(self.required("TableName", str))

    def item(self, name: str) -> Item:
        """Give a member that is an item or a key."""
        return checked_item(self.required(name, dict))

    def condition(self, kind: str) -> Condition | None:
        """Give a condition of a kind, ConditionExpression or another; None where there is none."""
        text = self.of_type(kind, str, None)
        return None if text is None else Parser(text, kind, self.names).condition()

    def projection(self) -> tuple[Path, ...] | None:
        """Give the paths to project to; None for whole items."""
        text = self.of_type("ProjectionExpression", str, None)
        if text is None:
            return None
        paths = Parser(text, "ProjectionExpression", self.names).paths()
        check_overlaps(list(paths), "ProjectionExpression")
        return paths

    def update(self) -> Update:
        """Give the update."""
        text = self.of_type("UpdateExpression", str, None)
        return Update() if text is None else UpdateParser(text, self.names).update()

    def check_use(self) -> None:
        """Raise TableError when names or values were given that no expression has used."""
        unused = self.names.unused()
        if unused:
            has_none = not any(name.endswith("Expression") for name in self.fields)
            if has_none:
                which = "Names" if self.names.names else "Values"
                raise invalid(f"ExpressionAttribute{which} can only be specified when using expressions")
            raise invalid(unused)

    def must_hold(self, condition: Condition | None, item: Item | None) -> None:
        """Raise TableError ConditionalCheckFailedException unless a condition holds for the item under the key."""
        if condition is not None and not holds(condition, item or {}):
            wanted = self.one_of("ReturnValuesOnConditionCheckFailure", "NONE", "ALL_OLD") == "ALL_OLD"
            raise condition_failed(item if wanted else None)


def table_name(text: str) -> str:
    """Give a table's name of its name or ARN; raises TableError for a text that can be neither."""
    name = text.rpartition(":table/")[2] if text.startswith("arn:") else text
    if not 1 <= len(name) <= 255 or not all(char.isalnum() or char in "_-." for char in name):
        raise invalid(
            f"1 validation error detected: Value '{text}' at 'tableName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
        )
    return name
