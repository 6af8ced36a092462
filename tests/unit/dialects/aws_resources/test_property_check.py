"""Properties that do not fit their type, and the tables of those that there are."""

import json
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from inferway.dialects.apigateway.property_names import PROPERTIES as GATEWAY
from inferway.dialects.aws_resources.property_check import Rule, check_properties
from inferway.dialects.aws_resources.property_names import PROPERTIES as OTHERS
from inferway.faults import Finding, Place
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import LOCAL_PATH, OnePlace, Resource

_TABLE = {**GATEWAY, **OTHERS}
_LINTER = find_spec("cfnlint")
assert _LINTER is not None
_SCHEMAS = Path(_LINTER.origin or "").parent / "data" / "schemas"
_LISTED = json.loads((_SCHEMAS / "providers" / "us-east-1.json").read_text("utf-8"))


def found(kind: str, properties: Mapping[str, object]) -> list[Finding]:
    findings: Report = {}
    place = OnePlace(Place(file="t", line=4))
    resource = Resource(type=kind, name="Thing", properties=properties, places=place)
    assert check_properties(resource, Cursor.of(resource, findings), _TABLE)
    return list(findings)


def texts(kind: str, properties: Mapping[str, object]) -> list[str]:
    return [f"{each.severity}: {each.text} [{each.code}]" for each in found(kind, properties)]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (
            {"Throttle": {"RateLimt": 1}},
            (
                "warning: AWS::ApiGateway::UsagePlan Throttle has no property RateLimt; it is ignored "
                "(did you mean RateLimit?) [unknown-property]"
            ),
        ),
        (
            {"ApiStages": [{"ApiID": "a"}]},
            (
                "warning: AWS::ApiGateway::UsagePlan ApiStages has no property ApiID; it is ignored "
                "(did you mean ApiId?) [unknown-property]"
            ),
        ),
        ({"Throttle": {"BurstLimit": "two"}}, "error: `BurstLimit` must be a whole number [wrong-type]"),
        ({"Throttle": {"BurstLimit": 1.5}}, "error: `BurstLimit` must be a whole number [wrong-type]"),
        ({"Throttle": {"RateLimit": [1]}}, "error: `RateLimit` must be a number [wrong-type]"),
        ({"Throttle": "fast"}, "error: `Throttle` must be a mapping [wrong-type]"),
        ({"ApiStages": {"ApiId": "a"}}, "error: `ApiStages` must be a list [wrong-type]"),
        (
            {"Quota": {"Limit": 5, "Period": "DAI"}},
            "error: `Period` must be one of DAY, WEEK, MONTH, not 'DAI' (did you mean DAY?) [bad-value]",
        ),
    ],
)
def test_what_does_not_fit_a_usage_plan(properties: Mapping[str, object], expected: str) -> None:
    assert texts("AWS::ApiGateway::UsagePlan", properties) == [expected]


def test_what_is_written_as_what_is_asked_for() -> None:
    fits = {
        "Throttle": {"BurstLimit": "2", "RateLimit": "1.5"},
        "Quota": {"Limit": 5.0, "Period": "DAY"},
        "ApiStages": [{"ApiId": "a", "Stage": 1, "Throttle": {"/a/GET": {"BurstLimit": 1}}}],
        "Description": None,
    }
    assert found("AWS::ApiGateway::UsagePlan", fits) == []
    assert found("AWS::ApiGateway::ApiKey", {"Enabled": "true"}) == []
    assert texts("AWS::ApiGateway::ApiKey", {"Enabled": "yes"}) == [
        "error: `Enabled` must be true or false [wrong-type]"
    ]


@pytest.mark.parametrize("value", ["local::unresolved", "local::U::Number", "{{resolve:ssm:/limit}}"])
def test_values_that_nobody_here_knows_are_not_judged(value: str) -> None:
    assert found("AWS::ApiGateway::UsagePlan", {"Throttle": {"BurstLimit": value}, "ApiStages": value}) == []


def test_a_bare_off_is_a_truth_value_in_yaml() -> None:
    assert found("AWS::ApiGateway::Stage", {"RestApiId": "a", "MethodSettings": [{"LoggingLevel": False}]}) == []


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("AWS::ApiGateway::Deployment", {}, ["error: Thing needs RestApiId [missing-property]"]),
        (
            "AWS::ApiGateway::Deployment",
            {"RestApiID": "a"},
            [
                (
                    "error: Thing needs RestApiId, and has RestApiID, which is no property (did you mean RestApiId?) "
                    "[missing-property]"
                )
            ],
        ),
        (
            "AWS::DynamoDB::Table",
            {"KeySchema": [{"AttributeName": "id"}]},
            ["error: KeySchema of Thing needs KeyType [missing-property]"],
        ),
        (
            "AWS::Lambda::Function",
            {"Role": "r", "Code": {"ZipFil": "x"}, "MemorySiz": 3},
            [
                (
                    "warning: AWS::Lambda::Function has no property MemorySiz; it is ignored "
                    "(did you mean MemorySize?) [unknown-property]"
                ),
                (
                    "warning: AWS::Lambda::Function Code has no property ZipFil; it is ignored "
                    "(did you mean ZipFile?) [unknown-property]"
                ),
            ],
        ),
    ],
)
def test_what_is_missing_or_misspelt(kind: str, properties: Mapping[str, object], expected: list[str]) -> None:
    assert texts(kind, properties) == expected


def test_a_kind_of_authorization_that_there_is_not() -> None:
    method = {"RestApiId": "a", "ResourceId": "r", "HttpMethod": "GET"}
    assert texts("AWS::ApiGateway::Method", {**method, "AuthorizationType": "NOEN"}) == [
        (
            "error: `AuthorizationType` must be one of NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS, JWT, not "
            "'NOEN' (did you mean NONE?) [bad-value]"
        )
    ]
    for kind in ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT"):
        assert found("AWS::ApiGateway::Method", {**method, "AuthorizationType": kind}) == []


def test_code_and_content_that_lie_here() -> None:
    assert found("AWS::Lambda::LayerVersion", {"Content": {LOCAL_PATH: "layer"}}) == []
    assert found("AWS::Lambda::Function", {"Role": "r", "Code": "src"}) == []


def test_a_type_of_pulumi_s_is_not_checked() -> None:
    resource = Resource(type="aws:lambda/function:Function", name="f", properties={}, places=OnePlace(Place(file="t")))
    assert not check_properties(resource, Cursor.of(resource, {}), _TABLE)


def _named_by_rule(rule: Rule, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    inner = rule[0] if isinstance(rule, list) else rule
    if isinstance(inner, Mapping):
        for name, below in inner.items():
            yield (*path, name.removesuffix("!"))
            yield from _named_by_rule(below, (*path, name.removesuffix("!")))


def _named_by_schema(at: Any, schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    while "$ref" in at or "items" in at:
        at = schema["definitions"][at["$ref"].rpartition("/")[2]] if "$ref" in at else at["items"]
    for name, below in at.get("properties", {}).items():
        if f"/properties/{name}" not in schema.get("readOnlyProperties", ()) or path:
            yield (*path, name)
            yield from _named_by_schema(below, schema, (*path, name))


_CLAIM = ("JwtConfiguration", "Issuers", "AdditionalClaims")
_NOT_LISTED: dict[str, set[tuple[str, ...]]] = {
    # Its schema leaves a table's keys open, in a list or a mapping.
    "AWS::DynamoDB::Table": {("KeySchema", "AttributeName"), ("KeySchema", "KeyType")},
    # JWT authorizers of REST APIs are younger than these schemas. Source: CloudFormation Template Reference,
    # "AWS::ApiGateway::Authorizer JwtConfiguration", "… JwtIssuer" and "… JwtAdditionalClaim".
    "AWS::ApiGateway::Authorizer": {
        ("JwtConfiguration",),
        ("JwtConfiguration", "DefaultAlgorithms"),
        ("JwtConfiguration", "Issuers"),
        ("JwtConfiguration", "Issuers", "Audiences"),
        ("JwtConfiguration", "Issuers", "Issuer"),
        _CLAIM,
        *((*_CLAIM, name) for name in ("ClaimName", "ExpectedValues", "Format", "Required")),
    },
}


def test_the_configuration_of_a_jwt_authorizer_is_known() -> None:
    claim = {"ClaimName": "tenant", "ExpectedValues": ["acme"], "Format": "SINGLE_STRING", "Required": True}
    issuer = {"Issuer": "https://login.example.com", "Audiences": ["movies"], "AdditionalClaims": [claim]}
    authorizer = {"RestApiId": "a", "Name": "n", "Type": "JWT"}
    fits = {"JwtConfiguration": {"DefaultAlgorithms": ["RS256"], "Issuers": [issuer]}}
    assert found("AWS::ApiGateway::Authorizer", {**authorizer, **fits}) == []
    assert texts("AWS::ApiGateway::Authorizer", {**authorizer, "JwtConfiguration": {"Issuer": "https://x"}}) == [
        (
            "warning: AWS::ApiGateway::Authorizer JwtConfiguration has no property Issuer; it is ignored "
            "(did you mean Issuers?) [unknown-property]"
        )
    ]


@pytest.mark.parametrize("kind", sorted(_TABLE))
def test_the_tables_have_the_properties_of_the_vendor_s_schemas(kind: str) -> None:
    schema = json.loads((_SCHEMAS / "resources" / f"{_LISTED[kind]}.json").read_text("utf-8"))
    listed = set(_named_by_schema(schema, schema))
    assert listed
    known = {path for path in _named_by_rule(_TABLE[kind]) if "*" not in path}
    assert listed - known == set()
    assert known - listed <= _NOT_LISTED.get(kind, set())
    required = {name[:-1] for name in _TABLE[kind] if name.endswith("!")}
    assert required == set(schema.get("required", ()))
