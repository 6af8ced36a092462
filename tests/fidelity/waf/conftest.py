"""A laboratory: a web ACL in front of a stage, in this process."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inferway.app.deploy import Rooms, link_for, mount
from inferway.app.homes import Homes
from inferway.app.project_reader import read_project
from inferway.caller import Firewalled
from inferway.definition.bindings import Bindings
from inferway.exchange import Request
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.gateway.waf_log_file import close_entry_files
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.transport.client import HttpClient

Asked = tuple[Any, ...]
"""Method, path with query; optionally headers; optionally a body as bytes or text; optionally the client's address."""

NONE = [{"Priority": 0, "Type": "NONE"}]
ECHO = """#set($h = $input.params().header)
{"method": "$context.httpMethod", "audit": "$!h.get('x-amzn-waf-audit')$!h.get('x-amzn-waf-default')"}"""


class Answer(NamedTuple):
    """A response, and what the firewall left for the access log."""

    status: int
    headers: dict[str, str]
    body: bytes
    firewall: Firewalled | None


class Lab(NamedTuple):
    """What came of requests: the answers, the findings, and the lines of the firewall's log."""

    answers: list[Answer]
    findings: list[str]
    log: list[dict[str, Any]]

    @property
    def statuses(self) -> list[int]:
        """The answers' statuses."""
        return [answer.status for answer in self.answers]


def template(acl: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Give a CloudFormation template of an API with one method and a web ACL."""
    integration = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": '{"statusCode": 200}', "text/plain": '{"statusCode": 200}'},
        "IntegrationResponses": [{"StatusCode": "200", "ResponseTemplates": {"application/json": ECHO}}],
    }
    api = {"RestApiId": {"Ref": "Api"}}
    return {
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "lab"}},
            "Any": {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {
                    **api,
                    "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                    "HttpMethod": "ANY",
                    "AuthorizationType": "NONE",
                    "MethodResponses": [{"StatusCode": "200"}],
                    "Integration": integration,
                },
            },
            "Deployment": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": "Any", "Properties": api},
            "Prod": {
                "Type": "AWS::ApiGateway::Stage",
                "Properties": {**api, "StageName": "prod", "DeploymentId": {"Ref": "Deployment"}},
            },
            "Acl": {
                "Type": "AWS::WAFv2::WebACL",
                "Properties": {"Name": "acl", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, **acl},
            },
            "Association": {
                "Type": "AWS::WAFv2::WebACLAssociation",
                "Properties": {
                    "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]},
                    "ResourceArn": {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Prod}"},
                },
            },
            **more,
        }
    }


def request_of(asked: Asked) -> Request:
    """Give a request to the stage."""
    missing: Asked = ({}, b"", "127.0.0.1")
    whole: list[Any] = [*asked, *missing[len(asked) - 2 :]]
    method, target, headers, body, client = whole
    path, _, query = target.partition("?")
    host = "lab.test"
    if path.startswith("http://"):
        host, _, path = path.removeprefix("http://").partition("/")
    pairs = headers.items() if isinstance(headers, dict) else headers
    return Request(
        method=method,
        path=f"/lab/prod{path}" if host == "lab.test" else f"/{path}",
        query=query,
        headers=[(b"host", host.encode()), *((name.encode(), value.encode("latin-1")) for name, value in pairs)],
        body=body.encode() if isinstance(body, str) else body,
        client=client,
    )


@pytest.fixture
def lab(tmp_path: Path) -> Callable[..., Lab]:
    """Send requests, each (METHOD, PATH, headers, body, client), through an ACL of rules."""

    def send(rules: list[dict[str, Any]], *asked: Asked, more: dict[str, Any] | None = None, **acl: Any) -> Lab:
        rules = [{"Name": f"r{index}", "Priority": index, **rule} for index, rule in enumerate(rules)]
        for rule in rules:
            if "OverrideAction" not in rule:
                rule.setdefault("Action", {"Block": {}})
        (tmp_path / "template.json").write_text(json.dumps(template({"Rules": rules, **acl}, more or {})))
        log = tmp_path / "waf.log"
        bindings = tmp_path / "inferway.toml"
        if not bindings.exists():
            bindings.write_text(f'[waf]\nlog = "{log.name}"\n')
        project = read_project(tmp_path / "template.json", bindings)
        findings = [str(finding) for finding in project.findings]
        if project.broken or not asked:
            return Lab([], findings, [])
        answers = asyncio.run(_answers(project, asked))
        close_entry_files()
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        return Lab(answers, findings, [json.loads(line) for line in lines])

    return send


async def _answers(project: Any, asked: tuple[Asked, ...]) -> list[Answer]:
    client = HttpClient()
    rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=client)
    core = Core(access_log=AccessLog(None), options=CoreOptions())
    (made,) = project.deployments
    mounted = mount(made, link_for(made, Bindings(), Homes(), client), rooms)
    core.activate({("lab", "prod"): mounted}, {})
    answers = []
    seen: list[Firewalled | None] = []
    front: Any = mounted.front

    class Watched:
        async def serve(self, exchange: Any) -> Any:
            ended = await front.serve(exchange)
            seen.append(exchange.firewall)
            return ended

    watched: Any = Watched()
    mounted.front = watched
    for each in asked:
        response = await core.handle(request_of(each))
        assert isinstance(response.body, bytes)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in response.headers}
        answers.append(Answer(response.status, headers, response.body, seen.pop()))
    return answers


@pytest.fixture
def inspects() -> Callable[..., dict[str, Any]]:
    """Give a statement that searches a field for a text."""

    def made(field: str | dict[str, Any], search: str, position: str = "CONTAINS", *types: str) -> dict[str, Any]:
        kinds = [{"Priority": index, "Type": kind} for index, kind in enumerate(types)] or NONE
        return {
            "ByteMatchStatement": {
                "FieldToMatch": {field: {}} if isinstance(field, str) else field,
                "SearchString": search,
                "PositionalConstraint": position,
                "TextTransformations": kinds,
            }
        }

    return made
