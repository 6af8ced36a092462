"""The values of a template's parameters.

Source: CloudFormation, "Parameters" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
parameters-section-structure.html).
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.formats.cloudformation.report import Report
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Entry, Node, Sequence, Table

_STORE: Final = "AWS::SSM::Parameter::Value<"


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter's value: a text, a number, or a list of texts; `stored` names what stands in a parameter store."""

    value: object
    secret: bool = False
    stored: str = ""


def read_parameters(declared: Mapping[str, Entry], given: Mapping[str, str], report: Report) -> dict[str, Parameter]:
    """Give each parameter's value: the one given, else its default; one without a value is an error and left out.

    The value of a parameter that lies in the parameter store is the one given under the name that it has there.
    """
    made = {}
    for name, entry in declared.items():
        if not isinstance(entry.value, Table):
            report.error(entry, "bad-parameter", f"the parameter {name} must be a mapping")
            continue
        parameter = _parameter(name, entry, given, report)
        if parameter is not None:
            made[name] = parameter
    return made


def _parameter(name: str, entry: Entry, given: Mapping[str, str], report: Report) -> Parameter | None:
    value = given.get(name)
    if value is None:
        value = text_of(part(entry.value, "Default"))
    if value is None:
        report.error(entry, "no-parameter-value", f"the parameter {name} has no default, and no value is given for it")
        return None
    _check(name, value, entry.value, report)
    kind = text_of(part(entry.value, "Type")) or "String"
    secret = (text_of(part(entry.value, "NoEcho")) or "").lower() == "true"
    stored = ""
    if kind.startswith(_STORE):
        kind = kind.removeprefix(_STORE).removesuffix(">")
        stored = "" if value in given else value
        value = given.get(value, f"local::{name}")
    if kind == "CommaDelimitedList" or kind.startswith("List<"):
        return Parameter(value=[item.strip() for item in value.split(",")], secret=secret, stored=stored)
    if kind == "Number" and _number(value) is None:
        report.error(entry, "bad-parameter-value", f"the parameter {name} is a number, not {value[:80]!r}")
    return Parameter(value=value, secret=secret, stored=stored)


def _check(name: str, value: str, holder: Node, report: Report) -> None:
    allowed = part(holder, "AllowedValues")
    if isinstance(allowed, Sequence):
        values = [text_of(item) for item in allowed.items]
        if value not in values:
            listed = ", ".join(str(item) for item in values[:20])
            report.error(allowed, "bad-parameter-value", f"the parameter {name} is one of {listed}, not {value[:80]!r}")
    for key, measure, sign in (
        ("MinLength", float(len(value)), 1),
        ("MaxLength", float(len(value)), -1),
        ("MinValue", _number(value), 1),
        ("MaxValue", _number(value), -1),
    ):
        bound = part(holder, key)
        limit = _number(text_of(bound) or "")
        if bound is not None and limit is not None and measure is not None and sign * (measure - limit) < 0:
            report.error(bound, "bad-parameter-value", f"the parameter {name}, {value[:80]!r}, breaks {key} {limit:g}")


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
