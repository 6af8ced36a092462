"""The values of a template's parameters.

Source: CloudFormation, "Parameters" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
parameters-section-structure.html).
"""

import math
import re
from collections.abc import Container, Mapping
from typing import Final

import msgspec

from inferway.formats.cloudformation.allowed_pattern import BadPatternError, matches
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Entry, Node, Sequence, Table
from inferway.formats.report import Report, nearest

_STORE: Final = "AWS::SSM::Parameter::Value<"
_TYPES: Final = ("String", "Number", "CommaDelimitedList", "List<Number>", "List<String>")
_VENDORS: Final = re.compile(r"AWS(?:::[A-Za-z0-9]+){2,}|List<AWS(?:::[A-Za-z0-9]+){2,}>")
"""Identifiers of what there is in an account; they are texts here, since there is no account to find them in."""

_NAME: Final = re.compile(r"[A-Za-z0-9]+")


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a stack is given: its parameters by name, those of them that are secret, and what is stored elsewhere."""

    parameters: Mapping[str, str] = {}
    secrets: frozenset[str] = frozenset()
    stored: Mapping[str, str] = {}


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter's value: a text or a list of texts.

    `stored` names what stands in a parameter store, "" for any other; it is `missing` where nobody gave its value. One
    that is `unsettled` has a mistake that is reported, and its value is only of the right form.
    """

    value: object
    secret: bool = False
    stored: str = ""
    missing: bool = False
    unsettled: bool = False


def read_parameters(declared: Mapping[str, Entry], given: Given, report: Report) -> dict[str, Parameter]:
    """Give each parameter's value: the one given, else its default; one without a value is an error, and unsettled.

    The value of a parameter that lies in the parameter store is the one given under the name that it has there.
    """
    made = {}
    for name, entry in declared.items():
        if not isinstance(entry.value, Table):
            report.error(entry, "bad-parameter", f"the parameter {name} must be a mapping")
            continue
        made[name] = _parameter(name, entry, given, report)
    return made


def unknown_names(given: Given, declared: Mapping[str, object], asked: Container[str]) -> list[str]:
    """Give the names that have a value and no parameter; names of what is stored elsewhere are none of parameters."""
    return [name for name in given.parameters if _NAME.fullmatch(name) and name not in declared and name not in asked]


def _parameter(name: str, entry: Entry, given: Given, report: Report) -> Parameter:
    kind = _kind(name, entry, report)
    default = part(entry.value, "Default")
    value = given.parameters.get(name, text_of(default))
    if value is None:
        if default is not None:
            report.error(default, "bad-parameter", f"the default of {name} must be a text or a number")
            return _unsettled(name, kind, entry)
        text = f"the parameter {name} has no default, and no value is given for it; give it with --param {name}=…"
        report.error(entry, "no-parameter-value", text)
        return _unsettled(name, kind, entry)
    is_list = _is_list(kind)
    for item in _items(value) if is_list else [value]:
        _Checks(name, item, kind, entry, report).run()
    secret = (text_of(part(entry.value, "NoEcho")) or "").lower() == "true" or name in given.secrets
    if not kind.startswith(_STORE):
        return Parameter(value=_items(value) if is_list else value, secret=secret)
    inner = kind.removeprefix(_STORE).removesuffix(">")
    found = given.stored.get(value, f"local::{name}")
    missing = value not in given.stored
    return Parameter(value=_items(found) if _is_list(inner) else found, secret=secret, stored=value, missing=missing)


def _unsettled(name: str, kind: str, entry: Entry) -> Parameter:
    """Give a parameter that nobody gave a value; what it holds can stand in names, where a translator makes some."""
    allowed = part(entry.value, "AllowedValues")
    first = text_of(allowed.items[0]) if isinstance(allowed, Sequence) and allowed.items else None
    value = first if first is not None else "1" if kind in {"Number", "List<Number>"} else name
    return Parameter(value=[value] if _is_list(kind) else value, unsettled=True)


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _kind(name: str, entry: Entry, report: Report) -> str:
    at = part(entry.value, "Type")
    kind = text_of(at)
    if kind is None:
        report.error(at or entry, "bad-parameter", f"the parameter {name} needs a Type")
        return "String"
    inner = kind.removeprefix(_STORE).removesuffix(">") if kind.startswith(_STORE) and kind.endswith(">") else kind
    if inner not in _TYPES and not _VENDORS.fullmatch(inner):
        text = f"no type of a parameter has the name {kind[:80]!r}{nearest(kind, _TYPES)}; {name} is read as a text"
        report.error(at or entry, "bad-parameter", text)
        return "String"
    return kind


def _items(value: str) -> list[str]:
    return [item.strip() for item in value.split(",")]


class _Checks:
    """Reports what one value of a parameter breaks; `kind` is the parameter's type."""

    def __init__(self, name: str, value: str, kind: str, entry: Entry, report: Report) -> None:
        self._name = name
        self._value = value
        self._kind = kind
        self._entry = entry
        self._report = report
        self._why = text_of(part(entry.value, "ConstraintDescription")) or ""

    def run(self) -> None:
        if self._kind in {"Number", "List<Number>"} and _number(self._value) is None:
            self._refuse(self._entry, f"the parameter {self._name} is a number, not {self._value[:80]!r}")
        self._allowed()
        self._pattern()
        self._bounds()

    def _allowed(self) -> None:
        allowed = part(self._entry.value, "AllowedValues")
        if not isinstance(allowed, Sequence):
            return
        values = [text_of(item) for item in allowed.items]
        if self._value not in values:
            listed = ", ".join(str(item) for item in values[:20])
            self._refuse(allowed, f"the parameter {self._name} is one of {listed}, not {self._value[:80]!r}")

    def _pattern(self) -> None:
        at = part(self._entry.value, "AllowedPattern")
        pattern = text_of(at)
        if at is None or pattern is None:
            return
        try:
            fits = matches(pattern, self._value)
        except BadPatternError as error:
            text = f"the pattern {pattern[:80]} of {self._name} {error}; its value is not checked"
            self._report.warning(at, "unserved-pattern", text)
            return
        if not fits:
            text = (
                f"the parameter {self._name} must match the pattern {pattern[:80]}, and {self._value[:80]!r} does not"
            )
            self._refuse(at, text)

    def _bounds(self) -> None:
        length, number = float(len(self._value)), _number(self._value)
        for key, measure, sign in (
            ("MinLength", length, 1),
            ("MaxLength", length, -1),
            ("MinValue", number, 1),
            ("MaxValue", number, -1),
        ):
            bound = part(self._entry.value, key)
            limit = _number(text_of(bound) or "")
            if bound is not None and limit is not None and measure is not None and sign * (measure - limit) < 0:
                self._refuse(bound, f"the parameter {self._name}, {self._value[:80]!r}, breaks {key} {limit:g}")

    def _refuse(self, at: Node | Entry, text: str) -> None:
        self._report.error(at, "bad-parameter-value", f"{text}: {self._why[:500]}" if self._why else text)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
