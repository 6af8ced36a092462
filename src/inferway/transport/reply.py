"""A server's reply, and the strict reader that turns bytes into one."""

import re
from typing import Final

import httptools

from inferway.exchange import Reply
from inferway.transport.errors import TransportErrorKind
from inferway.transport.options import CallOptions

_MAX_INTERIM_REPLIES: Final = 8
# What framing may add to each byte of a chunked body before it counts as an attack: a server that sends one byte in
# each chunk adds five.
_MAX_OVERHEAD: Final = 16
_START: Final = b"HTTP/1."
_HEAD_END: Final = b"\r\n\r\n"
_WATCHED: Final = frozenset({b"transfer-encoding", b"keep-alive"})
_KEEP_ALIVE_TIMEOUT: Final = re.compile(rb"(?:^|[,;\s])timeout\s*=\s*(\d{1,9})", re.IGNORECASE)


class BadReplyError(Exception):
    """The bytes read are not the one reply that was due; the connection is of no more use."""

    def __init__(self, kind: TransportErrorKind, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text


class ReplyReader:
    """Reads one reply after another from one connection: llhttp in its strict default, and the checks that it leaves.

    llhttp refuses conflicting and repeated lengths, a length beside a transfer coding, folded headers, bare LF, control
    bytes in headers and bad chunk sizes. Here stand the limits, transfer codings other than `chunked` (RFC 9112,
    section 6.1), versions other than HTTP/1, interim replies and bytes beyond the reply's end. Blank lines between two
    replies carry nothing, and llhttp skips them. Trailers are read and dropped (RFC 9110, section 6.5.1, allows it).

    The `on_` methods are httptools' callbacks. `head` and `take` give what there is so far of a streamed reply.
    """

    __slots__ = (
        "_body_bytes",
        "_complete",
        "_flaw",
        "_head_done",
        "_headers",
        "_interim",
        "_is_head",
        "_options",
        "_parser",
        "_pieces",
        "_status",
        "bytes_read",
        "keep_alive",
        "keep_alive_seconds",
    )

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._flaw: BadReplyError | None = None
        self._interim = 0
        self._status = 0
        self.keep_alive = False
        self.keep_alive_seconds: int | None = None
        self.expect(CallOptions(), is_head=False)

    def expect(self, options: CallOptions, is_head: bool) -> None:
        """Make ready for the reply to one request, a HEAD request or another."""
        self._options = options
        self._is_head = is_head
        self._headers: list[tuple[bytes, bytes]] = []
        self._pieces: list[bytes] = []
        self._body_bytes = 0
        self._head_done = False
        self._complete = False
        self.bytes_read = 0

    def feed(self, data: bytes) -> Reply | None:
        """Read on; return the reply once it is whole, and then `keep_alive` says if the connection may be used again.

        Raises BadReplyError.
        """
        if not self.bytes_read and not data.startswith(_START) and not _START.startswith(data):
            raise BadReplyError(TransportErrorKind.MALFORMED_REPLY, "the server does not speak HTTP/1")
        self.bytes_read += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as error:
            raise _malformed("the server switched protocols unasked") from error
        except httptools.HttpParserError as error:
            raise self._flaw or _malformed(f"the reply is not HTTP: {error}") from error
        if self._flaw is not None:
            raise self._flaw
        limits = self._options
        read = self.bytes_read
        if read > limits.max_header_bytes or read > limits.max_body_bytes:
            self._check_sizes()
        if self._is_head:
            return self._head_only(data) if self._head_done else None
        if self._complete:
            pieces = self._pieces
            return Reply(self._status, self._headers, pieces[0] if len(pieces) == 1 else b"".join(pieces))
        return None

    @property
    def head(self) -> tuple[int, list[tuple[bytes, bytes]]] | None:
        """Status and headers, once the head of the reply (not of an interim one) has been read."""
        return (self._status, self._headers) if self._head_done else None

    def take(self) -> list[bytes]:
        """Give the pieces of the body that have come since they were last taken, and keep them no more."""
        pieces, self._pieces = self._pieces, []
        return pieces

    def finish(self) -> Reply:
        """Return the reply whose end is the connection's end (RFC 9112, section 6.3, rule 8).

        Raises BadReplyError when something else was to end it.
        """
        if not self.bytes_read:
            raise _closed_early("before it replied")
        if not self._head_done:
            raise _closed_early("within the head of its reply")
        if any(name in {b"content-length", b"transfer-encoding"} for name, _ in self._headers):
            raise _closed_early(f"within the body of its reply, after {self._body_bytes} bytes of it")
        self.keep_alive = False
        return Reply(self._status, self._headers, b"".join(self._pieces))

    def end(self) -> None:
        """Let go of the parser, which holds this reader in a reference cycle; nothing can be read afterwards."""
        del self._parser

    def on_message_begin(self) -> None:
        """Note the first byte of a reply."""
        if self._complete:
            self._flaw = _malformed("the server sent more than one reply to one request")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note one header or, after the head, one trailer."""
        if self._head_done:
            return
        name = name.lower()
        # llhttp leaves trailing white space, which is no part of the value (RFC 9110, section 5.5).
        value = value.strip()
        if name in _WATCHED:
            self._watch(name, value)
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Note the end of the head."""
        self._head_done = True
        self._status = self._parser.get_status_code()

    def on_body(self, piece: bytes) -> None:
        """Note a piece of the body."""
        self._pieces.append(piece)
        self._body_bytes += len(piece)

    def on_message_complete(self) -> None:
        """Note the end of the reply, or of an interim one."""
        if self._status < 200:
            self._skip_interim()
            return
        self._complete = True
        self.keep_alive = self._parser.should_keep_alive()

    def _skip_interim(self) -> None:
        self._interim += 1
        self._head_done = False
        self._headers = []
        if self._status < 100:
            self._flaw = _malformed(f"{self._status} is no status")
        elif self._interim > _MAX_INTERIM_REPLIES:
            self._flaw = _malformed(f"more than {_MAX_INTERIM_REPLIES} interim replies")

    def _watch(self, name: bytes, value: bytes) -> None:
        if name == b"keep-alive":
            found = _KEEP_ALIVE_TIMEOUT.search(value)
            if found:
                self.keep_alive_seconds = int(found[1])
        elif value.lower() != b"chunked" or any(key == name for key, _ in self._headers):
            self._flaw = _malformed(f"transfer coding {value.decode('latin-1')!r} is not plain chunked")
        elif self._parser.get_http_version() == "1.0":
            self._flaw = _malformed("a transfer coding in an HTTP/1.0 reply")

    def _check_sizes(self) -> None:
        head, body = self._options.max_header_bytes, self._options.max_body_bytes
        # The exact size of the head is only worth counting when it may matter.
        if self.bytes_read - self._body_bytes > head and (
            not self._head_done or sum([len(name) + len(value) + 4 for name, value in self._headers]) > head
        ):
            raise BadReplyError(TransportErrorKind.REPLY_HEADERS_TOO_LARGE, f"the reply's head exceeds {head} bytes")
        if self._head_done and (self._body_bytes > body or self._announced_length() > body):
            raise BadReplyError(TransportErrorKind.REPLY_BODY_TOO_LARGE, f"the reply's body exceeds {body} bytes")
        if self.bytes_read > 2 * head + _MAX_OVERHEAD * self._body_bytes and not self._complete:
            raise _malformed("the reply's chunks are mostly framing")

    def _announced_length(self) -> int:
        if self._is_head or self._complete:
            return 0
        return next((int(value) for name, value in self._headers if name == b"content-length"), 0)

    def _head_only(self, data: bytes) -> Reply:
        """End the reply to a HEAD request, whose body llhttp, not told of the method by httptools, still awaits."""
        ends_here = data.endswith(_HEAD_END) or _HEAD_END.endswith(data)
        has_chunks = self._complete and any(name == b"transfer-encoding" for name, _ in self._headers)
        if self._pieces or has_chunks or not ends_here:
            raise _malformed("a reply to HEAD with a body")
        if not self._complete:
            self.keep_alive = self._parser.should_keep_alive()
        self._parser = httptools.HttpResponseParser(self)
        return Reply(self._status, self._headers, b"")


def _malformed(text: str) -> BadReplyError:
    return BadReplyError(TransportErrorKind.MALFORMED_REPLY, text)


def _closed_early(where: str) -> BadReplyError:
    return BadReplyError(TransportErrorKind.CLOSED_EARLY, f"the server closed the connection {where}")
