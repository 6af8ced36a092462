"""Names from https://www.pulumi.com/registry/packages/aws/api-docs/ and .../azure-native/api-docs/."""

from collections.abc import Mapping

from inferway.formats.pulumi.lookups import look_up, read_by_id
from inferway.formats.pulumi.messages import Made
from inferway.formats.resources import Provisioned

ROLE = "aws:iam/role:Role"
SUBSCRIPTION = "azure-native:apimanagement:Subscription"


def made(token: str, name: str, identifier: str, **attributes: object) -> Made:
    return Made(
        type=token,
        name=name,
        properties={"name": name},
        id=identifier,
        attributes=attributes,
        secrets=(),
        file="f",
        line=1,
    )


def ask(token: str, properties: Mapping[str, object]) -> Provisioned | None:
    if token == ROLE:
        return Provisioned(id=str(properties["name"]), attributes={"arn": f"arn:{properties['name']}"})
    if token.endswith(":Subscription"):
        return Provisioned(id="/s", attributes={"primaryKey": "p", "secondaryKey": "q", "name": "s"})
    return None


def test_what_the_program_declares_comes_first() -> None:
    graph = [made(ROLE, "mine", "mine", arn="arn:mine")]
    found = look_up("aws:iam/getRole:getRole", {"name": "mine"}, graph, ask)
    assert found == {"name": "mine", "arn": "arn:mine", "id": "mine"}
    found = look_up("aws:iam/getRole:getRole", {"name": "other"}, graph, ask)
    assert found == {"name": "other", "arn": "arn:other", "id": "other"}


def test_secrets_are_given_alone() -> None:
    token = "azure-native:apimanagement:listSubscriptionSecrets"
    arguments = {"resourceGroupName": "g", "serviceName": "s", "sid": "master"}
    assert look_up(token, arguments, [], ask) == {"primaryKey": "p", "secondaryKey": "q"}
    graph = [
        made(
            SUBSCRIPTION,
            "x",
            "/subscriptions/0/x",
            primaryKey="mine",
            secondaryKey="too",
            sid="master",
            serviceName="s",
        )
    ]
    held = graph[0].attributes | {"resourceGroupName": "g"} if isinstance(graph[0].attributes, dict) else {}
    held = {"primaryKey": "mine", "secondaryKey": "too", "sid": "master"}
    graph = [made(SUBSCRIPTION, "x", "/subscriptions/0/x", **held, serviceName="s", resourceGroupName="g")]
    assert look_up(token, arguments, graph, ask) == {"primaryKey": "mine", "secondaryKey": "too"}


def test_versions_of_an_api_are_left_out_of_the_module() -> None:
    token = "azure-native:apimanagement/v20220801:listSubscriptionSecrets"
    assert look_up(token, {"sid": "a"}, [], ask) == {"primaryKey": "p", "secondaryKey": "q"}


def test_what_is_no_lookup() -> None:
    assert look_up("aws:ec2/getAmi:getAmi", {"owners": ["self"]}, [], ask) is None
    assert look_up("aws:dynamodb/getTable:getTable", {"name": "t"}, [], ask) is None


def test_reading_by_id() -> None:
    graph = [made(ROLE, "mine", "mine", arn="arn:mine")]
    assert read_by_id(ROLE, "mine", {}, graph, ask) == ({"name": "mine", "arn": "arn:mine"}, True)
    assert read_by_id(ROLE, "other", {}, graph, ask) == ({"name": "other", "arn": "arn:other"}, False)
    assert read_by_id("aws:ec2/vpc:Vpc", "vpc-1", {}, graph, ask) is None


def test_the_classic_provider_of_azure_has_functions_of_its_own_names() -> None:
    """https://www.pulumi.com/registry/packages/azure/api-docs/apimanagement/getservice/ and the others beside it."""
    service = "azure:apimanagement/service:Service"
    graph = [made(service, "films", "/service/films", gatewayUrl="http://gateway")]
    arguments = {"name": "films"}
    found = look_up("azure:apimanagement/getService:getService", arguments, graph, ask)
    assert found == {"name": "films", "gatewayUrl": "http://gateway", "id": "/service/films"}
    asked: list[str] = []
    look_up(
        "azure:apimanagement/getApiVersionSet:getApiVersionSet", arguments, [], lambda token, _: asked.append(token)
    )
    look_up("azure:core/getResourceGroup:getResourceGroup", arguments, [], lambda token, _: asked.append(token))
    assert asked == ["azure:apimanagement/apiVersionSet:ApiVersionSet", "azure:core/resourceGroup:ResourceGroup"]
    assert look_up("azure:storage/getAccount:getAccount", arguments, [], ask) is None
