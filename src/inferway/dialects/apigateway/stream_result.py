"""The response that a function's streamed result is, in a Lambda proxy integration that streams.

Source: API Gateway, "Set up a Lambda proxy integration with payload response streaming", "Lambda proxy integration
format for response streaming" (https://docs.aws.amazon.com/apigateway/latest/developerguide/
response-transfer-mode-lambda.html): metadata with `statusCode`, `headers`, `multiValueHeaders` and `cookies`.
"""

from typing import Final

import msgspec

from inferway.dialects.apigateway.proxy_result import header_pairs, malformed, status_of
from inferway.dialects.dialect import Evaluate
from inferway.exchange import Exchange, Response, header_value
from inferway.faults import Fault, FaultKind

STREAM_RESULT: Final = "stream_result"
"""The language of an expression that gives the response or a fault; it has no text."""

_STATUSES: Final = range(200, 600)


class _Metadata(msgspec.Struct):
    """What stands before the payload; members of other names say nothing."""

    statusCode: int | float | str | None = 200  # noqa: N815 - the vendor's name
    headers: dict[str, msgspec.Raw] | None = None
    multiValueHeaders: dict[str, list[msgspec.Raw] | None] | None = None  # noqa: N815 - as above
    cookies: list[str] | None = None


_decode: Final = msgspec.json.Decoder(_Metadata).decode


def compile_stream_result(text: str) -> Evaluate:
    """Compile what makes the response of a function's metadata; the payload becomes its body as it comes."""
    del text

    def make(exchange: Exchange) -> Response | Fault:
        reply = exchange.reply
        if reply.error is not None or reply.stream is None:
            return Fault(kind=FaultKind.BACKEND_FAILED, cause=f"the function failed: {reply.error}")
        try:
            metadata = _decode(reply.body)
            status = status_of(metadata.statusCode)
            headers = header_pairs(metadata.headers, metadata.multiValueHeaders)
        except ValueError as error:  # msgspec's own is one
            return malformed(str(error))
        if status not in _STATUSES:
            return malformed(f"statusCode is {status}")
        headers += [(b"Set-Cookie", header_value(cookie)) for cookie in metadata.cookies or ()]
        return Response(status=status, headers=headers, body=reply.stream)

    return make
