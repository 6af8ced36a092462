"""Reports AWS resources that have no effect here; those that only others refer to are no loss."""

from collections.abc import Iterator
from typing import Final

from inferway.definition.api import ApiDefinition
from inferway.dialects.aws_resources.provisioning import CLAIMS, type_of
from inferway.dialects.aws_resources.unknown_types import is_unknown, unknown_types
from inferway.faults import Finding, Findings, Severity
from inferway.formats.resources import Coverage, Resource, ResourceGraph

_QUIET: Final = ("AWS::EC2::", "aws:ec2/", "AWS::Logs::", "AWS::CloudWatch::", "AWS::XRay::", "aws:xray/")
"""Services of which no type, known or not, has an effect that anybody could miss here."""

_CLASSIC_TYPES: Final = ("AWS::WAF::", "AWS::WAFRegional::", "aws:waf/", "aws:wafregional/")
_CLASSIC: Final = "WAF Classic's rules are not checked, what they would block is let through; AWS::WAFv2 is served"

_IMPORTS: Final = ("ImportSourceSpecification", "importTable")
"""The property of a table that says where its items come from, in both spellings."""

_EVENTS: Final = {
    "AWS::Cognito::UserPool": "LambdaConfig",
    "AWS::S3::Bucket": "NotificationConfiguration",
    "Custom::S3BucketNotifications": "NotificationConfiguration",
    "aws:cognito/userPool:UserPool": "lambdaConfig",
}
"""The property with which a resource that is read would call functions."""


def read(graph: ResourceGraph) -> tuple[tuple[ApiDefinition, ...], Findings]:
    """Give no API, and a finding for each resource that is left out and would have an effect on the service."""
    findings = [finding for resource in graph.resources for finding in _findings(resource)]
    return (), (*unknown_types(graph.resources, CLAIMS), *findings)


def _findings(resource: Resource) -> Iterator[Finding]:
    kind = type_of(resource.type)
    of = f"{resource.name} of type {resource.type}"
    if kind is not None and kind.coverage is Coverage.IGNORED:
        yield _finding(resource, kind.severity, f"{of} has no effect: {kind.reason}")
    elif kind is None and _is_missed(resource.type):
        why = _CLASSIC if resource.type.startswith(_CLASSIC_TYPES) else "nothing of it is served"
        yield _finding(resource, Severity.WARNING, f"{of} has no effect: {why}")
    if any(resource.properties.get(name) for name in _IMPORTS):
        yield _finding(resource, Severity.NOTE, f"{of} starts empty: what its import would bring is not read")
    calls = _EVENTS.get(resource.type)
    if calls is not None and resource.properties.get(calls):
        text = f"{of} calls no function here: nothing happens in it"
        place = resource.places.find(calls)
        yield Finding(severity=Severity.NOTE, code="unserved-event", text=text, place=place)


def _is_missed(name: str) -> bool:
    """Say whether a type that exists is claimed here, and does something that somebody could miss."""
    return name.startswith(CLAIMS) and not name.startswith(_QUIET) and not is_unknown(name)


def _finding(resource: Resource, severity: Severity, text: str) -> Finding:
    return Finding(severity=severity, code="unserved-resource", text=text, place=resource.places.find())
