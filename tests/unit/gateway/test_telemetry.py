"""Spans as OpenTelemetry's own messages read them, in a file and at a collector."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from inferway.definition.tracing import Tracing
from inferway.exchange import Exchange, Request, Response, Took, times_of
from inferway.faults import Fault, FaultKind
from inferway.gateway.telemetry import Exporter, Sampled, encode, exporter_of, finishing
from inferway.trace_context import Sampler, begin_trace

JSON_FORMAT: Any = import_module("google.protobuf.json_format")


def sampled(status: int = 200) -> Sampled:
    request = Request(method="GET", path="/a", headers=[(b"traceparent", b"00-%b-%b-01" % (b"a" * 32, b"b" * 16))])
    exchange = Exchange(request=request, parameters={}, route="GET /{id}", id="1" * 36, started=10.0)
    times_of(exchange).extend([Took("MapRequest", 10.1, 10.2), Took("Invoke", 10.2, 10.7), Took("Invoke", 10.7, 10.8)])
    return Sampled(
        context=begin_trace(exchange, Sampler(0, 0.0)),
        name="GET /{id}",
        began=10.0,
        ended=11.0,
        now=1_700_000_000_000_000_000,
        times=times_of(exchange),
        attributes={"http.response.status_code": status, "inferway.cause": "half \ud800 a pair"},
    )


def spans(data: bytes) -> list[dict[str, Any]]:
    document = json.loads(data)
    JSON_FORMAT.ParseDict(document, ExportTraceServiceRequest())  # names and types are the protocol's
    (resource,) = document["resourceSpans"]
    (scope,) = resource["scopeSpans"]
    made: list[dict[str, Any]] = scope["spans"]
    return made


def test_a_request_and_its_steps_are_spans_of_one_trace() -> None:
    one = sampled()
    whole, mapping, first, second = spans(encode([one], "models"))
    assert {span["traceId"] for span in (whole, mapping, first, second)} == {"a" * 32}
    assert (whole["parentSpanId"], whole["spanId"], whole["kind"]) == ("b" * 16, one.context.span, 2)
    assert (mapping["parentSpanId"], mapping["kind"], mapping["name"]) == (whole["spanId"], 1, "MapRequest")
    assert (first["spanId"], first["kind"]) == (one.context.call, 3)
    assert (second["spanId"] != first["spanId"], second["kind"]) == (True, 1)
    assert whole["startTimeUnixNano"] == "1699999999000000000"
    assert whole["endTimeUnixNano"] == "1700000000000000000"
    assert int(first["endTimeUnixNano"]) - int(first["startTimeUnixNano"]) == pytest.approx(500_000_000, abs=1_000)


def test_a_server_s_error_is_an_error() -> None:
    assert spans(encode([sampled(502)], "models"))[0]["status"] == {"code": 2}
    assert "status" not in spans(encode([sampled(404)], "models"))[0]


def test_a_file_has_a_batch_a_line(tmp_path: Path) -> None:
    file = tmp_path / "spans.jsonl"
    exporter = Exporter(Tracing(file=str(file)))
    exporter.take(sampled())
    exporter.take(sampled())
    exporter.close()
    (line,) = file.read_bytes().splitlines()
    assert len(spans(line)) == 8


class Collector:
    """A collector that answers with the statuses given, then with 200, and keeps what it was sent."""

    def __init__(self, *statuses: int) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        left = list(statuses)
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(left.pop(0) if left else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1/traces"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def test_a_collector_gets_them_with_its_headers() -> None:
    collector = Collector()
    exporter = Exporter(Tracing(url=collector.url, headers={"X-Token": "secret"}))
    exporter.take(sampled())
    exporter.close()
    collector.close()
    ((path, headers, body),) = collector.got
    assert (path, headers["content-type"], headers["x-token"]) == ("/v1/traces", "application/json", "secret")
    assert len(spans(body)) == 4


@pytest.mark.parametrize(("status", "waits"), [(503, 1), (400, 0)])
def test_what_a_collector_cannot_take_now_waits(status: int, waits: int) -> None:
    collector = Collector(status)
    exporter = Exporter(Tracing(url=collector.url))
    exporter.take(sampled())
    exporter._closing.set()
    exporter._thread.join()
    assert len(exporter._waiting) == waits
    exporter._flush()
    collector.close()
    assert len(collector.got) == 1 + waits


def test_a_collector_that_is_not_there_stops_nobody() -> None:
    exporter = Exporter(Tracing(url="http://127.0.0.1:9/v1/traces"))
    for _ in range(5_000):
        exporter.take(sampled())
    assert len(exporter._waiting) <= 4_096
    exporter.close()


def test_only_sampled_requests_leave_spans(tmp_path: Path) -> None:
    file = tmp_path / "spans.jsonl"
    rule = Tracing(file=str(file), sample=0.0, per_second=0)
    finish = finishing(lambda exchange, response: None, rule, {"inferway.api": "movies"})
    for flag in (b"00", b"01"):
        header = b"00-%b-%b-%b" % (flag * 16, b"b" * 16, flag)
        request = Request(method="GET", path="/a", headers=[(b"traceparent", header)])
        exchange = Exchange(request=request, parameters={}, route="", id="1" * 36, started=perf_counter())
        exchange.fault = Fault(kind=FaultKind.UNKNOWN_ROUTE, cause="no route")
        finish(exchange, Response(status=403, headers=[]))
    exporter_of(msgspec.json.encode(rule).decode()).close()
    (span,) = spans(file.read_bytes())
    assert span["traceId"] == "01" * 16
    values = {each["key"]: each["value"] for each in span["attributes"]}
    assert values["inferway.api"] == {"stringValue": "movies"}
    assert values["http.response.status_code"] == {"intValue": "403"}
    assert values["error.type"] == {"stringValue": "unknown route"}


@pytest.mark.parametrize("is_read", [True, False])
def test_the_span_of_a_stream_ends_with_it(tmp_path: Path, is_read: bool) -> None:
    closed: list[bool] = []

    async def body() -> AsyncGenerator[bytes, None]:
        try:
            yield b"one"
            yield b"two"
        finally:
            closed.append(True)

    file = tmp_path / "spans.jsonl"
    rule = Tracing(file=str(file), sample=1.0)
    exporter = exporter_of(msgspec.json.encode(rule).decode())
    exchange = Exchange(
        request=Request(method="GET", path="/a"), parameters={}, route="", id="1" * 36, started=perf_counter()
    )
    response = Response(status=200, headers=[], body=body())
    finishing(lambda exchange, response: None, rule, {})(exchange, response)

    async def read() -> list[bytes]:
        assert isinstance(response.body, AsyncGenerator)
        pieces = [await anext(response.body)]
        assert exporter._waiting == []
        if is_read:
            pieces += [piece async for piece in response.body]
        await response.body.aclose()
        return pieces

    assert asyncio.run(read()) == ([b"one", b"two"] if is_read else [b"one"])
    assert closed == [True]
    exporter.close()
    assert len(spans(file.read_bytes())) == 1
