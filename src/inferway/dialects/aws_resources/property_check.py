"""Checks a template's properties against those that a type has: names, kinds of values, and what is required.

Source: CloudFormation refuses a resource whose properties do not fit its type's schema ("Properties validation failed
for resource …"); texts that are written as what is asked for count as it, as there.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.formats.cloudformation.scope import PLACEHOLDER
from inferway.formats.cursor import Cursor
from inferway.formats.report import nearest
from inferway.formats.resources import LOCAL_PATH, Resource


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A value that is no mapping and no list: what it must be, and what is allowed where it is one of a few."""

    wanted: str = ""
    allowed: tuple[str, ...] = ()


TEXT: Final = Value(wanted="a text")
INTEGER: Final = Value(wanted="a whole number")
NUMBER: Final = Value(wanted="a number")
FLAG: Final = Value(wanted="true or false")
ANY: Final = Value()
"""Whatever there is."""

Rule = Value | list["Rule"] | Mapping[str, "Rule"]
"""What a property holds: a value, a list of what its one item says, or a mapping of properties.

In a mapping `!` behind a name says that it is required, and `*` alone stands for any name.
"""

_EVERY: Final = "*"
_REQUIRED: Final = "!"
_MOST_FIGURES: Final = 30
_PACKAGED: Final = ("BodyS3Location", "Code", "Content")
"""Properties that may also be a path here (`aws cloudformation package`)."""

_UNSETTLED: Final = (PLACEHOLDER, "{{resolve:")
"""How texts start that stand for values that nobody here knows."""


def one_of(names: str) -> Value:
    """Give the rule of a text that is one of some, which come with blanks between them."""
    return Value(wanted="a text", allowed=tuple(names.split()))


def check_properties(resource: Resource, at: Cursor, table: Mapping[str, Mapping[str, Rule]]) -> bool:
    """Report what of a resource's properties does not fit its type; say whether the table has the type.

    Names of Pulumi's are checked by its programs' own libraries.
    """
    rule = table.get(resource.type)
    if rule is None:
        return False
    _check_mapping(at, rule, resource, resource.type)
    return True


def _check(at: Cursor, rule: Rule, resource: Resource, of: str) -> None:
    if at.value is None or not at.present or _is_unsettled(at.value):
        return
    if isinstance(rule, Value):
        _check_value(at, rule)
    elif isinstance(rule, list):
        for item in at.items():
            _check(item, rule[0], resource, of)
    elif isinstance(at.value, Mapping):
        _check_mapping(at, rule, resource, of)
    elif not (isinstance(at.value, str) and at.path[-1] in _PACKAGED):
        at.error("wrong-type", f"{at.label} must be a mapping")


def _check_mapping(at: Cursor, rule: Mapping[str, Rule], resource: Resource, of: str) -> None:
    if _EVERY in rule:
        for name, part in at.entries():
            _check(part, rule[_EVERY], resource, f"{of} {name}")
        return
    rules = {name.removesuffix(_REQUIRED): inner for name, inner in rule.items()}
    given = dict(at.entries())
    unknown = {name: part for name, part in given.items() if name not in rules and name != LOCAL_PATH}
    required = [name[:-1] for name in rule if name.endswith(_REQUIRED) and name[:-1] not in given]
    for name in required if LOCAL_PATH not in given else ():
        # A list's item and a nested property are named by the type and by the property that they are in.
        whose = resource.name if of == resource.type else f"{of.rpartition(' ')[2]} of {resource.name}"
        meant = next((each for each in unknown if f" {name}?" in nearest(each, rules)), None)
        if meant is None:
            at.error("missing-property", f"{whose} needs {name}")
        else:
            text = f"{whose} needs {name}, and has {meant}, which is no property (did you mean {name}?)"
            unknown.pop(meant).error("missing-property", text)
    for name, part in unknown.items():
        part.warning("unknown-property", f"{of} has no property {name}; it is ignored{nearest(name, rules)}")
    for name, part in given.items():
        if name in rules:
            _check(part, rules[name], resource, f"{of} {name}")


def _check_value(at: Cursor, rule: Value) -> None:
    """Report a value that does not fit; a truth value stands for a bare word that YAML takes for one, such as OFF."""
    if not rule.wanted:
        return
    if not _fits(at.value, rule):
        at.error("wrong-type", f"{at.label} must be {rule.wanted}")
    elif rule.allowed and not isinstance(at.value, bool) and str(at.value).lower() not in map(str.lower, rule.allowed):
        meant = nearest(str(at.value), rule.allowed)
        at.error("bad-value", f"{at.label} must be one of {', '.join(rule.allowed)}, not {str(at.value)!r}{meant}")


def _fits(value: object, rule: Value) -> bool:
    """Say whether a value is of the kind that a rule asks for, or written as one."""
    if rule is TEXT or rule.allowed:
        return isinstance(value, str | bool | int | float)
    if rule is FLAG:
        return isinstance(value, bool) or str(value).lower() in {"true", "false"}
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)) > _MOST_FIGURES:
        return False
    try:
        number = float(value)
    except ValueError:
        return False
    return rule is NUMBER or number.is_integer()


def _is_unsettled(value: object) -> bool:
    return isinstance(value, str) and any(mark in value for mark in _UNSETTLED)
