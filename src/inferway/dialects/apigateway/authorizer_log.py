"""Test invocations of a method's authorizer alone, with their log.

Sources: API Gateway API reference, "TestInvokeAuthorizer" (the members of the answer; a status of 0 where the
authorizer succeeded); logs of such tests that users of the service published (sbarski/serverless-architectures-aws
issue 11, ExpanseLLC/lambda_authorizer issue 1).
"""

import time
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.caller import Authorized
from inferway.credentials.authorizer_call import REPLY, call_of
from inferway.definition.api import Route
from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.definition.deployment import Deployment
from inferway.definition.steps import MapRequest, Pipeline, ReturnResponse, Step
from inferway.definition.token_steps import RequireToken
from inferway.dialects.apigateway.execution_log import tested
from inferway.exchange import Exchange, Reply, Response
from inferway.faults import FaultKind

STAGE: Final = "ESTestInvoke-stage"
"""What a test's function sees as the stage (recorded in an execution log: `…/ESTestInvoke-stage/GET/`)."""

_SHOWN: Final = 6
"""Characters of an identity that a log shows, at most; of a short one half."""


class AuthorizerTest(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a test; the names are the service's. `latency` is in milliseconds, `clientStatus` 0 for success.

    `authorization` is empty: what the service puts there is not known.
    """

    clientStatus: int  # noqa: N815 - the vendor's name
    latency: int
    principalId: str = ""  # noqa: N815 - the vendor's name
    policy: str = ""
    authorization: Mapping[str, tuple[str, ...]] = {}
    claims: Mapping[str, str] = {}
    log: str = ""


def tested_authorizer(deployment: Deployment, variables: Mapping[str, str]) -> Deployment:
    """Give what a test invokes: each method that asks an authorizer with nothing else, and no result kept."""
    bare = tested(deployment, variables)
    routes = tuple(
        msgspec.structs.replace(route, pipeline=_alone(step))
        for route in deployment.api.routes
        if (step := authorizer_of(route)) is not None
    )
    api = msgspec.structs.replace(bare.api, routes=routes)
    # What an authorizer's event has of a test is not recorded but for its stage.
    return msgspec.structs.replace(bare, api=api, stage=msgspec.structs.replace(bare.stage, name=STAGE), is_test=False)


def authorizer_of(route: Route) -> InvokeAuthorizer | RequireToken | None:
    """Give the step that asks who calls a method; None where none does."""
    steps = route.pipeline.request
    return next((step for step in steps if isinstance(step, InvokeAuthorizer | RequireToken)), None)


def _alone(step: InvokeAuthorizer | RequireToken) -> Pipeline:
    asking: tuple[Step, ...] = (step,)
    if isinstance(step, InvokeAuthorizer):
        asking = (MapRequest(method="POST", body=step.event), msgspec.structs.replace(step, ttl=0))
    return Pipeline(request=asking, response=(ReturnResponse(status=200),))


def authorizer_test(exchange: Exchange, response: Response, deployment: Deployment, took: float) -> AuthorizerTest:
    """Give what came of a test that took so many milliseconds."""
    found = exchange.authorizer
    return AuthorizerTest(
        clientStatus=0 if found is not None else response.status,
        latency=round(took),
        principalId=found.principal if found is not None else "",
        policy=(found.policies or ("",))[0] if found is not None else "",
        claims=dict(found.claims) if found is not None else {},
        log=_log(exchange, _step(exchange, deployment), deployment),
    )


def _step(exchange: Exchange, deployment: Deployment) -> Step | None:
    for route in deployment.api.routes:
        if f"{route.method} {route.path}" == exchange.route:
            return authorizer_of(route)
    return None


def _log(exchange: Exchange, step: Step | None, deployment: Deployment) -> str:
    stamp = time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime())
    function = step.target.name if isinstance(step, InvokeAuthorizer) else ""
    lines = [f"Starting authorizer: {function.rpartition(':')[2] or 'token'} for request: {exchange.id}"]
    if call_of(exchange) is not None:
        lines += _asked(exchange, function, deployment.region)
    lines += _refused(exchange) if exchange.authorizer is None else _let_in(exchange.authorizer)
    return "\n".join([f"Execution log for request {exchange.id}", *(f"{stamp} : {line}" for line in lines)]) + "\n"


def _asked(exchange: Exchange, function: str, region: str) -> list[str]:
    uri = f"https://lambda.{region}.amazonaws.com/2015-03-31/functions/{function}/invocations"
    reply = exchange.variables.get(REPLY)
    lines = [
        f"Incoming identity: {_masked(_identity(exchange.call.body))}",
        f"Endpoint request URI: {uri}",
        f"Endpoint request body after transformations: {exchange.call.body.decode('utf-8', 'replace')}",
        f"Sending request to {uri}",
    ]
    if isinstance(reply, Reply):
        lines.append(f"Authorizer result body before parsing: {reply.body.decode('utf-8', 'replace')}")
    return lines


def _identity(event: bytes) -> str:
    """Give the token of a TOKEN authorizer's event; of others, whose sources are several, nothing is shown."""
    told = msgspec.json.decode(event)
    return str(told.get("authorizationToken", "")) if isinstance(told, dict) else ""


def _masked(identity: str) -> str:
    shown = min(_SHOWN, len(identity) // 2)
    return "*" * (len(identity) - shown) + identity[len(identity) - shown :]


def _let_in(found: Authorized) -> list[str]:
    lines = []
    if found.policies is not None:
        lines.append(f"Using valid authorizer policy for principal: {_masked(found.principal)}")
    return [*lines, "Successfully completed authorizer execution"]


def _refused(exchange: Exchange) -> list[str]:
    fault = exchange.fault
    if fault is None or fault.kind is FaultKind.UNAUTHORIZED:
        return [f"Unauthorized request: {exchange.id}"]
    read = isinstance(exchange.variables.get(REPLY), Reply) and fault.kind is FaultKind.AUTHORIZER_MISCONFIGURED
    why = "Could not parse policy" if read else (fault.cause or fault.kind.value).partition("\n")[0]
    return [f"Execution failed due to configuration error: {why}", "AuthorizerConfigurationException"]
