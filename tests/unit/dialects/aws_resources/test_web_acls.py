"""Web ACLs as they are written: by CloudFormation, by Pulumi, in files; and what they stand in front of."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from inferway.app.project_reader import read_project
from inferway.definition.web_acl import ApplyWebAcl, Association, Verdict
from inferway.definition.web_acl_statements import Otherwise
from inferway.dialects.aws_resources.firewall.associations import associations
from inferway.dialects.aws_resources.firewall.documents import read_web_acl_file
from inferway.dialects.aws_resources.firewall.members import MEMBERS
from inferway.faults import Findings, Place
from inferway.formats.resources import Resource, ResourceGraph


class At:
    def find(self, *path: str | int) -> Place:
        return Place(file="program.ts", line=1 + len(path))


STAGE = "arn:aws:apigateway:eu-west-1::/restapis/abc123/stages/prod"
ACL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/front/1"


def pulumi(kind: str, name: str, properties: dict[str, Any], **outputs: Any) -> Resource:
    return Resource(type=kind, name=name, id=name, properties=properties, attributes=outputs, places=At())


def graph(*resources: Resource) -> ResourceGraph:
    return ResourceGraph(resources=resources)


PULUMI_RULES = [
    {
        "name": "sizes",
        "priority": 2,
        "action": {"count": {"customRequestHandling": {"insertHeaders": [{"name": "a", "value": "b"}]}}},
        "statement": {
            "andStatement": {
                "statements": [
                    {
                        "sizeConstraintStatement": {
                            "comparisonOperator": "GT",
                            "size": 10.0,
                            "fieldToMatch": {"headers": [{"matchPattern": {"includedHeaders": ["X-A"]},
                                                          "matchScope": "VALUE", "oversizeHandling": "MATCH"}]},
                            "textTransformations": [{"priority": 0.0, "type": "NONE"}],
                        }
                    },
                    {"notStatement": {"statements": [{"geoMatchStatement": {"countryCodes": ["DE"]}}]}},
                ]
            }
        },
        "ruleLabels": [{"name": "large"}],
    },
    {
        "name": "managed",
        "priority": 1,
        "overrideAction": {"none": {}},
        "statement": {
            "managedRuleGroupStatement": {
                "vendorName": "AWS",
                "name": "AWSManagedRulesSQLiRuleSet",
                "ruleActionOverrides": [{"name": "SQLi_BODY", "actionToUse": {"count": {}}}],
            }
        },
    },
    {
        "name": "addresses",
        "priority": 0,
        "action": {"block": {"customResponse": {"responseCode": 451, "customResponseBodyKey": "no"}}},
        "statement": {
            "ipSetReferenceStatement": {
                "arn": "set-arn",
                "ipSetForwardedIpConfig": {"headerName": "X-F", "fallbackBehavior": "MATCH", "position": "LAST"},
            }
        },
    },
]  # fmt: skip


def test_pulumi_writes_lists_of_one_and_small_letters() -> None:
    made, findings = associations(
        graph(
            pulumi("aws:wafv2/ipSet:IpSet", "set", {"addresses": ["192.0.2.0/24"]}, arn="set-arn"),
            pulumi(
                "aws:wafv2/webAcl:WebAcl",
                "acl",
                {
                    "defaultAction": {"block": {}},
                    "customResponseBodies": [{"key": "no", "content": "no", "contentType": "TEXT_PLAIN"}],
                    "rules": PULUMI_RULES,
                },
                arn=ACL,
            ),
            pulumi("aws:wafv2/webAclAssociation:WebAclAssociation", "as", {"resourceArn": STAGE, "webAclArn": ACL}),
        )
    )
    found: Any = made[0]
    assert (found.api, found.stage) == ("abc123", "prod")
    addresses, managed, sizes = found.acl.rules
    assert found.acl.default.verdict is Verdict.BLOCK
    assert (addresses.action.response.status, addresses.action.response.body) == (451, "no")
    assert addresses.statement.forwarded.header == "x-f"
    assert managed.rules[2].action.verdict is Verdict.COUNT
    assert sizes.labels == ("awswaf:123456789012:webacl:front:large",)
    assert sizes.action.headers == (("x-amzn-waf-a", "b"),)
    size = sizes.statement.statements[0]
    assert (size.size, size.field.included, size.field.oversize) == (10, ("x-a",), Otherwise.MATCH)
    assert [finding.code for finding in findings] == ["managed-rules"]


def test_rules_of_pulumi_may_stand_apart_or_in_a_text() -> None:
    rule = {"Name": "written", "Priority": 9, "Action": {"Block": {}},
            "Statement": {"LabelMatchStatement": {"Scope": "LABEL", "Key": "a"}}}  # fmt: skip
    apart = {"webAclArn": ACL, "name": "apart", "priority": 3, "action": {"allow": {}},
             "statement": {"labelMatchStatement": {"scope": "NAMESPACE", "key": "a:"}}}  # fmt: skip
    properties = {"defaultAction": {"allow": {}}, "ruleJson": json.dumps([rule])}
    made, findings = associations(
        graph(
            pulumi("aws:wafv2/webAcl:WebAcl", "acl", properties, arn=ACL),
            pulumi("aws:wafv2/webAclRule:WebAclRule", "rule", apart),
            pulumi("aws:wafv2/webAclAssociation:WebAclAssociation", "as", {"resourceArn": STAGE, "webAclArn": ACL}),
        )
    )
    assert findings == ()
    assert [entry.name for entry in made[0].acl.rules] == ["apart", "written"]


def associated(target: str, acl: str = ACL) -> tuple[tuple[Association, ...], list[str]]:
    made, findings = associations(
        graph(
            pulumi("aws:wafv2/webAcl:WebAcl", "acl", {"defaultAction": {"allow": {}}}, arn=ACL),
            pulumi("aws:wafv2/webAclAssociation:WebAclAssociation", "as", {"resourceArn": target, "webAclArn": acl}),
        )
    )
    return made, [finding.code for finding in findings]


def test_a_graphql_api_has_8_kb_of_its_bodies_inspected() -> None:
    (made,), findings = associated("arn:aws:appsync:eu-west-1:123456789012:apis/xyz")
    assert (made.api, made.stage, made.acl.body_limit) == ("xyz", None, 8_192)
    assert findings == []


def test_what_is_not_here_is_said() -> None:
    load_balancer = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/a/1"
    assert associated(load_balancer) == ((), ["web-acl-elsewhere"])
    assert associated(STAGE, "arn:aws:wafv2:other") == ((), ["unknown-web-acl", "unused-web-acl"])


def read(file: Path) -> tuple[Any, Findings]:
    return read_web_acl_file(file)


def test_an_acl_is_read_as_the_command_line_prints_it(tmp_path: Path) -> None:
    statement = {
        "ByteMatchStatement": {
            "SearchString": "YmFk",
            "FieldToMatch": {"QueryString": {}},
            "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
            "PositionalConstraint": "CONTAINS",
        }
    }
    searched = ("SearchString", "PositionalConstraint")
    field = {name: value for name, value in statement["ByteMatchStatement"].items() if name not in searched}
    patterns = {"RegexPatternSetReferenceStatement": {**field, "ARN": "patterns"}}
    document: dict[str, Any] = {
        "WebACL": {
            "Name": "front",
            "ARN": ACL,
            "DefaultAction": {"Allow": {}},
            "Rules": [
                {"Name": "a", "Priority": 0, "Action": {"Block": {}}, "Statement": statement},
                {"Name": "b", "Priority": 1, "Action": {"Block": {}}, "Statement": patterns},
            ],
            "Capacity": 3,
        },
        "LockToken": "x",
        "RegexPatternSets": [
            {"RegexPatternSet": {"ARN": "patterns", "RegularExpressionList": [{"RegexString": "x+"}]}}
        ],
        "LoggingConfiguration": {"ResourceArn": ACL, "RedactedFields": [{"UriPath": {}}]},
    }
    file = tmp_path / "acl.json"
    file.write_text(json.dumps(document))
    acl, findings = read(file)
    assert findings == ()
    assert acl.rules[0].statement.search == "bad"
    assert acl.rules[1].statement.patterns == ("x+",)
    assert acl.logging is not None
    document = {"DefaultAction": {"Allow": {}}, "Name": "x", "Rules": document["WebACL"]["Rules"][:1]}
    file.write_text(json.dumps(document))
    acl, findings = read(file)
    assert acl.rules[0].statement.search == "YmFk"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"WebACL": 3}', "null", '{"WebACL": {"Rules": []}}'])
def test_a_file_without_an_acl_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "acl.json").write_text(text)
    acl, findings = read_web_acl_file(tmp_path / "acl.json")
    assert acl is None
    assert any(finding.severity == "error" for finding in findings)


def structures() -> dict[str, set[str]]:
    model = import_module("botocore.session").get_session().get_service_model("wafv2")
    return {name: set(model.shape_for(name).members) for name in MEMBERS}


def test_the_members_are_those_of_the_service() -> None:
    for name, members in structures().items():
        assert members <= set(MEMBERS[name]) | {"Arn"}, name


def test_what_is_misspelt_is_said(tmp_path: Path) -> None:
    rate = {"Limit": 100, "AggregateKeyType": "IP", "ScopeDownStatment": {}}
    rule = {"Name": "a", "Priority": 0, "Action": {"Block": {}}, "Statement": {"RateBasedStatement": rate}, "Label": []}
    (tmp_path / "acl.json").write_text(json.dumps({"DefaultAction": {"Allow": {}}, "Rules": [rule]}))
    _, findings = read_web_acl_file(tmp_path / "acl.json")
    told = [finding.text for finding in findings]
    assert told == [
        "Rule has no Label; it is ignored (did you mean RuleLabel?)",
        "RateBasedStatement has no ScopeDownStatment; it is ignored (did you mean ScopeDownStatement?)",
    ]


def test_what_has_no_effect_is_said(tmp_path: Path) -> None:
    acl = {"DefaultAction": {"Allow": {}}, "DataProtectionConfig": {"DataProtections": []}, "Rulez": []}
    (tmp_path / "acl.json").write_text(json.dumps(acl))
    _, findings = read_web_acl_file(tmp_path / "acl.json")
    assert [finding.code for finding in findings] == ["unserved-property", "unknown-property"]


OPENAPI = """
openapi: "3.0.1"
info: {title: shop, version: "1"}
paths:
  /a:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}
"""


def test_bindings_put_an_acl_in_front_of_a_stage(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(OPENAPI)
    (tmp_path / "acl.json").write_text('{"Name": "x", "DefaultAction": {"Block": {}}, "Rules": []}')
    (tmp_path / "inferway.toml").write_text('[apis.shop.stages.prod]\nweb_acl = "acl.json"\n[waf]\nlog = "-"\n')
    project = read_project(tmp_path)
    assert not project.broken
    (deployment,) = project.deployments
    (step,) = deployment.stage.front
    assert isinstance(step, ApplyWebAcl)
    assert (step.acl.name, step.log, step.acl.default.verdict) == ("x", "-", Verdict.BLOCK)
    assert tmp_path / "acl.json" in project.stamps
    before = deployment.id
    (tmp_path / "acl.json").write_text('{"Name": "x", "DefaultAction": {"Allow": {}}, "Rules": []}')
    assert read_project(tmp_path).deployments[0].id != before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[apis.shop.stages.prod]\nweb_acl = "none.json"', "none.json"),
        ('[waf]\nlog = "no/such/folder.log"', "is no file in a folder that is there"),
        ('[waf]\nlogs = "a"', "unknown key 'logs'"),
        ('[geo]\ndatabase = "none.mmdb"', "cannot be read as a MaxMind database"),
        ('[geo]\ndatabase = "openapi.yaml"', "cannot be read as a MaxMind database"),
    ],
)
def test_bindings_that_cannot_be_meant_are_errors_with_their_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "openapi.yaml").write_text(OPENAPI)
    (tmp_path / "inferway.toml").write_text(text + "\n")
    found = [str(finding) for finding in read_project(tmp_path).findings if finding.severity == "error"]
    assert any(told in each for each in found), found
