"""What is inspected: each field of a request to what takes its texts out of one.

Source: AWS WAFV2 API reference, "FieldToMatch"; AWS WAF Developer Guide, "Request components in AWS WAF".
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from inferway.definition.web_acl_statements import Field, FieldKind, Otherwise, Scope
from inferway.waf.inspection import Inspection, Maker, Pairs, Values
from inferway.waf.json_texts import below, texts
from inferway.waf.transformations import TRANSFORMATIONS, Transform


class Slots:
    """Numbers the fields of an ACL, so that the same field with the same transformations has one slot."""

    def __init__(self) -> None:
        self._numbers: dict[Field, int] = {}
        self._makers: list[Maker] = []

    @property
    def makers(self) -> tuple[Maker, ...]:
        """What fills the slots, in their order."""
        return tuple(self._makers)

    def slot(self, field: Field) -> int:
        """Give the slot of a field; those of the transformations on the way have slots too."""
        plain = tuple(name for name in field.transformations if name != "NONE")
        field = msgspec.structs.replace(field, transformations=plain)
        number = self._numbers.get(field)
        if number is None:
            if plain:
                before = self.slot(msgspec.structs.replace(field, transformations=plain[:-1]))
                maker = _transformed(before, TRANSFORMATIONS[plain[-1]])
            else:
                maker = _MAKERS[field.kind](field)
            number = self._numbers[field] = len(self._makers)
            self._makers.append(maker)
        return number


_NOTHING: Final[list[str]] = [""]
"""What is inspected of an empty body."""


def _transformed(before: int, transform: Transform) -> Maker:
    keeps_nothing = not transform("")

    def made(view: Inspection) -> Values:
        values = view.slots[before]
        if values is None:
            values = view.fill(before)
        if isinstance(values, bool) or (keeps_nothing and values is _NOTHING):
            return values
        if len(values) == 1:
            return [transform(values[0])]
        return [transform(value) for value in values]

    return made


def _single_header(field: Field) -> Maker:
    name = field.name.encode("latin-1")
    return lambda view: view.header(name)


def _single_argument(field: Field) -> Maker:
    wanted = field.name
    return lambda view: [value for name, value in view.arguments() if name == wanted]


def _body(field: Field) -> Maker:
    said = _SAID.get(field.oversize)

    def made(view: Inspection) -> Values:
        if not view.request.body:
            return _NOTHING
        text, more = view.body()
        return said if more and said is not None else [text]

    return made


def _json_body(field: Field) -> Maker:
    oversize, invalid = _SAID.get(field.oversize), _SAID.get(field.invalid)
    as_text = field.invalid is Otherwise.EVALUATE_AS_STRING
    within = below(field.included)
    keys, values = field.scope is not Scope.VALUE, field.scope is not Scope.KEY

    def made(view: Inspection) -> Values:
        text, more = view.body()
        if more and oversize is not None:
            return oversize
        if not text:
            return []
        found = texts(text, within)
        if not found.whole and not more:
            if as_text:
                return [text]
            if invalid is not None:
                return invalid
        return [*(found.keys if keys else ()), *(found.values if values else ())]

    return made


def _pairs(field: Field, pairs_of: Callable[[Inspection], Pairs]) -> Maker:
    oversize = _SAID.get(field.oversize)
    included, excluded = frozenset(field.included), frozenset(field.excluded)
    keys, values = field.scope is not Scope.VALUE, field.scope is not Scope.KEY

    def made(view: Inspection) -> Values:
        pairs, more = pairs_of(view)
        if more and oversize is not None:
            return oversize
        if included:
            pairs = [pair for pair in pairs if pair[0].lower() in included]
        elif excluded:
            pairs = [pair for pair in pairs if pair[0].lower() not in excluded]
        return [*((name for name, _ in pairs) if keys else ()), *((value for _, value in pairs) if values else ())]

    return made


def _header_order(field: Field) -> Maker:
    said = _SAID.get(field.oversize)

    def made(view: Inspection) -> Values:
        pairs, more = view.headers()
        return said if more and said is not None else [":".join(name for name, _ in pairs)]

    return made


_SAID: Final = {Otherwise.MATCH: True, Otherwise.NO_MATCH: False}
_MAKERS: Final[Mapping[FieldKind, Callable[[Field], Maker]]] = {
    FieldKind.SINGLE_HEADER: _single_header,
    FieldKind.SINGLE_QUERY_ARGUMENT: _single_argument,
    FieldKind.ALL_QUERY_ARGUMENTS: lambda _: lambda view: [value for _, value in view.arguments()],
    FieldKind.URI_PATH: lambda _: lambda view: [view.uri],
    # No client sends a fragment, and one in a request target is refused before (RFC 9112, 3.2).
    FieldKind.URI_FRAGMENT: lambda field: lambda _: _SAID.get(field.invalid, []),
    FieldKind.QUERY_STRING: lambda _: lambda view: [view.request.query],
    FieldKind.BODY: _body,
    FieldKind.JSON_BODY: _json_body,
    FieldKind.METHOD: lambda _: lambda view: [view.request.method],
    FieldKind.HEADERS: lambda field: _pairs(field, Inspection.headers),
    FieldKind.HEADER_ORDER: _header_order,
    FieldKind.COOKIES: lambda field: _pairs(field, Inspection.cookies),
}
"""What takes each kind of field out of a request."""

LOCATIONS: Final[Mapping[FieldKind, str]] = {
    FieldKind.SINGLE_HEADER: "HEADER",
    FieldKind.SINGLE_QUERY_ARGUMENT: "SINGLE_QUERY_ARG",
    FieldKind.ALL_QUERY_ARGUMENTS: "ALL_QUERY_ARGS",
    FieldKind.URI_PATH: "URI",
    FieldKind.URI_FRAGMENT: "URI_FRAGMENT",
    FieldKind.QUERY_STRING: "QUERY_STRING",
    FieldKind.BODY: "BODY",
    FieldKind.JSON_BODY: "JSON_BODY",
    FieldKind.METHOD: "METHOD",
    FieldKind.HEADERS: "HEADERS",
    FieldKind.HEADER_ORDER: "HEADER_ORDER",
    FieldKind.COOKIES: "COOKIES",
}
"""How the vendor's log names where something was found."""
