"""What the service's resources are provisioned with.

Expected values: the "Return values" of CloudFormation's types (their read-only properties); the outputs of pulumi-aws
that are no inputs (https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/).
"""

import pytest

from inferway.dialects.apigateway.provisioning import TYPES, provision
from inferway.dialects.apigateway.resource_kinds import BY_TYPE
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Provisioned, Resource

NOWHERE = OnePlace(Place(file="program"))
HERE = Environment(base_url="http://127.0.0.1:9000", secret=b"s")

READ_ONLY = {
    "ApiKey": "APIKeyId",
    "Authorizer": "AuthorizerId",
    "BasePathMappingV2": "BasePathMappingArn",
    "ClientCertificate": "ClientCertificateId",
    "Deployment": "DeploymentId",
    "DocumentationPart": "DocumentationPartId",
    "DomainName": "DistributionDomainName DistributionHostedZoneId DomainNameArn RegionalDomainName "
    "RegionalHostedZoneId",
    "DomainNameAccessAssociation": "DomainNameAccessAssociationArn",
    "DomainNameV2": "DomainNameArn DomainNameId",
    "GatewayResponse": "Id",
    "RequestValidator": "RequestValidatorId",
    "Resource": "ResourceId",
    "RestApi": "RestApiId RootResourceId",
    "UsagePlan": "Id",
    "UsagePlanKey": "Id",
    "VpcLink": "VpcLinkId",
}

OUTPUTS = {
    "account:Account": "apiKeyVersion features throttleSettings",
    "apiKey:ApiKey": "arn createdDate lastUpdatedDate tagsAll value",
    "authorizer:Authorizer": "arn",
    "clientCertificate:ClientCertificate": "arn createdDate expirationDate pemEncodedCertificate tagsAll",
    "deployment:Deployment": "createdDate",
    "documentationPart:DocumentationPart": "documentationPartId",
    "domainName:DomainName": "arn certificateUploadDate cloudfrontDomainName cloudfrontZoneId domainNameId "
    "regionalDomainName regionalZoneId tagsAll",
    "domainNameAccessAssociation:DomainNameAccessAssociation": "arn tagsAll",
    "restApi:RestApi": "arn createdDate executionArn rootResourceId tagsAll",
    "stage:Stage": "arn executionArn invokeUrl tagsAll webAclArn",
    "usagePlan:UsagePlan": "arn tagsAll",
    "vpcLink:VpcLink": "arn tagsAll",
}


def given(kind: str, **properties: object) -> Provisioned:
    resource = Resource(type=kind, name="thing", properties=properties, places=NOWHERE)
    made = provision(resource, HERE)
    assert made is not None
    return made


def test_every_type_that_is_read_is_provisioned() -> None:
    assert set(BY_TYPE) <= set(TYPES)


@pytest.mark.parametrize(("name", "attributes"), READ_ONLY.items())
def test_cloudformation_s_return_values(name: str, attributes: str) -> None:
    made = given(f"AWS::ApiGateway::{name}", DomainName="a.example.com", DomainNameArn="arn:x", BasePath="p")
    assert set(attributes.split()) <= set(made.attributes)
    assert all(made.attributes[attribute] for attribute in attributes.split())
    assert made.id


@pytest.mark.parametrize(("name", "attributes"), OUTPUTS.items())
def test_pulumi_s_outputs(name: str, attributes: str) -> None:
    made = given(f"aws:apigateway/{name}", restApi="abc", stageName="live", domainName="a.example.com")
    assert set(attributes.split()) <= set(made.attributes)
    assert made.id


def test_the_url_of_a_stage_is_one_of_this_gateway() -> None:
    made = given("aws:apigateway/stage:Stage", restApi="h2ou5dziyg", stageName="live")
    assert made.attributes["invokeUrl"] == "http://127.0.0.1:9000/h2ou5dziyg/live"
    assert made.attributes["executionArn"] == "arn:aws:execute-api:us-east-1:000000000000:h2ou5dziyg/live"


def test_a_deployment_without_a_stage_has_the_url_that_a_stage_is_appended_to() -> None:
    """https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/deployment/ of 6.x: invokeUrl, always there."""
    for stated, stage in ({}, ""), ({"stageName": ""}, ""), ({"stageName": "live"}, "live"):
        made = given("aws:apigateway/deployment:Deployment", restApi="h2ou5dziyg", **stated)
        assert made.attributes["invokeUrl"] == f"http://127.0.0.1:9000/h2ou5dziyg/{stage}"


def test_a_key_s_value_is_given_or_made_up_and_secret() -> None:
    for kind, name in (("AWS::ApiGateway::ApiKey", "Value"), ("aws:apigateway/apiKey:ApiKey", "value")):
        made = given(kind, **{name: "a-value-of-twenty-characters"})
        assert (made.attributes[name], made.secrets) == ("a-value-of-twenty-characters", frozenset((name,)))
        value = given(kind).attributes[name]
        assert isinstance(value, str)
        assert 20 <= len(value) <= 128


def test_the_path_of_a_resource_is_known_below_the_root() -> None:
    root = given("aws:apigateway/restApi:RestApi").attributes["rootResourceId"]
    kind = "aws:apigateway/resource:Resource"
    assert given(kind, restApi="a", parentId=root, pathPart="t").attributes["path"] == "/t"
    assert "path" not in given(kind, restApi="a", parentId="abcdef", pathPart="t").attributes


def test_the_name_that_a_model_is_given_is_alphanumeric() -> None:
    """CreateModel: "Must be alphanumeric"; the CDK leaves names to CloudFormation, and they are taken."""
    model = Resource(type="AWS::ApiGateway::Model", name="Item", properties={}, places=NOWHERE)
    made = provision(model, Environment(stack="my-stack"))
    assert made is not None
    assert made.id.isalnum()
    assert made.id.startswith("mystackItem")
