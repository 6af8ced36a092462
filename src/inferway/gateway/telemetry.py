"""Spans of requests and of their steps, in OpenTelemetry's own JSON, to a file or to a collector.

Sources: OpenTelemetry Protocol Specification 1.7, "OTLP/HTTP" and "JSON Protobuf Encoding" (identifiers are
hexadecimal, 64-bit numbers are text); its "File Exporter" (one request a line); semantic conventions for HTTP spans.
"""

import atexit
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from time import perf_counter
from typing import Any, Final

import msgspec

from inferway.body_stream import WatchedStream
from inferway.definition.tracing import Tracing
from inferway.dialects.dialect import Finish
from inferway.exchange import Exchange, Response, Took, times_of
from inferway.gateway.access_log_file import LineFile
from inferway.gateway.pipeline import STAGES
from inferway.trace_context import TraceContext, begin_trace, new_span, sampler_of

EVERY_STEP: Final = frozenset(step.__name__ for step in STAGES)

_INTERVAL: Final = 1.0
_MOST_WAITING: Final = 4_096
"""Sampled requests that wait for an exporter; of more the oldest are lost."""

_BATCH: Final = 256
_PATIENCE: Final = 5.0
_CALL: Final = "Invoke"

_INTERNAL: Final = 1
_SERVER: Final = 2
_CLIENT: Final = 3
_ERROR: Final = {"code": 2}
_FAILED: Final = 500


class Sampled(msgspec.Struct, frozen=True, gc=False):
    """What is kept of a sampled request until its spans are made; times by `perf_counter`, `now` in ns since 1970."""

    context: TraceContext
    name: str
    began: float
    ended: float
    now: int
    times: list[Took]
    attributes: dict[str, str | int]


class Exporter:
    """Takes sampled requests at the cost of an append; a thread makes their spans and writes or sends them.

    What a collector does not take is sent again with the next batch, until more than 4,096 requests wait.
    """

    def __init__(self, rule: Tracing) -> None:
        self._rule = rule
        self._file = LineFile(rule.file) if rule.file else None
        self._waiting: list[Sampled] = []
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)

    def take(self, sampled: Sampled) -> None:
        """Take a request; the first one starts the thread."""
        if self._thread.ident is None:
            self._thread.start()
        if len(self._waiting) >= _MOST_WAITING:
            del self._waiting[: _MOST_WAITING // 2]
        self._waiting.append(sampled)

    def close(self) -> None:
        """Write what waits and stop."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=_PATIENCE + _INTERVAL)

    def _run(self) -> None:
        while not self._closing.wait(_INTERVAL):
            self._flush()
        self._flush()
        if self._file is not None:
            self._file.close()

    def _flush(self) -> None:
        while self._waiting:
            batch = self._waiting[:_BATCH]
            if not self._sent(encode(batch, self._rule.service)):
                return
            del self._waiting[: len(batch)]

    def _sent(self, data: bytes) -> bool:
        if self._file is not None:
            self._file.append(data.decode())
            self._file.flush()
            return True
        headers = {"Content-Type": "application/json", **self._rule.headers}
        request = urllib.request.Request(self._rule.url, data, headers, method="POST")  # noqa: S310 - http or https
        try:
            with urllib.request.urlopen(request, timeout=_PATIENCE):  # noqa: S310 - as above
                return True
        except urllib.error.HTTPError as error:
            error.close()
            return error.code < _FAILED  # what a collector refuses it would refuse again
        except (OSError, ValueError):
            return False


@lru_cache(maxsize=16)
def exporter_of(rule: str) -> Exporter:
    """Give the exporter of a process for a rule, as JSON; its thread ends with the process."""
    made = Exporter(msgspec.json.decode(rule, type=Tracing))
    atexit.register(made.close)
    return made


def finishing(finish: Finish, rule: Tracing, names: dict[str, str]) -> Finish:
    """Wrap what a dialect does last, so that a sampled request leaves its spans; `names` are attributes of them all."""
    sampler = sampler_of(rule)
    exporter = exporter_of(msgspec.json.encode(rule).decode())

    def finish_and_export(exchange: Exchange, response: Response) -> None:
        context = begin_trace(exchange, sampler)
        finish(exchange, response)
        if not context.sampled:
            return
        if isinstance(response.body, bytes):
            exporter.take(_sampled(exchange, response, context, names))
        else:
            response.body = _SpannedStream(
                response.body, lambda: exporter.take(_sampled(exchange, response, context, names))
            )

    return finish_and_export


class _SpannedStream(WatchedStream):
    """A response's body on its way, whose end, however that comes about, is the end of the request's span."""

    __slots__ = ("_end", "_is_over")

    def __init__(self, body: AsyncIterator[bytes], end: Callable[[], None]) -> None:
        super().__init__(body)
        self._end = end
        self._is_over = False

    async def __anext__(self) -> bytes:
        """Give the next piece."""
        try:
            return await self.body.__anext__()
        except BaseException:
            self.given_up()
            raise

    def given_up(self) -> None:
        """End the span."""
        if not self._is_over:
            self._is_over = True
            self._end()


def _sampled(exchange: Exchange, response: Response, context: TraceContext, names: dict[str, str]) -> Sampled:
    request, fault = exchange.request, exchange.fault
    attributes: dict[str, str | int] = {
        **names,
        "http.request.method": request.method,
        "url.path": request.path,
        "url.scheme": request.scheme,
        "client.address": request.client,
        "http.response.status_code": response.status,
        "inferway.request_id": exchange.id,
    }
    if exchange.route:
        attributes["http.route"] = exchange.route.partition(" ")[2]
    if fault is not None:
        attributes["error.type"] = fault.kind.value
        attributes["inferway.cause"] = fault.cause
    return Sampled(
        context=context,
        name=exchange.route or request.method,
        began=exchange.started,
        ended=perf_counter(),
        now=time.time_ns(),
        times=list(times_of(exchange)),
        attributes=attributes,
    )


def encode(batch: list[Sampled], service: str) -> bytes:
    """Give the spans of requests as one OTLP request in JSON."""
    spans = [span for sampled in batch for span in _spans(sampled)]
    resource = _attributes({"service.name": service, "process.pid": os.getpid()})
    scope = {"name": "inferway.gateway"}
    made = {"resourceSpans": [{"resource": {"attributes": resource}, "scopeSpans": [{"scope": scope, "spans": spans}]}]}
    return msgspec.json.encode(made)


def _spans(sampled: Sampled) -> list[dict[str, Any]]:
    context = sampled.context

    def at(moment: float) -> str:
        return str(sampled.now - round((sampled.ended - moment) * 1e9))

    whole = _span(context, context.span, context.parent, sampled.name, _SERVER)
    whole |= {"startTimeUnixNano": at(sampled.began), "endTimeUnixNano": at(sampled.ended)}
    whole["attributes"] = _attributes(sampled.attributes)
    if int(sampled.attributes["http.response.status_code"]) >= _FAILED:
        whole["status"] = _ERROR
    made = [whole]
    call = context.call
    for took in sampled.times:
        kind, name = (_CLIENT, call) if took.step == _CALL and call else (_INTERNAL, new_span())
        if kind == _CLIENT:
            call = ""  # the first call is the one that the backend was told of
        step = _span(context, name, context.span, took.step, kind)
        made.append(step | {"startTimeUnixNano": at(took.began), "endTimeUnixNano": at(took.ended)})
    return made


def _span(context: TraceContext, span: str, parent: str, name: str, kind: int) -> dict[str, Any]:
    made: dict[str, Any] = {"traceId": context.trace, "spanId": span, "name": name, "kind": kind}
    if parent:
        made["parentSpanId"] = parent
    return made


def _attributes(values: dict[str, str | int]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": _clean(value)}}
        for key, value in values.items()
    ]


def _clean(text: str) -> str:
    """Give a text that UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode()
