"""The core carries policies as their dialect reads them: the hand-made ones of the three-vendor test, from XML."""

import asyncio
from collections.abc import Awaitable

from inferway.definition.codec import decode, encode
from inferway.definition.deployment import Deployment
from inferway.definition.stage import StageSettings
from inferway.definition.targets import HttpService, Target
from inferway.dialects.apim.dialect import ApiManagement
from inferway.dialects.apim.reader import read as read_apis
from inferway.exchange import Call, Exchange, Reply, Request, Response
from inferway.faults import Fault, FaultKind, Place
from inferway.formats.resources import OnePlace, Resource, ResourceGraph
from inferway.gateway.pipeline import CompiledRoute, compile_pipeline, compile_steps
from inferway.gateway.stage import Parts
from inferway.stores.memory import MemoryCache, MemoryCounters

PLACES = OnePlace(Place(file="program.py", line=1))
POLICY = """<policies>
  <inbound>
    <base />
    <set-variable name="masked" value="@(context.Request.Body.As<string>(true).Replace("question", "q***"))" />
    <set-variable name="tries" value="@(0)" />
  </inbound>
  <backend>
    <retry condition="@(context.Response.StatusCode == 503)" count="2" interval="0">
      <set-variable name="tries" value="@((int)context.Variables["tries"] + 1)" />
      <set-header name="x-try"><value>@(context.Variables["tries"].ToString())</value></set-header>
      <forward-request />
      INSIDE
      <choose>
        <when condition="@(context.Response.StatusCode == 429)">
          <return-response><set-status code="503" /><set-body>busy, come back</set-body></return-response>
        </when>
      </choose>
    </retry>
  </backend>
  <outbound>
    <base />
    <set-header name="x-tries"><value>@(context.Variables["tries"].ToString())</value></set-header>
    <set-header name="x-masked"><value>@((string)context.Variables["masked"])</value></set-header>
  </outbound>
  <on-error>
    <return-response>
      <set-status code="500" /><set-body>@("on-error saw " + context.LastError.Source)</set-body>
    </return-response>
  </on-error>
</policies>"""


class ScriptedBackend:
    """Replies in turn with what it is given, and keeps the calls and what they were connected to."""

    def __init__(self, *replies: Reply | Fault) -> None:
        self.replies = list(replies)
        self.calls: list[Call] = []
        self.tries: list[str] = []
        self.targets: list[Target] = []

    def invoke(self, call: Call) -> Awaitable[Reply | Fault]:
        self.calls.append(call)
        self.tries.append(dict(call.headers)[b"x-try"].decode())
        reply = self.replies.pop(0)

        async def later() -> Reply | Fault:
            await asyncio.sleep(0)
            return reply

        return later()


def graph(inside: str) -> ResourceGraph:
    given = {"serviceName": "svc", "apiId": "a"}
    operation = {"operationId": "predict", "method": "POST", "urlTemplate": "/predict"}
    resources = (
        ("Api", {"path": "ml", "serviceUrl": "http://model/v1", "subscriptionRequired": False}),
        ("ApiOperation", operation),
        ("ApiPolicy", {"policyId": "policy", "format": "rawxml", "value": POLICY.replace("INSIDE", inside)}),
    )
    return ResourceGraph(
        resources=tuple(
            Resource(type=f"azure-native:apimanagement:{kind}", name=kind, properties={**given, **own}, places=PLACES)
            for kind, own in resources
        )
    )


def serve(backend: ScriptedBackend, inside: str = "") -> tuple[Response, Exchange]:
    """Read, write and read again, deploy, and ask once."""
    dialect = ApiManagement()
    (read,), findings = read_apis(graph(inside))
    assert findings == ()
    api = decode(encode(read))
    assert api == read
    deployment = Deployment(id="1", api=api, stage=StageSettings(name="ml"))
    scope = dialect.scope(deployment)

    def connect(target: Target, timeout: float) -> ScriptedBackend:
        backend.targets.append(target)
        return backend

    parts = Parts(
        deployment=deployment,
        route=api.routes[0],
        scope=scope,
        counters=MemoryCounters(),
        cache=MemoryCache(),
        connect=connect,
        compile_steps=compile_steps,
        compile_pipeline=compile_pipeline,
    )
    route = CompiledRoute(parts, dialect.faults(deployment, scope), dialect.finish(deployment))
    request = Request(method="POST", path="/svc/ml/predict", headers=[(b"host", b"x")], body=b"question")
    exchange = Exchange(request=request, parameters={}, route=route.label, id="1", started=0.0, below="/predict")
    return asyncio.run(route.serve(exchange)), exchange


def reply(status: int, body: bytes = b"") -> Reply:
    return Reply(status=status, headers=[], body=body)


def test_retry_runs_its_policies_again_and_outbound_follows() -> None:
    backend = ScriptedBackend(reply(503), reply(503), reply(200, b"answer"))
    response, _ = serve(backend)
    assert (response.status, response.body) == (200, b"answer")
    assert (b"x-tries", b"3") in response.headers
    assert (b"x-masked", b"q***") in response.headers
    assert backend.tries == ["1", "2", "3"]
    assert [call.path for call in backend.calls] == ["/predict"] * 3
    assert [target.url for target in backend.targets if isinstance(target, HttpService)] == ["http://model/v1"]


def test_return_response_inside_choose_inside_retry_ends_the_pipeline() -> None:
    response, _ = serve(ScriptedBackend(reply(503), reply(429)))
    assert (response.status, response.body) == (503, b"busy, come back")
    assert not any(name == b"x-tries" for name, _ in response.headers)


def test_a_failing_policy_runs_on_error() -> None:
    response, exchange = serve(ScriptedBackend(reply(200)), "<set-method>@(context.User.Id)</set-method>")
    assert (response.status, response.body) == (500, b"on-error saw set-method")
    assert exchange.fault is not None
    assert exchange.fault.kind is FaultKind.TEMPLATE_FAILED


def test_an_unreachable_backend_is_retried_and_then_fails() -> None:
    down = Fault(kind=FaultKind.BACKEND_UNREACHABLE, retryable=True)
    response, exchange = serve(ScriptedBackend(down, reply(200, b"up")))
    assert response.body == b"up"
    assert exchange.fault is None
    response, _ = serve(ScriptedBackend(down, down, down))
    assert response.body == b"on-error saw forward-request"
