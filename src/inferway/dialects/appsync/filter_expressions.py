"""`$util.transform`: a GraphQL filter as a DynamoDB expression.

Source: AppSync, "Transformation helpers in $util.transform" (https://docs.aws.amazon.com/appsync/latest/devguide/
transformation-helpers-in-utils-transform.html).
"""

from typing import Any, Final

from inferway.dialects.appsync.table_values import typed

_COMPARED: Final = {"eq": "=", "ne": "<>", "le": "<=", "lt": "<", "ge": ">=", "gt": ">"}
_CALLED: Final = {
    "contains": "contains({name}, {value})",
    "notContains": "NOT contains({name}, {value})",
    "beginsWith": "begins_with({name}, {value})",
    "attributeType": "attribute_type({name}, {value})",
}
_DEPTH: Final = 20


class _Filter:
    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}

    def of(self, given: Any, depth: int = 0) -> str:
        if not isinstance(given, dict) or depth > _DEPTH:
            raise ValueError("a filter is a map of fields to conditions")
        parts = []
        for name, condition in given.items():
            if name in ("and", "or"):
                inner = [f"({self.of(item, depth + 1)})" for item in condition]
                parts.append(f"({f' {name.upper()} '.join(inner)})" if inner else "")
            elif name == "not":
                parts.append(f"(NOT {self.of(condition, depth + 1)})")
            else:
                parts += self._field(name, condition)
        return " AND ".join(part if len(parts) == 1 else f"({part})" for part in parts if part)

    def _field(self, name: str, condition: Any) -> list[str]:
        if not isinstance(condition, dict):
            raise ValueError(f"the filter of {name!r} is a map of operators to values")  # noqa: TRY004 - a template's
        self.names[f"#{name}"] = name
        return [self._operator(name, operator, value) for operator, value in condition.items()]

    def _operator(self, name: str, operator: str, value: Any) -> str:
        if operator == "attributeExists":
            return f"attribute_{'exists' if value else 'not_exists'}(#{name})"
        if operator == "between" and isinstance(value, list) and len(value) == 2:
            low, high = (self._value(f":{name}_between_{at}", item) for at, item in enumerate(value, 1))
            return f"#{name} BETWEEN {low} AND {high}"
        if operator == "in" and isinstance(value, list):
            among = [self._value(f":{name}_in_{at}", item) for at, item in enumerate(value, 1)]
            return f"#{name} IN ({', '.join(among)})"
        placeholder = self._value(f":{name}_{operator}", value)
        if operator in _COMPARED:
            return f"#{name} {_COMPARED[operator]} {placeholder}"
        if operator in _CALLED:
            return _CALLED[operator].format(name=f"#{name}", value=placeholder)
        raise ValueError(f"{operator!r} is no operator of a filter")

    def _value(self, placeholder: str, value: Any) -> str:
        self.values[placeholder] = typed(value)
        return placeholder


def filter_expression(given: object) -> dict[str, Any]:
    """Give the expression with its names and values; ValueError for a filter that is none."""
    made = _Filter()
    expression = made.of(given)
    return {"expression": expression, "expressionNames": made.names, "expressionValues": made.values}
