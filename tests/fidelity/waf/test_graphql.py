"""A web ACL in front of a GraphQL API."""

import asyncio
import json
from pathlib import Path
from typing import Any

from inferway.app.deploy import Rooms, link_for, mount
from inferway.app.homes import Homes
from inferway.app.project_reader import read_project
from inferway.definition.bindings import Bindings
from inferway.exchange import Request
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.transport.client import HttpClient

NONE = [{"Priority": 0, "Type": "NONE"}]
BODY = {"FieldToMatch": {"Body": {"OversizeHandling": "CONTINUE"}}, "TextTransformations": NONE}


def template(statement: dict[str, Any]) -> dict[str, Any]:
    api = {"Fn::GetAtt": ["Api", "ApiId"]}
    rule = {"Name": "r", "Priority": 0, "Action": {"Block": {}}, "Statement": statement}
    return {
        "Resources": {
            "Api": {
                "Type": "AWS::AppSync::GraphQLApi",
                "Properties": {"Name": "shop", "AuthenticationType": "API_KEY"},
            },
            "Key": {"Type": "AWS::AppSync::ApiKey", "Properties": {"ApiId": api}},
            "Schema": {
                "Type": "AWS::AppSync::GraphQLSchema",
                "Properties": {"ApiId": api, "Definition": "type Query { hello: String }"},
            },
            "Acl": {
                "Type": "AWS::WAFv2::WebACL",
                "Properties": {"Name": "a", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "Rules": [rule]},
            },
            "Association": {
                "Type": "AWS::WAFv2::WebACLAssociation",
                "Properties": {
                    "WebACLArn": {"Fn::GetAtt": ["Acl", "Arn"]},
                    "ResourceArn": {"Fn::GetAtt": ["Api", "Arn"]},
                },
            },
        }
    }


def ask(folder: Path, statement: dict[str, Any], *bodies: str) -> list[tuple[int, Any]]:
    (folder / "template.json").write_text(json.dumps(template(statement)))
    project = read_project(folder / "template.json")
    assert not project.broken, project.findings
    (deployment,) = project.deployments

    async def main() -> list[tuple[int, Any]]:
        client = HttpClient()
        rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=client)
        core = Core(access_log=AccessLog(None), options=CoreOptions())
        mounted = mount(deployment, link_for(deployment, Bindings(), Homes(), client), rooms)
        core.activate({(deployment.api.slug, deployment.stage.name): mounted}, {})
        made = []
        for body in bodies:
            headers = [(b"host", b"a"), (b"content-type", b"application/json")]
            request = Request(method="POST", path="/shop/graphql", headers=headers, body=body.encode())
            response = await core.handle(request)
            assert isinstance(response.body, bytes)
            made.append((response.status, json.loads(response.body)))
        return made

    return asyncio.run(main())


def test_a_blocked_query_is_forbidden_before_its_key_is_asked_for(tmp_path: Path) -> None:
    statement = {"ByteMatchStatement": {**BODY, "SearchString": "__schema", "PositionalConstraint": "CONTAINS"}}
    blocked, other = ask(tmp_path, statement, '{"query": "{ __schema { types { name } } }"}', '{"query": "{ hello }"}')
    assert blocked[0] == 403
    (error,) = blocked[1]["errors"]
    assert error["errorType"] == "WAFForbiddenException"
    assert other[0] == 401


def test_8_kb_of_a_query_are_inspected(tmp_path: Path) -> None:
    statement = {"ByteMatchStatement": {**BODY, "SearchString": "bad", "PositionalConstraint": "CONTAINS"}}
    within, beyond = ask(tmp_path, statement, " " * 8_189 + "bad", " " * 8_190 + "bad")
    assert (within[0], beyond[0]) == (403, 401)
