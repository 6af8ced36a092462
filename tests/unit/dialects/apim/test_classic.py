"""Outputs of the classic provider. Source: Pulumi, azure (classic), apimanagement, "Outputs" of each resource."""

from typing import Any

from inferway.dialects.apim.provisioning import provision
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Provisioned, Resource

ENVIRONMENT = Environment(base_url="http://127.0.0.1:8080", keys={"me": "bound"}, secret=b"s")


def made(kind: str, **properties: Any) -> Provisioned:
    resource = Resource(
        type=f"azure:{kind}", name="logical", properties=properties, places=OnePlace(Place(file="program.py"))
    )
    given = provision(resource, ENVIRONMENT)
    assert given is not None
    return given


def test_a_service_s_gateway_url_leads_here() -> None:
    given = made("apimanagement/service:Service", name="svc", resourceGroupName="group", skuName="Developer_1")
    assert given.id.endswith("/resourceGroups/group/providers/Microsoft.ApiManagement/service/svc")
    assert given.attributes["gatewayUrl"] == "http://127.0.0.1:8080/svc"
    assert given.attributes["name"] == "svc"
    assert given.attributes["skuName"] == "Developer_1"


def test_inputs_are_outputs() -> None:
    given = made(
        "apimanagement/apiOperation:ApiOperation",
        apiManagementName="svc",
        resourceGroupName="group",
        apiName="a",
        operationId="o",
    )
    assert given.id.endswith("/service/svc/apis/a/operations/o")
    assert given.attributes["apiName"] == "a"
    assert given.attributes["operationId"] == "o"
    assert "serviceName" not in given.attributes


def test_a_subscription_has_keys_and_an_identifier() -> None:
    common = {"apiManagementName": "svc", "resourceGroupName": "group", "displayName": "x"}
    given = made("apimanagement/subscription:Subscription", **common, subscriptionId="me")
    assert given.attributes["primaryKey"] == "bound"
    assert given.secrets == {"primaryKey", "secondaryKey"}
    named = made("apimanagement/subscription:Subscription", **common)
    assert str(named.attributes["subscriptionId"]).startswith("logical")
    assert named.id.endswith(f"/subscriptions/{named.attributes['subscriptionId']}")


def test_a_resource_group() -> None:
    given = made("core/resourceGroup:ResourceGroup", name="group", location="West Europe")
    assert given.id.endswith("/resourceGroups/group")
    assert (given.attributes["name"], given.attributes["location"]) == ("group", "West Europe")
    assert str(made("core/resourceGroup:ResourceGroup").attributes["name"]).startswith("logical")


def test_a_policy_of_a_service_is_named_by_its_identifier() -> None:
    manager = made("apimanagement/service:Service", name="svc", resourceGroupName="group").id
    given = made("apimanagement/policy:Policy", apiManagementId=manager, xmlContent="<policies />")
    assert given.id.endswith("/service/svc/policies/policy")
