"""The response that a function's result is, in a Lambda proxy integration.

Sources: API Gateway, "Lambda proxy integrations in API Gateway" ("Output format of a Lambda function for proxy
integration"), "Return binary media from a Lambda proxy integration"; Lambda developer guide, "Handling Lambda errors
with an API Gateway API" (502 for a function that failed, or gave another form).
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.dialects.dialect import Evaluate
from inferway.exchange import Exchange, Headers, Response, header_name, header_value
from inferway.faults import Fault, FaultKind
from inferway.media_types import BinaryTypes

PROXY_RESULT: Final = "proxy_result"
"""The language of an expression that gives the response or a fault; its text is the API's binary media types."""

_STATUSES: Final = range(200, 600)

_TRUE: Final = frozenset(("true", "True", "TRUE"))
_FALSE: Final = frozenset(("false", "False", "FALSE", ""))


class _Result(msgspec.Struct, forbid_unknown_fields=True):
    """A result; a member of any other name makes it malformed (recorded for `statusDescription`).

    Without `statusCode` the status is 200, as in the vendor's own SAM command line. A scalar is taken for another as
    the service's JSON reader does it: a text of a number as the status and `"true"` as the flag are recorded (Zappa
    pull request 1486), numbers and truth values as headers reported (aws-sam-cli issue 221).
    """

    statusCode: int | float | str | None = 200  # noqa: N815 - the vendor's name
    headers: dict[str, msgspec.Raw] | None = None
    multiValueHeaders: dict[str, list[msgspec.Raw] | None] | None = None  # noqa: N815 - as above
    body: msgspec.Raw = msgspec.Raw(b"null")
    isBase64Encoded: bool | int | str | None = None  # noqa: N815 - as above


_decode: Final = msgspec.json.Decoder(_Result).decode
_decode_text: Final = msgspec.json.Decoder(str).decode


def compile_result(binary_types: str) -> Evaluate:
    """Compile what makes the response of a function's reply."""
    binary = BinaryTypes(binary_types.split())

    def make(exchange: Exchange) -> Response | Fault:
        reply = exchange.reply
        if reply.error is not None:
            return Fault(kind=FaultKind.BACKEND_FAILED, cause=f"the function failed: {reply.error}")
        try:
            result = _decode(reply.body)
            status, encoded = status_of(result.statusCode), _flag(result.isBase64Encoded)
            headers = header_pairs(result.headers, result.multiValueHeaders)
            body = (_text(result.body) or "").encode("utf-8", "surrogatepass")
        except ValueError as error:  # msgspec's own is one
            return malformed(str(error))
        if status not in _STATUSES:
            return malformed(f"statusCode is {status}")
        if encoded and binary.hold(exchange.request.header(b"accept")):
            try:
                body = b64decode(body, validate=True)
            except binascii.Error as error:
                return Fault(kind=FaultKind.MISCONFIGURED, cause=f"the function's body is no base64: {error}")
        return Response(status=status, headers=headers, body=body)

    return make


def malformed(cause: str) -> Fault:
    """Give the fault for a result that is no response."""
    return Fault(kind=FaultKind.BACKEND_RESULT_MALFORMED, cause=f"malformed Lambda proxy response: {cause}")


def status_of(given: float | str | None) -> int:
    """Give the status, of a number its whole part; raises ValueError for a text that is none."""
    return 200 if given is None or given == "" else int(given)


def _flag(given: bool | int | str | None) -> bool:
    """Give a truth value, be it a text or a number; raises ValueError for another text."""
    if isinstance(given, str) and given not in _TRUE | _FALSE:
        raise ValueError(f"isBase64Encoded is {given!r}")
    return given in _TRUE if isinstance(given, str) else bool(given)


def header_pairs(
    headers: Mapping[str, msgspec.Raw] | None, multiple: Mapping[str, list[msgspec.Raw] | None] | None
) -> Headers:
    """Join both maps; of a pair that is in both the one in multiValueHeaders counts. Raises ValueError."""
    single = [(name, _text(value)) for name, value in (headers or {}).items()]
    several = [(name, _text(value)) for name, values in (multiple or {}).items() for value in values or ()]
    taken = {(name.lower(), value) for name, value in several}
    made = [(name, value) for name, value in single if (name.lower(), value) not in taken] + several
    return [(header_name(name), header_value(value)) for name, value in made if value is not None]


def _text(value: msgspec.Raw) -> str | None:
    """Give a text, of a number or a truth value what the JSON says, of null none; raises ValueError for another."""
    written = bytes(value)
    if written[:1] == b'"':
        return _decode_text(written)
    if written[:1] in b"{[":
        raise ValueError(f"{written[:20].decode('utf-8', 'replace')!r}… stands where a text should")
    return None if written == b"null" else written.decode("ascii")
