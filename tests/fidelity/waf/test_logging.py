"""The log of a web ACL: its form, what is redacted, what is left out."""

from collections.abc import Callable
from typing import Any

import pytest

Send = Callable[..., Any]
Inspects = Callable[..., dict[str, Any]]


def logging(**more: Any) -> dict[str, Any]:
    own = {
        "ResourceArn": {"Fn::GetAtt": ["Acl", "Arn"]},
        "LogDestinationConfigs": ["arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-a"],
    }
    return {"Log": {"Type": "AWS::WAFv2::LoggingConfiguration", "Properties": {**own, **more}}}


def test_an_entry_has_the_vendor_s_form(lab: Send) -> None:
    made = lab([], ("GET", "?a=1", {"user-agent": "u"}, b"", "192.0.2.9"))
    (entry,) = made.log
    assert set(entry) == {
        *("timestamp", "formatVersion", "webaclId", "terminatingRuleId", "terminatingRuleType", "action"),
        *("terminatingRuleMatchDetails", "httpSourceName", "httpSourceId", "ruleGroupList", "rateBasedRuleList"),
        *("nonTerminatingMatchingRules", "requestHeadersInserted", "responseCodeSent", "httpRequest", "labels"),
    }
    assert entry["formatVersion"] == 1
    assert (entry["terminatingRuleId"], entry["terminatingRuleType"]) == ("Default_Action", "REGULAR")
    assert (entry["action"], entry["httpSourceName"]) == ("ALLOW", "APIGW")
    account, api, stage = entry["httpSourceId"].split(":")
    assert (account, stage) == ("000000000000", "prod")
    assert api
    request = entry["httpRequest"]
    assert (request["clientIp"], request["country"]) == ("192.0.2.9", "-")
    assert (request["uri"], request["args"], request["httpMethod"]) == ("/prod", "a=1", "GET")
    assert request["httpVersion"] == "HTTP/1.1"
    assert {"name": "user-agent", "value": "u"} in request["headers"]
    assert request["requestId"] == made.answers[0].headers["x-amzn-requestid"]


@pytest.mark.parametrize(
    ("field", "key"), [({"UriPath": {}}, "uri"), ({"QueryString": {}}, "args"), ({"Method": {}}, "httpMethod")]
)
def test_parts_are_redacted(lab: Send, field: dict[str, Any], key: str) -> None:
    made = lab([], ("GET", "?secret=1"), more=logging(RedactedFields=[field]))
    assert made.log[0]["httpRequest"][key] == "REDACTED"


def test_headers_are_redacted_by_name(lab: Send) -> None:
    redacted = [{"SingleHeader": {"Name": "Authorization"}}]
    made = lab([], ("GET", "", {"authorization": "secret", "x": "1"}), more=logging(RedactedFields=redacted))
    headers = {each["name"]: each["value"] for each in made.log[0]["httpRequest"]["headers"]}
    assert headers["authorization"] == "REDACTED"
    assert headers["x"] == "1"


@pytest.mark.parametrize(
    ("behavior", "requirement", "conditions", "logged"),
    [
        ("DROP", "MEETS_ANY", [{"ActionCondition": {"Action": "ALLOW"}}], ["?bad"]),
        ("KEEP", "MEETS_ANY", [{"ActionCondition": {"Action": "BLOCK"}}], ["?bad"]),
        ("KEEP", "MEETS_ANY", [{"LabelNameCondition": {"LabelName": "awswaf:000000000000:webacl:acl:x"}}], ["?x"]),
        (
            "KEEP",
            "MEETS_ALL",
            [{"ActionCondition": {"Action": "COUNT"}}, {"ActionCondition": {"Action": "BLOCK"}}],
            [],
        ),
    ],
)
def test_filters_keep_or_drop_entries(
    lab: Send, inspects: Inspects, behavior: str, requirement: str, conditions: list[Any], logged: list[str]
) -> None:
    given = {
        "DefaultBehavior": "KEEP" if behavior == "DROP" else "DROP",
        "Filters": [{"Behavior": behavior, "Requirement": requirement, "Conditions": conditions}],
    }
    rules = [
        {"Statement": inspects("QueryString", "bad")},
        {"Statement": inspects("QueryString", "x"), "Action": {"Count": {}}, "RuleLabels": [{"Name": "x"}]},
    ]
    made = lab(rules, ("GET", "?bad"), ("GET", "?x"), ("GET", "?y"), more=logging(LoggingFilter=given))
    kept = ["?" + entry["httpRequest"]["args"] for entry in made.log]
    assert kept == logged


def test_headers_that_were_inserted_and_statuses_sent_are_told(lab: Send, inspects: Inspects) -> None:
    insert = {"CustomRequestHandling": {"InsertHeaders": [{"Name": "audit", "Value": "1"}]}}
    custom = {"CustomResponse": {"ResponseCode": 418}}
    rules = [
        {"Statement": inspects("UriPath", "/prod"), "Action": {"Count": insert}},
        {"Statement": inspects("QueryString", "bad"), "Action": {"Block": custom}},
    ]
    (entry,) = lab(rules, ("GET", "?bad")).log
    assert entry["requestHeadersInserted"] == [{"name": "x-amzn-waf-audit", "value": "1"}]
    assert entry["responseCodeSent"] == 418
