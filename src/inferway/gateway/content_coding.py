"""Content codings: bodies of requests decoded within a bound, bodies of responses encoded as the client asks.

Sources: API Gateway, "Payload compression for REST APIs in API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-gzip-compression-decompression.html), which knows `gzip`, `deflate` and `identity`; RFC 9110,
8.4.1; RFC 1952, 2.2 (a gzip file is a series of members).
"""

import asyncio
import zlib
from collections.abc import Awaitable
from typing import Final

from inferway.exchange import Exchange, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import SETTLED, Outcome, Stage

GZIP: Final = "gzip"
DEFLATE: Final = "deflate"
IDENTITY: Final = "identity"

_WINDOW: Final = {GZIP: 31, DEFLATE: 15}
_RAW_WINDOW: Final = -15
_ZLIB_METHOD: Final = 8
_LEVEL: Final = 6

_PIECE: Final = 65_536
"""Bytes fed at once: what stands behind a member's end is copied, and must not be the whole rest each time."""

_MOST_MEMBERS: Final = 1_000
_SMALL: Final = 1_024
"""Bytes of a coded body that are decoded at once: they make 1 MB at most. Larger ones are left to a thread."""

_SMALL_RESPONSE: Final = 16_384
"""Bytes of a response that are encoded at once, which takes well below a millisecond."""


class UndecodableError(Exception):
    """A body is not in the coding that it is said to be in, or not whole."""


class TooLargeError(Exception):
    """A body is larger than its limit once it is decoded."""


def decode(body: bytes, coding: str, most: int) -> bytes:
    """Decode a body of the coding gzip (any number of members up to 1,000) or deflate (with zlib's header or without).

    Raises UndecodableError for what is no such body, one cut short and one with something behind its end included, and
    TooLargeError as soon as more than `most` bytes have come of it.
    """
    window = _RAW_WINDOW if coding == DEFLATE and not _has_zlib_header(body) else _WINDOW[coding]
    made: list[bytes] = []
    size = at = members = 0
    rest = b""
    try:
        while rest or at < len(body):
            members += 1
            if members > (_MOST_MEMBERS if coding == GZIP else 1):
                raise UndecodableError("something stands behind its end")
            decoder = zlib.decompressobj(window)
            while not decoder.eof:
                if not rest:
                    rest, at = body[at : at + _PIECE], at + _PIECE
                    if not rest:
                        raise UndecodableError("it is cut short")
                piece = decoder.decompress(rest, most - size + 1)
                size += len(piece)
                if size > most:
                    raise TooLargeError
                made.append(piece)
                rest = decoder.unconsumed_tail
            rest = decoder.unused_data
    except zlib.error as error:
        raise UndecodableError(str(error)) from error
    if not members:
        raise UndecodableError("it is empty")
    return b"".join(made)


def _has_zlib_header(body: bytes) -> bool:
    """Say whether deflated data have the header that they should have (RFC 1950, 2.2); many clients leave it out."""
    return len(body) > 1 and body[0] & 0x0F == _ZLIB_METHOD and int.from_bytes(body[:2], "big") % 31 == 0


def decode_request(exchange: Exchange, coding: str, most: int, *, keeps_header: bool) -> Outcome | Awaitable[Outcome]:
    """Put the decoded body into a request, with its Content-Encoding or without; a large one is decoded in a thread."""
    body = exchange.request.body
    if len(body) <= _SMALL:
        return _keep_decoded(exchange, _attempt(body, coding, most), keeps_header=keeps_header)
    return _when_decoded(exchange, coding, most, keeps_header=keeps_header)


async def _when_decoded(exchange: Exchange, coding: str, most: int, *, keeps_header: bool) -> Outcome:
    made = await asyncio.to_thread(_attempt, exchange.request.body, coding, most)
    return _keep_decoded(exchange, made, keeps_header=keeps_header)


def _attempt(body: bytes, coding: str, most: int) -> bytes | Fault:
    try:
        return decode(body, coding, most)
    except UndecodableError as error:
        return Fault(kind=FaultKind.UNSUPPORTED_MEDIA_TYPE, cause=f"the body is not {coding}: {error}")
    except TooLargeError:
        return Fault(
            kind=FaultKind.DECODED_BODY_TOO_LARGE, cause=f"a body of more than {most} bytes once it is decoded"
        )


def _keep_decoded(exchange: Exchange, made: bytes | Fault, *, keeps_header: bool) -> Outcome:
    if isinstance(made, Fault):
        return made
    request = exchange.request
    if keeps_header:
        request.body = made
        return None
    kept = [place for place, (name, _) in enumerate(request.headers) if name != b"content-encoding"]
    if request.names:
        request.names = [request.names[place] for place in kept]
    request.headers = [request.headers[place] for place in kept]
    request.body = made
    return None


def wanted(accept_encoding: bytes | None) -> str:
    """Give the coding for a response: the first of those with the highest weight, where that is gzip or deflate.

    Anything else is `identity`: another coding that the client wants more, `*`, nothing ("the highest-priority content
    encoding must be one supported by API Gateway").
    """
    best, highest = IDENTITY, 0.0
    for part in (accept_encoding or b"").decode("latin-1").split(","):
        name, _, parameters = part.partition(";")
        weight = _weight(parameters)
        if weight > highest:
            best, highest = name.strip().lower(), weight
    return best if best in _WINDOW else IDENTITY


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0.0 <= weight <= 1.0 else 0.0
    return 1.0


def encode_response(exchange: Exchange, response: Response, least: int) -> Response | Awaitable[Response]:
    """Encode a response of `least` bytes or more in place, where the client asks for it and nobody has done so yet."""
    body = response.body
    if not isinstance(body, bytes) or not body or len(body) < least:
        return response
    coding = wanted(exchange.request.header(b"accept-encoding"))
    if coding == IDENTITY or exchange.reply.header(b"content-encoding") is not None:
        return response
    if any(name.lower() == b"content-encoding" for name, _ in response.headers):
        return response
    if len(body) <= _SMALL_RESPONSE:
        return _encoded(response, coding, encode(body, coding))
    return _when_encoded(response, body, coding)


async def _when_encoded(response: Response, body: bytes, coding: str) -> Response:
    return _encoded(response, coding, await asyncio.to_thread(encode, body, coding))


def _encoded(response: Response, coding: str, body: bytes) -> Response:
    response.body = body
    response.headers.append((b"Content-Encoding", coding.encode()))
    return response


def encode(body: bytes, coding: str) -> bytes:
    """Encode a body as gzip or deflate."""
    encoder = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW[coding])
    return encoder.compress(body) + encoder.flush()


def encoding_answers(stage: Stage, least: int) -> Stage:
    """Wrap a stage that may answer itself, so that its responses are encoded too."""

    def answer(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        outcome = stage(exchange)
        if outcome is None or type(outcome) in SETTLED:
            return encode_response(exchange, outcome, least) if isinstance(outcome, Response) else outcome
        return _when_answered(exchange, outcome, least)  # type: ignore[arg-type]  # SETTLED tells mypy nothing

    return answer


async def _when_answered(exchange: Exchange, answering: Awaitable[Outcome], least: int) -> Outcome:
    outcome = await answering
    if not isinstance(outcome, Response):
        return outcome
    encoded = encode_response(exchange, outcome, least)
    return encoded if isinstance(encoded, Response) else await encoded
