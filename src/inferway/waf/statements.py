"""Statements to predicates over a request.

Source: AWS WAFV2 API reference, "Statement"; AWS WAF Developer Guide, "Rule statements".
"""

import operator
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from inferway.definition import web_acl_statements as asked
from inferway.definition.web_acl_statements import Position
from inferway.languages.regex import RegexError
from inferway.languages.sqli import is_sqli
from inferway.languages.xss import is_xss
from inferway.waf.addresses import container, number_of, where
from inferway.waf.fields import LOCATIONS, Slots
from inferway.waf.inspection import Inspection, Values
from inferway.waf.patterns import compile_pattern, is_bounded, plain_texts
from inferway.waf.places import Places

Predicate = Callable[[Inspection], bool]

_WORD: Final = "[A-Za-z0-9_]"


class Tools(msgspec.Struct, frozen=True, kw_only=True):
    """What statements are compiled with: the slots of their ACL, the prefix of its labels, databases of addresses."""

    slots: Slots
    prefix: str
    places: Places


def compile_statement(statement: asked.Statement, tools: Tools) -> Predicate:
    """Compile a statement; ValueError where a pattern, a range or a transformation cannot be used."""
    return _COMPILE[type(statement)](statement, tools)


def _over(slot: int, test: Callable[[str], Any]) -> Predicate:
    """Give what holds where any text of a slot passes a test."""

    def holds(view: Inspection) -> bool:
        values = view.slots[slot]
        if values is None:
            values = view.fill(slot)
        if isinstance(values, bool):
            return values
        for value in values:  # noqa: SIM110 - any() costs twice as much
            if test(value):
                return True
        return False

    return holds


def _byte_match(statement: asked.ByteMatch, tools: Tools) -> Predicate:
    slot, searched = tools.slots.slot(statement.field), statement.search
    if statement.position is Position.CONTAINS:
        return _contains(slot, searched)
    tests: dict[Position, Callable[[str], Any]] = {
        Position.EXACTLY: searched.__eq__,
        Position.STARTS_WITH: lambda text: text.startswith(searched),
        Position.ENDS_WITH: lambda text: text.endswith(searched),
        Position.CONTAINS_WORD: re.compile(f"(?<!{_WORD}){re.escape(searched)}(?!{_WORD})").search,
    }
    return _over(slot, tests[statement.position])


def _contains(slot: int, searched: str) -> Predicate:
    """The commonest of all: without a call for each text."""

    def holds(view: Inspection) -> bool:
        values = view.slots[slot]
        if values is None:
            values = view.fill(slot)
        if isinstance(values, bool):
            return values
        for value in values:  # noqa: SIM110 - as above
            if searched in value:
                return True
        return False

    return holds


def _regex_match(statement: asked.RegexMatch, tools: Tools) -> Predicate:
    slot = tools.slots.slot(statement.field)
    texts = plain_texts(statement.patterns)
    if texts:
        return _contains_any(slot, texts)
    searches = []
    for pattern in statement.patterns:
        try:
            searches.append((compile_pattern(pattern), is_bounded(pattern)))
        except RegexError as error:
            raise ValueError(f"the pattern {pattern!r} cannot be used: {error}") from error
    all_bounded = all(bounded for _, bounded in searches)
    return _searched(slot, tuple(search for search, _ in searches), all_bounded=all_bounded)


def _searched(slot: int, searches: tuple[Callable[[str], object], ...], *, all_bounded: bool) -> Predicate:
    """As `_over`; searches that are not bounded by the text's length are clocked, as a request may hold many texts."""

    def holds(view: Inspection) -> bool:
        values = view.slots[slot]
        if values is None:
            values = view.fill(slot)
        if isinstance(values, bool):
            return values
        if not all_bounded:
            return clocked(view, values)
        for value in values:
            for search in searches:
                if search(value):
                    return True
        return False

    def clocked(view: Inspection, values: list[str]) -> bool:
        for value in values:
            began = time.thread_time()
            for search in searches:
                if search(value):
                    return True
            view.clock(time.thread_time() - began, len(value))
        return False

    return holds


def _contains_any(slot: int, texts: tuple[str, ...]) -> Predicate:
    def holds(view: Inspection) -> bool:
        values = view.slots[slot]
        if values is None:
            values = view.fill(slot)
        if isinstance(values, bool):
            return values
        for value in values:
            for text in texts:
                if text in value:
                    return True
        return False

    return holds


def _size_match(statement: asked.SizeMatch, tools: Tools) -> Predicate:
    compare, size = _COMPARE[statement.operator], statement.size
    return _over(tools.slots.slot(statement.field), lambda text: compare(len(text), size))


def _sqli_match(statement: asked.SqliMatch, tools: Tools) -> Predicate:
    slot, sensitivity = tools.slots.slot(statement.field), "HIGH" if statement.sensitivity == "HIGH" else "LOW"
    told = {
        "conditionType": "SQL_INJECTION",
        "sensitivityLevel": sensitivity,
        "location": LOCATIONS[statement.field.kind],
    }
    return _detected(slot, lambda text: is_sqli(text, sensitivity), told)


def _xss_match(statement: asked.XssMatch, tools: Tools) -> Predicate:
    told = {"conditionType": "XSS", "location": LOCATIONS[statement.field.kind]}
    return _detected(tools.slots.slot(statement.field), is_xss, told)


def _detected(slot: int, detect: Callable[[str], bool], told: Mapping[str, object]) -> Predicate:
    """As `_over`, but what was found is told in the log. A text of letters and digits alone is no attack."""

    def holds(view: Inspection) -> bool:
        values: Values | None = view.slots[slot]
        if values is None:
            values = view.fill(slot)
        if isinstance(values, bool):
            return values
        for value in values:
            if not value.isalnum() and value and detect(value):
                view.details = [*(view.details or ()), {**told, "matchedData": [value[:64]]}]
                return True
        return False

    return holds


def _address_match(statement: asked.AddressMatch, tools: Tools) -> Predicate:
    del tools
    contains = container(statement.ranges)

    def holds(_: Inspection, address: str) -> bool:
        number = number_of(address)
        return number is not None and contains(number)

    return where(statement.forwarded, holds)


def _country_match(statement: asked.CountryMatch, tools: Tools) -> Predicate:
    places, countries = tools.places, frozenset(statement.countries)
    label = f"awswaf:{'forwardedip' if statement.forwarded else 'clientip'}:geo:"

    def holds(view: Inspection, address: str) -> bool:
        country, region = places.spot(address)
        country = country or "XX"
        made = (f"{label}country:{country}", f"{label}region:{country}-{region or 'XX'}")
        view.labels += tuple(each for each in made if each not in view.labels)
        return country in countries

    return where(statement.forwarded, holds)


def _network_match(statement: asked.NetworkMatch, tools: Tools) -> Predicate:
    places, numbers = tools.places, frozenset(statement.numbers)
    return where(statement.forwarded, lambda _, address: places.network(address) in numbers)


def _label_match(statement: asked.LabelMatch, tools: Tools) -> Predicate:
    key, prefix = statement.key, tools.prefix
    if key.startswith("awswaf:"):
        if statement.namespace:
            return lambda view: any(label.startswith(key) for label in view.labels)
        return lambda view: key in view.labels

    def own(view: Inspection) -> bool:
        for label in view.labels:
            if not label.startswith(prefix):
                continue
            rest = ":" + label.removeprefix(prefix)
            if (":" + key in rest) if statement.namespace else rest.endswith(":" + key):
                return True
        return False

    return own


def _all_of(statement: asked.AllOf, tools: Tools) -> Predicate:
    parts = tuple(compile_statement(part, tools) for part in statement.statements)

    def holds(view: Inspection) -> bool:
        for part in parts:  # noqa: SIM110 - all() with a generator costs twice as much
            if not part(view):
                return False
        return True

    return holds


def _any_of(statement: asked.AnyOf, tools: Tools) -> Predicate:
    parts = tuple(compile_statement(part, tools) for part in statement.statements)

    def holds(view: Inspection) -> bool:
        for part in parts:  # noqa: SIM110 - as above
            if part(view):
                return True
        return False

    return holds


def _none_of(statement: asked.NoneOf, tools: Tools) -> Predicate:
    part = compile_statement(statement.statement, tools)
    if not _can_tell(statement.statement, tools.places):
        return lambda _: False
    return lambda view: not part(view)


def _can_tell(statement: asked.Statement, places: Places) -> bool:
    """Say whether what a statement asks can be known: what cannot is not so either way, and matches nothing."""
    if isinstance(statement, asked.CountryMatch):
        return places.knows_countries
    if isinstance(statement, asked.NetworkMatch):
        return places.knows_networks
    if isinstance(statement, asked.AllOf | asked.AnyOf):
        return all(_can_tell(part, places) for part in statement.statements)
    if isinstance(statement, asked.NoneOf):
        return _can_tell(statement.statement, places)
    return not isinstance(statement, asked.Never)


def _nested_rate(statement: asked.RateMatch, tools: Tools) -> Predicate:
    del statement, tools
    raise ValueError("a rate-based statement cannot stand within another one")


_COMPARE: Final[Mapping[str, Callable[[int, int], bool]]] = {
    name: getattr(operator, name.lower()) for name in ("EQ", "NE", "LE", "LT", "GE", "GT")
}

_COMPILE: Final[Mapping[type, Callable[[Any, Tools], Predicate]]] = {
    asked.ByteMatch: _byte_match,
    asked.RegexMatch: _regex_match,
    asked.SqliMatch: _sqli_match,
    asked.XssMatch: _xss_match,
    asked.SizeMatch: _size_match,
    asked.AddressMatch: _address_match,
    asked.CountryMatch: _country_match,
    asked.NetworkMatch: _network_match,
    asked.LabelMatch: _label_match,
    asked.Never: lambda _, __: lambda _: False,
    asked.AllOf: _all_of,
    asked.AnyOf: _any_of,
    asked.NoneOf: _none_of,
    asked.RateMatch: _nested_rate,
}
"""What compiles each statement."""
