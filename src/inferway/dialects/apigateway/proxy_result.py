"""The response that a function's result is, in a Lambda proxy integration.

Sources: API Gateway, "Lambda proxy integrations in API Gateway" ("Output format of a Lambda function for proxy
integration"), "Return binary media from a Lambda proxy integration"; Lambda developer guide, "Handling Lambda errors
with an API Gateway API" (502 for a function that failed, or gave another form).
"""

import binascii
from base64 import b64decode
from typing import Final

import msgspec

from inferway.dialects.apigateway.binary_types import BinaryTypes
from inferway.dialects.dialect import Evaluate
from inferway.exchange import Exchange, Headers, Response, header_name, header_value
from inferway.faults import Fault, FaultKind

PROXY_RESULT: Final = "proxy_result"
"""The language of an expression that gives the response or a fault; its text is the API's binary media types."""

_STATUSES: Final = range(200, 600)

_Scalar = str | int | float | bool | None


class _Result(msgspec.Struct, forbid_unknown_fields=True):
    """A result; a member of any other name makes it malformed (recorded for `statusDescription`).

    Without `statusCode` the status is 200, as in the vendor's own SAM command line.
    """

    statusCode: int | str | None = 200  # noqa: N815 - the vendor's name
    headers: dict[str, _Scalar] | None = None
    multiValueHeaders: dict[str, list[_Scalar] | None] | None = None  # noqa: N815 - as above
    body: str | None = None
    isBase64Encoded: bool | None = None  # noqa: N815 - as above


_decode: Final = msgspec.json.Decoder(_Result).decode


def compile_result(binary_types: str) -> Evaluate:
    """Compile what makes the response of a function's reply."""
    binary = BinaryTypes(binary_types)

    def make(exchange: Exchange) -> Response | Fault:
        reply = exchange.reply
        if reply.error is not None:
            return Fault(kind=FaultKind.BACKEND_FAILED, cause=f"the function failed: {reply.error}")
        try:
            result = _decode(reply.body)
            status = int(result.statusCode if result.statusCode is not None else 200)
            headers = _headers(result)
        except ValueError as error:  # msgspec's own is one
            return _malformed(str(error))
        if status not in _STATUSES:
            return _malformed(f"statusCode is {status}")
        body = (result.body or "").encode("utf-8", "surrogatepass")
        if result.isBase64Encoded and binary.hold(exchange.request.header(b"accept")):
            try:
                body = b64decode(body, validate=True)
            except binascii.Error as error:
                return Fault(kind=FaultKind.MISCONFIGURED, cause=f"the function's body is no base64: {error}")
        return Response(status=status, headers=headers, body=body)

    return make


def _malformed(cause: str) -> Fault:
    return Fault(kind=FaultKind.BACKEND_RESULT_MALFORMED, cause=f"malformed Lambda proxy response: {cause}")


def _headers(result: _Result) -> Headers:
    """Join both maps; of a pair that is in both the one in multiValueHeaders counts."""
    several = {
        (name.lower(), _text(value)): None
        for name, values in (result.multiValueHeaders or {}).items()
        for value in values or ()
    }
    made = [
        (header_name(name), header_value(_text(value)))
        for name, value in (result.headers or {}).items()
        if value is not None and (name.lower(), _text(value)) not in several
    ]
    made += [
        (header_name(name), header_value(_text(value)))
        for name, values in (result.multiValueHeaders or {}).items()
        for value in values or ()
        if value is not None
    ]
    return made


def _text(value: _Scalar) -> str:
    """Give a header's value as JSON writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
