"""Projects read and joined: what is shared, what conflicts, and what must never go round in a circle."""

from pathlib import Path

import pytest

from inferway.app.options import Given
from inferway.app.project import Project, join, strict
from inferway.app.project_reader import read_project
from inferway.definition.bindings import Bindings
from inferway.definition.endpoints import BoundEndpoint
from inferway.faults import Findings

DEFINITION = """
openapi: 3.0.1
info: {title: TITLE, version: "1"}
paths:
  /status:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: "200"}}
"""
TABLE = '[tables.t]\npartition_key = "id"\n'


@pytest.fixture(autouse=True)
def no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INFERWAY_STATE", raising=False)


def made(folder: Path, title: str = "", bindings: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if title:
        (folder / "openapi.yaml").write_text(DEFINITION.replace("TITLE", title))
    if bindings:
        (folder / "inferway.toml").write_text(bindings)
    return folder


def errors(findings: Findings) -> list[tuple[str, str]]:
    return [(finding.code, finding.text) for finding in findings if str(finding.severity) == "error"]


def slugs(project: Project) -> list[str]:
    return [deployment.api.slug for deployment in project.deployments]


def test_projects_are_served_beside_the_folder_s_own_definition(tmp_path: Path) -> None:
    made(tmp_path, "own", 'projects = ["a", "b"]')
    made(tmp_path / "a", "first")
    made(tmp_path / "b", "second", "[endpoints.e]\nurl = 'http://127.0.0.1:1'")
    project = read_project(tmp_path)
    assert errors(project.findings) == []
    assert slugs(project) == ["own", "first", "second"]
    assert set(project.bindings.endpoints) == {"e"}
    assert set(project.stamps) >= {
        tmp_path / "inferway.toml",
        tmp_path / "openapi.yaml",
        tmp_path / "a" / "openapi.yaml",
        tmp_path / "b" / "inferway.toml",
        tmp_path / "b" / "openapi.yaml",
    }


def test_a_folder_of_projects_needs_no_definition(tmp_path: Path) -> None:
    made(tmp_path, "", 'projects = ["a"]')
    made(tmp_path / "a", "first")
    project = read_project(tmp_path)
    assert (slugs(project), errors(project.findings)) == (["first"], [])


@pytest.mark.parametrize("bindings", ['projects = ["."]', 'projects = ["../top"]', 'projects = ["./a/.."]'])
def test_a_project_is_not_part_of_itself(tmp_path: Path, bindings: str) -> None:
    made(tmp_path / "top" / "a")
    made(tmp_path / "top", "own", bindings)
    ((code, text),) = errors(read_project(tmp_path / "top").findings)
    assert code == "conflict"
    assert str(tmp_path / "top") in text


def test_projects_do_not_go_round_in_a_circle(tmp_path: Path) -> None:
    made(tmp_path / "a", "first", 'projects = ["../b"]')
    made(tmp_path / "b", "second", 'projects = ["../c"]')
    made(tmp_path / "c", "third", 'projects = ["../a", "../d"]')
    made(tmp_path / "d", "fourth")
    project = read_project(tmp_path / "a")
    assert [code for code, _ in errors(project.findings)] == ["conflict"]
    assert slugs(project) == ["first", "second", "third", "fourth"]


def test_a_project_below_that_is_broken_is_an_error_of_the_whole(tmp_path: Path) -> None:
    made(tmp_path, "", 'projects = ["a"]')
    made(tmp_path / "a", "first", "[endpoint.e]\n")
    project = read_project(tmp_path)
    assert project.broken
    assert any(finding.place.file.endswith("a/inferway.toml") for finding in project.findings)


def test_one_address_is_one_project_s(tmp_path: Path) -> None:
    made(tmp_path, "", 'projects = ["a", "b"]')
    made(tmp_path / "a", "same")
    made(tmp_path / "b", "same")
    ((code, text),) = errors(read_project(tmp_path).findings)
    assert (code, "/same/prod/" in text) == ("conflict", True)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("endpoint", '[endpoints.x]\nurl = "http://127.0.0.1:1"', '[endpoints.x]\nurl = "http://127.0.0.1:2"'),
        ("function", '[functions.x]\nurl = "http://127.0.0.1:1"', '[functions.x]\nurl = "http://127.0.0.1:2"'),
        ("table", '[tables.x]\npartition_key = "id"', '[tables.x]\npartition_key = "name"'),
        ("training", '[training.x]\nimage = "i"\npath = "."', '[training.x]\nimage = "j"\npath = "."'),
        ("url", '[urls]\nx = "http://127.0.0.1:1"', '[urls]\nx = "http://127.0.0.1:2"'),
    ],
)
def test_one_name_is_one_thing(tmp_path: Path, kind: str, one: str, other: str) -> None:
    made(tmp_path, "", 'projects = ["a", "b"]')
    made(tmp_path / "a", "first", one)
    made(tmp_path / "b", "second", other)
    assert errors(read_project(tmp_path).findings) == [("conflict", f"two projects bind {kind} 'x' differently")]
    (tmp_path / "b" / "inferway.toml").write_text((tmp_path / "a" / "inferway.toml").read_text())
    if kind != "training":  # whose folder is another one
        assert errors(read_project(tmp_path).findings) == []


def test_joining_keeps_each_finding_once_and_one_project_as_it_is() -> None:
    first = Project(deployments=(), bindings=Bindings(), findings=(), stamps={})
    assert join([first]) is first
    bound = Bindings(endpoints={"e": BoundEndpoint(name="e", url="http://127.0.0.1:1")})
    both = join([first, Project(deployments=(), bindings=bound, findings=(), stamps={Path("f"): (1, 2)})])
    assert both.bindings.endpoints == bound.endpoints
    assert both.stamps == {Path("f"): (1, 2)}


def test_nothing_is_kept_for_a_check(tmp_path: Path) -> None:
    project = read_project(made(tmp_path, "own", TABLE))
    assert (project.state, project.identity, dict(project.surroundings)) == (None, None, {})
    assert not (tmp_path / ".inferway").exists()


def test_nothing_is_kept_where_nothing_lasts(tmp_path: Path) -> None:
    project = read_project(made(tmp_path, "own"), base_url="http://127.0.0.1:1")
    assert project.state is None
    assert not (tmp_path / ".inferway").exists()


@pytest.mark.parametrize(
    "bindings",
    [TABLE, '[functions.f]\nurl = "http://127.0.0.1:1"', '[urls]\n"https://s" = "control:sagemaker"'],
)
def test_what_lasts_or_calls_back_gets_a_state_and_an_identity(tmp_path: Path, bindings: str) -> None:
    project = read_project(made(tmp_path, "own", bindings), base_url="http://127.0.0.1:1")
    assert project.state == tmp_path.resolve() / ".inferway"
    assert project.identity is not None
    assert project.surroundings["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1/_inferway/aws"
    assert all("control:" not in target for target in project.bindings.urls.values())


def test_a_state_that_cannot_be_kept_is_a_finding(tmp_path: Path) -> None:
    made(tmp_path, "own", f'state = "inferway.toml/below"\n{TABLE}')
    project = read_project(tmp_path, base_url="http://127.0.0.1:1")
    assert [code for code, _ in errors(project.findings)] == ["state"]
    made(tmp_path / "outer", "", 'projects = [".."]')
    assert [code for code, _ in errors(read_project(tmp_path / "outer", base_url="http://127.0.0.1:1").findings)] == [
        "state"
    ]


@pytest.mark.parametrize(("install", "codes"), [(False, ["dependencies-missing"]), (True, [])])
def test_what_will_be_installed_is_not_missing(tmp_path: Path, install: bool, codes: list[str]) -> None:
    folder = made(tmp_path / "part", "own", '[functions.f]\npath = "code"\nhandler = "h.handler"\n')
    (folder / "code").mkdir()
    (folder / "code" / "h.py").write_text("def handler(event, context): pass\n")
    (folder / "code" / "requirements.txt").write_text("no-package-has-this-name\n")
    (tmp_path / "inferway.toml").write_text('projects = ["part"]\n')
    for path in (folder, tmp_path):
        found = read_project(path, given=Given(install=install)).findings
        assert [finding.code for finding in found if finding.code.startswith("dependencies")] == codes


def test_hidden_files_of_a_program_are_not_watched(tmp_path: Path) -> None:
    folder = made(tmp_path / "program")
    (folder / "Pulumi.yaml").write_text("name: p\nruntime: python\nmain: main.py\n")
    (folder / "main.py").write_text("")
    (folder / "policy.xml").write_text("<policies/>")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "other.xml").write_text("<x/>")
    stamps = {file.name for file in read_project(folder).stamps}
    assert "policy.xml" in stamps
    assert "other.xml" not in stamps


def test_a_declared_function_that_cannot_run_is_no_matter_once_it_is_bound(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        """
Resources:
  Api: {Type: "AWS::ApiGateway::RestApi", Properties: {Name: shop}}
  Hello:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Hi.Arn}/invocations
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: Hello
    Properties: {RestApiId: !Ref Api, StageName: v1}
  Hi:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: hi, PackageType: Image, Role: r, Code: {ImageUri: "a.dkr.ecr.amazonaws.com/b:c"}}
""",
        "utf-8",
    )
    assert "container-image" in [finding.code for finding in read_project(tmp_path).findings]
    (tmp_path / "inferway.toml").write_text('[functions.hi]\nurl = "http://127.0.0.1:9"\n', "utf-8")
    assert read_project(tmp_path).findings == ()


AUTHORIZED = """
      security: [{who: []}]
components:
  securitySchemes:
    who:
      type: apiKey
      in: header
      name: Authorization
      x-amazon-apigateway-authtype: custom
      x-amazon-apigateway-authorizer: AUTHORIZER
"""


@pytest.mark.parametrize(
    ("authorizer", "code", "severity"),
    [
        ("{type: cognito_user_pools, providerARNs: []}", "no-provider", "error"),
        ("{type: jwt, jwtConfiguration: {}}", "no-issuer", "error"),
        # The definition is right, as one whose function nothing binds is; only this machine lacks something.
        (
            "{type: cognito_user_pools, providerARNs: ['arn:aws:cognito-idp:us-east-1:000000000000:userpool/us_A']}",
            "unbound-issuer",
            "warning",
        ),
    ],
)
def test_an_authorizer_that_can_let_nobody_in_does_not_pass_a_check(
    tmp_path: Path, authorizer: str, code: str, severity: str
) -> None:
    folder = made(tmp_path, "own")
    text = (folder / "openapi.yaml").read_text().rstrip() + AUTHORIZED.replace("AUTHORIZER", authorizer)
    (folder / "openapi.yaml").write_text(text)
    findings = read_project(folder).findings
    assert [str(one.severity) for one in findings if one.code == code] == ["warning"]
    assert [str(one.severity) for one in strict(findings) if one.code == code] == [severity]


STAGE = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: secure}
  Domain:
    Type: AWS::ApiGateway::DomainName
    Properties:
      DomainName: api.example.com
      MutualTlsAuthentication: {TruststoreUri: s3://bucket/certificates/trust.pem}
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {DomainName: !Ref Domain, RestApiId: !Ref Api, Stage: prod}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: prod
      AccessLogSetting: {DestinationArn: "arn:aws:logs:us-east-1:000000000000:log-group:a", Format: $context.requestId}
"""


@pytest.mark.parametrize(
    ("bindings", "codes"),
    [
        ("", {"truststore", "access-log-destination"}),
        ('[storage]\n"s3://bucket" = "."\n', {"access-log-destination"}),
        ('[apis.secure.stages.prod]\naccess_log = "./a.log"\n', {"truststore"}),
    ],
)
def test_what_bindings_give_is_not_missed(tmp_path: Path, bindings: str, codes: set[str]) -> None:
    folder = made(tmp_path / "p", bindings=bindings)
    (folder / "template.yaml").write_text(STAGE)
    assert {finding.code for finding in read_project(folder).findings} & {
        "truststore",
        "access-log-destination",
    } == codes


def test_a_stage_of_the_bindings_alone_is_said(tmp_path: Path) -> None:
    folder = made(tmp_path / "p", bindings='[apis.secure.stages.prd]\naccess_log = "./a.log"\n')
    (folder / "template.yaml").write_text(STAGE)
    said = [str(finding) for finding in read_project(folder).findings if finding.code == "bound-stage"]
    assert len(said) == 1
    assert "'prd' stands in the bindings only; the definition has prod" in said[0]
