"""Lines of access logs in the format of a stage."""

import json
from time import perf_counter

from inferway.credentials.principal import unique_id
from inferway.definition.api import ApiDefinition, RequestLimits
from inferway.definition.deployment import Deployment
from inferway.definition.identity import Identity
from inferway.definition.stage import StageSettings
from inferway.dialects.apigateway.access_line import compile_line
from inferway.exchange import Exchange, Reply, Request, Response
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


def line(text: str, exchange: Exchange | None = None, response: Response | None = None) -> str:
    return compile_line(text, DEPLOYMENT)(exchange or made(), response or Response(status=200, headers=[], body=b"abc"))


def made(agent: bytes = b"curl") -> Exchange:
    request = Request(method="GET", path="/movies/prod/321", headers=[(b"user-agent", agent)], client="192.0.2.7")
    return Exchange(
        request=request,
        parameters={"user_id": "321"},
        route="GET /{user_id}",
        id="an-id",
        started=perf_counter(),
        below="/321",
    )


def test_variables_are_replaced() -> None:
    text = "$context.requestId $context.identity.sourceIp [$context.httpMethod $context.resourcePath $context.path]"
    assert line(f"{text} $context.status $context.responseLength.") == (
        "an-id 192.0.2.7 [GET /{user_id} /prod/321] 200 3."
    )


def test_what_has_no_value_is_a_dash() -> None:
    names = (
        "identity.user",
        "identity.caller",
        "nothing",
        "nothing.at.all",
        "error.message",
        "error.messageString",
        "integration.status",
        "awsEndpointRequestId",
    )
    assert line(" ".join(f"$context.{name}" for name in names)) == " ".join("-" * len(names))
    assert line("$context $stageVariables.x") == "$context $stageVariables.x"


def test_the_request_s_name_at_the_backend_is_shown() -> None:
    # Variables for access logging: "$context.awsEndpointRequestId", "$context.integration.requestId"
    exchange = made()
    exchange.reply = Reply(status=200, headers=[(b"x-amzn-requestid", b"theirs")], body=b"")
    assert line("$context.awsEndpointRequestId $context.integration.requestId", exchange) == "theirs theirs"


def test_a_signer_s_identity_is_shown() -> None:
    exchange = made()
    exchange.identity = Identity(name="a", access_key="AKID", secret="hidden", arn="arn:aws:iam::1:user/ada")
    shown = line("$context.identity.user $context.identity.userArn", exchange)
    assert shown == f"{unique_id(exchange.identity)} arn:aws:iam::1:user/ada"


def test_a_format_in_json_stays_json() -> None:
    exchange = made(agent=b'a "quoted" \\ agent')
    exchange.fault = Fault(kind=FaultKind.BAD_BODY)
    text = '{"agent":"$context.identity.userAgent","error":$context.error.messageString,"status":$context.status}'
    assert json.loads(line(text, exchange, Response(status=400, headers=[]))) == {
        "agent": 'a "quoted" \\ agent',
        "error": "Invalid request body",
        "status": 400,
    }


def test_a_backend_s_status_and_the_trace_are_shown() -> None:
    exchange = made()
    exchange.reply = Reply(status=424, headers=[], body=b"")
    assert line("$context.integration.status", exchange) == "424"
    assert line("$context.xrayTraceId", exchange).startswith("Root=1-")
    assert line("$context.responseLatency", exchange).isdigit()
