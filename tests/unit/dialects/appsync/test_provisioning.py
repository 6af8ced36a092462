import re
from typing import Any

import pytest

from inferway.dialects.appsync.provisioning import provision, slug_of
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Resource

HERE = OnePlace(Place(file="program.py"))
ENVIRONMENT = Environment(base_url="http://127.0.0.1:8080", keys={"bound": "mine"}, secret=b"secret")


def resource(kind: str, logical: str, /, **properties: Any) -> Resource:
    return Resource(type=kind, name=logical, properties=properties, places=HERE)


@pytest.mark.parametrize(
    ("name", "properties", "slug"),
    [
        ("exampleApi", {}, "example-api"),
        ("graphql_api", {}, "graphql-api"),
        ("exampleApi", {"name": "exampleApi-1a2b3c4"}, "example-api"),
        ("exampleApi", {"name": "Image Labels"}, "image-labels"),
        ("Api", {"Name": "Models"}, "models"),
        ("---", {}, "graphql"),
    ],
)
def test_the_slug_comes_from_the_name_or_the_resource(name: str, properties: dict[str, str], slug: str) -> None:
    assert slug_of(resource("aws:appsync/graphQLApi:GraphQLApi", name, **properties)) == slug


def test_an_api_in_pulumi() -> None:
    made = provision(resource("aws:appsync/graphQLApi:GraphQLApi", "exampleApi"), ENVIRONMENT)
    assert made is not None
    assert re.fullmatch("[a-z0-9]{26}", made.id)
    assert made.attributes["arn"] == f"arn:aws:appsync:us-east-1:000000000000:apis/{made.id}"
    assert made.attributes["uris"] == {
        "GRAPHQL": "http://127.0.0.1:8080/example-api/graphql",
        "REALTIME": "ws://127.0.0.1:8080/example-api/graphql/realtime",
    }
    assert re.fullmatch("exampleApi-[0-9a-f]{7}", str(made.attributes["name"]))
    assert made == provision(resource("aws:appsync/graphQLApi:GraphQLApi", "exampleApi"), ENVIRONMENT)


def test_an_api_in_cloudformation() -> None:
    made = provision(resource("AWS::AppSync::GraphQLApi", "Api", Name="Models"), ENVIRONMENT)
    assert made is not None
    assert (
        made.id == made.attributes["Arn"] == f"arn:aws:appsync:us-east-1:000000000000:apis/{made.attributes['ApiId']}"
    )
    assert made.attributes["GraphQLUrl"] == "http://127.0.0.1:8080/models/graphql"


@pytest.mark.parametrize(("kind", "output"), [("aws:appsync/apiKey:ApiKey", "key"), ("AWS::AppSync::ApiKey", "ApiKey")])
def test_a_key_is_bound_or_made_and_secret(kind: str, output: str) -> None:
    bound = provision(resource(kind, "bound"), ENVIRONMENT)
    free = provision(resource(kind, "free"), ENVIRONMENT)
    assert bound is not None
    assert free is not None
    assert bound.attributes[output] == "mine"
    assert re.fullmatch("da2-[a-z2-7]{26}", str(free.attributes[output]))
    assert free.secrets == {output}
    other = provision(resource(kind, "free"), Environment(secret=b"another"))
    assert other is not None
    assert other.attributes[output] != free.attributes[output]


def test_pulumi_s_identifiers_name_their_api() -> None:
    key = provision(resource("aws:appsync/apiKey:ApiKey", "key", apiId="a"), ENVIRONMENT)
    source = provision(resource("aws:appsync/dataSource:DataSource", "my-source", apiId="a"), ENVIRONMENT)
    resolver = provision(
        resource("aws:appsync/resolver:Resolver", "r", apiId="a", type="Query", field="f"), ENVIRONMENT
    )
    function = provision(resource("aws:appsync/function:Function", "step", apiId="a"), ENVIRONMENT)
    assert key is not None
    assert key.id.startswith("a:da2-")
    assert source is not None
    assert (source.id, source.attributes["name"]) == ("a-my_source", "my_source")
    assert resolver is not None
    assert resolver.id == "a-Query-f"
    assert function is not None
    assert function.id == f"a-{function.attributes['functionId']}"


def test_other_types_are_nobody_s() -> None:
    assert provision(resource("aws:s3/bucket:Bucket", "b"), ENVIRONMENT) is None
    assert provision(resource("AWS::AppSync::Nothing", "b"), ENVIRONMENT) is None


@pytest.mark.parametrize(
    ("kind", "properties", "names"),
    [
        (
            "AWS::AppSync::GraphQLApi",
            {"Name": "n"},
            "ApiId Arn GraphQLDns GraphQLEndpointArn GraphQLUrl RealtimeDns RealtimeUrl",
        ),
        ("AWS::AppSync::GraphQLSchema", {"ApiId": "a"}, "Id"),
        ("AWS::AppSync::ApiKey", {"ApiId": "a"}, "ApiKey ApiKeyId Arn"),
        ("AWS::AppSync::DataSource", {"ApiId": "a", "Name": "n"}, "DataSourceArn Name"),
        (
            "AWS::AppSync::FunctionConfiguration",
            {"ApiId": "a", "Name": "n", "DataSourceName": "d"},
            "DataSourceName FunctionArn FunctionId Name",
        ),
        (
            "AWS::AppSync::Resolver",
            {"ApiId": "a", "TypeName": "Query", "FieldName": "f"},
            "FieldName ResolverArn TypeName",
        ),
        ("AWS::AppSync::Api", {"Name": "n"}, "ApiArn ApiId Dns Dns.Http Dns.Realtime"),
        ("AWS::AppSync::ChannelNamespace", {"ApiId": "a", "Name": "n"}, "ChannelNamespaceArn"),
        (
            "AWS::AppSync::DomainName",
            {"DomainName": "api.example.com"},
            "AppSyncDomainName DomainName DomainNameArn HostedZoneId",
        ),
        (
            "AWS::AppSync::DomainNameApiAssociation",
            {"DomainName": "api.example.com", "ApiId": "a"},
            "ApiAssociationIdentifier",
        ),
        (
            "AWS::AppSync::SourceApiAssociation",
            {"SourceApiIdentifier": "a", "MergedApiIdentifier": "b"},
            (
                "AssociationArn AssociationId LastSuccessfulMergeDate MergedApiArn MergedApiId SourceApiArn "
                "SourceApiAssociationStatus SourceApiAssociationStatusDetail SourceApiId"
            ),
        ),
        ("aws:appsync/graphQLApi:GraphQLApi", {}, "arn name region tagsAll uris"),
        ("aws:appsync/apiKey:ApiKey", {"apiId": "a"}, "apiKeyId expires key region tagsAll"),
        ("aws:appsync/dataSource:DataSource", {"apiId": "a"}, "arn name region tagsAll"),
        ("aws:appsync/function:Function", {"apiId": "a"}, "arn functionId functionVersion name region tagsAll"),
        (
            "aws:appsync/resolver:Resolver",
            {"apiId": "a", "type": "Query", "field": "f"},
            "arn region tagsAll",
        ),
        ("aws:appsync/api:Api", {}, "apiArn apiId arn dns name region tagsAll wafWebAclArn xrayEnabled"),
        (
            "aws:appsync/channelNamespace:ChannelNamespace",
            {"apiId": "a"},
            "arn channelNamespaceArn name region tagsAll",
        ),
        (
            "aws:appsync/domainName:DomainName",
            {"domainName": "api.example.com"},
            "appsyncDomainName arn domainName hostedZoneId region tagsAll",
        ),
    ],
)
def test_every_output_that_is_documented_is_there(kind: str, properties: dict[str, str], names: str) -> None:
    """CloudFormation Template Reference, "Return values"; the outputs of pulumi-aws's `aws.appsync`."""
    made = provision(resource(kind, "thing", **properties), ENVIRONMENT)
    assert made is not None
    assert sorted(made.attributes) == sorted(names.split())
    assert made.id


@pytest.mark.parametrize(
    ("region", "start"), [("cn-north-1", "arn:aws-cn:appsync:cn-north-1:"), ("eu-west-1", "arn:aws:appsync:eu-west-1:")]
)
def test_arns_are_of_the_region_s_partition(region: str, start: str) -> None:
    for made in (
        provision(resource("AWS::AppSync::GraphQLApi", "Api", Name="n"), Environment(region=region)),
        provision(resource("aws:appsync/graphQLApi:GraphQLApi", "api", region=region), Environment()),
    ):
        assert made is not None
        assert str(made.attributes.get("Arn", made.attributes.get("arn"))).startswith(start)


def test_a_key_s_expiry_is_its_own() -> None:
    made = provision(resource("aws:appsync/apiKey:ApiKey", "k", expires="2027-05-01T04:00:00Z"), ENVIRONMENT)
    assert made is not None
    assert made.attributes["expires"] == "2027-05-01T04:00:00Z"
