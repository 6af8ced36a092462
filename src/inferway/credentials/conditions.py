"""The condition operators of IAM policies.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" (https://docs.aws.amazon.com/IAM/latest/
UserGuide/reference_policies_elements_condition_operators.html) and "Multivalued context keys".
"""

import base64
import binascii
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from inferway.credentials.wildcard import compile_wildcard

Test = Callable[[str, str], bool]
"""Compares a value of the request with one of the policy; ValueError where either is not of the operator's type."""


def _arn_like(given: str, pattern: str) -> bool:
    """Compare the six parts of two ARNs one by one ("ARN condition operators")."""
    parts, patterns = given.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(
        compile_wildcard(wanted)(part) for part, wanted in zip(parts, patterns, strict=True)
    )


def _in_network(given: str, network: str) -> bool:
    address, block = ipaddress.ip_address(given), ipaddress.ip_network(network, strict=False)
    if isinstance(address, ipaddress.IPv6Address) and block.version == 4:
        address = address.ipv4_mapped or address  # as a socket for both versions names a client of version 4
    return address.version == block.version and address in block


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return number


def _date(text: str) -> float:
    """Give a date of ISO 8601, or of seconds since 1970, as the latter."""
    try:
        return float(_number(text))
    except ValueError:
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError(text) from None


class Operator(msgspec.Struct, frozen=True):
    """How one value is compared with another; a negated operator holds where no value of the policy does."""

    test: Test
    negated: bool = False


OPERATORS: Final[dict[str, Operator]] = {
    "StringEquals": Operator(lambda given, wanted: given == wanted),
    "StringNotEquals": Operator(lambda given, wanted: given == wanted, negated=True),
    "StringEqualsIgnoreCase": Operator(lambda given, wanted: given.lower() == wanted.lower()),
    "StringNotEqualsIgnoreCase": Operator(lambda given, wanted: given.lower() == wanted.lower(), negated=True),
    "StringLike": Operator(lambda given, wanted: compile_wildcard(wanted)(given)),
    "StringNotLike": Operator(lambda given, wanted: compile_wildcard(wanted)(given), negated=True),
    "NumericEquals": Operator(lambda given, wanted: _number(given) == _number(wanted)),
    "NumericNotEquals": Operator(lambda given, wanted: _number(given) == _number(wanted), negated=True),
    "NumericLessThan": Operator(lambda given, wanted: _number(given) < _number(wanted)),
    "NumericLessThanEquals": Operator(lambda given, wanted: _number(given) <= _number(wanted)),
    "NumericGreaterThan": Operator(lambda given, wanted: _number(given) > _number(wanted)),
    "NumericGreaterThanEquals": Operator(lambda given, wanted: _number(given) >= _number(wanted)),
    "DateEquals": Operator(lambda given, wanted: _date(given) == _date(wanted)),
    "DateNotEquals": Operator(lambda given, wanted: _date(given) == _date(wanted), negated=True),
    "DateLessThan": Operator(lambda given, wanted: _date(given) < _date(wanted)),
    "DateLessThanEquals": Operator(lambda given, wanted: _date(given) <= _date(wanted)),
    "DateGreaterThan": Operator(lambda given, wanted: _date(given) > _date(wanted)),
    "DateGreaterThanEquals": Operator(lambda given, wanted: _date(given) >= _date(wanted)),
    "Bool": Operator(lambda given, wanted: given.lower() == wanted.lower()),
    "BinaryEquals": Operator(lambda given, wanted: _decoded(given) == _decoded(wanted)),
    "IpAddress": Operator(_in_network),
    "NotIpAddress": Operator(_in_network, negated=True),
    "ArnEquals": Operator(_arn_like),
    "ArnLike": Operator(_arn_like),
    "ArnNotEquals": Operator(_arn_like, negated=True),
    "ArnNotLike": Operator(_arn_like, negated=True),
}
"""All operators but `Null`, which asks whether a key is there."""

PATTERNS: Final = frozenset(("StringLike", "StringNotLike", "ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"))
"""Operators whose values are patterns."""

_NULL: Final = "Null"
_SETS: Final = ("ForAllValues:", "ForAnyValue:")
_IF_EXISTS: Final = "IfExists"

Context = Mapping[str, tuple[str, ...]]
"""What is known of a request, by lower-case key."""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One operator over one key: `quantifier` is "", "ForAllValues:" or "ForAnyValue:"."""

    operator: str
    quantifier: str
    if_exists: bool
    key: str
    values: tuple[str, ...]


def read_operator(name: str) -> tuple[str, str, bool] | None:
    """Split an operator's name into quantifier, operator and whether it ends in IfExists; None for an unknown one."""
    quantifier = next((prefix for prefix in _SETS if name.startswith(prefix)), "")
    operator = name.removeprefix(quantifier)
    if operator == _NULL and not quantifier:
        return quantifier, operator, False
    bare = operator.removesuffix(_IF_EXISTS)
    return (quantifier, bare, bare != operator) if bare in OPERATORS else None


def holds(condition: Condition, values: tuple[str, ...], context: Context) -> bool:
    """Tell whether a condition holds; `values` are the policy's with their variables filled in."""
    given = context.get(condition.key)
    if condition.operator == _NULL:
        absent = not given
        return any(value.lower() == str(absent).lower() for value in values)
    operator = OPERATORS[condition.operator]
    if not given:
        return (
            condition.if_exists or condition.quantifier == _SETS[0] or (operator.negated and not condition.quantifier)
        )
    quantified = all if condition.quantifier == _SETS[0] else any
    return quantified(_one_holds(operator, value, values) for value in given)


def _one_holds(operator: Operator, given: str, values: tuple[str, ...]) -> bool:
    return any(_true(operator.test, given, value) for value in values) is not operator.negated


def _true(test: Test, given: str, wanted: str) -> bool:
    """Compare; what is not of the operator's type equals nothing."""
    try:
        return test(given, wanted)
    except (ValueError, OverflowError):
        return False
