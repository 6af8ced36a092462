"""Expected values: CloudFormation, "Rules" and "Rule functions"."""

from collections.abc import Callable
from typing import Any

import pytest

ReadTemplate = Callable[..., Any]

PARAMETERS = """\
Parameters:
  Environment: {Type: String, Default: test}
  InstanceType: {Type: String, Default: a1.medium}
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
Resources: {R: {Type: AWS::Known::Thing}}
"""


def rule(text: str) -> str:
    return f"{PARAMETERS}Rules:\n  Rule: {text}\n"


IN_TEST = "RuleCondition: !Equals [!Ref Environment, test]"
IN_PROD = "RuleCondition: !Equals [!Ref Environment, prod]"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{{{IN_TEST}, Assertions: [{{Assert: !Contains [[a1.medium], !Ref InstanceType]}}]}}", True),
        (f"{{{IN_TEST}, Assertions: [{{Assert: !Contains [[a1.large], !Ref InstanceType]}}]}}", False),
        (f"{{{IN_PROD}, Assertions: [{{Assert: !Contains [[a1.large], !Ref InstanceType]}}]}}", True),
        ("{Assertions: [{Assert: {'Fn::Equals': [!Ref Environment, prod]}}]}", False),
        ("{Assertions: [{Assert: !EachMemberIn [!Ref Zones, [a, b, c]]}]}", True),
        ("{Assertions: [{Assert: !EachMemberIn [!Ref Zones, [a]]}]}", False),
        ("{Assertions: [{Assert: !EachMemberEquals [[x, x], x]}]}", True),
        ("{Assertions: [{Assert: !EachMemberEquals [[x, y], x]}]}", False),
        ("{Assertions: [{Assert: !Not [!Contains [[a], b]]}, {Assert: !And [!Equals [a, a], !Equals [a, b]]}]}", False),
        ("{Assertions: [{Assert: !Or [!Equals [a, b], !Contains [[a], a]]}]}", True),
    ],
)
def test_a_rule_is_kept_or_broken(read_template: ReadTemplate, text: str, kept: bool) -> None:
    read = read_template(rule(text))
    assert read.codes == ([] if kept else ["broken-rule"])


def test_a_broken_rule_says_why_where_it_stands(read_template: ReadTemplate) -> None:
    read = read_template(rule("{Assertions: [{Assert: !Equals [a, b], AssertDescription: 'use a1.medium'}]}"))
    assert read.findings[0].text == "the parameters break the rule Rule: use a1.medium"
    assert (str(read.findings[0].severity), read.findings[0].place.line) == ("error", 7)


@pytest.mark.parametrize(
    ("text", "code", "severity"),
    [
        (
            "{Assertions: [{Assert: !EachMemberIn [!ValueOfAll ['AWS::EC2::Subnet::Id', VpcId], !RefAll x]}]}",
            "unserved-rule",
            "warning",
        ),
        ("{Assertions: [{Assert: !Equals [!ValueOf [Environment, Tags.a], b]}]}", "unserved-rule", "warning"),
        ("{Assertions: [{Assert: !Condition C}]}", "bad-condition", "error"),
        ("{Assertions: [{}]}", "bad-rule", "error"),
        ("{Assertions: {}}", "bad-rule", "error"),
        ("text", "bad-rule", "error"),
        ("{Assertions: [{Assert: !Equals [!Ref R, a]}]}", "too-early", "error"),
        ("{Assertions: [{Assert: !Contains [a]}]}", "bad-intrinsic", "error"),
        ("{Assertions: [{Assert: !Contains [!Ref Zones, {a: b}]}]}", "bad-intrinsic", "error"),
    ],
)
def test_a_rule_that_cannot_be_checked(read_template: ReadTemplate, text: str, code: str, severity: str) -> None:
    read = read_template(rule(text))
    assert [(finding.code, str(finding.severity)) for finding in read.findings] == [(code, severity)]
