"""Identifiers and outputs of the service's resources."""

import re
from typing import Any

import msgspec
import pytest

from inferway.convert import read_graph
from inferway.dialects.apim.provisioning import provision
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Provisioned, Resource, ResourceGraph

ENVIRONMENT = Environment(base_url="http://127.0.0.1:8080", keys={"bound": "value"}, secret=b"secret")
COMMON = {"resourceGroupName": "group", "serviceName": "svc"}


def made(type_name: str, **properties: Any) -> Provisioned:
    resource = Resource(
        type=type_name, name="logical", properties=properties, places=OnePlace(Place(file="program.py"))
    )
    given = provision(resource, ENVIRONMENT)
    assert given is not None
    return given


def of(kind: str, **properties: Any) -> Provisioned:
    return made(f"azure-native:apimanagement:{kind}", **COMMON, **properties)


@pytest.mark.parametrize(
    ("kind", "properties", "path", "name"),
    [
        ("ApiManagementService", {}, "", "svc"),
        ("Backend", {"backendId": "b"}, "/backends/b", "b"),
        ("Api", {"apiId": "a"}, "/apis/a", "a"),
        ("ApiOperation", {"apiId": "a", "operationId": "o"}, "/apis/a/operations/o", "o"),
        ("ApiPolicy", {"apiId": "a", "policyId": "policy"}, "/apis/a/policies/policy", "policy"),
        (
            "ApiOperationPolicy",
            {"apiId": "a", "operationId": "o", "policyId": "policy"},
            "/apis/a/operations/o/policies/policy",
            "policy",
        ),
        ("Policy", {"policyId": "policy"}, "/policies/policy", "policy"),
        ("Product", {"productId": "p"}, "/products/p", "p"),
        ("ProductApi", {"productId": "p", "apiId": "a"}, "/products/p/apis/a", "a"),
        ("ProductPolicy", {"productId": "p"}, "/products/p/policies/policy", "policy"),
        ("Subscription", {"sid": "s"}, "/subscriptions/s", "s"),
        ("ApiSchema", {"apiId": "a", "schemaId": "s"}, "/apis/a/schemas/s", "s"),
        ("GlobalSchema", {"schemaId": "s"}, "/schemas/s", "s"),
        ("NamedValue", {"namedValueId": "v"}, "/namedValues/v", "v"),
    ],
)
def test_the_identifier_is_a_resource_managers(kind: str, properties: dict[str, str], path: str, name: str) -> None:
    given = of(kind, **properties)
    root = r"/subscriptions/[0-9a-f-]{36}/resourceGroups/group/providers/Microsoft\.ApiManagement/service/svc"
    assert re.fullmatch(root + re.escape(path), given.id)
    assert given.attributes["name"] == name
    assert given.attributes["id"] == given.id


def test_the_gateways_url_leads_here() -> None:
    given = of("ApiManagementService")
    assert given.attributes["gatewayUrl"] == "http://127.0.0.1:8080/svc"
    assert given.attributes["type"] == "Microsoft.ApiManagement/service"


def test_an_identifier_given_as_input_is_no_output() -> None:
    """As on the service: `api.api_id` of the seed's program resolves to nothing."""
    given = of("Api", apiId="a", path="p").attributes
    assert "apiId" not in given
    assert given["path"] == "p"


def test_a_subscription_has_two_secret_keys_bound_or_the_nodes_own() -> None:
    given = of("Subscription", sid="bound")
    assert given.attributes["primaryKey"] == "value"
    assert re.fullmatch("[a-z2-7]{32}", str(given.attributes["secondaryKey"]))
    assert given.secrets == {"primaryKey", "secondaryKey"}
    assert of("Subscription", sid="s", primaryKey="own").attributes["primaryKey"] == "own"


def test_a_name_that_is_not_given_is_made_from_the_logical_one() -> None:
    name = of("Product").attributes["name"]
    assert re.fullmatch("logical[a-z2-7]{8}", str(name))
    assert of("Product").attributes["name"] == name


def test_a_resource_group() -> None:
    given = made("azure-native:resources:ResourceGroup", resourceGroupName="group")
    assert given.id.endswith("/resourceGroups/group")
    assert given.attributes["name"] == "group"


def test_a_templates_types_and_versions_are_the_same() -> None:
    template = made("Microsoft.ApiManagement/service/apis", name="svc/a", resourceGroupName="group")
    assert template.id == of("Api", apiId="a").id
    assert made("azure-native:apimanagement/v20240501:Api", **COMMON, apiId="a").id == template.id


def test_other_types_are_not_provisioned() -> None:
    resource = Resource(
        type="azure-native:storage:StorageAccount", name="t", properties={}, places=OnePlace(Place(file="p"))
    )
    assert provision(resource, ENVIRONMENT) is None


def test_the_keys_of_the_built_in_subscription_can_be_shown() -> None:
    """Every service has that subscription: without another one it is how to call an API ("Subscriptions")."""
    service, place = "Microsoft.ApiManagement/service", OnePlace(Place(file="main.json"))
    environment = Environment(secret=b"s", keys={"master": "a-key-that-is-given"})
    resources = []
    for kind, name in ((service, "svc"), (f"{service}/apis", "svc/a")):
        resource = Resource(type=kind, name=name, properties={"name": name, "properties": {}}, places=place)
        given = provision(resource, environment)
        assert given is not None
        resources.append(msgspec.structs.replace(resource, id=given.id, attributes=given.attributes))
    assert "a-key-that-is-given" in read_graph(ResourceGraph(resources=tuple(resources)), ()).keys.values()
