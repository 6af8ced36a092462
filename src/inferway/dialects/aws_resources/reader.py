"""Reports AWS resources that have no effect here; those that only others refer to are no loss."""

from typing import Final

from inferway.definition.api import ApiDefinition
from inferway.dialects.aws_resources.provisioning import CLAIMS, TYPES
from inferway.faults import Finding, Findings, Severity
from inferway.formats.resources import ResourceGraph

WITHOUT_EFFECT: Final = {
    "AWS::IAM::User": "identities are bound in inferway.toml",
    "aws:iam/user:User": "identities are bound in inferway.toml",
    "AWS::Lambda::EventSourceMapping": "events of queues and streams invoke no function here",
    "aws:lambda/eventSourceMapping:EventSourceMapping": "events of queues and streams invoke no function here",
}
"""Types of which the reason is known."""


def read(graph: ResourceGraph) -> tuple[tuple[ApiDefinition, ...], Findings]:
    """Give no API, and a finding for each resource of a service known here whose type is not."""
    findings = []
    for resource in graph.resources:
        if resource.type.startswith(CLAIMS) and resource.type not in TYPES:
            reason = WITHOUT_EFFECT.get(resource.type, "nothing of it is served")
            text = f"{resource.name} of type {resource.type} has no effect: {reason}"
            place = resource.places.find()
            findings.append(Finding(severity=Severity.WARNING, code="unserved-resource", text=text, place=place))
    return (), tuple(findings)
