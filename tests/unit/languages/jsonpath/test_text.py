"""JSON text beyond json-smart's own answers, which are in tests/fidelity/jsonpath."""

import json

import pytest

from inferway.languages.jsonpath import json_text, parse_json
from inferway.languages.jsonpath.numbers import decimal_text, double_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e10, "1.0E10"),
        (5e-324, "4.9E-324"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (0.001, "0.001"),
        (0.00099, "9.9E-4"),
        (-0.0, "-0.0"),
        (float("inf"), "Infinity"),
        (float("nan"), "NaN"),
    ],
)
def test_doubles_print_as_java_documents_it(value: float, text: str) -> None:
    # https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/lang/Double.html#toString(double)
    assert double_text(value) == text


def test_filters_compare_a_string_with_the_digits_of_a_number() -> None:
    assert decimal_text(1e10) == "1.0E+10"  # BigDecimal's own notation
    assert decimal_text(2.5) == "2.5"


def test_numbers_keep_their_kind() -> None:
    document = parse_json('{"int": 1, "float": 1.0, "big": 123456789012345678901234567890}')
    assert repr(document) == "{'int': 1, 'float': 1.0, 'big': 123456789012345678901234567890}"


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, "{", '"\\ud', b"\xff", b'"\xff"'])
def test_what_cannot_be_read_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def test_what_cannot_be_written_is_a_value_error() -> None:
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    for value in (deep, object(), {"a": [1e9, object()]}):
        with pytest.raises(ValueError, match=r"."):
            json_text(value)


def test_a_lone_surrogate_is_kept() -> None:
    assert json_text(parse_json('["\\ud800"]')) == '["\ud800"]'


@pytest.mark.parametrize("value", [{"e": "1e10", "d": "12345678.5"}, {"a": [0.1, 2.5]}, {"x": "\\u2028"}])
def test_plain_values_read_back(value: object) -> None:
    assert json.loads(json_text(value)) == value
