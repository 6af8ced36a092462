"""Rate-based rules: what they count by, and when they match."""

from collections.abc import Callable
from typing import Any

import pytest

from inferway.stores.rates import MOST_KEYS, SLICES, SlicedRates, Slices

Send = Callable[..., Any]
Inspects = Callable[..., dict[str, Any]]

NONE = [{"Priority": 0, "Type": "NONE"}]


def rate(aggregate: str = "IP", **more: Any) -> dict[str, Any]:
    return {"Statement": {"RateBasedStatement": {"Limit": 10, "AggregateKeyType": aggregate, **more}}}


def by(**key: Any) -> dict[str, Any]:
    return rate("CUSTOM_KEYS", CustomKeys=[{name: value} for name, value in key.items()])


def times(count: int, *asked: Any) -> list[Any]:
    return [asked] * count


def test_what_is_over_the_limit_is_refused(lab: Send) -> None:
    assert lab([rate()], *times(12, "GET", "")).statuses == [200] * 10 + [403] * 2


def test_clients_are_counted_by_their_addresses(lab: Send) -> None:
    one: Any = ("GET", "", {}, b"", "192.0.2.1")
    other: Any = ("GET", "", {}, b"", "192.0.2.2")
    assert lab([rate()], *[one] * 11, other).statuses == [200] * 10 + [403, 200]


def test_refused_requests_count(lab: Send, inspects: Inspects) -> None:
    rules = [rate(), {"Statement": inspects("QueryString", "bad")}]
    assert lab(rules, *times(10, "GET", "?bad"), ("GET", "")).statuses == [403] * 11


def test_a_rule_that_ends_a_request_before_keeps_it_from_being_counted(lab: Send, inspects: Inspects) -> None:
    rules = [{"Statement": inspects("QueryString", "bad")}, rate()]
    assert lab(rules, *times(10, "GET", "?bad"), ("GET", "")).statuses == [403] * 10 + [200]


def test_the_first_forwarded_address(lab: Send) -> None:
    config = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "MATCH"}
    rule = rate("FORWARDED_IP", ForwardedIPConfig=config)
    asked: Any = times(11, "GET", "", {"x-forwarded-for": "192.0.2.1, 10.0.0.1"})
    more = [("GET", "", {"x-forwarded-for": "192.0.2.2"}), ("GET", "", {"x-forwarded-for": "nobody"}), ("GET", "")]
    assert lab([rule], *asked, *more).statuses == [200] * 10 + [403, 200, 403, 200]


def test_all_together_within_a_scope(lab: Send, inspects: Inspects) -> None:
    rule = rate("CONSTANT", ScopeDownStatement=inspects("QueryString", "x"))
    asked: Any = [("GET", "?x", {}, b"", f"192.0.2.{index}") for index in range(11)]
    assert lab([rule], *asked, ("GET", "?y")).statuses == [200] * 10 + [403, 200]


@pytest.mark.parametrize(
    ("key", "same", "other", "without"),
    [
        ({"Header": {"Name": "X-Key", "TextTransformations": NONE}}, ("GET", "", {"x-key": "a"}),
         ("GET", "", {"x-key": "b"}), ("GET", "")),
        ({"Cookie": {"Name": "user", "TextTransformations": NONE}}, ("GET", "", {"cookie": "user=a"}),
         ("GET", "", {"cookie": "user=b"}), ("GET", "", {"cookie": "other=a"})),
        ({"QueryArgument": {"Name": "user", "TextTransformations": NONE}}, ("GET", "?user=a"), ("GET", "?user=b"),
         ("GET", "?x=a")),
        ({"QueryString": {"TextTransformations": NONE}}, ("GET", "?a"), ("GET", "?b"), ("GET", "")),
        ({"HTTPMethod": {}}, ("GET", ""), ("PUT", ""), None),
        ({"UriPath": {"TextTransformations": NONE}}, ("GET", ""), ("GET", "/"), None),
        ({"IP": {}}, ("GET", "", {}, b"", "192.0.2.1"), ("GET", "", {}, b"", "192.0.2.2"), None),
    ],
)  # fmt: skip
def test_custom_keys(lab: Send, key: dict[str, Any], same: Any, other: Any, without: Any) -> None:
    rest = [other] + ([without] * 11 if without else [])
    statuses = lab([by(**key)], *[same] * 11, *rest).statuses
    assert statuses == [200] * 10 + [403] + [200] * len(rest)


def test_keys_are_transformed(lab: Send) -> None:
    lower = [{"Priority": 0, "Type": "LOWERCASE"}]
    rule = by(Header={"Name": "x-key", "TextTransformations": lower})
    asked: Any = [("GET", "", {"x-key": "aA"[index % 2]}) for index in range(11)]
    assert lab([rule], *asked).statuses[-1] == 403


def test_several_keys_count_each_combination(lab: Send) -> None:
    rule = by(HTTPMethod={}, Header={"Name": "x-key", "TextTransformations": NONE})
    asked: Any = [("GET", "", {"x-key": "a"})] * 10 + [("PUT", "", {"x-key": "a"}), ("GET", "", {"x-key": "a"})]
    assert lab([rule], *asked).statuses == [200] * 11 + [403]


def test_labels_below_a_namespace(lab: Send, inspects: Inspects) -> None:
    label = {
        "Statement": inspects("QueryString", "x"),
        "Action": {"Count": {}},
        "RuleLabels": [{"Name": "who:x"}],
    }
    rule = by(LabelNamespace={"Namespace": "awswaf:000000000000:webacl:acl:who:"})
    asked: Any = [*[("GET", "?x")] * 11, *[("GET", "?y")] * 11]
    assert lab([label, rule], *asked).statuses == [200] * 10 + [403] + [200] * 11


@pytest.mark.parametrize("key", ["JA3Fingerprint", "JA4Fingerprint"])
def test_fingerprints_limit_nothing_and_are_said(lab: Send, key: str) -> None:
    made = lab([by(**{key: {"FallbackBehavior": "MATCH"}})], *times(11, "GET", ""))
    assert made.statuses == [200] * 11
    assert any("[unserved-field]" in finding for finding in made.findings)


@pytest.mark.parametrize(
    ("more", "told"),
    [({"Limit": 9}, "limit is 10 to 2000000000"), ({"EvaluationWindowSec": 90}, "window is one of")],
)
def test_limits_and_windows_that_there_are_not(lab: Send, more: dict[str, Any], told: str) -> None:
    made = lab([rate(**more)])
    assert any(told in finding and "error" in finding for finding in made.findings)


def test_the_log_has_the_key(lab: Send) -> None:
    rule = rate(
        "CUSTOM_KEYS",
        EvaluationWindowSec=120,
        CustomKeys=[{"Header": {"Name": "dogname", "TextTransformations": NONE}}],
    )
    made = lab([rule], *times(11, "GET", "", {"dogname": "ella"}))
    entry = made.log[-1]
    assert (entry["terminatingRuleId"], entry["terminatingRuleType"], entry["action"]) == ("r0", "RATE_BASED", "BLOCK")
    (listed,) = entry["rateBasedRuleList"]
    assert listed["rateBasedRuleName"] == "r0"
    assert listed["limitKey"] == "CUSTOMKEYS"
    assert listed["maxRateAllowed"] == 10
    assert listed["evaluationWindowSec"] == "120"
    assert listed["customValues"] == [{"key": "HEADER", "name": "dogname", "value": "ella"}]


def test_the_log_has_the_address_of_rates_that_acted(lab: Send) -> None:
    made = lab([rate()], *times(11, "GET", "", {}, b"", "192.0.2.1"))
    assert made.log[0]["rateBasedRuleList"] == []
    (listed,) = made.log[-1]["rateBasedRuleList"]
    assert (listed["limitKey"], listed["limitValue"]) == ("IP", "192.0.2.1")
    assert (listed["maxRateAllowed"], listed["evaluationWindowSec"]) == (10, "300")


def test_counts_leave_the_window() -> None:
    now = 1_000.0
    rates = SlicedRates(60, Slices(), lambda: now)
    assert [rates.count("a") for _ in range(3)] == [1, 2, 3]
    now += 54
    assert rates.count("a") == 4
    now += 6
    assert rates.count("a") == 2


def test_keys_do_not_fill_the_memory() -> None:
    now = 0.0
    slices = Slices()
    rates = SlicedRates(60, slices, lambda: now)
    for index in range(MOST_KEYS * 2):
        rates.count(str(index))
    assert sum(len(counts) for _, counts in slices) == MOST_KEYS
    for index in range(SLICES * 3):
        now += 5
        rates.count(str(index))
    assert len(slices) == SLICES
