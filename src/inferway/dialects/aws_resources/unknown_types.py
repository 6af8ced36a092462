"""Reports types of resources that their service does not have, as misspelt ones are.

Source: CloudFormation refuses a template with such a type ("Template format error: Unrecognized resource types").
"""

from collections.abc import Iterable, Iterator
from typing import Final

from inferway.dialects.aws_resources.type_names import TYPE_NAMES
from inferway.faults import Finding, Severity
from inferway.formats.report import nearest
from inferway.formats.resources import Resource

_REFUSED: Final = ("AWS::ApiGateway::", "AWS::AppSync::", "AWS::DynamoDB::", "AWS::IAM::", "AWS::Lambda::")
"""Services of which a type that is all but one of theirs is taken for an error, since what is meant would be missed."""


def is_unknown(name: str) -> bool:
    """Say whether a name of CloudFormation's is of a service whose types are known, and none of them."""
    prefix, last = _split(name)
    return prefix in TYPE_NAMES and last not in TYPE_NAMES[prefix]


def unknown_types(resources: Iterable[Resource], prefixes: tuple[str, ...]) -> Iterator[Finding]:
    """Give a finding for each resource below one of the prefixes whose type does not exist."""
    for resource in resources:
        if not resource.type.startswith(prefixes) or not is_unknown(resource.type):
            continue
        prefix, last = _split(resource.type)
        before, meant, after = nearest(last, TYPE_NAMES[prefix]).partition("mean ")
        suggestion = f"{before}{meant}{prefix}{after}" if meant else ""
        severity = Severity.ERROR if meant and prefix in _REFUSED else Severity.WARNING
        text = f"there is no {resource.type}{suggestion}; nothing of {resource.name} is served"
        place = resource.type_place or resource.places.find()
        yield Finding(severity=severity, code="unknown-type", text=text, place=place)


def _split(name: str) -> tuple[str, str]:
    prefix, mark, last = name.rpartition("::")
    return prefix + mark, last
