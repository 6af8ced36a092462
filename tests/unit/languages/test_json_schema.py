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
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
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
    assert not endless.is_valid({"a" * 100_000: 1})
