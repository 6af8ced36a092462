"""What access logs see of an authorizer: "Variables for access logging for API Gateway"."""

from time import perf_counter
from typing import Any

import pytest

from inferway.caller import Authorized
from inferway.credentials.authorizer_call import AUTHORIZER_CALL, AuthorizerCall
from inferway.definition.api import ApiDefinition, RequestLimits
from inferway.definition.deployment import Deployment
from inferway.definition.identity import Identity
from inferway.definition.stage import StageSettings
from inferway.dialects.apigateway.access_line import compile_line
from inferway.exchange import Exchange, Request, Response
from inferway.faults import Fault, FaultKind, Place

API = ApiDefinition(
    dialect="apigateway",
    name="movies",
    slug="movies",
    limits=RequestLimits(url=1, headers=1, body=1),
    routes=(),
    place=Place(file="x"),
)
DEPLOYMENT = Deployment(id="d", api=API, stage=StageSettings())
CALL = AuthorizerCall(latency=12, status=200, request_id="an-id")


def line(text: str, **fields: Any) -> str:
    request = Request(method="GET", path="/movies/prod/321")
    exchange = Exchange(request=request, parameters={}, route="GET /{id}", id="i", started=perf_counter())
    call = fields.pop("call", None)
    if call is not None:
        exchange.variables[AUTHORIZER_CALL] = call
    for name, value in fields.items():
        setattr(exchange, name, value)
    return compile_line(text, DEPLOYMENT)(exchange, Response(status=200, headers=[], body=b""))


def test_how_an_authorizer_was_called() -> None:
    names = ("latency", "integrationLatency", "status", "integrationStatus", "requestId", "error")
    text = " ".join(f"$context.authorizer.{name}" for name in names)
    authorized = Authorized(principal="ada")
    assert line(text, call=CALL, authorizer=authorized) == "12 12 200 200 an-id -"
    assert line(text) == "- - - - - -"
    failed = AuthorizerCall(latency=3, status=500, error="it failed")
    assert line(text, call=failed) == "3 3 500 500 - it failed"


def test_what_the_function_hands_on_goes_before_its_call() -> None:
    authorized = Authorized(principal="ada", context={"status": "gold", "a": "b"})
    text = "$context.authorizer.principalId $context.authorizer.a $context.authorizer.status $context.authorizer.other"
    assert line(text, call=CALL, authorizer=authorized) == "ada b gold -"


def test_claims_of_a_token() -> None:
    authorized = Authorized(principal="sub", claims={"sub": "123", "scope": "a b"})
    text = "$context.authorizer.claims.sub $context.authorizer.claims.scope $context.authorizer.claims.email"
    assert line(text, authorizer=authorized) == "123 a b -"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (FaultKind.AUTHORIZER_DENIED, "403 User is not authorized to access this resource with an explicit deny in an"),
        (FaultKind.ACCESS_DENIED, "403 Forbidden"),
        (FaultKind.THROTTLED, "200 -"),
    ],
)
def test_what_became_of_asking_policies(kind: FaultKind, expected: str) -> None:
    fault = Fault(kind=kind, details=(("decision", "explicit deny"),))
    made = line("$context.authorize.status $context.authorize.error", fault=fault, authorizer=Authorized(principal="a"))
    assert made.startswith(expected)


def test_nobody_was_asked() -> None:
    assert line("$context.authorize.status $context.authenticate.status") == "- -"


def test_what_became_of_a_signature() -> None:
    text = "$context.authenticate.status $context.authenticate.error"
    identity = Identity(name="a", access_key="A", secret="s", arn="arn:aws:iam::000000000000:user/a")
    assert line(text, identity=identity) == "200 -"
    assert line(text, fault=Fault(kind=FaultKind.MISSING_CREDENTIALS)) == "403 Missing Authentication Token"
