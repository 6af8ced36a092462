"""Schemas whose patterns come to an end; what matches is ECMA 262's, as JSON Schema asks for."""

import time
from collections.abc import Callable

import jsonschema_rs
import pytest

from inferway.languages.json_schema import TOO_LONG, Schema

PASSWORD = r"^(?=.*[A-Z])(?=.*\d).{8,}$"


def schema(document: object) -> Schema:
    return Schema(document, jsonschema_rs.Draft4Validator)


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"^\d+$", "123", "12a"),
        (PASSWORD, "Passw0rd", "password"),
        (r"^(?!tmp-)\w", "model", "tmp-model"),
        (r"^(a+)-\1$", "aa-aa", "aa-a"),
    ],
)
def test_patterns_match_what_they_say(pattern: str, right: str, wrong: str) -> None:
    held = schema({"items": {"pattern": pattern}})
    assert held.is_valid([right])
    assert not held.is_valid([right, wrong])
    assert held.first_error([right]) == ""
    (error,) = held.errors([wrong])
    assert error.message == held.first_error([wrong]) == f'"{wrong}" does not match "{pattern}"'
    assert list(error.schema_path) == ["items", "pattern"]


def test_a_pattern_asks_nothing_of_what_is_no_text() -> None:
    assert schema({"pattern": PASSWORD}).is_valid(5)


@pytest.mark.parametrize("kind", [jsonschema_rs.Draft4Validator, jsonschema_rs.validator_for])
@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"pattern": "(?=("}, "regex"),
        ({"type": "nothing"}, "not valid"),
        ({"$ref": "http://127.0.0.1:9/other"}, "Retrieval is disabled"),
    ],
)
def test_what_is_no_schema_is_refused(kind: Callable[..., object], document: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Schema(document, kind)


@pytest.mark.parametrize("pattern", [r"(?!x)(a*)*\1b", "^((?!x)a|(?!x)aa)+$", "(?=.*[A-Z])b", "^((?=a*b)|a)*$"])
@pytest.mark.parametrize("length", [60, 10_000, 1_000_000])
def test_a_catastrophic_pattern_comes_to_an_end(pattern: str, length: int) -> None:
    assert not schema({"pattern": pattern}).is_valid("a" * length + "!")


def test_many_texts_are_given_up_together(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(time, "thread_time", lambda: next(clock))
    held = schema({"items": {"pattern": PASSWORD}})
    assert held.is_valid(["Passw0rd"])
    first, second = held.errors(["password", "Passw0rd"])
    assert first.message == f'"password" does not match "{PASSWORD}"'
    assert second.message == TOO_LONG
    assert held.is_valid(["Passw0rd"]), "the next document has its own time"


def test_names_of_properties_are_bounded_too() -> None:
    held = schema({"patternProperties": {r"^(?!tmp-)\w+$": {"type": "integer"}}})
    assert held.is_valid({"tmp-a": "x", "b": 1})
    assert not held.is_valid({"b": "x"})
    endless = schema({"patternProperties": {r"(?!x)(a*)*\1b": {"type": "integer"}}, "additionalProperties": False})
    assert endless.is_valid({"b": 1})
    with pytest.raises(ValueError, match=TOO_LONG):
        endless.is_valid({"a" * 100_000: 1})


SLOW = r"(?!x)((a*)*\2b|!$)"
"""Matches whatever ends with `!`, which is found out after all ways through the `a`s before it."""


@pytest.mark.parametrize(
    ("document", "wrap"),
    [
        ({"not": {"pattern": SLOW}}, str),
        ({"if": {"pattern": SLOW}, "then": False}, str),
        ({"oneOf": [{"pattern": SLOW}, {"type": "string"}]}, str),
        ({"not": {"contains": {"pattern": SLOW}}}, lambda text: [text]),
        ({"propertyNames": {"not": {"pattern": SLOW}}}, lambda text: {text: 1}),
        ({"patternProperties": {SLOW: {"type": "string"}}}, lambda text: {text: 1}),
        ({"not": {"patternProperties": {SLOW: {"type": "integer"}}}}, lambda text: {text: 1}),
        ({"$ref": "#/definitions/a", "definitions": {"a": {"not": {"pattern": SLOW}}}}, str),
    ],
)
def test_what_is_given_up_lets_nothing_through(document: object, wrap: Callable[[str], object]) -> None:
    held = Schema(document, jsonschema_rs.Draft7Validator)
    assert not held.is_valid(wrap("aaa!"))
    with pytest.raises(ValueError, match=TOO_LONG):
        held.is_valid(wrap("a" * 60 + "!"))
    with pytest.raises(ValueError, match=TOO_LONG):
        held.first_error(wrap("a" * 60 + "!"))
    assert not held.is_valid(wrap("aaa!"))


def test_what_time_was_spent_on_lets_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(time, "thread_time", lambda: next(clock))
    held = schema({"items": {"not": {"pattern": PASSWORD}}})
    assert held.is_valid(["password"])
    with pytest.raises(ValueError, match=TOO_LONG):
        held.is_valid(["password", "Passw0rd"])


def test_ordinary_texts_spend_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = (count * 1e-6 for count in range(1_000_000))
    monkeypatch.setattr(time, "thread_time", lambda: next(clock))
    assert schema({"items": {"pattern": PASSWORD}}).is_valid(["Passw0rd"] * 200_000)
