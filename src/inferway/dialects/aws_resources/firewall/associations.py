"""Which web ACL stands in front of what, by the resources of a definition.

Source: CloudFormation Template Reference, "AWS::WAFv2::WebACLAssociation" (the forms of ResourceArn),
"AWS::WAFv2::LoggingConfiguration"; https://www.pulumi.com/registry/packages/aws/api-docs/wafv2/.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec

from inferway.definition.web_acl import Association, Logging, WebAcl
from inferway.dialects.aws_resources.firewall.acls import read_logging, read_web_acl, with_logging
from inferway.dialects.aws_resources.firewall.shelf import Shelf
from inferway.dialects.aws_resources.firewall.spelled import AtPlace, Spelled
from inferway.dialects.aws_resources.firewall.statements import BAD
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import Resource, ResourceGraph

_ACLS: Final = ("AWS::WAFv2::WebACL", "aws:wafv2/webAcl:WebAcl")
_RULES: Final = ("aws:wafv2/webAclRule:WebAclRule",)
_SETS: Final = {
    "addresses": ("AWS::WAFv2::IPSet", "aws:wafv2/ipSet:IpSet"),
    "patterns": ("AWS::WAFv2::RegexPatternSet", "aws:wafv2/regexPatternSet:RegexPatternSet"),
    "groups": ("AWS::WAFv2::RuleGroup", "aws:wafv2/ruleGroup:RuleGroup"),
}
_ASSOCIATIONS: Final = ("AWS::WAFv2::WebACLAssociation", "aws:wafv2/webAclAssociation:WebAclAssociation")
_LOGGINGS: Final = (
    "AWS::WAFv2::LoggingConfiguration",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
)
_STAGE: Final = re.compile(r"arn:[\w-]+:apigateway:[\w-]*::/restapis/([\w-]+)/stages/([\w-]+)")
_GRAPHQL: Final = re.compile(r"arn:[\w-]+:appsync:[\w-]*:\d*:apis/([\w-]+)")
_GRAPHQL_LIMIT: Final = 8_192
"""Bytes of a body that are inspected in front of AppSync, whatever the ACL says ("Body")."""


def associations(graph: ResourceGraph) -> tuple[tuple[Association, ...], Findings]:
    """Give each web ACL with what it stands in front of; those in front of nothing here are reported."""
    findings: Report = {}
    made = tuple(_Reader(graph, findings).read())
    return made, tuple(findings)


class _Reader:
    def __init__(self, graph: ResourceGraph, findings: Report) -> None:
        self._graph = graph
        self._findings = findings

    def read(self) -> Iterator[Association]:
        acls = dict(self._acls())
        used: set[str] = set()
        for resource in self._of(_ASSOCIATIONS):
            at = self._at(resource)
            arn, target = at["WebACLArn"].text(), at["ResourceArn"]
            acl = acls.get(arn)
            if acl is None:
                told = f"the web ACL {arn!r} is not defined here; {resource.name} has no effect: requests that it would"
                at["WebACLArn"].warning("unknown-web-acl", f"{told} block are let through")
                continue
            used.add(arn)
            yield from self._associated(acl, target)
        for arn, acl in acls.items():
            if arn not in used:
                text = f"web ACL {acl.name} stands in front of nothing here: nothing names it in an association"
                self._at(self._by_arn[arn]).note("unused-web-acl", text)

    def _associated(self, acl: WebAcl, target: Spelled) -> Iterator[Association]:
        stage, graphql = _STAGE.fullmatch(target.text()), _GRAPHQL.fullmatch(target.text())
        if stage is not None:
            yield Association(api=stage[1], stage=stage[2], acl=acl, place=target.place)
        elif graphql is not None:
            acl = msgspec.structs.replace(acl, body_limit=_GRAPHQL_LIMIT)
            yield Association(api=graphql[1], stage=None, acl=acl, place=target.place)
        else:
            text = (
                f"web ACL {acl.name} stands in front of {target.text()!r}, which is no stage or GraphQL API served here"
            )
            target.warning("web-acl-elsewhere", text)

    def _acls(self) -> Iterator[tuple[str, WebAcl]]:
        self._by_arn = {_arn(resource): resource for resource in self._of(_ACLS)}
        shelf = Shelf(
            addresses=self._shelf(_SETS["addresses"]),
            patterns=self._shelf(_SETS["patterns"]),
            groups=self._shelf(_SETS["groups"]),
        )
        loggings = {at["ResourceArn"].text(): read_logging(at) for at in map(self._at, self._of(_LOGGINGS))}
        for arn, resource in self._by_arn.items():
            at = self._at(resource)
            more = tuple(rule for rule in map(self._at, self._of(_RULES)) if rule["WebAclArn"].text() == arn)
            logging: Logging | None = loggings.get(arn)
            acl = read_web_acl(at, arn, shelf, (*more, *self._written(at["RuleJson"])))
            name = str(resource.attributes.get("name") or "") or arn.split("/")[-2]
            yield arn, with_logging(msgspec.structs.replace(acl, name=name), logging)

    def _written(self, at: Spelled) -> tuple[Spelled, ...]:
        """Give the rules that Pulumi's `ruleJson` holds, in the form of the service's API."""
        if not at.present:
            return ()
        try:
            rules = json.loads(at.text())
        except (ValueError, RecursionError) as error:
            at.error(BAD, f"ruleJson is no JSON: {error}")
            return ()
        return tuple(Spelled(Cursor(rules, (), AtPlace(at.place), self._findings)).items())

    def _shelf(self, types: tuple[str, ...]) -> dict[str, Spelled]:
        return {_arn(resource): self._at(resource) for resource in self._of(types)}

    def _of(self, types: tuple[str, ...]) -> list[Resource]:
        return [resource for resource in self._graph.resources if resource.type in types]

    def _at(self, resource: Resource) -> Spelled:
        return Spelled(Cursor.of(resource, self._findings))


def _arn(resource: Resource) -> str:
    return str(resource.attributes.get("Arn") or resource.attributes.get("arn") or resource.id)
