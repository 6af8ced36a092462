"""A canary release as the service has it.

Source: API Gateway, "Set up an API Gateway canary release deployment" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/canary-release.html), "Create a canary release deployment"; "Variables for data transformations".
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.convert import load
from inferway.definition.canary import Canary
from inferway.definition.deployment import Deployment
from inferway.definition.stage import RouteSettings, Throttle

Make = Callable[..., Deployment]
Serve = Callable[..., tuple[list[str], list[dict[str, object]]]]

BOTH = ["one a  false prod", "one b  true prod"]


@pytest.fixture(autouse=True)
def _seed() -> None:
    random.seed(20)


@pytest.mark.parametrize(("percent", "release"), [(0.0, 0), (100.0, 50)])
def test_none_or_all_of_the_requests(made: Make, served: Serve, percent: float, release: int) -> None:
    deployment = made(Canary(percent=percent, variables={"v": "b"}), variables={"v": "a"})
    assert [*served(deployment, 50)[0]].count(BOTH[1]) == release


def test_requests_are_taken_by_chance_for_each(made: Make, served: Serve) -> None:
    """Of 2,000 at 10 %, fewer than 140 or more than 260 come once in 100,000 times."""
    deployment = made(Canary(percent=10.0, variables={"v": "b"}), variables={"v": "a"})
    bodies = served(deployment, 2000)[0]
    assert 140 < bodies.count(BOTH[1]) < 260
    assert bodies.count(BOTH[0]) == 2000 - bodies.count(BOTH[1])


def test_stage_variables_are_overridden_and_added(made: Make, served: Serve) -> None:
    canary = Canary(percent=100.0, variables={"v": "b", "w": "c"})
    assert served(made(canary, variables={"v": "a"}))[0] == ["one b c true prod"]
    canary = Canary(percent=100.0, variables={"w": "c"})
    assert served(made(canary, variables={"v": "a"}))[0] == ["one a c true prod"]


def test_without_a_canary_there_is_no_such_variable(made: Make, served: Serve) -> None:
    assert served(made(None, variables={"v": "a"}))[0] == ["one a   prod"]


def test_a_canary_may_serve_another_revision(tmp_path: Path, made: Make, served: Serve) -> None:
    other = tmp_path / "other"
    other.mkdir()
    file = other / "two.yaml"
    file.write_text((Path(__file__).parent / "conftest.py").read_text().split('"""')[3].replace("REVISION", "two"))
    canary = Canary(percent=100.0, definition=str(file))
    assert served(made(canary, variables={"v": "a"}))[0] == ["two a  true prod"]


@pytest.mark.parametrize(("shared", "kept"), [(False, 2), (True, 1)])
def test_the_cache_is_the_canary_s_own_unless_it_uses_the_stage_s(
    made: Make, served: Serve, shared: bool, kept: int
) -> None:
    canary = Canary(percent=50.0, variables={"v": "b"}, use_stage_cache=shared)
    bodies = served(made(canary, variables={"v": "a"}, cache=True), 40)[0]
    assert len(set(bodies)) == kept


def test_the_cache_is_apart_where_the_revisions_differ(tmp_path: Path, made: Make, served: Serve) -> None:
    """Recorded (our reference): the cache separates when the deployments differ."""
    other = tmp_path / "other"
    other.mkdir()
    file = other / "two.yaml"
    file.write_text((Path(__file__).parent / "conftest.py").read_text().split('"""')[3].replace("REVISION", "two"))
    canary = Canary(percent=50.0, use_stage_cache=True, definition=str(file))
    bodies = served(made(canary, variables={"v": "a"}, cache=True), 40)[0]
    assert {body.split()[0] for body in bodies} == {"one", "two"}


def test_the_stage_s_throttle_holds_for_both_together(made: Make, served: Serve) -> None:
    routes = {"*/*": RouteSettings(throttle=Throttle(rate=0.001, burst=5))}
    bodies = served(made(Canary(percent=50.0), variables={"v": "a"}, routes=routes), 20)[0]
    assert bodies.count('{"message":"Too Many Requests"}') == 15


def test_the_canary_is_logged_apart(made: Make, served: Serve) -> None:
    """The service logs it in a group with the suffix `/Canary`."""
    deployment = made(Canary(percent=50.0), variables={"v": "a"})
    bodies, entries = served(deployment, 20)
    stages = ["prod/Canary" if "true" in body else "prod" for body in bodies]
    assert [entry["stage"] for entry in entries] == stages
    assert set(stages) == {"prod", "prod/Canary"}


TEMPLATE = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: t}}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200}]}
      MethodResponses: [{StatusCode: 200}]
  Old: {Type: AWS::ApiGateway::Deployment, DependsOn: Method, Properties: {RestApiId: !Ref Api}}
  New: {Type: AWS::ApiGateway::Deployment, DependsOn: Method, Properties: {RestApiId: !Ref Api NEW}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod, DeploymentId: !Ref Old, Variables: {v: a} STAGE}
"""
ON_STAGE = (
    ", CanarySetting: {DeploymentId: !Ref New, PercentTraffic: 12.5, StageVariableOverrides: {v: b}, "
    "UseStageCache: true}"
)
ON_DEPLOYMENT = (
    ", StageName: prod, DeploymentCanarySettings: {PercentTraffic: 12.5, StageVariableOverrides: {v: b}, "
    "UseStageCache: true}"
)


@pytest.mark.parametrize(("stage", "deployment"), [(ON_STAGE, ""), ("", ON_DEPLOYMENT)])
def test_a_template_declares_a_canary(tmp_path: Path, stage: str, deployment: str) -> None:
    """CloudFormation, "AWS::ApiGateway::Stage CanarySetting", "…::Deployment DeploymentCanarySettings"."""
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE.replace(" STAGE", stage).replace(" NEW", deployment))
    read = load(file)
    ((settings,),) = [api.stages for api in read.definitions]
    assert settings.canary == Canary(percent=12.5, variables={"v": "b"}, use_stage_cache=True)
    assert [finding.code for finding in read.findings] == ["canary-revision"]


@pytest.mark.parametrize(
    ("percent", "codes"), [("0.0", []), ("100.0", []), ("-0.1", ["bad-canary"]), ("100.1", ["bad-canary"])]
)
def test_a_share_is_0_to_100_percent(tmp_path: Path, percent: str, codes: list[str]) -> None:
    """Recorded (our reference): `percentTraffic` 0.0 to 100.0."""
    file = tmp_path / "template.yaml"
    settings = f", CanarySetting: {{PercentTraffic: {percent}}}"
    file.write_text(TEMPLATE.replace(" STAGE", settings).replace(" NEW", ""))
    assert [finding.code for finding in load(file).findings if finding.code != "canary-revision"] == codes
