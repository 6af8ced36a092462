"""Expected values: CloudFormation Template Reference, "AWS::ApiGateway::Stage" (a path's slashes are `~1`),
"AWS::ApiGateway::UsagePlan" (paths as they are), "AWS::ApiGateway::ApiKey"; pulumi-aws, apigateway.MethodSettings.
"""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inferway.definition.api import ApiDefinition
from inferway.definition.stage import (
    CacheSettings,
    Period,
    Quota,
    RouteSettings,
    StageSettings,
    Throttle,
    UnauthorizedInvalidation,
)
from inferway.definition.usage import UsagePlan
from inferway.dialects.apigateway import provisioning
from inferway.dialects.apigateway.reader import read
from inferway.faults import Finding, Place
from inferway.formats import cloudformation
from inferway.formats.resources import Environment, OnePlace, Resource, ResourceGraph

HEAD = """\
Resources:
  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: A}}
  Part:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: predict}
  Deep: {Type: 'AWS::ApiGateway::Resource', Properties: {RestApiId: !Ref Api, ParentId: !Ref Part, PathPart: '{id}'}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: &method
      RestApiId: !Ref Api
      ResourceId: !Ref Deep
      HttpMethod: GET
      MethodResponses: [{StatusCode: 200}]
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200}]}
  Post: {Type: 'AWS::ApiGateway::Method', Properties: {<<: *method, HttpMethod: POST}}
"""


def api_of(text: str, folder: Path, **environment: Any) -> tuple[ApiDefinition, list[Finding]]:
    path = folder / "template.yaml"
    path.write_text(HEAD + text, "utf-8")
    graph, found = cloudformation.read(path, Environment(**environment), provisioning.provision)
    (api,), findings = read(graph)
    serious = [finding for finding in (*found, *findings) if finding.code != "undeclared-path-parameter"]
    return api, serious


STAGE = "  Stage: {Type: 'AWS::ApiGateway::Stage', Properties: {RestApiId: !Ref Api, StageName: live, "


def stage_of(properties: str, folder: Path) -> tuple[StageSettings, list[str]]:
    api, findings = api_of(f"{STAGE}{properties}}}}}\n", folder)
    (stage,) = api.stages
    return stage, [finding.code for finding in findings]


def test_a_stage_has_variables_a_log_format_and_tracing(tmp_path: Path) -> None:
    stage, codes = stage_of(
        "DeploymentId: d, Variables: {a: b, n: 1}, TracingEnabled: true, CacheClusterEnabled: 'true', "
        "CacheClusterSize: '0.5', AccessLogSetting: {DestinationArn: arn, Format: '$context.requestId'}",
        tmp_path,
    )
    assert stage == StageSettings(
        name="live",
        variables={"a": "b", "n": "1"},
        cache=True,
        access_log_format="$context.requestId",
        tracing=True,
    )
    assert codes == ["access-log-destination"]


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (
            "{ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 5, ThrottlingBurstLimit: 2}",
            {"*/*": RouteSettings(throttle=Throttle(rate=5, burst=2))},
        ),
        (
            "{ResourcePath: '/~1predict~1{id}', HttpMethod: GET, CachingEnabled: true, CacheTtlInSeconds: 60}",
            {"/predict/{id}/GET": RouteSettings(caching=True, cache=CacheSettings(ttl=60))},
        ),
        (
            "{ResourcePath: '/~1predict~1{id}', HttpMethod: '*', CachingEnabled: false}",
            {"/predict/{id}/GET": RouteSettings(caching=False), "/predict/{id}/POST": RouteSettings(caching=False)},
        ),
        ("{ResourcePath: /, HttpMethod: GET, CachingEnabled: true}", {"//GET": RouteSettings(caching=True)}),
        (
            "{ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: '2.5'}",
            {"*/*": RouteSettings(throttle=Throttle(rate=2.5, burst=5000))},
        ),
        ("{ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: -1, ThrottlingBurstLimit: -1}", {}),
    ],
)
def test_settings_of_methods(tmp_path: Path, setting: str, expected: dict[str, RouteSettings]) -> None:
    stage, codes = stage_of(f"MethodSettings: [{setting}]", tmp_path)
    assert (stage.routes, codes) == (expected, [])


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("LoggingLevel: INFO", "unserved-setting"),
        ("DataTraceEnabled: true", "unserved-setting"),
        ("MetricsEnabled: true", "unserved-setting"),
        ("CacheTtlInSeconds: 4000", "bad-ttl"),
        ("ThrottlingRateLimit: -5", "bad-throttle"),
        ("ThrottlingRateLimit: fast", "wrong-type"),
    ],
)
def test_settings_that_are_not_in_force_or_wrong(tmp_path: Path, setting: str, code: str) -> None:
    stage, codes = stage_of(f"MethodSettings: [{{ResourcePath: '/*', HttpMethod: '*', {setting}}}]", tmp_path)
    assert codes == [code]
    assert stage.name == "live"


def test_settings_that_are_off_are_not_reported(tmp_path: Path) -> None:
    setting = "{ResourcePath: '/*', HttpMethod: '*', LoggingLevel: 'OFF', DataTraceEnabled: false}"
    assert stage_of(f"MethodSettings: [{setting}]", tmp_path)[1] == []


def test_a_deployment_may_make_a_stage(tmp_path: Path) -> None:
    api, findings = api_of(
        "  D:\n    Type: AWS::ApiGateway::Deployment\n    Properties:\n      RestApiId: !Ref Api\n"
        "      StageName: quick\n      StageDescription: {Variables: {a: b}, ThrottlingRateLimit: 3}\n",
        tmp_path,
    )
    assert findings == []
    (stage,) = api.stages
    assert (stage.name, stage.variables) == ("quick", {"a": "b"})
    assert stage.routes == {"*/*": RouteSettings(throttle=Throttle(rate=3, burst=5000))}


def test_two_stages_of_one_name(tmp_path: Path) -> None:
    _, findings = api_of(f"{STAGE}}}}}\n{STAGE.replace('Stage:', 'Other:', 1)}}}}}\n", tmp_path)
    assert [finding.code for finding in findings] == ["duplicate-stage"]


PLAN = """\
  Live: {Type: 'AWS::ApiGateway::Stage', Properties: {RestApiId: !Ref Api, StageName: live}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      UsagePlanName: gold
      ApiStages:
        - {ApiId: !Ref Api, Stage: !Ref Live, Throttle: {/predict/{id}/POST: {RateLimit: 1, BurstLimit: 2}}}
        - {ApiId: other, Stage: prod}
      Throttle: {RateLimit: 10.5, BurstLimit: 20}
      Quota: {Limit: 100, Period: DAY, Offset: 5}
  Key: {Type: 'AWS::ApiGateway::ApiKey', Properties: {Name: me, Enabled: true, Value: a-value-of-twenty-signs}}
  PlanKey:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties: {KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan}
  Unused: {Type: 'AWS::ApiGateway::ApiKey', Properties: {Enabled: true}}
""".replace("/predict/{id}/POST:", "'/predict/{id}/POST':")


def test_a_plan_with_its_stages_limits_and_keys(tmp_path: Path) -> None:
    api, findings = api_of(PLAN, tmp_path)
    assert findings == []
    (plan,) = api.plans
    (key,) = api.keys
    assert plan == UsagePlan(
        id=plan.id,
        name="gold",
        keys=(key.id,),
        stages=("live",),
        throttle=Throttle(rate=10.5, burst=20),
        quota=Quota(limit=100, period=Period.DAY, offset=5),
        routes={"/predict/{id}/POST": Throttle(rate=1, burst=2)},
    )
    assert (key.name, key.enabled) == ("me", True)
    assert key.digest == hashlib.sha256(b"a-value-of-twenty-signs").digest()


def test_a_key_without_a_value_gets_one_of_this_node_or_the_bound_one(tmp_path: Path) -> None:
    text = PLAN.replace(", Value: a-value-of-twenty-signs", "")
    digests = {api_of(text, tmp_path, secret=secret)[0].keys[0].digest for secret in (b"one", b"two")}
    assert len(digests) == 2
    for name in ("Key", "me"):
        api, _ = api_of(text, tmp_path, keys={name: "bound"})
        assert api.keys[0].digest == hashlib.sha256(b"bound").digest()


def test_a_key_is_disabled_unless_it_says_otherwise(tmp_path: Path) -> None:
    api, findings = api_of(PLAN.replace("Name: me, Enabled: true", "Name: me"), tmp_path)
    assert not api.keys[0].enabled
    assert [(finding.code, finding.severity) for finding in findings] == [("disabled-key", "warning")]


def test_stages_that_a_plan_limits_otherwise_stay_apart(tmp_path: Path) -> None:
    text = PLAN.replace("- {ApiId: other, Stage: prod}", "- {ApiId: !Ref Api, Stage: test}")
    api, _ = api_of(text, tmp_path)
    assert [(plan.stages, len(plan.routes)) for plan in api.plans] == [(("live",), 1), (("test",), 0)]
    assert len({plan.id for plan in api.plans}) == 1


@pytest.mark.parametrize(
    "quota", ["{Limit: 5}", "{Limit: 5, Period: YEAR}", "{Limit: -5, Period: DAY}", "{Limit: many}"]
)
def test_a_quota_that_is_none(tmp_path: Path, quota: str) -> None:
    api, findings = api_of(PLAN.replace("{Limit: 100, Period: DAY, Offset: 5}", quota), tmp_path)
    assert api.plans[0].quota is None
    assert {"bad-quota", "bad-value", "wrong-type"} & {finding.code for finding in findings}


def test_pulumi_s_stage_settings_and_plan() -> None:
    made: list[Resource] = []

    def declare(kind: str, label: str, /, **properties: Any) -> Resource:
        place = OnePlace(Place(file="p.py", line=1))
        token = f"aws:apigateway/{kind[0].lower()}{kind[1:]}:{kind}"
        resource = Resource(type=token, name=label, properties=properties, places=place)
        given = provisioning.provision(resource, Environment())
        assert given is not None
        made.append(msgspec.structs.replace(resource, id=given.id, attributes=given.attributes))
        return made[-1]

    api = declare("RestApi", "a", name="A")
    log = {"destinationArn": "arn", "format": "$context.requestId"}
    stage = declare(
        "Stage", "s", restApi=api.id, deployment="d", stageName="live", accessLogSettings=log, xrayTracingEnabled=True
    )
    settings = {
        "cachingEnabled": True,
        "cacheTtlInSeconds": 60,
        "requireAuthorizationForCacheControl": False,
        "unauthorizedCacheControlHeaderStrategy": "FAIL_WITH_403",
        "throttlingRateLimit": -1,
        "throttlingBurstLimit": -1,
    }
    declare("MethodSettings", "m", restApi=api.id, stageName="live", methodPath="predict/{id}/GET", settings=settings)
    throttles = [{"path": "/predict/POST", "rateLimit": 1, "burstLimit": 2}]
    plan = declare(
        "UsagePlan",
        "gold",
        name="gold",
        apiStages=[{"apiId": api.id, "stage": "live", "throttles": throttles}],
        quotaSettings={"limit": 7, "period": "WEEK"},
        throttleSettings={"rateLimit": 5, "burstLimit": 6},
    )
    key = declare("ApiKey", "k", name="k", value="twenty-characters-long")
    declare("UsagePlanKey", "pk", keyId=key.id, keyType="API_KEY", usagePlanId=plan.id)
    (definition,), findings = read(ResourceGraph(resources=tuple(made)))
    assert [finding.code for finding in findings] == ["access-log-destination"]
    assert definition.stages == (
        StageSettings(
            name="live",
            routes={
                "/predict/{id}/GET": RouteSettings(
                    caching=True,
                    cache=CacheSettings(
                        ttl=60, require_authorization=False, unauthorized=UnauthorizedInvalidation.FAIL_WITH_403
                    ),
                )
            },
            access_log_format="$context.requestId",
            tracing=True,
        ),
    )
    assert definition.plans == (
        UsagePlan(
            id=plan.id,
            name="gold",
            keys=(key.id,),
            stages=("live",),
            throttle=Throttle(rate=5, burst=6),
            quota=Quota(limit=7, period=Period.WEEK),
            routes={"/predict/POST": Throttle(rate=1, burst=2)},
        ),
    )
    assert [each.enabled for each in definition.keys] == [True]
    assert stage.attributes["invokeUrl"] == f"{Environment().base_url}/{api.id}/live"


def test_a_plan_for_a_stage_that_is_not_there_is_reported(tmp_path: Path) -> None:
    _, findings = api_of(PLAN.replace("{ApiId: other, Stage: prod}", "{ApiId: !Ref Api, Stage: test}"), tmp_path)
    assert [finding.code for finding in findings] == ["unknown-stage"]


@pytest.mark.parametrize(("length", "codes"), [(19, ["key-length"]), (20, []), (128, []), (129, ["key-length"])])
def test_a_key_that_amazon_would_refuse_for_its_length_is_reported(
    tmp_path: Path, length: int, codes: list[str]
) -> None:
    """CreateApiKey: 20 to 128 characters."""
    _, findings = api_of(PLAN.replace("a-value-of-twenty-signs", "a" * length), tmp_path)
    assert [finding.code for finding in findings] == codes


@pytest.mark.parametrize(("covered", "said"), [("live", []), ("other", ["stage-keys"])])
def test_a_key_of_a_stage_needs_a_plan_of_that_stage(tmp_path: Path, covered: str, said: list[str]) -> None:
    """AWS::ApiGateway::ApiKey, StageKeys: of the older kind, without effect where no usage plan is."""
    _, findings = api_of(
        f"""{STAGE}}}}}
  Other: {{Type: 'AWS::ApiGateway::Stage', Properties: {{RestApiId: !Ref Api, StageName: other}}}}
  Key:
    Type: AWS::ApiGateway::ApiKey
    Properties: {{Enabled: true, StageKeys: [{{RestApiId: !Ref Api, StageName: !Ref Stage}}]}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {{ApiStages: [{{ApiId: !Ref Api, Stage: {covered}}}]}}
  PlanKey:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties: {{KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan}}
""",
        tmp_path,
    )
    assert [finding.code for finding in findings if finding.code == "stage-keys"] == said
