"""X-Ray's trace header and W3C trace context, in and out (AWS X-Ray, "Tracing header"; W3C Trace Context)."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inferway.definition.stage import StageSettings
from inferway.definition.tracing import Tracing
from inferway.gateway.telemetry import exporter_of

ROOT = "1-5759e988-bd862e3fe1be46a994272793"
TRACE = "5759e988bd862e3fe1be46a994272793"
PARENT = "53995c3f42cd8ad8"
ACTIVE = StageSettings(name="prod", tracing=True)
SENT = re.compile(r"Root=(1-[0-9a-f]{8}-[0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=([01])")
W3C = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-0([01])")


def one(lab: Any, integration: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = lab.document({"/t": {"post": lab.operation(integration)}})
    return document


def called(lab: Any, headers: dict[str, str], stage: StageSettings | None = ACTIVE, kind: str = "proxy") -> Any:
    integration = {"proxy": lab.proxy, "http": lab.http, "function": lab.function}[kind]()
    return lab.play(one(lab, integration), ("POST", "/t", headers, "{}"), stage=stage)


def test_a_stage_that_does_not_trace_adds_a_root_only(lab: Any) -> None:
    for kind in ("proxy", "http", "function"):
        headers = called(lab, {}, None, kind).call.headers
        assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", headers["x-amzn-trace-id"])
        assert "traceparent" not in headers


def test_a_stage_that_does_not_trace_passes_w3c_headers_as_any_others(lab: Any) -> None:
    sent = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": "a=b"}
    headers = called(lab, sent, None).call.headers
    assert (headers["traceparent"], headers["tracestate"]) == (sent["traceparent"], "a=b")
    assert TRACE[8:] not in headers["x-amzn-trace-id"]
    assert "traceparent" not in called(lab, sent, None, "http").call.headers


@pytest.mark.parametrize("kind", ["proxy", "http", "function"])
def test_a_stage_that_traces_is_the_parent_of_its_backend(lab: Any, kind: str) -> None:
    sent = {"X-Amzn-Trace-Id": f"Root={ROOT};Parent={PARENT};Sampled=1"}
    headers = called(lab, sent, kind=kind).call.headers
    root, parent, sampled = SENT.fullmatch(headers["x-amzn-trace-id"]).groups()  # type: ignore[union-attr]  # it fails
    assert (root, sampled) == (ROOT, "1")
    assert parent != PARENT
    if kind != "function":
        assert headers["traceparent"] == f"00-{TRACE}-{parent}-01"


@pytest.mark.parametrize(
    ("value", "root", "sampled"),
    [
        (f"Root={ROOT};Sampled=0", ROOT, "0"),
        (f"Sampled=0;Parent={PARENT};Root={ROOT}", ROOT, "0"),
        (f" root={ROOT} ; sampled=0 ", ROOT, "0"),
        (f"Self=1-67891234-12456789abcdef012345678a;Root={ROOT};Sampled=0", ROOT, "0"),
        (f"Root={ROOT};Sampled=0;Lineage=1:abc:0", ROOT, "0"),
        (f"Root={ROOT.upper()};Sampled=0", ROOT, "0"),
        ("Root=1-short;Sampled=0", None, None),
        (f"Root={ROOT}x;Sampled=0", None, None),
        ("Sampled=0", None, None),
        (f"Root={ROOT};Sampled=0;A=" + "x" * 600, None, None),
        (";;=;", None, None),
    ],
)
def test_the_header_s_fields_come_in_any_order(lab: Any, value: str, root: str | None, sampled: str | None) -> None:
    found = SENT.fullmatch(called(lab, {"X-Amzn-Trace-Id": value}).call.headers["x-amzn-trace-id"])
    assert found is not None
    if root is None:
        assert found[1] != ROOT
    else:
        assert (found[1], found[3]) == (root, sampled)


@pytest.mark.parametrize(
    ("value", "sampled"),
    [
        (f"00-{TRACE}-{PARENT}-01", "1"),
        (f"00-{TRACE}-{PARENT}-00", "0"),
        (f"00-{TRACE}-{PARENT}-03", "1"),
        (f"cc-{TRACE}-{PARENT}-00-what-is-to-come", "0"),
        (f"00-{TRACE}-{PARENT}-01-more", None),
        (f"ff-{TRACE}-{PARENT}-01", None),
        (f"00-{TRACE.upper()}-{PARENT}-01", None),
        (f"00-{'0' * 32}-{PARENT}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE[1:]}-{PARENT}-01", None),
        (f"cc-{TRACE}-{PARENT}-00-" + "x" * 9_000, None),
        ("", None),
    ],
)
def test_a_traceparent_becomes_x_ray_s_header(lab: Any, value: str, sampled: str | None) -> None:
    headers = called(lab, {"traceparent": value}).call.headers
    found = SENT.fullmatch(headers["x-amzn-trace-id"])
    made = W3C.fullmatch(headers["traceparent"])
    assert found is not None
    assert made is not None
    assert (made[1], made[2], made[3]) == (found[1][2:].replace("-", ""), found[2], found[3])
    if sampled is None:
        assert made[1] != TRACE
    else:
        assert (made[1], made[3]) == (TRACE, sampled)


def test_x_ray_s_header_counts_before_a_traceparent(lab: Any) -> None:
    sent = {"X-Amzn-Trace-Id": f"Root={ROOT};Sampled=0", "traceparent": f"00-{'a' * 32}-{PARENT}-01"}
    assert called(lab, sent).call.headers["traceparent"].startswith(f"00-{TRACE}-")


def test_a_tracestate_is_passed_on_with_its_trace(lab: Any) -> None:
    sent = {"traceparent": f"00-{TRACE}-{PARENT}-01", "tracestate": "vendor=1,other=2"}
    assert called(lab, sent, kind="http").call.headers["tracestate"] == "vendor=1,other=2"
    assert "tracestate" not in called(lab, {"tracestate": "a=b"}, kind="http").call.headers


def test_responses_name_the_trace(lab: Any) -> None:
    """Recorded: a 200 of a stage that traces (aws-samples/serverless-patterns, apigw-s3-lambda-sls-py)."""
    sent = {"X-Amzn-Trace-Id": f"Root={ROOT};Parent={PARENT};Sampled=1"}
    assert called(lab, sent, kind="http").answer.headers["x-amzn-trace-id"] == f"Root={ROOT}"
    seen = "event['headers']['X-Amzn-Trace-Id']"
    code = {"f": f"def handler(event, context):\n    return {{'statusCode': 200, 'body': {seen}}}\n"}
    made = lab.play(one(lab, lab.function("f")), ("POST", "/t", sent, "{}"), stage=ACTIVE, functions=code).answer
    assert made.headers["x-amzn-trace-id"].startswith(f"Root={ROOT};")
    assert made.text == sent["X-Amzn-Trace-Id"]  # the event has the header as the client sent it


@pytest.mark.parametrize("stage", [ACTIVE, None])
def test_gateway_responses_of_a_stage_that_traces_name_the_trace(lab: Any, stage: StageSettings | None) -> None:
    """Recorded: a 400 and a 403 of a stage that traces (aws-samples/serverless-patterns, apigw-s3-lambda-sls-py).

    Others have none: a 502 of azul (DataBiosphere/azul issue 7470).
    """
    parameters = [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}]
    security = {"securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}}
    validators = {"all": {"validateRequestBody": True, "validateRequestParameters": True}}
    document = lab.document(
        {
            "/bad": {"get": lab.operation(lab.proxy(method="GET"), parameters=parameters)},
            "/key": {"get": lab.operation(lab.proxy(method="GET"), security=[{"key": []}])},
        },
        components=security,
        **{"x-amazon-apigateway-request-validators": validators, "x-amazon-apigateway-request-validator": "all"},
    )
    answers = lab.play(document, ("GET", "/bad"), ("GET", "/key"), keys={"k": "a-key-of-twenty-letters"}, stage=stage)
    assert [answer.status for answer in answers.answers] == [400, 403]
    for answer in answers.answers:
        trace = answer.headers.get("x-amzn-trace-id")
        assert trace is None if stage is None else re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace or "")


def test_the_bindings_say_how_many_are_sampled(lab: Any, tmp_path: Path) -> None:
    asked: list[Any] = [("POST", "/t", {}, "{}")] * 10
    for share in (0, 1):
        rule = Tracing(file=str(tmp_path / f"spans{share}"), sample=share, per_second=0)
        calls = lab.play(one(lab, lab.proxy()), *asked, tracing=rule).calls
        assert [call.headers["x-amzn-trace-id"][-9:] for call in calls] == [f"Sampled={share}"] * 10


def test_a_stage_that_traces_and_exports_nothing_leaves_no_file(lab: Any, tmp_path: Path) -> None:
    called(lab, {"traceparent": f"00-{TRACE}-{PARENT}-01"})
    assert not list(tmp_path.glob("*spans*"))


def test_the_log_shows_the_trace(lab: Any, tmp_path: Path) -> None:
    stage = StageSettings(
        name="prod", tracing=True, access_log=str(tmp_path / "log"), access_log_format="$context.xrayTraceId"
    )
    called(lab, {"traceparent": f"00-{TRACE}-{PARENT}-01"}, stage)
    assert (tmp_path / "log").read_text() == f"Root={ROOT}\n"


def test_templates_see_the_trace_as_it_came(lab: Any) -> None:
    integration = lab.http(requestTemplates={"application/json": "$input.params('X-Amzn-Trace-Id')"})
    made = lab.play(one(lab, integration), ("POST", "/t", {"X-Amzn-Trace-Id": f"Root={ROOT}"}, "{}"), stage=ACTIVE)
    assert made.call.body.decode() == f"Root={ROOT}"
    assert made.answer.headers["x-amzn-trace-id"] == f"Root={ROOT}"


def test_each_step_of_a_sampled_request_is_a_span(lab: Any, tmp_path: Path) -> None:
    rule = Tracing(file=str(tmp_path / "spans"), sample=0.0, per_second=0)
    sent = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
    lab.play(one(lab, lab.http()), ("POST", "/t", sent, "{}"), ("POST", "/t", {}, "{}"), tracing=rule)
    exporter_of(msgspec.json.encode(rule).decode()).close()
    (line,) = (tmp_path / "spans").read_text().splitlines()
    spans = json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert {span["traceId"] for span in spans} == {TRACE}
    assert (spans[0]["name"], spans[0]["parentSpanId"]) == ("POST /t", PARENT)
    assert {"MapRequest", "Invoke", "MapResponse"} <= {span["name"] for span in spans[1:]}
    assert all(span["parentSpanId"] == spans[0]["spanId"] for span in spans[1:])


def test_a_stream_of_a_sampled_request_is_passed_on_whole(lab: Any, tmp_path: Path) -> None:
    rule = Tracing(file=str(tmp_path / "spans"), sample=1.0)
    document = one(lab, lab.proxy(responseTransferMode="STREAM"))
    made = lab.play(document, ("POST", "/t", {}, "{}"), replies=(lab.reply(body=b"x" * 100_000),), tracing=rule)
    assert (made.answer.status, made.answer.body) == (200, b"x" * 100_000)
    exporter_of(msgspec.json.encode(rule).decode()).close()
    assert len((tmp_path / "spans").read_text().splitlines()) == 1
