"""What is made of each of the service's types, and what is reported of those that are not served."""

import pytest

from inferway.dialects.appsync.coverage import COVERAGE
from inferway.dialects.appsync.reader import CLAIMS, read
from inferway.faults import Place
from inferway.formats.resources import Coverage, OnePlace, Resource, ResourceGraph


def found(kind: str) -> list[tuple[str, str, str]]:
    resource = Resource(type=kind, name="Thing", properties={}, places=OnePlace(Place(file="t", line=4)))
    apis, findings = read(ResourceGraph(resources=(resource,)))
    assert apis == ()
    return [(finding.code, finding.severity, finding.text) for finding in findings]


@pytest.mark.parametrize(
    ("kind", "severity", "says"),
    [
        ("AWS::AppSync::Api", "warning", "declare a GraphQL API"),
        ("aws:appsync/api:Api", "warning", "declare a GraphQL API"),
        ("AWS::AppSync::ApiCache", "warning", "not cached"),
        ("aws:appsync/domainName:DomainName", "note", "its own address"),
        ("AWS::AppSync::SourceApiAssociation", "warning", "not merged"),
        ("aws:appsync/type:Type", "warning", "schema"),
        ("aws:appsync/unheard:Unheard", "warning", "nothing of it is served"),
    ],
)
def test_what_has_no_effect_is_said_with_what_happens_instead(kind: str, severity: str, says: str) -> None:
    ((code, given, text),) = found(kind)
    assert (code, given, says in text) == ("unserved-resource", severity, True)
    assert text.startswith(f"Thing of type {kind} has no effect: ")


@pytest.mark.parametrize(
    "kind", ["AWS::AppSync::ChannelNamespace", "aws:appsync/domainNameApiAssociation:DomainNameApiAssociation"]
)
def test_what_belongs_to_something_that_is_reported_is_not(kind: str) -> None:
    assert found(kind) == []


def test_every_type_of_the_service_is_covered() -> None:
    """Both spellings of each type of the CloudFormation Template Reference, "AWS::AppSync", and of `aws.appsync`."""
    both = "Api ApiCache ApiKey ChannelNamespace DataSource DomainName DomainNameApiAssociation GraphQLApi Resolver"
    template = f"{both} FunctionConfiguration GraphQLSchema SourceApiAssociation"
    program = f"{both} Function SourceApiAssociation Type"
    names = {f"AWS::AppSync::{name}" for name in template.split()}
    names |= {f"aws:appsync/{name[0].lower()}{name[1:]}:{name}" for name in program.split()}
    assert names <= set(COVERAGE)
    assert all(name.startswith(CLAIMS) for name in COVERAGE)


def test_an_api_and_its_parts_are_served() -> None:
    parts = ("GraphQLApi", "GraphQLSchema", "DataSource", "Resolver", "FunctionConfiguration", "ApiKey")
    assert {COVERAGE[f"AWS::AppSync::{name}"][0] for name in parts} == {Coverage.SERVED}
