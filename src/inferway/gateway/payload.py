"""Bodies as text or bytes on their way through an integration.

Source: API Gateway, "Content type conversions in API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-payload-encodings-workflow.html), whose two tables these functions are.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Final

from inferway.definition.steps import ContentHandling, Payload
from inferway.exchange import Exchange, Reply, Request
from inferway.faults import Fault, FaultKind
from inferway.media_types import BinaryTypes

Converted = tuple[bytes, bool]
"""A body, and whether it is bytes, which no template can take, rather than text."""

Convert = Callable[[Exchange], Converted | Fault]

UNTRANSFORMED: Final = Fault(kind=FaultKind.MISCONFIGURED, cause="a template cannot take a body that is binary")
"""What a binary body is that meets a template (recorded: `Unable to transform request`, API_CONFIGURATION_ERROR)."""

_BLANKS: Final = b" \t\r\n"


def convert_request(payload: Payload) -> Convert:
    """Compile what a request's body becomes: by its Content-Type, and by what the integration says."""
    handling, types = payload.handling, BinaryTypes(payload.binary_types)
    if not payload.binary_types and handling is not ContentHandling.TO_BINARY:
        return lambda exchange: (as_text(exchange.request), False)

    def convert(exchange: Exchange) -> Converted | Fault:
        request = exchange.request
        if types.hold(request.header(b"content-type")):
            if handling is ContentHandling.TO_TEXT:
                return b64encode(request.body), False
            return request.body, True
        if handling is ContentHandling.TO_BINARY:
            return _decoded(request.body)
        return as_text(request), False

    return convert


def convert_reply(payload: Payload) -> Convert:
    """Compile what a reply's body becomes: by its Content-Type, the client's Accept, and by what the response says."""
    handling, types = payload.handling, BinaryTypes(payload.binary_types)
    if not payload.binary_types and handling is not ContentHandling.TO_BINARY:
        return lambda exchange: (as_text(exchange.reply), False)

    def convert(exchange: Exchange) -> Converted | Fault:
        reply = exchange.reply
        to_binary = handling is ContentHandling.TO_BINARY or (
            handling is ContentHandling.AS_IT_IS and types.hold(exchange.request.header(b"accept"))
        )
        if types.hold(reply.header(b"content-type")):
            return (reply.body, True) if to_binary else (b64encode(reply.body), False)
        return _decoded(reply.body) if to_binary else (as_text(reply), False)

    return convert


def as_text(message: Request | Reply) -> bytes:
    """Give a body as UTF-8, what is none replaced; one with a Content-Encoding is no text yet, and stays."""
    body = message.body
    if body.isascii():
        return body
    coding = message.header(b"content-encoding")
    if coding is not None and coding.strip().lower() not in (b"", b"identity"):
        return body
    try:
        body.decode()
    except UnicodeDecodeError:
        return body.decode("utf-8", "replace").encode()
    return body


def _decoded(body: bytes) -> Converted | Fault:
    """Decode base64, which may be broken into lines or be a JSON text, as a function's result is.

    The vendor's "Access binary files in Lambda using an API Gateway API" returns such a result without a template.
    """
    text = body.translate(None, _BLANKS)
    if len(text) > 1 and text[:1] == text[-1:] == b'"':
        text = text[1:-1]
    try:
        return b64decode(text, validate=True), True
    except binascii.Error as error:
        return Fault(kind=FaultKind.MISCONFIGURED, cause=f"the body is to be binary, and is no base64: {error}")
