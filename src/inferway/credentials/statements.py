"""The statements of IAM's policies: what one says, and whether it is about a request.

Sources: IAM User Guide, "IAM JSON policy element reference" and "IAM policy elements: Variables and tags" (https://
docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html).
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

import msgspec

from inferway.credentials.conditions import PATTERNS, Condition, Context, holds, read_operator
from inferway.credentials.principals import PrincipalError, Principals, read_principals
from inferway.credentials.wildcard import Matches, compile_wildcard, literal

_ELEMENTS: Final = frozenset(("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"))
_PRINCIPALS: Final = ("Principal", "NotPrincipal")
_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT: Final = re.compile(r"\s*([^,]*?)\s*,\s*'([^']*)'\s*", re.DOTALL)
_LITERALS: Final = frozenset("*?$")


class PolicyError(ValueError):
    """A document is no policy that IAM would take; the text says why."""


class _Unset(Exception):  # noqa: N818 - it says that a variable has no value, which is no error
    """A variable of the policy has no value in this request."""


Pattern = Callable[[str, Context], bool]
"""Tells whether a text matches a pattern of the policy, its variables filled in.

One that holds a variable without a value matches nothing ("Policy variables with no value").
"""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement ready to be asked.

    `variables` says that values of its conditions have some, `unknown` that a condition of it is not understood.
    """

    allow: bool
    actions: tuple[Matches, ...]
    but_actions: bool
    resources: tuple[Pattern, ...]
    but_resources: bool
    conditions: tuple[Condition, ...]
    variables: bool
    unknown: bool
    principals: Principals | None = None


def acts(statement: Statement, action: str) -> bool:
    """Say whether a statement is about an action."""
    for matches in statement.actions:
        if matches(action):
            return not statement.but_actions
    return statement.but_actions


def applies(statement: Statement, action: str, resource: str, context: Context) -> bool:
    """Say whether a statement is about an action on a resource, and its conditions hold; principals aside."""
    if not acts(statement, action):
        return False
    if not _names(statement, resource, context):
        return False
    if statement.unknown:
        return not statement.allow
    for condition in statement.conditions:
        values = _filled_values(condition, context) if statement.variables else condition.values
        if not holds(condition, values, context):
            return False
    return True


def _names(statement: Statement, resource: str, context: Context) -> bool:
    for matches in statement.resources:
        if matches(resource, context):
            return not statement.but_resources
    return statement.but_resources


def read_statement(given: object, variables: bool, problems: list[str], *, of_resource: bool) -> Statement:
    """Read a statement, whose version knows `variables` or not; what is not understood is put into `problems`."""
    if not isinstance(given, dict):
        raise PolicyError("a policy's statement is an object")
    unknown = sorted(set(given) - _ELEMENTS - (set(_PRINCIPALS) if of_resource else set()))
    if unknown:
        whose = "a resource's" if of_resource else "an identity's"
        raise PolicyError(f"a statement of {whose} policy has no element {unknown[0]!r}")
    if given.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(f"a statement's Effect is Allow or Deny, not {given.get('Effect')!r}")
    actions, but_actions = _either(given, "Action")
    resources, but_resources = _either(given, "Resource")
    for action in actions:
        if action != "*" and ":" not in action:
            raise PolicyError(f"an action is SERVICE:NAME or *, not {action!r}")
    before = len(problems)
    conditions = _conditions(given.get("Condition", {}), problems)
    return Statement(
        allow=given["Effect"] == "Allow",
        actions=tuple(compile_wildcard(action, ignore_case=True) for action in actions),
        but_actions=but_actions,
        resources=tuple(_pattern(resource, variables) for resource in resources),
        but_resources=but_resources,
        conditions=conditions,
        variables=variables and any("${" in value for one in conditions for value in one.values),
        unknown=len(problems) > before,
        principals=_principals(given) if of_resource else None,
    )


def _principals(statement: Mapping[str, object]) -> Principals:
    named = [name for name in _PRINCIPALS if name in statement]
    if len(named) != 1:
        raise PolicyError("a statement of a resource's policy has either Principal or NotPrincipal")
    try:
        return read_principals(statement[named[0]], but=named[0] == _PRINCIPALS[1])
    except PrincipalError as error:
        raise PolicyError(str(error)) from None


def _either(statement: Mapping[str, object], name: str) -> tuple[tuple[str, ...], bool]:
    """Give the texts of an element or of its negation, of which a statement has exactly one."""
    negated = f"Not{name}"
    if (name in statement) == (negated in statement):
        raise PolicyError(f"a statement has either {name} or {negated}")
    return _texts(statement.get(name, statement.get(negated)), name), negated in statement


def _texts(value: object, name: str) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(item, str) for item in values):
        raise PolicyError(f"{name} is text or a list of texts")
    return tuple(values)


def _conditions(given: object, problems: list[str]) -> tuple[Condition, ...]:
    if not isinstance(given, dict):
        raise PolicyError("a Condition is an object")
    made = []
    for name, tests in given.items():
        operator = read_operator(name)
        if operator is None:
            problems.append(f"the condition operator {name!r} is not known")
            continue
        if not isinstance(tests, dict):
            raise PolicyError(f"the condition {name} is an object of keys and values")
        for key, values in tests.items():
            listed = values if isinstance(values, list) else [values]
            if not all(isinstance(value, str | bool | int | float) for value in listed):
                raise PolicyError(f"the condition {name} of {key} is a value or a list of values")
            texts = tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in listed)
            made.append(
                Condition(
                    quantifier=operator[0], operator=operator[1], if_exists=operator[2], key=key.lower(), values=texts
                )
            )
    return tuple(made)


def _pattern(text: str, variables: bool) -> Pattern:
    if not variables or "${" not in text:
        matches = compile_wildcard(text)
        return lambda given, _: matches(given)
    return lambda given, context: _matches_filled(text, given, context)


def _matches_filled(text: str, given: str, context: Context) -> bool:
    try:
        return compile_wildcard(_filled(text, context, literal))(given)
    except _Unset:
        return False


def _filled_values(condition: Condition, context: Context) -> tuple[str, ...]:
    """Fill in the variables of a condition's values; in a pattern, their characters stand for themselves only.

    A value that holds a variable without one is left out: nothing is equal to it, or like it, so that an inverted
    operator holds ("Policy variables with no value").
    """
    keep = literal if condition.operator in PATTERNS else str
    values = []
    for value in condition.values:
        with suppress(_Unset):
            values.append(_filled(value, context, keep))
    return tuple(values)


def _filled(text: str, context: Context, keep: Callable[[str], str]) -> str:
    return _VARIABLE.sub(lambda found: keep(_value(found[1], context)), text)


def _value(name: str, context: Context) -> str:
    if name in _LITERALS:
        return name
    default = _DEFAULT.fullmatch(name)
    values = context.get((default[1] if default else name).strip().lower(), ())
    if len(values) == 1:
        return values[0]
    if default:
        return default[2]
    raise _Unset
