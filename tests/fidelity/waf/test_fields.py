"""Which parts of a request are inspected, and how much of them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Send = Callable[..., Any]
Inspects = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("field", "search", "hit", "miss"),
    [
        ({"SingleHeader": {"Name": "User-Agent"}}, "bad", ("GET", "", {"user-agent": "bad"}),
         ("GET", "", {"x": "bad"})),
        ({"SingleQueryArgument": {"Name": "User"}}, "bad", ("GET", "?uSER=bad"), ("GET", "?other=bad")),
        ({"AllQueryArguments": {}}, "bad", ("GET", "?a=1&b=bad"), ("GET", "?bad=1")),
        ({"UriPath": {}}, "/prod/bad", ("GET", "/bad"), ("GET", "?x=/prod/bad")),
        ({"QueryString": {}}, "b=bad", ("GET", "?a=1&b=bad"), ("GET", "?bad=b")),
        ({"Body": {"OversizeHandling": "CONTINUE"}}, "bad", ("POST", "", {}, "so bad"), ("POST", "?bad", {}, "good")),
        ({"Method": {}}, "PATCH", ("PATCH", ""), ("GET", "?PATCH")),
        ({"HeaderOrder": {"OversizeHandling": "CONTINUE"}}, "host:x-b:x-a", ("GET", "", {"x-b": "", "x-a": ""}),
         ("GET", "", {"x-a": "", "x-b": ""})),
    ],
)  # fmt: skip
def test_each_part_is_inspected(
    lab: Send, inspects: Inspects, field: dict[str, Any], search: str, hit: Any, miss: Any
) -> None:
    assert lab([{"Statement": inspects(field, search)}], hit, miss).statuses == [403, 200]


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        ("", "/prod"),
        ("/a//b", "/prod/a//b"),
        ("/prod/lab", "/prod/prod/lab"),
        ("http://lab.localhost/prod/a", "/prod/a"),
        ("http://lab.localhost/prod/lab/a", "/prod/lab/a"),
    ],
)
def test_the_path_is_the_one_that_the_service_would_see(lab: Send, target: str, uri: str) -> None:
    assert lab([], ("GET", target)).log[0]["httpRequest"]["uri"] == uri


def test_what_is_sent_is_inspected_undecoded(lab: Send, inspects: Inspects) -> None:
    assert lab([{"Statement": inspects("UriPath", "%2e%2e")}], ("GET", "/%2e%2e")).statuses == [403]


def test_a_part_that_is_not_there_does_not_match(lab: Send) -> None:
    size = {
        "SizeConstraintStatement": {
            "FieldToMatch": {"SingleHeader": {"Name": "x-a"}},
            "ComparisonOperator": "GE",
            "Size": 0,
            "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
        }
    }
    assert lab([{"Statement": size}], ("GET", ""), ("GET", "", {"x-a": ""})).statuses == [200, 403]


@pytest.mark.parametrize(
    ("pattern", "scope", "statuses"),
    [
        ({"All": {}}, "ALL", [403, 403, 403]),
        ({"All": {}}, "KEY", [200, 200, 403]),
        ({"All": {}}, "VALUE", [403, 403, 200]),
        ({"IncludedHeaders": ["X-One"]}, "ALL", [403, 200, 200]),
        ({"ExcludedHeaders": ["x-one"]}, "ALL", [200, 403, 403]),
    ],
)
def test_headers_by_pattern_and_scope(
    lab: Send, inspects: Inspects, pattern: Any, scope: str, statuses: list[int]
) -> None:
    field = {"Headers": {"MatchPattern": pattern, "MatchScope": scope, "OversizeHandling": "CONTINUE"}}
    asked: Any = [("GET", "", {"x-one": "bad"}), ("GET", "", {"x-two": "bad"}), ("GET", "", {"x-bad": "1"})]
    assert lab([{"Statement": inspects(field, "bad")}], *asked).statuses == statuses


@pytest.mark.parametrize(
    ("pattern", "scope", "statuses"),
    [
        ({"All": {}}, "ALL", [403, 403, 403]),
        ({"All": {}}, "KEY", [200, 200, 403]),
        ({"IncludedCookies": ["one"]}, "VALUE", [403, 200, 200]),
        ({"ExcludedCookies": ["one"]}, "ALL", [200, 403, 403]),
    ],
)
def test_cookies_by_pattern_and_scope(
    lab: Send, inspects: Inspects, pattern: Any, scope: str, statuses: list[int]
) -> None:
    field = {"Cookies": {"MatchPattern": pattern, "MatchScope": scope, "OversizeHandling": "CONTINUE"}}
    asked: Any = [("GET", "", {"cookie": text}) for text in ("a=1; one=bad", "one=1; two=bad", "bad=1")]
    assert lab([{"Statement": inspects(field, "bad")}], *asked).statuses == statuses


LARGE = {f"x-{index}": "1" for index in range(210)}


@pytest.mark.parametrize(("handling", "status"), [("CONTINUE", 200), ("MATCH", 403), ("NO_MATCH", 200)])
@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("Headers", {"x-a": "a" * 8_200}),
        ("Headers", LARGE),
        ("Cookies", {"cookie": "a=" + "b" * 8_200}),
        ("Cookies", {"cookie": "; ".join(f"c{index}=1" for index in range(201))}),
    ],
)
def test_more_than_8_kb_or_200_headers_or_cookies(
    lab: Send, inspects: Inspects, kind: str, headers: dict[str, str], handling: str, status: int
) -> None:
    field = {kind: {"MatchPattern": {"All": {}}, "MatchScope": "ALL", "OversizeHandling": handling}}
    assert lab([{"Statement": inspects(field, "nowhere")}], ("GET", "", headers)).statuses == [status]


def test_headers_beyond_the_limit_are_not_inspected(lab: Send, inspects: Inspects) -> None:
    field = {"Headers": {"MatchPattern": {"All": {}}, "MatchScope": "ALL", "OversizeHandling": "CONTINUE"}}
    assert lab([{"Statement": inspects(field, "bad")}], ("GET", "", {**LARGE, "z": "bad"})).statuses == [200]


@pytest.mark.parametrize(
    ("limit", "inspected"), [(None, 16_384), ("KB_32", 32_768), ("KB_48", 49_152), ("KB_64", 65_536)]
)
def test_so_much_of_a_body_is_inspected(lab: Send, inspects: Inspects, limit: str | None, inspected: int) -> None:
    own = {"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": limit}}}
    more = {"AssociationConfig": own} if limit else {}
    rule = {"Statement": inspects({"Body": {"OversizeHandling": "CONTINUE"}}, "bad")}
    within, beyond = "a" * (inspected - 3) + "bad", "a" * inspected + "bad"
    assert lab([rule], ("POST", "", {}, within), ("POST", "", {}, beyond), **more).statuses == [403, 200]


@pytest.mark.parametrize(("handling", "status"), [("CONTINUE", 200), ("MATCH", 403), ("NO_MATCH", 200)])
@pytest.mark.parametrize("kind", ["Body", "JsonBody"])
def test_a_body_beyond_the_limit(lab: Send, inspects: Inspects, kind: str, handling: str, status: int) -> None:
    more = {"MatchPattern": {"All": {}}, "MatchScope": "ALL"} if kind == "JsonBody" else {}
    rule = {"Statement": inspects({kind: {"OversizeHandling": handling, **more}}, "nowhere")}
    assert lab([rule], ("POST", "", {}, json.dumps(["a" * 20_000]))).statuses == [status]


@pytest.mark.parametrize(
    ("pattern", "scope", "statuses"),
    [
        ({"All": {}}, "ALL", [403, 403, 403]),
        ({"All": {}}, "KEY", [200, 200, 403]),
        ({"All": {}}, "VALUE", [403, 403, 200]),
        ({"IncludedPaths": ["/a/b/0"]}, "VALUE", [403, 200, 200]),
        ({"IncludedPaths": ["/a"]}, "ALL", [403, 200, 200]),
        ({"IncludedPaths": ["/x~1y"]}, "ALL", [200, 403, 200]),
    ],
)
def test_json_by_pattern_and_scope(
    lab: Send, inspects: Inspects, pattern: Any, scope: str, statuses: list[int]
) -> None:
    field = {"JsonBody": {"MatchPattern": pattern, "MatchScope": scope, "OversizeHandling": "CONTINUE"}}
    bodies = ({"a": {"b": ["b\u0061d", "c"]}}, {"a": 1, "x/y": "bad"}, {"q": {"bad": 1}})
    asked: Any = [("POST", "", {}, json.dumps(body)) for body in bodies]
    assert lab([{"Statement": inspects(field, "bad")}], *asked).statuses == statuses


@pytest.mark.parametrize(
    ("fallback", "statuses"),
    [
        ("MATCH", [403, 403, 403]),
        ("NO_MATCH", [200, 200, 200]),
        ("EVALUATE_AS_STRING", [403, 403, 200]),
        (None, [403, 200, 200]),
    ],
)
def test_a_body_that_is_no_json(lab: Send, inspects: Inspects, fallback: str | None, statuses: list[int]) -> None:
    field: dict[str, Any] = {"MatchPattern": {"All": {}}, "MatchScope": "ALL", "OversizeHandling": "CONTINUE"}
    if fallback:
        field["InvalidFallbackBehavior"] = fallback
    asked: Any = [("POST", "", {}, body) for body in ('{"a": "bad", oops', '{oops: "bad"}', '{"a": 1,')]
    assert lab([{"Statement": inspects({"JsonBody": field}, "bad")}], *asked).statuses == statuses


def test_keys_that_stand_twice_are_both_inspected(lab: Send, inspects: Inspects) -> None:
    field = {"JsonBody": {"MatchPattern": {"All": {}}, "MatchScope": "VALUE", "OversizeHandling": "CONTINUE"}}
    asked: Any = ("POST", "", {}, '{"a": "bad", "a": "good"}')
    assert lab([{"Statement": inspects(field, "bad")}], asked).statuses == [403]


def test_fragments_are_never_sent(lab: Send, inspects: Inspects) -> None:
    field = {"UriFragment": {"FallbackBehavior": "MATCH"}}
    assert lab([{"Statement": inspects(field, "a")}], ("GET", "")).statuses == [403]


def test_fingerprints_match_nothing_and_are_said(lab: Send, inspects: Inspects) -> None:
    field = {"JA3Fingerprint": {"FallbackBehavior": "NO_MATCH"}}
    made = lab([{"Statement": inspects(field, "a")}], ("GET", ""))
    assert made.statuses == [200]
    assert any("[unserved-field]" in finding for finding in made.findings)
