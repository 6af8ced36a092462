"""The order of rules, groups of them, and what overrides their actions."""

from collections.abc import Callable
from typing import Any

import pytest

Send = Callable[..., Any]
Inspects = Callable[..., dict[str, Any]]


def group(*rules: dict[str, Any], name: str = "own") -> dict[str, Any]:
    numbered = [{"Priority": index, **rule} for index, rule in enumerate(rules)]
    own = {"Name": name, "Scope": "REGIONAL", "Capacity": 10, "Rules": numbered}
    return {"Group": {"Type": "AWS::WAFv2::RuleGroup", "Properties": own}}


def reference(override: str = "None", **more: Any) -> dict[str, Any]:
    arn = {"Fn::GetAtt": ["Group", "Arn"]}
    return {
        "Statement": {"RuleGroupReferenceStatement": {"Arn": arn, **more}},
        "OverrideAction": {override: {}},
    }


def test_the_lowest_priority_comes_first_and_ends_it(lab: Send, inspects: Inspects) -> None:
    allow = {"Statement": inspects("QueryString", "a"), "Action": {"Allow": {}}, "Priority": 5}
    block = {"Statement": inspects("QueryString", "b"), "Priority": 7}
    asked: Any = [("GET", "?ab"), ("GET", "?b")]
    assert lab([block, allow], *asked).statuses == [200, 403]


def test_count_goes_on_to_the_next_rule(lab: Send, inspects: Inspects) -> None:
    count = {"Statement": inspects("QueryString", "a"), "Action": {"Count": {}}}
    made = lab([count, {"Statement": inspects("QueryString", "b")}], ("GET", "?ab"))
    assert made.statuses == [403]
    (entry,) = made.log
    assert entry["terminatingRuleId"] == "r1"
    assert [(each["ruleId"], each["action"]) for each in entry["nonTerminatingMatchingRules"]] == [("r0", "COUNT")]


def test_rules_of_a_group_stand_in_its_place(lab: Send, inspects: Inspects) -> None:
    own = group({"Name": "inner", "Statement": inspects("QueryString", "bad"), "Action": {"Block": {}}})
    made = lab([reference()], ("GET", "?bad"), ("GET", "?good"), more=own)
    assert made.statuses == [403, 200]
    entry = made.log[0]
    assert (entry["terminatingRuleId"], entry["terminatingRuleType"]) == ("r0", "GROUP")
    (listed,) = entry["ruleGroupList"]
    assert ":regional/rulegroup/own/" in listed["ruleGroupId"]
    assert (listed["terminatingRule"]["ruleId"], listed["terminatingRule"]["action"]) == ("inner", "BLOCK")


def test_a_group_that_only_counts_ends_at_its_first_match(lab: Send, inspects: Inspects) -> None:
    first = {
        "Name": "first",
        "Statement": inspects("QueryString", "a"),
        "Action": {"Block": {}},
        "RuleLabels": [{"Name": "first"}],
    }
    second = {**first, "Name": "second", "RuleLabels": [{"Name": "second"}]}
    after = {"Statement": inspects("QueryString", "b")}
    made = lab([reference("Count"), after], ("GET", "?a"), ("GET", "?ab"), more=group(first, second))
    assert made.statuses == [200, 403]
    assert [each["name"] for each in made.log[0]["labels"]] == ["awswaf:000000000000:rulegroup:own:first"]


def test_an_allow_in_a_group_ends_it_all(lab: Send, inspects: Inspects) -> None:
    own = group({"Name": "inner", "Statement": inspects("QueryString", "a"), "Action": {"Allow": {}}})
    assert lab([reference(), {"Statement": inspects("QueryString", "a")}], ("GET", "?a"), more=own).statuses == [200]


@pytest.mark.parametrize(
    "override",
    [
        {"RuleActionOverrides": [{"Name": "inner", "ActionToUse": {"Count": {}}}]},
        {"ExcludedRules": [{"Name": "inner"}]},
    ],
)
def test_actions_of_a_group_can_be_overridden(lab: Send, inspects: Inspects, override: dict[str, Any]) -> None:
    own = group({"Name": "inner", "Statement": inspects("QueryString", "a"), "Action": {"Block": {}}})
    made = lab([reference(**override)], ("GET", "?a"), more=own)
    assert made.statuses == [200]
    (listed,) = made.log[0]["ruleGroupList"]
    (inner,) = listed["nonTerminatingMatchingRules"]
    assert (inner["ruleId"], inner["action"], inner["overriddenAction"]) == ("inner", "COUNT", "BLOCK")


def test_labels_of_a_group_are_matched_whole_outside_of_it(lab: Send, inspects: Inspects) -> None:
    inner = {
        "Name": "inner",
        "Statement": inspects("QueryString", "a"),
        "Action": {"Count": {}},
        "RuleLabels": [{"Name": "seen"}],
    }
    whole = "awswaf:000000000000:rulegroup:own:seen"
    by_name = {"Statement": {"LabelMatchStatement": {"Scope": "LABEL", "Key": "seen"}}}
    by_all = {"Statement": {"LabelMatchStatement": {"Scope": "LABEL", "Key": whole}}}
    assert lab([reference(), by_name], ("GET", "?a"), more=group(inner)).statuses == [200]
    assert lab([reference(), by_all], ("GET", "?a"), more=group(inner)).statuses == [403]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([{"Statement": {"Nothing": {}}}], "a statement is one of"),
        ([{"Priority": 1}, {"Priority": 1}], "a priority is a whole number that no other rule has"),
        ([{"Name": "a b"}], "cannot be a rule's name"),
        ([{"Action": {"Deny": {}}}], "an action is one of"),
        ([{"OverrideAction": {"None": {}}}], "stands for no group"),
    ],
)
def test_what_the_service_refuses_is_an_error_at_its_place(
    lab: Send, inspects: Inspects, rules: list[dict[str, Any]], told: str
) -> None:
    made = lab([{"Statement": inspects("QueryString", "a"), **rule} for rule in rules], ("GET", ""))
    assert made.answers == []
    (found,) = [finding for finding in made.findings if told in finding]
    assert "template.json:1:" in found
    assert "error" in found
