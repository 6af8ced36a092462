"""What each statement matches."""

from collections.abc import Callable
from typing import Any

import pytest

Send = Callable[..., Any]
Inspects = Callable[..., dict[str, Any]]

NONE = [{"Priority": 0, "Type": "NONE"}]
QUERY = {"FieldToMatch": {"QueryString": {}}, "TextTransformations": NONE}


@pytest.mark.parametrize(
    ("position", "hits", "misses"),
    [
        ("EXACTLY", ["bot"], ["robot", "bots", "BOT"]),
        ("STARTS_WITH", ["bot", "bots"], ["robot"]),
        ("ENDS_WITH", ["bot", "robot"], ["bots"]),
        ("CONTAINS", ["bot", "robots"], ["bo-t"]),
        ("CONTAINS_WORD", ["bot", "a-bot;x", "a.bot"], ["robot", "bots", "bot_1"]),
    ],
)
def test_byte_match(lab: Send, inspects: Inspects, position: str, hits: list[str], misses: list[str]) -> None:
    rule = {"Statement": inspects("QueryString", "bot", position)}
    asked: Any = [("GET", f"?{query}") for query in (*hits, *misses)]
    assert lab([rule], *asked).statuses == [403] * len(hits) + [200] * len(misses)


def test_bytes_may_be_given_as_base64(lab: Send, inspects: Inspects) -> None:
    statement = inspects({"Body": {}}, "")
    del statement["ByteMatchStatement"]["SearchString"]
    statement["ByteMatchStatement"]["SearchStringBase64"] = "/wBi"
    asked: Any = [("POST", "", {}, b"a\xff\x00b"), ("POST", "", {}, b"a\xffb")]
    assert lab([{"Statement": statement}], *asked).statuses == [403, 200]


def test_regex_match(lab: Send) -> None:
    rule = {"Statement": {"RegexMatchStatement": {**QUERY, "RegexString": "(?i)^id=[[:digit:]]{3}$"}}}
    asked: Any = [("GET", f"?{query}") for query in ("ID=123", "id=12", "xid=123")]
    assert lab([rule], *asked).statuses == [403, 200, 200]


def test_regex_pattern_set(lab: Send) -> None:
    sets = {
        "Patterns": {
            "Type": "AWS::WAFv2::RegexPatternSet",
            "Properties": {"Name": "p", "Scope": "REGIONAL", "RegularExpressionList": ["^a+$", "b{3}"]},
        }
    }
    arn = {"Fn::GetAtt": ["Patterns", "Arn"]}
    rule = {"Statement": {"RegexPatternSetReferenceStatement": {**QUERY, "Arn": arn}}}
    asked: Any = [("GET", f"?{query}") for query in ("aaa", "xbbb", "ab")]
    assert lab([rule], *asked, more=sets).statuses == [403, 403, 200]


@pytest.mark.parametrize(
    ("operator", "statuses"),
    [
        ("EQ", [200, 403, 200]),
        ("NE", [403, 200, 403]),
        ("LT", [403, 200, 200]),
        ("LE", [403, 403, 200]),
        ("GT", [200, 200, 403]),
        ("GE", [200, 403, 403]),
    ],
)
def test_size_constraint(lab: Send, operator: str, statuses: list[int]) -> None:
    rule = {"Statement": {"SizeConstraintStatement": {**QUERY, "ComparisonOperator": operator, "Size": 3}}}
    assert lab([rule], ("GET", "?ab"), ("GET", "?abc"), ("GET", "?abcd")).statuses == statuses


def test_sizes_are_those_after_transformations_in_bytes(lab: Send) -> None:
    decoded = {**QUERY, "TextTransformations": [{"Priority": 0, "Type": "URL_DECODE"}]}
    rule = {"Statement": {"SizeConstraintStatement": {**decoded, "ComparisonOperator": "EQ", "Size": 2}}}
    assert lab([rule], ("GET", "?%C3%A9"), ("GET", "?%41")).statuses == [403, 200]


def test_sql_injection(lab: Send) -> None:
    decoded = {**QUERY, "TextTransformations": [{"Priority": 0, "Type": "URL_DECODE"}]}
    rule = {"Statement": {"SqliMatchStatement": {**decoded, "SensitivityLevel": "HIGH"}}}
    attack, plain = ("GET", "?id=1'%20OR%20'1'='1"), ("GET", "?name=Union%20Square")
    made = lab([rule], attack, plain)
    assert made.statuses == [403, 200]
    (details,) = made.log[0]["terminatingRuleMatchDetails"]
    assert (details["conditionType"], details["sensitivityLevel"]) == ("SQL_INJECTION", "HIGH")
    assert details["location"] == "QUERY_STRING"


def test_cross_site_scripting(lab: Send) -> None:
    decoded = {**QUERY, "TextTransformations": [{"Priority": 0, "Type": "URL_DECODE"}]}
    rule = {"Statement": {"XssMatchStatement": decoded}}
    made = lab([rule], ("GET", "?q=%3Cscript%3Ealert(1)%3C/script%3E"), ("GET", "?q=a%20%3C%20b"))
    assert made.statuses == [403, 200]
    assert made.log[0]["terminatingRuleMatchDetails"][0]["conditionType"] == "XSS"


def addresses(*ranges: str) -> dict[str, Any]:
    own = {"Name": "set", "Scope": "REGIONAL", "IPAddressVersion": "IPV4", "Addresses": list(ranges)}
    return {"Set": {"Type": "AWS::WAFv2::IPSet", "Properties": own}}


def in_set(**forwarded: str) -> dict[str, Any]:
    config = {"IPSetForwardedIPConfig": forwarded} if forwarded else {}
    return {"Statement": {"IPSetReferenceStatement": {"Arn": {"Fn::GetAtt": ["Set", "Arn"]}, **config}}}


@pytest.mark.parametrize(
    ("client", "status"),
    [("192.0.2.9", 403), ("192.0.3.9", 200), ("2001:db8::5", 403), ("2001:db9::5", 200), ("::ffff:192.0.2.9", 403)],
)
def test_ip_sets(lab: Send, client: str, status: int) -> None:
    sets = addresses("192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32")
    assert lab([in_set()], ("GET", "", {}, b"", client), more=sets).statuses == [status]


@pytest.mark.parametrize(
    ("position", "header", "status"),
    [
        ("FIRST", "192.0.2.9, 10.0.0.1", 403),
        ("FIRST", "10.0.0.1, 192.0.2.9", 200),
        ("LAST", "10.0.0.1, 192.0.2.9", 403),
        ("LAST", "192.0.2.9, 10.0.0.1", 200),
        ("ANY", "10.0.0.1, 192.0.2.9, 10.0.0.2", 403),
        ("ANY", "192.0.2.9" + ", 10.0.0.1" * 10, 200),
    ],
)
def test_forwarded_addresses(lab: Send, position: str, header: str, status: int) -> None:
    rule = in_set(HeaderName="X-Forwarded-For", FallbackBehavior="NO_MATCH", Position=position)
    asked: Any = ("GET", "", {"x-forwarded-for": header}, b"", "192.0.2.1")
    assert lab([rule], asked, more=addresses("192.0.2.0/24")).statuses == [status]


@pytest.mark.parametrize(("fallback", "status"), [("MATCH", 403), ("NO_MATCH", 200)])
def test_a_forwarded_address_that_is_none(lab: Send, fallback: str, status: int) -> None:
    rule = in_set(HeaderName="X-Forwarded-For", FallbackBehavior=fallback, Position="FIRST")
    asked: Any = [("GET", "", {"x-forwarded-for": "unknown"}), ("GET", "", {}, b"", "192.0.2.1")]
    assert lab([rule], *asked, more=addresses("192.0.2.0/24")).statuses == [status, 200]


def test_and_or_not(lab: Send, inspects: Inspects) -> None:
    a, b = inspects("QueryString", "a"), inspects("QueryString", "b")
    both = {"AndStatement": {"Statements": [a, {"NotStatement": {"Statement": b}}]}}
    either = {"OrStatement": {"Statements": [a, b]}}
    asked: Any = [("GET", f"?{query}") for query in ("a", "ab", "b", "c")]
    assert lab([{"Statement": both}], *asked).statuses == [403, 200, 200, 200]
    assert lab([{"Statement": either}], *asked).statuses == [403, 403, 403, 200]


@pytest.mark.parametrize(
    ("scope", "key", "status"),
    [
        ("LABEL", "path:bad", 403),
        ("LABEL", "bad", 403),
        ("LABEL", "awswaf:000000000000:webacl:acl:path:bad", 403),
        ("LABEL", "path", 200),
        ("LABEL", "ad", 200),
        ("NAMESPACE", "path:", 403),
        ("NAMESPACE", "awswaf:000000000000:webacl:acl:path:", 403),
        ("NAMESPACE", "bad:", 200),
    ],
)
def test_labels(lab: Send, inspects: Inspects, scope: str, key: str, status: int) -> None:
    first = {
        "Statement": inspects("UriPath", "/prod"),
        "Action": {"Count": {}},
        "RuleLabels": [{"Name": "path:bad"}],
    }
    second = {"Statement": {"LabelMatchStatement": {"Scope": scope, "Key": key}}}
    made = lab([first, second], ("GET", ""))
    assert made.statuses == [status]
    assert made.log[0]["labels"] == [{"name": "awswaf:000000000000:webacl:acl:path:bad"}]


def test_labels_are_seen_by_later_rules_only(lab: Send, inspects: Inspects) -> None:
    match = {"Statement": {"LabelMatchStatement": {"Scope": "LABEL", "Key": "bad"}}, "Priority": 1}
    label = {
        "Statement": inspects("UriPath", "/prod"),
        "Action": {"Count": {}},
        "RuleLabels": [{"Name": "bad"}],
        "Priority": 2,
    }
    assert lab([label, match], ("GET", "")).statuses == [200]


def test_without_a_database_countries_match_nothing_either_way(lab: Send) -> None:
    geo = {"GeoMatchStatement": {"CountryCodes": ["US"]}}
    made = lab([{"Statement": geo}, {"Statement": {"NotStatement": {"Statement": geo}}}], ("GET", ""))
    assert made.statuses == [200]
    assert any("[no-geo-database]" in finding for finding in made.findings)
