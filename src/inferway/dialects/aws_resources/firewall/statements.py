"""Reads statements.

Source: AWS WAFV2 API reference, "Statement" and the structures in it, with their bounds.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Final

from inferway.definition import web_acl_statements as asked
from inferway.definition.web_acl_statements import Forwarded, ForwardedPosition, Never, Otherwise, Position, Statement
from inferway.dialects.aws_resources.firewall.fields import one_of, read_field
from inferway.dialects.aws_resources.firewall.members import check_members
from inferway.dialects.aws_resources.firewall.shelf import Shelf
from inferway.dialects.aws_resources.firewall.spelled import Spelled, plain
from inferway.languages.regex import RegexError
from inferway.waf.patterns import is_bounded

BAD: Final = "bad-web-acl"
"""The code of findings about what the service refuses."""

_MOST_SEARCHED: Final = 200
_MOST_PATTERN: Final = 512
_OPERATORS: Final = ("EQ", "NE", "LE", "LT", "GE", "GT")
_DEEPEST: Final = 32

_NOT_TOLD: Final = Never(reason="it cannot be told here")


def read_statement(at: Spelled, shelf: Shelf, depth: int = 0) -> Statement:
    """Read a statement; one that cannot be read is reported and matches nothing."""
    found = at.choice(_NAMES)
    if found is None or depth > _DEEPEST:
        names = ", ".join(at.names()) or "nothing"
        at.error(
            BAD, f"a statement is one of the service's, not {names}" if not found else "statements nest too deeply"
        )
        return Never(reason="it is no statement")
    name, inner = found
    check_members(inner, name)
    return _READ[name](inner, shelf, depth)


def _byte_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del depth
    field = _field(at)
    searched = _searched(at, shelf)
    if not 1 <= len(searched) <= _MOST_SEARCHED:
        at.error(BAD, f"a text to search for has 1 to {_MOST_SEARCHED} bytes, not {len(searched)}")
        return _NOT_TOLD
    position = one_of(Position, at["PositionalConstraint"], Position.CONTAINS)
    return _NOT_TOLD if field is None else asked.ByteMatch(field=field, search=searched, position=position)


def _searched(at: Spelled, shelf: Shelf) -> str:
    """Give the text to search for as Latin-1."""
    base64 = at["SearchStringBase64"]
    given = base64 if base64.present else at["SearchString"]
    if base64.present or shelf.encoded:
        try:
            return b64decode(given.text(), validate=True).decode("latin-1")
        except (binascii.Error, ValueError):
            if base64.present:
                given.error(BAD, "the text to search for is no Base64")
                return ""
    return given.text().encode("utf-8", "replace").decode("latin-1")


def _regex_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del shelf, depth
    field = _field(at)
    pattern = _pattern(at["RegexString"])
    return _NOT_TOLD if field is None or pattern is None else asked.RegexMatch(field=field, patterns=(pattern,))


def _pattern_set(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del depth
    field = _field(at)
    arn = at.first("Arn", "ARN")
    kept = shelf.patterns.get(arn.text())
    if kept is None:
        return _missing(arn, "regex pattern set")
    given = kept.first("RegularExpressionList", "RegularExpressions")
    items = (item["RegexString"] if item.names() else item for item in given.items())
    patterns = tuple(pattern for pattern in map(_pattern, items) if pattern is not None)
    return _NOT_TOLD if field is None else asked.RegexMatch(field=field, patterns=patterns)


def _pattern(at: Spelled) -> str | None:
    """Read a pattern; one that cannot be used is reported."""
    text = at.text().encode("utf-8", "replace").decode("latin-1")
    if not 1 <= len(text) <= _MOST_PATTERN:
        at.error(BAD, f"a pattern has 1 to {_MOST_PATTERN} characters")
        return None
    try:
        bounded = is_bounded(text)
    except RegexError as error:
        at.warning("unserved-pattern", f"the pattern {text!r} cannot be used here, so that it matches nothing: {error}")
        return None
    if not bounded:
        told = "takes time that its length does not bound; a request on which it takes too long is blocked"
        at.warning("slow-pattern", f"the pattern {text!r} {told}")
    return text


def _sqli_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del shelf, depth
    field = _field(at)
    sensitivity = at["SensitivityLevel"].text("LOW")
    if sensitivity not in {"LOW", "HIGH"}:
        at["SensitivityLevel"].error(BAD, f"a sensitivity is LOW or HIGH, not {sensitivity!r}")
    return _NOT_TOLD if field is None else asked.SqliMatch(field=field, sensitivity=sensitivity)


def _xss_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del shelf, depth
    field = _field(at)
    return _NOT_TOLD if field is None else asked.XssMatch(field=field)


def _size_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del shelf, depth
    field = _field(at)
    operator, size = at["ComparisonOperator"].text(), at["Size"].integer()
    if operator not in _OPERATORS or size is None or size < 0:
        at.error(BAD, f"a size is compared by one of {', '.join(_OPERATORS)} with a number from 0 on")
        return _NOT_TOLD
    return _NOT_TOLD if field is None else asked.SizeMatch(field=field, operator=operator, size=size)


def _field(at: Spelled) -> asked.Field | None:
    return read_field(at["FieldToMatch"], at.first("TextTransformations", "TextTransformation"))


def _address_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del depth
    arn = at.first("Arn", "ARN")
    kept = shelf.addresses.get(arn.text())
    if kept is None:
        return _missing(arn, "IP set")
    ranges = []
    for item in kept["Addresses"].items():
        try:
            ranges.append(str(ip_network(item.text(), strict=False)))
        except ValueError as error:
            item.error(BAD, f"{item.text()!r} is no range of addresses in CIDR notation: {error}")
    return asked.AddressMatch(ranges=tuple(ranges), forwarded=read_forwarded(at["IPSetForwardedIPConfig"]))


def _missing(arn: Spelled, what: str) -> Statement:
    arn.warning("unknown-web-acl-part", f"no {what} {arn.text()!r} is defined here; the statement matches nothing")
    return Never(reason=f"its {what} is not defined here")


def read_forwarded(at: Spelled) -> Forwarded | None:
    """Read which header holds a client's address; None where none does."""
    if not at.present:
        return None
    header = at["HeaderName"].text().lower()
    if not header:
        at.error(BAD, "a forwarded address needs the name of its header")
    otherwise = one_of(Otherwise, at["FallbackBehavior"], Otherwise.NO_MATCH)
    position = one_of(ForwardedPosition, at["Position"], ForwardedPosition.FIRST)
    return Forwarded(header=header, otherwise=otherwise, position=position)


def _country_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del shelf, depth
    countries = tuple(item.text().upper() for item in at["CountryCodes"].items())
    return asked.CountryMatch(countries=countries, forwarded=read_forwarded(at["ForwardedIPConfig"]))


def _network_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del shelf, depth
    numbers = tuple(number for number in (item.integer() for item in at["AsnList"].items()) if number is not None)
    return asked.NetworkMatch(numbers=numbers, forwarded=read_forwarded(at["ForwardedIPConfig"]))


def _label_match(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del shelf, depth
    key, scope = at["Key"].text(), at["Scope"].text("LABEL")
    if scope not in {"LABEL", "NAMESPACE"} or not key or (scope == "NAMESPACE") is not key.endswith(":"):
        at.error(BAD, "a label match has the scope LABEL with a label, or NAMESPACE with what ends in a colon")
        return _NOT_TOLD
    return asked.LabelMatch(key=key, namespace=scope == "NAMESPACE")


def _all_of(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    return asked.AllOf(statements=_several(at, shelf, depth))


def _any_of(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    return asked.AnyOf(statements=_several(at, shelf, depth))


def _several(at: Spelled, shelf: Shelf, depth: int) -> tuple[Statement, ...]:
    made = tuple(read_statement(item, shelf, depth + 1) for item in at["Statements"].items())
    if len(made) < 2:
        at.error(BAD, "And and Or join at least two statements")
    return made


def _none_of(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    inner = at["Statement"]
    if not inner.present:
        inner = next(iter(at["Statements"].items()), inner)
    statement = read_statement(inner, shelf, depth + 1)
    if isinstance(statement, Never):
        return statement  # what cannot be told is not so either way
    return asked.NoneOf(statement=statement)


def _misplaced(at: Spelled, shelf: Shelf, depth: int) -> Statement:
    del shelf, depth
    at.error(BAD, "a rule group or a rate stands as a rule's own statement, not within another one")
    return _NOT_TOLD


_Read = Callable[[Spelled, Shelf, int], Statement]

_READ: Final[Mapping[str, _Read]] = {
    "ByteMatchStatement": _byte_match,
    "RegexMatchStatement": _regex_match,
    "RegexPatternSetReferenceStatement": _pattern_set,
    "SqliMatchStatement": _sqli_match,
    "XssMatchStatement": _xss_match,
    "SizeConstraintStatement": _size_match,
    "IPSetReferenceStatement": _address_match,
    "GeoMatchStatement": _country_match,
    "AsnMatchStatement": _network_match,
    "LabelMatchStatement": _label_match,
    "AndStatement": _all_of,
    "OrStatement": _any_of,
    "NotStatement": _none_of,
    "RateBasedStatement": _misplaced,
    "RuleGroupReferenceStatement": _misplaced,
    "ManagedRuleGroupStatement": _misplaced,
}
"""What reads each kind of statement."""

_NAMES: Final = {plain(name): name for name in _READ}
