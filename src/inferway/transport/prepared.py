"""A call whose fixed parts were settled at deployment."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import msgspec

from inferway.exchange import Reply
from inferway.transport.errors import TransportError, TransportErrorKind
from inferway.transport.options import CallOptions

Headers = Sequence[tuple[bytes, bytes]]
# (head, body, options, is it a HEAD request) -> the reply; the body is empty where the head already holds it.
Exchange = Callable[[bytes, bytes, CallOptions, bool], Awaitable[Reply]]

# The headers that are between this client and the server's end of the connection (RFC 9110, section 7.6.1), and
# those by which a caller could change the framing; a caller's own are refused.
CONNECTION_HEADERS: Final = frozenset(
    {
        b"connection",
        b"content-length",
        b"expect",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_NOT_DYNAMIC: Final = CONNECTION_HEADERS | {b"host"}

# RFC 9110, sections 5.6.2 (token) and 5.5 (field value); a target is ASCII without white space (RFC 3986).
_TOKEN: Final = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUE: Final = bytes([9, *range(32, 127), *range(128, 256)])
_TARGET: Final = bytes(range(33, 127))
# Methods whose empty body needs no Content-Length (RFC 9110, section 8.6).
_BODILESS: Final = frozenset({b"GET", b"HEAD", b"DELETE", b"OPTIONS", b"TRACE"})
# Up to this size a body is cheaper copied behind its head, and sent with one system call, than sent apart.
_JOINED_BODY: Final = 64 * 1024


class RequestHead:
    """The fixed bytes of a request's head: method, target, Host and the headers that never change.

    Raises ValueError for a method, target, header name or value that HTTP does not allow, and for a header that is
    the transport's own (CONNECTION_HEADERS). A caller's Host header replaces the origin's.
    """

    __slots__ = ("after_target", "before_target", "is_bodiless", "is_head", "target")

    def __init__(self, method: bytes, target: bytes, headers: Headers, authority: bytes) -> None:
        if not method or method.translate(None, _TOKEN):
            raise ValueError(f"{method!r} is no method")
        if flaw := _target_flaw(target) or _headers_flaw(headers, CONNECTION_HEADERS):
            raise ValueError(flaw)
        hosts = [value for name, value in headers if name.lower() == b"host"]
        if len(hosts) > 1:
            raise ValueError("more than one Host header")
        host = hosts[0] if hosts else authority
        others = [pair for pair in headers if pair[0].lower() != b"host"]
        self.is_head = method == b"HEAD"
        self.is_bodiless = method in _BODILESS
        self.before_target = method + b" "
        self.target = target
        self.after_target = b" HTTP/1.1\r\nhost: " + host + b"\r\n" + _lines(others)


class PreparedCall:
    """Sends one kind of request, again and again; `Origin.prepare` makes it."""

    __slots__ = ("_exchange", "_head", "_head_before_length", "_options", "_origin", "_stream")

    def __init__(
        self, exchange: Exchange, head: RequestHead, options: CallOptions, origin: str, stream: Exchange | None = None
    ) -> None:
        """Send by `exchange`, which brings whole replies; `stream` brings them with their heads."""
        self._exchange = exchange
        self._stream = stream or exchange
        self._head = head
        self._options = options
        self._origin = origin
        self._head_before_length = head.before_target + head.target + head.after_target

    def send(self, body: bytes = b"", headers: Headers = (), target: bytes | None = None) -> Awaitable[Reply]:
        """Send the request with this body, these headers besides the fixed ones, and this target instead of the fixed.

        Await the result once. Cancelling the awaiting task closes the connection that the call was on. Raises
        TransportError: BAD_REQUEST at once, every other kind when awaited.
        """
        head = self._head_before_length
        if target is not None:
            if flaw := _target_flaw(target):
                raise self._refusal(flaw)
            fixed = self._head
            head = fixed.before_target + target + fixed.after_target
        if headers:
            if flaw := _headers_flaw(headers, _NOT_DYNAMIC):
                raise self._refusal(flaw)
            head += _lines(headers)
        if body:
            if len(body) <= _JOINED_BODY:
                return self._exchange(
                    b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body), b"", self._options, self._head.is_head
                )
            head = b"%bcontent-length: %d\r\n\r\n" % (head, len(body))
        else:
            head += b"\r\n" if self._head.is_bodiless else b"content-length: 0\r\n\r\n"
        return self._exchange(head, body, self._options, self._head.is_head)

    def streaming(self) -> "PreparedCall":
        """Give the same call, but with a reply that comes with its head and has the body as its `stream`.

        The connection counts under its pool's cap until the reply has been read to its end or its stream is closed;
        what breaks a reply off is raised as TransportError where the stream is read.
        """
        options = msgspec.structs.replace(self._options, max_body_bytes=sys.maxsize)
        return PreparedCall(self._stream, self._head, options, self._origin)

    def _refusal(self, flaw: str) -> TransportError:
        return TransportError(TransportErrorKind.BAD_REQUEST, flaw, origin=self._origin)


def _lines(headers: Headers) -> bytes:
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])


def _target_flaw(target: bytes) -> str:
    if not target.startswith(b"/") or target.translate(None, _TARGET):
        return f"{target!r} is no request target: it must start with / and be ASCII without white space"
    return ""


def _headers_flaw(headers: Headers, refused: frozenset[bytes]) -> str:
    for name, value in headers:
        if not name or name.translate(None, _TOKEN):
            return f"{name!r} is no header name"
        if value.translate(None, _VALUE):
            return f"the value of header {name.decode('ascii')} holds a control character"
        if name.lower() in refused:
            return f"header {name.decode('ascii')} is not for a caller to set"
    return ""
