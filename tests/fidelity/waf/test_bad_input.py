"""Requests and rules that mean harm: refused or inspected, cheaply."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

Send = Callable[..., Any]
Inspects = Callable[..., dict[str, Any]]

NONE = [{"Priority": 0, "Type": "NONE"}]


def regex(pattern: str) -> dict[str, Any]:
    return {
        "RegexMatchStatement": {
            "FieldToMatch": {"QueryString": {}},
            "RegexString": pattern,
            "TextTransformations": NONE,
        }
    }


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}$", ".*a.*a.*$", "(?i)(A*)*$"])
def test_a_pattern_that_backtracks_takes_time_in_proportion(lab: Send, pattern: str) -> None:
    asked: Any = [("GET", "?" + "a" * 6_000 + end) for end in ("", "!")]
    made = lab([{"Statement": regex(pattern)}], *asked)
    assert made.findings == []
    nullable = "*$" in pattern
    assert made.statuses == [403, 403 if nullable else 200]


@pytest.mark.parametrize("pattern", [r"(a+)+\1$", "(?=(a+)+$)b"])
def test_a_pattern_that_takes_too_long_refuses_the_request(lab: Send, pattern: str) -> None:
    made = lab([{"Statement": regex(pattern), "Action": {"Allow": {}}}], ("GET", "?" + "a" * 4_000 + "!"))
    assert any("[slow-pattern]" in finding for finding in made.findings)
    (answer,) = made.answers
    assert answer.status == 403
    assert "takes too long" in answer.firewall.error


@pytest.mark.parametrize(("pattern", "value"), [(r"(a+)+\1$", "a" * 9 + "!"), ("(?=(a+)+$)b", "a" * 10 + "!")])
def test_searches_in_many_texts_are_bounded_together(lab: Send, pattern: str, value: str) -> None:
    """Each of five thousand texts alone stays within the steps of one search."""
    field = {"JsonBody": {"MatchPattern": {"All": {}}, "MatchScope": "ALL", "OversizeHandling": "CONTINUE"}}
    statement = {"FieldToMatch": field, "RegexString": pattern, "TextTransformations": NONE}
    body = json.dumps([value] * (60_000 // len(value)))
    made = lab(
        [{"Statement": {"RegexMatchStatement": statement}}],
        ("POST", "", {}, body),
        AssociationConfig={"RequestBody": {"API_GATEWAY": {"DefaultSizeInspectionLimit": "KB_64"}}},
    )
    (answer,) = made.answers
    assert answer.status == 403
    assert "takes too long" in answer.firewall.error


@pytest.mark.parametrize("text", ["<scr" + "ipt>alert(1)", "\\u003cscr" + "ipt>alert(1)"])
def test_a_long_json_value_does_not_hide_its_beginning(lab: Send, text: str) -> None:
    """Of a body beyond the limit the available contents are inspected (Body, OversizeHandling CONTINUE)."""
    field = {"JsonBody": {"MatchPattern": {"All": {}}, "MatchScope": "VALUE", "OversizeHandling": "CONTINUE"}}
    rule = {"Statement": {"XssMatchStatement": {"FieldToMatch": field, "TextTransformations": NONE}}}
    body = '{"q": "' + text + "a" * 70_000 + '"}'
    assert lab([rule], ("POST", "", {}, body)).statuses == [403]


def test_an_address_counts_as_one_however_it_is_written(lab: Send) -> None:
    rate = {"Limit": 10, "AggregateKeyType": "FORWARDED_IP"}
    config = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "NO_MATCH"}
    rule = {"Statement": {"RateBasedStatement": {**rate, "ForwardedIPConfig": config}}}
    written = ["2001:db8::1", "2001:DB8::1", "2001:db8:0:0::1", "2001:0db8::0001"] * 3
    asked: Any = [("GET", "", {"x-forwarded-for": text}) for text in written]
    assert lab([rule], *asked).statuses == [200] * 10 + [403] * 2


def test_a_pattern_that_is_none_is_said(lab: Send) -> None:
    made = lab([{"Statement": regex("a(")}], ("GET", "?a("))
    assert made.statuses == [200]
    assert any("[unserved-pattern]" in finding for finding in made.findings)


@pytest.mark.parametrize(
    "body", ["[" * 60_000, '{"a":' * 12_000, '"' + "\\u0000" * 9_000, "\xff\xfe" * 8_000, "{}" * 30_000]
)
def test_json_that_is_deep_or_broken_is_inspected_in_bounded_time(lab: Send, inspects: Inspects, body: str) -> None:
    field = {
        "JsonBody": {
            "MatchPattern": {"All": {}},
            "MatchScope": "ALL",
            "InvalidFallbackBehavior": "MATCH",
            "OversizeHandling": "MATCH",
        }
    }
    assert lab([{"Statement": inspects(field, "bad")}], ("POST", "", {}, body.encode("latin-1"))).statuses == [403]


def test_a_compressed_body_is_inspected_as_it_came(lab: Send, inspects: Inspects) -> None:
    body = gzip.compress(b"bad" * 1_000)
    rule = {"Statement": inspects("Body", "bad")}
    assert lab([rule], ("POST", "", {"content-encoding": "identity"}, body)).statuses == [200]


@pytest.mark.parametrize(
    ("target", "types"),
    [
        ("?q=%3cSCRIPT", ["URL_DECODE", "LOWERCASE"]),
        ("?q=%253cscript", ["URL_DECODE", "URL_DECODE"]),
        ("?q=%26lt%3bscript", ["URL_DECODE", "HTML_ENTITY_DECODE"]),
        ("?q=%u003cscript", ["URL_DECODE_UNI"]),
        ("?q=%3c%00script", ["URL_DECODE", "REMOVE_NULLS"]),
        ("?q=%3cscr/**/ipt", ["URL_DECODE", "REMOVE_COMMENTS_CHAR"]),
        ("?q=PHNjcmlwdA==", ["BASE64_DECODE_EXT"]),
    ],
)
def test_what_is_disguised_is_found(lab: Send, inspects: Inspects, target: str, types: list[str]) -> None:
    field: Any = {"SingleQueryArgument": {"Name": "q"}} if "BASE64_DECODE_EXT" in types else "QueryString"
    assert lab([{"Statement": inspects(field, "<script", "CONTAINS", *types)}], ("GET", target)).statuses == [403]


def test_an_argument_s_name_cannot_be_disguised(lab: Send, inspects: Inspects) -> None:
    rule = {"Statement": inspects({"SingleQueryArgument": {"Name": "admin"}}, "1")}
    assert lab([rule], ("GET", "?%61dmin=1"), ("GET", "?AD%4dIN=1")).statuses == [403, 403]


@pytest.mark.parametrize(
    "acl",
    [
        {"DefaultAction": {}},
        {"DefaultAction": {"Count": {}}},
        {"DefaultAction": "Allow"},
        {"Rules": "none"},
        {"Rules": [None]},
        {"Rules": [{"Name": "a", "Priority": "x"}]},
        {"CustomResponseBodies": {"a": {"ContentType": "IMAGE", "Content": ""}}},
    ],
)
def test_lists_that_are_malformed_are_errors_at_their_place(lab: Send, tmp_path: Any, acl: dict[str, Any]) -> None:
    made = lab([], **acl)
    assert made.answers == []
    assert any("error" in finding and "template.json:1:" in finding for finding in made.findings)


def nested(depth: int) -> dict[str, Any]:
    statement: dict[str, Any] = regex("a")
    for _ in range(depth):
        statement = {"NotStatement": {"Statement": statement}}
    return statement


def test_statements_that_nest_too_deeply_are_refused(lab: Send) -> None:
    made = lab([{"Statement": nested(40)}])
    assert any("nest too deeply" in finding for finding in made.findings)


def test_hostile_keys_of_a_rate_are_bounded(lab: Send) -> None:
    key = {"Header": {"Name": "x-key", "TextTransformations": NONE}}
    rate = {"Limit": 10, "AggregateKeyType": "CUSTOM_KEYS", "CustomKeys": [key]}
    asked: Any = [("GET", "", {"x-key": "\xff" * 5_000})] * 11
    assert lab([{"Statement": {"RateBasedStatement": rate}}], *asked).statuses == [200] * 10 + [403]


def test_a_value_that_a_client_sends_cannot_break_the_log(lab: Send) -> None:
    (entry,) = lab([], ("GET", '?"\\', {"x": '"\x80{'})).log
    assert json.dumps(entry)
    assert entry["httpRequest"]["args"] == '"\\'
