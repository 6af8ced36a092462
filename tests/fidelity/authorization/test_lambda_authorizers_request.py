"""REQUEST authorizers, and the results that authorizers' functions are asked for once.

Sources: API Gateway, "Input to an API Gateway Lambda authorizer"; `CreateAuthorizer` in the API reference
(`identitySource`, `authorizerResultTtlInSeconds`); "Configure an API Gateway Lambda authorizer". RECORDED: an execution
log of a REQUEST authorizer that a user of the service published (September 2019).
"""

import json
from typing import Any

import pytest

from inferway.definition.stage import StageSettings

UNAUTHORIZED = (401, '{"message":"Unauthorized"}', "UnauthorizedException")

EVENT = {
    "type",
    "methodArn",
    "resource",
    "path",
    "httpMethod",
    "headers",
    "multiValueHeaders",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "pathParameters",
    "stageVariables",
    "requestContext",
}
CONTEXT = {
    "resourceId",
    "resourcePath",
    "httpMethod",
    "extendedRequestId",
    "requestTime",
    "path",
    "accountId",
    "protocol",
    "stage",
    "domainPrefix",
    "requestTimeEpoch",
    "requestId",
    "identity",
}
"""The members of a recorded event, its context up to where the log was cut off."""

TWO = "method.request.header.X-Auth, method.request.querystring.name"


def said(answer: Any) -> tuple[int, str, str]:
    return answer.status, answer.text, answer.error


def request(guard: Any, source: str | None = TWO, ttl: int | None = None, **more: Any) -> dict[str, Any]:
    own: dict[str, Any] = {} if ttl is None else {"authorizerResultTtlInSeconds": ttl}
    if source is not None:
        own["identitySource"] = source
    made: dict[str, Any] = guard.api(kind="request", **own, **more)
    return made


def test_the_event_is_an_integration_s_without_its_body(lab: Any, guard: Any) -> None:
    """RECORDED: the members, and `{}` for maps without any."""
    document = request(guard, "method.request.header.X-Auth")
    played = lab.play(document, ("POST", "/t", {"X-Auth": "a"}, "body"), replies=(guard.result(),))
    event = json.loads(played.call.body)
    assert set(event) == EVENT
    assert (event["type"], event["resource"], event["path"], event["httpMethod"]) == ("REQUEST", "/t", "/t", "POST")
    empty = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables")
    assert [event[name] for name in empty] == [{}, {}, {}, {}]
    assert set(event["requestContext"]) >= CONTEXT
    assert "authorizer" not in event["requestContext"]


def test_the_event_has_the_request_s_parameters(lab: Any, guard: Any) -> None:
    """Documented: headers, query, path and stage variables, the multi-value forms beside them."""
    document = request(guard, "method.request.header.X-Auth", path="/items/{id}")
    stage = StageSettings(name="prod", variables={"v": "1"})
    asked = ("GET", "/items/7?name=a&name=b", {"X-Auth": "a"})
    event = json.loads(lab.play(document, asked, replies=(guard.result(),), stage=stage).call.body)
    assert event["headers"]["X-Auth"] == "a"
    assert event["multiValueHeaders"]["X-Auth"] == ["a"]
    assert event["queryStringParameters"] == {"name": "b"}
    assert event["multiValueQueryStringParameters"] == {"name": ["a", "b"]}
    assert (event["pathParameters"], event["stageVariables"]) == ({"id": "7"}, {"v": "1"})
    assert event["methodArn"].partition("/")[2] == "prod/GET/items/7"
    assert event["requestContext"]["identity"]["sourceIp"] == "192.0.2.7"


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/t", {}),
        ("/t?name=x", {}),
        ("/t", {"X-Auth": "a"}),
        ("/t?name=", {"X-Auth": "a"}),
        ("/t?name=x", {"X-Auth": ""}),
        ("/t?name=x&name=", {"X-Auth": "a"}),
    ],
)
def test_every_identity_source_must_be_there(lab: Any, guard: Any, target: str, headers: dict[str, str]) -> None:
    """Documented: "present, not null and non-empty", else 401 "without calling the Lambda function"."""
    played = lab.play(request(guard), ("GET", target, headers))
    assert (said(played.answer), played.calls) == (UNAUTHORIZED, [])


def test_identity_sources_are_asked_for_without_a_cache_too(lab: Any, guard: Any) -> None:
    """Documented: the sources are optional where caching is off; those that are there are validated."""
    played = lab.play(request(guard, ttl=0), ("GET", "/t"))
    assert (said(played.answer), played.calls) == (UNAUTHORIZED, [])
    played = lab.play(request(guard, None, ttl=0), ("GET", "/t"), replies=(guard.result(),))
    assert (played.answer.status, len(played.calls)) == (200, 1)


def test_stage_variables_and_context_are_identity_sources(lab: Any, guard: Any) -> None:
    """Documented: `stageVariables.NAME` and `context.NAME`; `context.path` and `httpMethod` tell methods apart."""
    document = request(guard, "stageVariables.tenant,context.httpMethod")
    asked: list[Any] = [("GET", "/t"), ("POST", "/t", {}, "{}"), ("GET", "/t")]
    stage = StageSettings(name="prod", variables={"tenant": "a"})
    played = lab.play(document, *asked, replies=(guard.result(),), stage=stage)
    assert ([answer.status for answer in played.answers], len(played.calls)) == ([200, 200, 200], 2)
    assert said(lab.play(document, ("GET", "/t")).answer) == UNAUTHORIZED


def test_a_result_is_kept_for_callers_of_the_same_identity(lab: Any, guard: Any) -> None:
    """Documented: 300 s where nothing else is said; the key is made of all sources, in their order."""
    asked = [
        ("GET", "/t?name=x", {"X-Auth": "a"}),
        ("GET", "/t?name=x", {"X-Auth": "a"}),
        ("GET", "/t?name=y", {"X-Auth": "a"}),
        ("GET", "/t?name=x", {"X-Auth": "b"}),
        ("GET", "/t?name=x&other=1", {"X-Auth": "a"}),
    ]
    played = lab.play(request(guard), *asked, replies=(guard.result(),))
    assert ({answer.status for answer in played.answers}, len(played.calls)) == ({200}, 3)


def test_identities_are_not_joined(lab: Any, guard: Any) -> None:
    """Assumed of the service: values that look alike one after the other are not the same."""
    document = request(guard, "method.request.header.A,method.request.header.B,method.request.querystring.q")
    pairs = [("a,b", "c"), ("a", "b,c"), ("a\tb", "c"), ("a", "b\tc")]
    asked = [("GET", "/t?q=1", {"A": one, "B": other}) for one, other in pairs]
    asked += [("GET", "/t?q=a,b", {"A": "a", "B": "b"}), ("GET", "/t?q=a&q=b", {"A": "a", "B": "b"})]
    assert len(lab.play(document, *asked, replies=(guard.result(),)).calls) == len(asked)


def test_without_a_time_to_live_the_function_is_asked_each_time(lab: Any, guard: Any) -> None:
    """Documented: 0 disables caching."""
    asked = ("GET", "/t", {"Authorization": "a"})
    played = lab.play(guard.api(authorizerResultTtlInSeconds=0), asked, asked, replies=(guard.result(),))
    assert len(played.calls) == 2


def test_a_kept_policy_is_asked_anew_for_each_method(lab: Any, guard: Any) -> None:
    """Documented: what is kept holds for all methods of the API; recorded (serverless issue 6176): a policy for GET
    alone, kept, refuses the POST that follows."""
    only = guard.statement(resource="*/GET/t")
    asked: list[Any] = [("GET", "/t"), ("POST", "/t"), ("GET", "/other")]
    document = guard.api()
    document["paths"]["/other"] = document["paths"]["/t"]
    played = lab.play(
        document, *[(*one, {"Authorization": "a"}) for one in asked], replies=(guard.result(only), guard.result())
    )
    assert ([answer.status for answer in played.answers], len(played.calls)) == ([200, 403, 403], 1)


def test_a_refusal_is_kept_as_well(lab: Any, guard: Any) -> None:
    """Recorded (data-dot-all PR 1792): a Deny is kept, an error is not."""
    asked = ("GET", "/t", {"Authorization": "a"})
    replies = (guard.result(guard.statement("Deny")), guard.result())
    played = lab.play(guard.api(), asked, asked, replies=replies)
    assert ([answer.status for answer in played.answers], len(played.calls)) == ([403, 403], 1)
    for reply in (guard.failure("Unauthorized"), guard.failure("boom"), guard.raw("null")):
        played = lab.play(guard.api(), asked, asked, replies=(reply, guard.result()))
        assert (played.answer.status, len(played.calls)) == (200, 2)


def test_two_authorizers_keep_their_own(lab: Any, guard: Any) -> None:
    """Documented: results are an authorizer's own."""
    document = guard.api(top={"schemes": {"second": guard.scheme(identityValidationExpression=".*")}})
    document["paths"]["/two"] = {"get": {**lab.rendering("in"), "security": [{"second": []}]}}
    asked = [("GET", path, {"Authorization": "a"}) for path in ("/t", "/two", "/t", "/two")]
    assert len(lab.play(document, *asked, replies=(guard.result(),)).calls) == 2


@pytest.mark.parametrize("first", ["/users/*", "/users/%2A", "/users/a%3F", "/users/${aws:useragent}"])
def test_a_caller_s_wildcard_opens_nothing_that_was_not_asked_about(lab: Any, guard: Any, first: str) -> None:
    """A function that allows the very ARN it is told, as the vendor's examples do, lets eve into her own pages only."""
    own = """
        def handler(event, context):
            arn = event["methodArn"]
            effect = "Deny" if arn.endswith("/ada") else "Allow"
            stated = [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": arn}]
            return {"principalId": "eve", "policyDocument": {"Version": "2012-10-17", "Statement": stated}}
    """
    document = guard.api(path="/users/{id}", authorizerUri=guard.uri("own"))
    eve = {"Authorization": "eve", "User-Agent": "ada"}
    played = lab.play(document, ("GET", first, eve), ("GET", "/users/ada", eve), functions={"own": own})
    assert said(played.answer)[0] == 403
    assert "explicit deny" in played.answer.text
