"""Lines of access logs in the format of a stage."""

import json
from collections.abc import AsyncIterator
from time import perf_counter

import msgspec
import pytest

from inferway.caller import ClientCertificate, Firewalled
from inferway.credentials.principal import unique_id
from inferway.definition.api import ApiDefinition, Host, RequestLimits
from inferway.definition.deployment import Deployment
from inferway.definition.identity import Identity
from inferway.definition.stage import StageSettings
from inferway.dialects.apigateway.access_line import compile_line, timed_steps, when_streamed
from inferway.exchange import Exchange, Reply, Request, Response, Took, times_of
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


def test_only_a_format_that_shows_latencies_has_steps_timed() -> None:
    assert timed_steps("$context.status $context.responseLatency $context.waf.latency") == frozenset()
    assert timed_steps("$context.integrationLatency") == timed_steps("$context.integration.latency") == {"Invoke"}
    assert timed_steps("$context.authorize.latency $context.authenticate.latency") == {
        "CheckResourcePolicy",
        "RequirePermission",
        "RequireSignature",
        "RequireToken",
    }


def test_latencies_are_those_of_their_steps() -> None:
    exchange = made()
    times_of(exchange).extend(
        [
            Took("RequireSignature", 1.0, 1.002),
            Took("CheckResourcePolicy", 1.002, 1.003),
            Took("RequirePermission", 1.003, 1.006),
            Took("Invoke", 2.0, 2.25),
        ]
    )
    names = ("authenticate.latency", "authorize.latency", "integrationLatency", "integration.latency")
    assert line(" ".join(f"$context.{name}" for name in names), exchange) == "2 4 250 250"


@pytest.mark.parametrize(("action", "code"), [("ALLOW", "WAF_ALLOW"), ("BLOCK", "WAF_BLOCK"), ("CAPTCHA", "WAF_BLOCK")])
def test_what_a_web_acl_did_is_shown(action: str, code: str) -> None:
    exchange = made()
    exchange.firewall = Firewalled(web_acl="arn:acl", action=action, status=403, took=1.6, error="")
    names = ("wafResponseCode", "webaclArn", "waf.status", "waf.latency", "waf.error")
    assert line(" ".join(f"$context.{name}" for name in names), exchange) == f"{code} arn:acl 403 2 -"


@pytest.mark.parametrize(
    ("host", "path", "matched"),
    [
        ("shop.example.com", "/v2/prices", "v2"),
        ("SHOP.example.com:8443", "/v2", "v2"),
        ("shop.example.com", "/v2beta", "(none)"),
        ("other.example.com", "/v2/prices", "-"),
        ("id.execute-api.us-east-1.amazonaws.com", "/prod/prices", "-"),
    ],
)
def test_the_base_path_of_a_custom_domain_is_shown(host: str, path: str, matched: str) -> None:
    names = ("id.execute-api.us-east-1.amazonaws.com", "shop.example.com", "shop.example.com")
    hosts = tuple(Host(name=name, base=base) for name, base in zip(names, ("", "", "v2"), strict=True))
    api = msgspec.structs.replace(API, id="id", hosts=hosts)
    exchange = made()
    exchange.request = Request(method="GET", path=path, headers=[(b"host", host.encode())])
    compiled = compile_line("$context.customDomain.basePathMatched", Deployment(id="d", api=api, stage=StageSettings()))
    assert compiled(exchange, Response(status=200, headers=[])) == matched


def test_the_line_of_a_stream_is_made_at_its_end() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"never read"

    exchange = made()
    exchange.reply = Reply(status=200, headers=[], body=b"")
    times_of(exchange).append(Took("Invoke", perf_counter(), perf_counter()))
    response = Response(status=200, headers=[], body=body())
    text = "$context.responseLength $context.integration.responseTransferMode $context.integration.timeToAllHeaders"
    assert when_streamed(compile_line(text, DEPLOYMENT), exchange, response)(12345) == "12345 STREAMED 0"


def test_a_client_s_certificate_is_shown() -> None:
    shown = ClientCertificate(
        domain="d", pem="PEM\nof it", subject="CN=a", issuer="CN=b", serial="01", not_before="then", not_after="later"
    )
    exchange = made()
    exchange.request = Request(method="GET", path="/", certificate=shown)
    names = ("clientCertPem", "subjectDN", "issuerDN", "serialNumber", "validity.notBefore", "validity.notAfter", "x")
    text = " ".join(f"$context.identity.clientCert.{name}" for name in names)
    assert line(text, exchange) == "PEM\\nof it CN=a CN=b 01 then later -"
    assert line(text) == "- - - - - - -"
