"""HTTP data sources."""

import json
from typing import Any

import pytest

SCHEMA = "type Query { f(id: ID): AWSJSON }"
ENDPOINT = "https://api.example.com"


@pytest.fixture
def http(build: Any, serve: Any) -> Any:
    def make(template: str, replier: Any, **config: Any) -> Any:
        source = build.source("source", "HTTP", httpConfig={"endpoint": f"{ENDPOINT}/", **config})
        given = [*build.api(SCHEMA), source, build.resolver("Query.f", template)]
        return serve(given, {f"{ENDPOINT}/{{resource+}}": replier})

    return make


def test_a_call_and_its_reply(http: Any, build: Any) -> None:
    template = """{
      "version": "2018-05-29", "method": "POST", "resourcePath": "/v1/users/$ctx.args.id?a=1",
      "params": {"query": {"b": 2}, "headers": {"Content-Type": "application/json"}, "body": {"x": [1]}}
    }"""
    lab = http(template, build.replying({"ok": True}, 404))
    result = json.loads(lab.ask('{ f(id: "7") }').data["f"])
    assert result == {"headers": {}, "statusCode": 404, "body": '{"ok": true}'}
    (call,) = lab.calls
    assert (call.method, call.parameters, call.query) == ("POST", {"resource": "v1/users/7"}, [("a", "1"), ("b", "2")])
    assert (call.headers, call.body) == ([(b"content-type", b"application/json")], b'{"x":[1]}')


def test_a_method_that_is_none(http: Any, build: Any) -> None:
    lab = http('{"version": "2018-05-29", "method": "BREW", "resourcePath": "/"}', build.replying({}))
    assert lab.ask("{ f }").errors[0]["message"].startswith("Unsupported method 'BREW'.")


def test_calls_are_signed_where_the_data_source_says_so(http: Any, build: Any) -> None:
    config = {
        "authorizationConfig": {
            "authorizationType": "AWS_IAM",
            "awsIamConfig": {"signingRegion": "us-east-1", "signingServiceName": "states"},
        }
    }
    lab = http('{"version": "2018-05-29", "method": "GET", "resourcePath": "/"}', build.replying({}), **config)
    graphql = lab.api.routes[0].pipeline.invoke[-1]
    (invoke,) = graphql.fields[0].pipeline.invoke
    assert (invoke.target.signing.service, invoke.target.signing.region) == ("states", "us-east-1")
