"""DecodeBody: undoes a request's Content-Encoding."""

from collections.abc import Awaitable
from typing import Final

from inferway.definition.message_steps import DecodeBody
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.content_coding import DEFLATE, GZIP, IDENTITY, decode_request
from inferway.gateway.stage import Outcome, Parts, Stage

_CODINGS: Final = frozenset((GZIP, DEFLATE))


def compile_stage(step: DecodeBody, parts: Parts) -> tuple[Stage, ...]:
    """Compile with the API's limit on bodies, which holds for the decoded one too."""
    least, most, keeps_header = step.least, parts.deployment.api.limits.body, step.keeps_header

    def decode_body(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        request = exchange.request
        if not request.body or len(request.body) < least:
            return None
        said = [value for name, value in request.headers if name == b"content-encoding"]
        if not said:
            return None
        coding = b",".join(said).decode("latin-1").strip().lower()
        if coding in _CODINGS:
            return decode_request(exchange, coding, most, keeps_header=keeps_header)
        if coding in ("", IDENTITY):
            return None
        return Fault(kind=FaultKind.UNSUPPORTED_MEDIA_TYPE, cause=f"the content coding {coding[:80]!r}")

    return (decode_body,)
