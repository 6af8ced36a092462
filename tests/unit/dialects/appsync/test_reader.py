from typing import Any

import pytest

from inferway.definition.steps import ExecuteGraphql, Invoke, Refuse, RequireApiKey, RunPipeline
from inferway.definition.targets import HttpUrl, LambdaFunction, Table
from inferway.faults import FaultKind, Severity

QUIET = ("key-expiry", "no-resolver")


def codes(findings: Any) -> list[tuple[str, str]]:
    return [(finding.severity.value, finding.code) for finding in findings if finding.code not in QUIET]


def graphql(api: Any) -> ExecuteGraphql:
    step = api.routes[0].pipeline.invoke[-1]
    assert isinstance(step, ExecuteGraphql)
    return step


def test_the_routes_and_their_steps(read_all: Any, pulumi: Any) -> None:
    (api,), findings = read_all(*pulumi())
    assert codes(findings) == []
    assert [(route.method, route.path) for route in api.routes] == [
        ("POST", "/graphql"),
        ("GET", "/graphql"),
        ("OPTIONS", "/graphql"),
    ]
    assert (api.dialect, api.slug, api.base) == ("appsync", "model-api", "")
    assert isinstance(api.routes[0].pipeline.invoke[0], RequireApiKey)
    (field,) = graphql(api).fields
    assert (field.type_name, field.field_name) == ("Query", "f")
    (invoke,) = field.pipeline.invoke
    assert isinstance(invoke, Invoke)
    assert isinstance(invoke.target, LambdaFunction)
    assert (invoke.target.name, invoke.target.place.line) == ("f", 2)
    assert [key.name for key in api.keys] == ["key"]


def test_cloudformation_s_spelling_is_read_to_the_same_fields(read_all: Any) -> None:
    own = {"ref": ["modelApi", "ApiId"]}
    schema = "type Query { f: String g: String }"
    (api,), findings = read_all(
        (
            "AWS::AppSync::GraphQLApi",
            "modelApi",
            {"Name": "Model API", "AuthenticationType": "API_KEY", "QueryDepthLimit": 5, "ResolverCountLimit": 7},
        ),
        ("AWS::AppSync::GraphQLSchema", "schema", {"ApiId": own, "Definition": schema}),
        ("AWS::AppSync::ApiKey", "key", {"ApiId": own, "Expires": 1_900_000_000}),
        (
            "AWS::AppSync::DataSource",
            "source",
            {
                "ApiId": own,
                "Name": "table",
                "Type": "AMAZON_DYNAMODB",
                "DynamoDBConfig": {"TableName": "models", "AwsRegion": "eu-west-1"},
            },
        ),
        (
            "AWS::AppSync::FunctionConfiguration",
            "step",
            {
                "ApiId": own,
                "Name": "step",
                "DataSourceName": {"ref": ["source", "Name"]},
                "RequestMappingTemplate": "{}",
                "ResponseMappingTemplate": "{}",
            },
        ),
        (
            "AWS::AppSync::Resolver",
            "unit",
            {
                "ApiId": own,
                "TypeName": "Query",
                "FieldName": "f",
                "DataSourceName": "table",
                "RequestMappingTemplate": "{}",
                "ResponseMappingTemplate": "{}",
            },
        ),
        (
            "AWS::AppSync::Resolver",
            "pipeline",
            {
                "ApiId": own,
                "TypeName": "Query",
                "FieldName": "g",
                "Kind": "PIPELINE",
                "PipelineConfig": {"Functions": [{"ref": ["step", "FunctionId"]}]},
                "RequestMappingTemplate": "{}",
                "ResponseMappingTemplate": "{}",
            },
        ),
    )
    assert codes(findings) == []
    step = graphql(api)
    assert (api.slug, step.schema, step.depth, step.pipelines) == ("model-api", schema, 5, 7)
    unit, pipeline = step.fields
    (invoke,) = unit.pipeline.invoke
    assert isinstance(invoke, Invoke)
    assert isinstance(invoke.target, Table)
    assert (invoke.target.name, invoke.target.region) == ("models", "eu-west-1")
    (function,) = pipeline.pipeline.invoke
    assert isinstance(function, RunPipeline)
    assert function.name == "step"
    assert function.pipeline.invoke == (invoke,)
    assert api.keys[0].expires == 1_900_000_000


def test_an_http_data_source_with_signing(read_all: Any, pulumi: Any) -> None:
    authorization = {"awsIamConfig": {"signingRegion": "us-east-1", "signingServiceName": "states"}}
    source = {"type": "HTTP", "httpConfig": {"endpoint": "https://x.example/", "authorizationConfig": authorization}}
    (api,), findings = read_all(*pulumi(source=source))
    assert codes(findings) == []
    (invoke,) = graphql(api).fields[0].pipeline.invoke
    assert isinstance(invoke, Invoke)
    assert isinstance(invoke.target, HttpUrl)
    assert invoke.target.url == "https://x.example/{resource+}"
    assert invoke.target.signing is not None
    assert invoke.target.signing.service == "states"


@pytest.mark.parametrize("mode", ["AWS_IAM", "AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT", "AWS_LAMBDA"])
def test_a_mode_that_is_not_served_lets_nobody_in(read_all: Any, pulumi: Any, mode: str) -> None:
    (api,), findings = read_all(*pulumi(api={"authenticationType": mode}))
    assert codes(findings) == [("warning", "unserved-authorization")]
    for route in api.routes[:2]:
        first = route.pipeline.invoke[0]
        assert isinstance(first, Refuse)
        assert first.kind is FaultKind.UNAUTHORIZED


def test_what_is_no_mode_is_refused(read_all: Any, pulumi: Any) -> None:
    providers = [{"authenticationType": "NONE"}]
    settings = {"authenticationType": "NONSENSE", "additionalAuthenticationProviders": providers}
    _, findings = read_all(*pulumi(api=settings))
    assert codes(findings) == [("error", "unknown-authorization")] * 2


def test_keys_beside_another_mode_reach_only_what_is_marked(read_all: Any, pulumi: Any) -> None:
    schema = "type Query { f: String @aws_api_key  g: String }"
    providers = [{"authenticationType": "API_KEY"}]
    api_settings = {"authenticationType": "AWS_IAM", "additionalAuthenticationProviders": providers, "schema": schema}
    (api,), findings = read_all(*pulumi(api=api_settings))
    assert codes(findings) == [("warning", "unserved-authorization")]
    assert isinstance(api.routes[0].pipeline.invoke[0], RequireApiKey)
    fields = {field.field_name: field for field in graphql(api).fields}
    assert isinstance(fields["g"].pipeline.request[0], Refuse)
    assert not isinstance(fields["f"].pipeline.request[0], Refuse)


REFUSED = [
    ({"source": {"type": "RELATIONAL_DATABASE"}}, "unserved-data-source"),
    ({"source": {"type": "NONSENSE"}}, "unserved-data-source"),
    ({"source": {"type": "AWS_LAMBDA"}}, "no-target"),
    ({"source": {"type": "AMAZON_DYNAMODB"}}, "no-target"),
    ({"source": {"type": "HTTP", "httpConfig": {"endpoint": "ftp://x"}}}, "no-target"),
    ({"resolver": {"dataSource": "other"}}, "unserved-resolver"),
    ({"resolver": {"code": "export function request() {}", "runtime": {"name": "APPSYNC_JS"}}}, "unserved-resolver"),
    ({"resolver": {"kind": "NONSENSE"}}, "unserved-resolver"),
    ({"resolver": {"requestTemplate": ""}, "source": {"type": "NONE"}}, "unserved-resolver"),
]


@pytest.mark.parametrize(("change", "code"), REFUSED)
def test_what_cannot_be_served_fails_its_field(read_all: Any, pulumi: Any, change: Any, code: str) -> None:
    (api,), findings = read_all(*pulumi(**change))
    assert codes(findings) == [("error", code)]
    (field,) = graphql(api).fields
    assert isinstance(field.pipeline.request[0], Refuse)


@pytest.mark.parametrize(
    ("change", "severity", "code"),
    [
        ({"api": {"schema": "type Query { f: Nope }"}}, "error", "bad-schema"),
        ({"api": {"schema": "type Query {"}}, "error", "bad-schema"),
        ({"resolver": {"field": "g"}}, "error", "unknown-field"),
        ({"resolver": {"type": "Nope"}}, "error", "unknown-type"),
        (
            {
                "resolver": {
                    "requestTemplate": "#if(",
                }
            },
            "warning",
            "bad-template",
        ),
        ({"resolver": {"requestTemplate": "$util.rds.toJsonString($x)"}}, "error", "unserved-util"),
        ({"resolver": {"responseTemplate": "$extensions.invalidate()"}}, "error", "unserved-extensions"),
        ({"resolver": {"requestTemplate": "x" * 65_537}}, "error", "template-too-large"),
        ({"resolver": {"cachingConfig": {"ttl": 5}}}, "warning", "unserved-cache"),
        (
            {"api": {"schema": "type Query { f: String } type Subscription { s: String }"}},
            "warning",
            "unserved-subscriptions",
        ),
        ({"api": {"xrayEnabled": True}}, "note", "inert-setting"),
        ({"api": {"apiType": "MERGED"}}, "error", "unserved-merged-api"),
        ({"key": {"expires": "soon"}}, "error", "bad-expiry"),
    ],
)
def test_findings(read_all: Any, pulumi: Any, change: Any, severity: str, code: str) -> None:
    _, findings = read_all(*pulumi(**change))
    found = [pair for pair in codes(findings) if pair[1] not in ("unknown-type", "unknown-field") or code == pair[1]]
    assert found == [(severity, code)]


def test_an_api_without_a_schema_is_there_but_takes_no_resolver(read_all: Any, pulumi: Any) -> None:
    (api,), findings = read_all(*pulumi(api={"schema": ""}))
    assert codes(findings) == [("warning", "no-schema"), ("error", "no-schema")]
    assert [(route.method, route.api_key_required) for route in api.routes] == [
        ("POST", True),
        ("GET", True),
        ("OPTIONS", False),
    ]


def test_the_place_in_a_schema_is_named(read_all: Any, pulumi: Any) -> None:
    _, findings = read_all(*pulumi(api={"schema": "type Query {\n  f: Nope\n}"}))
    (finding,) = [finding for finding in findings if finding.code == "bad-schema"]
    assert "line 2, column 6 of the schema" in finding.text


def test_a_key_that_says_when_it_expires(read_all: Any, pulumi: Any) -> None:
    (api,), findings = read_all(*pulumi(key={"expires": "2030-01-01T00:00:00Z"}))
    assert api.keys[0].expires == 1_893_456_000
    assert "key-expiry" not in [finding.code for finding in findings]
    (api,), findings = read_all(*pulumi())
    assert api.keys[0].expires == 0
    assert [finding.severity for finding in findings if finding.code == "key-expiry"] == [Severity.NOTE]


def test_resources_of_two_apis_stay_apart(read_all: Any, pulumi: Any) -> None:
    other = (
        "aws:appsync/graphQLApi:GraphQLApi",
        "other",
        {"authenticationType": "API_KEY", "schema": "type Query { x: Int }"},
    )
    (one, two), _ = read_all(*pulumi(), other)
    assert (len(graphql(one).fields), len(graphql(two).fields)) == (1, 0)
    assert (len(one.keys), len(two.keys)) == (1, 0)


def test_what_belongs_to_no_api_is_named(read_all: Any, pulumi: Any) -> None:
    _, findings = read_all(*pulumi(), ("aws:appsync/apiKey:ApiKey", "stray", {"apiId": "elsewhere"}))
    assert codes(findings) == [("error", "unknown-api")]


def test_a_type_that_is_not_served_is_named(read_all: Any, pulumi: Any) -> None:
    _, findings = read_all(*pulumi(), ("aws:appsync/apiCache:ApiCache", "cache", {}))
    assert codes(findings) == [("warning", "unserved-resource")]


@pytest.mark.parametrize(
    ("api", "key", "output", "name"),
    [
        ("AWS::AppSync::Api", "AWS::AppSync::ApiKey", "ApiId", "ApiId"),
        ("aws:appsync/api:Api", "aws:appsync/apiKey:ApiKey", "apiId", "apiId"),
    ],
)
def test_the_key_of_an_event_api_goes_with_it(read_all: Any, api: str, key: str, output: str, name: str) -> None:
    """Of "AWS::AppSync::ApiKey": an API's, GraphQL or Event; the CDK makes one for each EventApi."""
    _, findings = read_all((api, "events", {"name": "e"}), (key, "key", {name: {"ref": ["events", output]}}))
    assert codes(findings) == [("warning", "unserved-resource")]
