"""Compiles a filter's conditions; each operator by the evaluator of its name in json-path 2.10's EvaluatorFactory."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Final, Protocol, TypeGuard

from inferway.languages.jsonpath.errors import JsonPathError, PathNotFound
from inferway.languages.jsonpath.numbers import as_decimal, compare, decimal_text
from inferway.languages.jsonpath.run import Run
from inferway.languages.jsonpath.tokens import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Exists,
    Literal,
    Not,
    Operand,
    PathOperand,
    PatternOperand,
    Token,
)
from inferway.languages.regex import JavaPattern, RegexError

Predicate = Callable[[object, Run], bool]
"""Whether an item passes a filter."""


class Read(Protocol):
    """Reads a path from a document, within a run; with `require` a missing property is an error."""

    def __call__(self, document: object, run: Run, *, require: bool = False) -> object:
        """The path's value, or the list of what it finds."""


ReadTokens = Callable[[tuple[Token, ...]], Read]


class Undefined:
    """What a path that leads nowhere gives: equal to nothing, itself included."""


UNDEFINED: Final = Undefined()


class Unfit(Exception):  # noqa: N818 - never leaves this module
    """An operand that its operator cannot use: the item does not pass, whatever negations stand around."""


def predicate(condition: Condition, read: ReadTokens) -> Predicate:
    """The condition as a function; one that meets an operand it cannot use does not pass."""
    inner = _condition(condition, read)

    def passes(item: object, run: Run) -> bool:
        try:
            return inner(item, run)
        except Unfit:
            return False

    return passes


def _condition(condition: Condition, read: ReadTokens) -> Predicate:
    match condition:
        case AllOf(parts):
            every = tuple(_condition(part, read) for part in parts)
            return lambda item, run: all(part(item, run) for part in every)
        case AnyOf(parts):
            some = tuple(_condition(part, read) for part in parts)
            return lambda item, run: any(part(item, run) for part in some)
        case Not(part):
            inner = _condition(part, read)
            return lambda item, run: not inner(item, run)
        case Exists(path, expected):
            return _exists(read(path.tokens), expected=expected)
        case Compare(left, name, right):
            return _comparison(left, name, right, read)


def _exists(read: Read, *, expected: bool) -> Predicate:
    def passes(item: object, run: Run) -> bool:
        try:
            read(item, run, require=True)
        except PathNotFound:
            return not expected
        return expected

    return passes


def _operand(operand: Operand, read: ReadTokens) -> Callable[[object, Run], object]:
    match operand:
        case Literal(value):
            return lambda _item, _run: value
        case PatternOperand(pattern):
            return lambda _item, _run: pattern
        case PathOperand(tokens, rooted):
            path = read(tokens)

    def value_of(item: object, run: Run) -> object:
        try:
            return path(run.root if rooted else item, run)
        except PathNotFound:
            return UNDEFINED

    return value_of


def _comparison(left: Operand, name: str, right: Operand, read: ReadTokens) -> Predicate:
    one, other = _operand(left, read), _operand(right, read)
    test = OPERATORS[name]
    if isinstance(left, Literal) and isinstance(left.value, list | dict) and name in {"==", "===", "!=", "!=="}:
        negative = name[0] == "!"
        return lambda _item, _run: negative  # Jayway compares the literal's text with the other side's value

    def passes(item: object, run: Run) -> bool:
        first, second = one(item, run), other(item, run)
        run.budget.spend(_work(first, second))
        return test(first, second)

    return passes


def _work(left: object, right: object) -> int:
    """What a comparison may cost, in the budget's items: a list's length, a hundredth of a pattern's steps."""
    if isinstance(left, JavaPattern):
        left, right = right, left
    if isinstance(right, JavaPattern):
        subjects = left if isinstance(left, list) else [left]
        return 1 + sum(right.steps(len(subject)) for subject in subjects if isinstance(subject, str)) // 100
    return (1 + len(left) if isinstance(left, list) else 1) * (1 + len(right) if isinstance(right, list) else 1)


def _number(value: object) -> TypeGuard[float | Decimal]:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def equal(left: object, right: object) -> bool:
    """`==`: numbers by value, a string and a number by the left one's kind, lists and objects as Java's equals."""
    if isinstance(left, str):
        return left == (decimal_text(right) if _number(right) else right)
    if _number(left):
        number = as_decimal(right) if isinstance(right, str) else right
        return _number(number) and compare(left, number) == 0
    if isinstance(left, bool) or left is None:
        return left is right
    return isinstance(left, list | dict) and _same_json(left, right)


def _same_json(left: object, right: object) -> bool:
    """Java's equals: an int is no float, and true is no 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same_json(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(_same_json(one, two) for one, two in zip(left, right, strict=True))
    return type(left) is type(right) and left == right


def _kind(value: object) -> type:
    return Decimal if _number(value) else list if isinstance(value, dict) else type(value)


def _same_type_and_value(left: object, right: object) -> bool:
    return _kind(left) is _kind(right) and equal(left, right)


def _ordered(test: Callable[[int, int], bool]) -> Callable[[object, object], bool]:
    def evaluate(left: object, right: object) -> bool:
        if _number(left) and _number(right):
            return test(compare(left, right), 0)
        if isinstance(left, str) and isinstance(right, str):
            return test((left > right) - (left < right), 0)
        return False

    return evaluate


def _listed(value: object) -> list[object]:
    """A list's items; Jayway cannot hold lists and objects inside of it, and says so when it meets one."""
    if not isinstance(value, list):
        raise Unfit
    if any(isinstance(item, list | dict) for item in value):
        raise JsonPathError("Could not determine value type")
    return value


def _within(left: object, right: object) -> bool:
    if isinstance(right, dict):
        return False
    return any(equal(left, item) for item in _listed(right))


def _not_within(left: object, right: object) -> bool:
    return not _within(left, right)


def _contains(left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return right in left
    return isinstance(left, list) and any(equal(right, item) for item in _listed(left))


def _all(left: object, right: object) -> bool:
    required = _listed(right)
    return isinstance(left, list) and all(any(equal(one, item) for item in _listed(left)) for one in required)


def _size(left: object, right: object) -> bool:
    if not _number(right):
        return False
    if isinstance(left, str | list):
        return len(left) == int(right)
    return isinstance(left, dict) and int(right) == -1


def _empty(left: object, right: object) -> bool:
    if not isinstance(left, str | list | dict):
        return False
    if not isinstance(right, bool):
        raise Unfit
    return (not left) is right


def _subset(left: object, right: object) -> bool:
    if isinstance(right, dict) or isinstance(left, dict):
        return False
    allowed = _listed(right)
    return all(any(equal(one, item) for item in allowed) for one in _listed(left))


def _any_common(left: object, right: object) -> bool:
    if isinstance(right, dict) or isinstance(left, dict):
        return False
    wanted = _listed(right)
    return any(any(equal(one, item) for item in wanted) for one in _listed(left))


def _none_common(left: object, right: object) -> bool:
    if isinstance(right, dict) or isinstance(left, dict):
        return False
    return not _any_common(left, right)


def _matches(left: object, right: object) -> bool:
    if isinstance(left, JavaPattern) is isinstance(right, JavaPattern):
        return False
    pattern, subject = (left, right) if isinstance(left, JavaPattern) else (right, left)
    assert isinstance(pattern, JavaPattern)  # noqa: S101 - for the type checker
    subjects = _listed(subject) if isinstance(subject, list) else [subject]
    try:
        return any(pattern.matches(_subject(one)) for one in subjects)
    except RegexError as error:
        raise JsonPathError(error.message) from None


def _subject(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return decimal_text(value) if _number(value) else ""


def _never(_left: object, _right: object) -> bool:
    raise Unfit


OPERATORS: dict[str, Callable[[object, object], bool]] = {
    "==": equal,
    "===": _same_type_and_value,
    "!=": lambda left, right: not equal(left, right),
    "!==": lambda left, right: not _same_type_and_value(left, right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "=~": _matches,
    "IN": _within,
    "NIN": _not_within,
    "CONTAINS": _contains,
    "ALL": _all,
    "SIZE": _size,
    "EMPTY": _empty,
    "SUBSETOF": _subset,
    "ANYOF": _any_common,
    "NONEOF": _none_common,
    "EXISTS": _never,
    "TYPE": _never,
    "MATCHES": _never,
}
"""EXISTS, TYPE and MATCHES need operands that only Java code can give."""
