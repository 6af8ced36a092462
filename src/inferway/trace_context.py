"""Which trace a request belongs to, and the headers that say so: X-Ray's `X-Amzn-Trace-Id`, W3C's `traceparent`.

Sources: AWS X-Ray Developer Guide, "Tracing header" (https://docs.aws.amazon.com/xray/latest/devguide/
xray-concepts.html); W3C Trace Context, 3.2 (https://www.w3.org/TR/trace-context/), whose trace ids of 32 digits X-Ray
writes as `1-8 digits-24 digits`.
"""

import re
import time
from functools import lru_cache
from random import getrandbits, random
from typing import Final

from inferway.definition.tracing import Tracing
from inferway.exchange import Exchange, Request

_CONTEXT: Final = "trace context"

_LONGEST: Final = 512
"""Bytes of a trace header that is looked at; longer ones are none of ours."""

_TRACEPARENT: Final = re.compile(rb"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_ROOT: Final = re.compile(r"1-([0-9a-fA-F]{8})-([0-9a-fA-F]{24})")
_PARENT: Final = re.compile(r"[0-9a-fA-F]{16}")
_NO_TRACE: Final = "0" * 32
_NO_SPAN: Final = "0" * 16
_SAMPLED: Final = 1


class TraceContext:
    """A request's place in its trace, as hexadecimal digits.

    `parent` is the span of the caller, "" where none is known; `span` that of the request here, `call` that of the call
    to the backend; `state` is the caller's `tracestate`.
    """

    __slots__ = ("call", "parent", "sampled", "span", "state", "trace")

    def __init__(self, trace: str, parent: str, *, sampled: bool, state: bytes = b"") -> None:
        self.trace = trace
        self.parent = parent
        self.sampled = sampled
        self.state = state
        self.span = new_span()
        self.call = new_span()

    @property
    def root(self) -> str:
        """Give the trace's identifier as X-Ray writes it."""
        return f"1-{self.trace[:8]}-{self.trace[8:]}"

    def amazon(self) -> str:
        """Give X-Amzn-Trace-Id for a backend: the call to it is the parent of what it does."""
        return f"Root={self.root};Parent={self.call};Sampled={self.sampled:d}"

    def answered(self) -> str:
        """Give X-Amzn-Trace-Id for the response, which does not say whether the request was sampled.

        Recorded: aws-samples/serverless-patterns, apigw-s3-lambda-sls-py (a stage that traces).
        """
        return f"Root={self.root}"

    def w3c(self) -> str:
        """Give traceparent for a backend."""
        return f"00-{self.trace}-{self.call}-{self.sampled:02x}"


def new_span() -> str:
    """Give a random identifier of a span."""
    return f"{getrandbits(64) or 1:016x}"


def new_trace(now: float, name: str) -> str:
    """Give the identifier of a trace that begins now (s since 1970), made of a request's own random identifier."""
    return f"{int(now):08x}{name[24:36]}{name[:8]}{name[9:13]}"


class Sampler:
    """Decides which requests are sampled of which nobody has decided: some of each second, a share of the others."""

    __slots__ = ("_left", "_per_second", "_second", "_share")

    def __init__(self, per_second: int, share: float) -> None:
        self._per_second, self._share = per_second, share
        self._second = 0
        self._left = 0

    def decide(self, now: float) -> bool:
        """Decide about a request that came at this time (s)."""
        if int(now) != self._second:
            self._second, self._left = int(now), self._per_second
        if self._left > 0:
            self._left -= 1
            return True
        return self._share > 0 and random() < self._share


@lru_cache(maxsize=64)
def _sampler(per_second: int, share: float) -> Sampler:
    return Sampler(per_second, share)


def sampler_of(rule: Tracing) -> Sampler:
    """Give what decides by a rule in this process."""
    return _sampler(rule.per_second, rule.sample)


def trace_context(exchange: Exchange) -> TraceContext | None:
    """Give what `begin_trace` has begun, None where nothing was."""
    found = exchange.variables.get(_CONTEXT)
    return found if isinstance(found, TraceContext) else None


def begin_trace(exchange: Exchange, sampler: Sampler) -> TraceContext:
    """Give the place of a request in its trace; found, or begun, when it is first asked for.

    X-Amzn-Trace-Id counts before traceparent. One that is malformed or longer than 512 bytes counts for nothing.
    """
    found = trace_context(exchange)
    if found is None:
        found = exchange.variables[_CONTEXT] = _begin(exchange, sampler)
    return found


def _begin(exchange: Exchange, sampler: Sampler) -> TraceContext:
    now = time.time()
    trace, parent, sampled = _amazon(exchange.request) or _w3c(exchange.request) or ("", "", None)
    state = (
        b""
        if not trace
        else b",".join(
            value for name, value in exchange.request.headers if name == b"tracestate" and len(value) <= _LONGEST
        )
    )
    if sampled is None:
        sampled = sampler.decide(now)
    return TraceContext(trace or new_trace(now, exchange.id), parent, sampled=sampled, state=state)


_Found = tuple[str, str, bool | None]


def _amazon(request: Request) -> _Found | None:
    value = request.header(b"x-amzn-trace-id")
    if value is None or len(value) > _LONGEST:
        return None
    fields: dict[str, str] = {}
    for part in value.decode("latin-1").split(";"):
        name, _, field = part.partition("=")
        fields.setdefault(name.strip().lower(), field.strip())
    root = _ROOT.fullmatch(fields.get("root", ""))
    if root is None:
        return None
    parent = fields.get("parent", "")
    sampled = {"1": True, "0": False}.get(fields.get("sampled", ""))
    return (root[1] + root[2]).lower(), parent.lower() if _PARENT.fullmatch(parent) else "", sampled


def _w3c(request: Request) -> _Found | None:
    values = [value for name, value in request.headers if name == b"traceparent"]
    if len(values) != 1 or len(values[0]) > _LONGEST:
        return None
    found = _TRACEPARENT.fullmatch(values[0].strip())
    if found is None or (found[1] == b"00" and found[5] is not None):
        return None
    trace, parent = found[2].decode(), found[3].decode()
    if trace == _NO_TRACE or parent == _NO_SPAN:
        return None
    return trace, parent, bool(int(found[4], 16) & _SAMPLED)
