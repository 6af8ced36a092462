"""Java's values. Orders, hash codes and texts are what OpenJDK 17 prints for the same values."""

from __future__ import annotations

import pytest

from inferway.languages.vtl import JavaHashMap, JsonList, compile_template, java_text, json_text
from inferway.languages.vtl.values import JavaBigInteger, JavaLong, java_hash

KEYS = [
    "requestId",
    "stage",
    "identity",
    "httpMethod",
    "resourcePath",
    "path",
    "accountId",
    "apiId",
    "domainName",
    "extendedRequestId",
    "protocol",
    "requestTime",
    "requestTimeEpoch",
    "resourceId",
    "authorizer",
]
IN_32_BUCKETS = [
    "resourceId",
    "authorizer",
    "resourcePath",
    "httpMethod",
    "extendedRequestId",
    "requestTime",
    "path",
    "accountId",
    "protocol",
    "stage",
    "requestTimeEpoch",
    "requestId",
    "identity",
    "domainName",
    "apiId",
]
IN_64_BUCKETS = [
    "resourceId",
    "resourcePath",
    "httpMethod",
    "path",
    "protocol",
    "requestId",
    "identity",
    "apiId",
    "authorizer",
    "extendedRequestId",
    "requestTime",
    "accountId",
    "stage",
    "requestTimeEpoch",
    "domainName",
]


@pytest.mark.parametrize(("size", "order"), [(16, IN_32_BUCKETS), (32, IN_32_BUCKETS), (64, IN_64_BUCKETS)])
def test_a_hash_map_iterates_bucket_by_bucket(size: int, order: list[str]) -> None:
    """With fifteen keys a table of 16 has grown to 32."""
    built = JavaHashMap(dict.fromkeys(KEYS, 1), table_size=size)
    assert list(built) == list(built.keys()) == [key for key, _ in built.items()] == order
    rendered = compile_template("#foreach($k in $m.keySet())$k #end").render({"m": built})
    assert rendered.split() == order


def test_a_hash_map_orders_other_keys_as_well() -> None:
    built = JavaHashMap({5: 1, "a": 2, True: 3, 2.5: 4, 10000000000: 5, None: 6, -3: 7})
    assert java_text(built) == "{null=6, a=2, -3=7, 2.5=4, 5=1, 10000000000=5, true=3}"
    assert list(JavaHashMap({f"k{i * 37}": i for i in range(14)})) == (
        ["k407", "k0", "k74", "k37", "k370", "k185", "k481", "k296", "k222", "k111", "k444", "k333", "k259", "k148"]
    )


@pytest.mark.parametrize(
    ("value", "hashed"),
    [
        *[("hello", 99162322), ("日本語\U0001f600", -857043654), (2.5, 1074003968), (10000000000, 1410065410)],
        *[(123456789012345678901234567890, 1915528825), ([1, "a", None], 33759)],
        *[(JavaBigInteger(-5), -5), (JavaLong(-5), 4), (True, 1231), (None, 0), (-7, -7)],
    ],
)
def test_hash_codes(value: object, hashed: int) -> None:
    assert java_hash(value) == hashed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *[(1e-3, "0.001"), (9.999e-4, "9.999E-4"), (1e7, "1.0E7"), (9999999.999, "9999999.999")],
        *[(123456.789, "123456.789"), (1e21, "1.0E21"), (1.0e-5, "1.0E-5"), (0.1 + 0.2, "0.30000000000000004")],
        *[(1.7976931348623157e308, "1.7976931348623157E308"), (100.0, "100.0"), (-0.0, "-0.0")],
        *[(float("nan"), "NaN"), (float("-inf"), "-Infinity"), (True, "true"), (None, "null"), (5, "5")],
        ({"a": [1, "x", None, {"b": 2.0}]}, "{a=[1, x, null, {b=2.0}]}"),
        ({"foo": JsonList([{"nested": "bar"}])}, '{foo=[{"nested":"bar"}]}'),
        (JsonList([1, "a/b", None, JsonList()]), '[1,"a\\/b",null,[]]'),
    ],
)
def test_texts(value: object, text: str) -> None:
    assert java_text(value) == text


def test_containers_that_hold_themselves() -> None:
    items: list[object] = [1]
    items.append(items)
    entries: dict[str, object] = {}
    entries["me"] = entries
    assert java_text(items) == "[1, (this Collection)]"
    assert java_text(entries) == "{me=(this Map)}"


def test_json_keeps_slashes_in_containers_and_escapes_them_in_a_string() -> None:
    """As json-smart writes them through Jayway's provider, and by itself."""
    assert json_text({"a/b": ["c/d", None, 1.0]}) == '{"a/b":["c/d",null,1.0]}'
    assert json_text("x/y\u2028\x01") == '"x\\/y\\u2028\\u0001"'
