"""One connection to a server, with at most one call on it."""

import asyncio
import math
import select
import ssl
from typing import Final, Protocol, cast

from inferway.exchange import Reply
from inferway.transport.deadlines import Deadlines
from inferway.transport.errors import TransportError, TransportErrorKind, Wait
from inferway.transport.last_words import last_words
from inferway.transport.options import CallOptions
from inferway.transport.reply import BadReplyError, ReplyReader
from inferway.transport.stream import ReplyStream

_UPLOAD_PIECE: Final = 256 * 1024
# The peer's end of stream shows as POLLRDHUP on Linux; elsewhere only a full hang-up shows.
_HUNG_UP: Final = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR
_SENT_ALL: Final = memoryview(b"")


class Keeper(Protocol):
    """What a connection belongs to."""

    def release(self, connection: "Connection") -> None:
        """Take back a connection whose call has ended well."""

    def forget(self, connection: "Connection") -> None:
        """Free the place of a connection that can carry no more calls."""

    def gone(self, connection: "Connection") -> None:
        """Note that the socket is closed."""


class Connection(asyncio.Protocol):
    """Carries one call at a time: `begin` starts it, the future it returns brings the reply or a TransportError.

    `begin_stream` starts one whose reply is passed on as it comes. While it is under way there is no future, so that
    only what would else be a stray byte or a scan of the deadlines looks for it.
    """

    __slots__ = (
        "_active_at",
        "_deadline",
        "_deadlines",
        "_future",
        "_keeper",
        "_loop",
        "_options",
        "_origin",
        "_paused",
        "_stream",
        "_transport",
        "_unsent",
        "calls",
        "idle_since",
        "is_pooled",
        "reader",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, keeper: Keeper, deadlines: Deadlines, origin: str) -> None:
        self._loop = loop
        self._keeper = keeper
        self._deadlines = deadlines
        self._origin = origin
        self.reader = ReplyReader()
        self._transport: asyncio.Transport
        self._future: asyncio.Future[Reply] | None = None
        self._stream: ReplyStream | None = None
        self._options = CallOptions()
        self._deadline = 0.0
        self._active_at = 0.0
        self._unsent = _SENT_ALL
        self._paused = False
        self.calls = 0
        self.idle_since = 0.0
        self.is_pooled = True

    @property
    def is_stale(self) -> bool:
        """Whether a call on it failed as on a kept connection that the server had let go: not one byte came back."""
        return self.calls > 1 and not self.reader.bytes_read

    def has_hung_up(self) -> bool:
        """Ask the kernel if the server has closed its end, which the loop may not have read yet."""
        descriptor = self._transport.get_extra_info("socket").fileno()
        if descriptor < 0 or self._transport.is_closing():
            return True
        poll = select.poll()
        poll.register(descriptor, _HUNG_UP)
        return bool(poll.poll(0))

    def begin(
        self, head: bytes, body: bytes, options: CallOptions, is_head: bool, now: float, deadline: float
    ) -> asyncio.Future[Reply]:
        """Send a request; `deadline` is the call's last moment, in the loop's time as `now`."""
        self._options = options
        self._active_at = now
        self._deadline = deadline
        due = now + options.read_timeout
        if due > deadline:
            due = deadline
        if due < self._deadlines.next_scan:
            self._deadlines.hasten(due)
        self.calls += 1
        self.reader.expect(options, is_head)
        future = self._future = self._loop.create_future()
        self._transport.write(head)
        if body:
            self._unsent = memoryview(body)
            self._send_on()
        return future

    def begin_stream(
        self, head: bytes, body: bytes, options: CallOptions, is_head: bool, now: float, deadline: float
    ) -> ReplyStream:
        """Send a request whose reply is streamed; `options.read_timeout` is the longest silence within it too."""
        self.begin(head, body, options, is_head, now, deadline).cancel()
        self._future = None
        stream = self._stream = ReplyStream(self._loop, self)
        return stream

    def resume(self, stream: ReplyStream) -> None:
        """Read on (Source); the time for which the server was held back is no silence of its."""
        if self._stream is stream:
            self._active_at = self._loop.time()
            self._deadlines.hasten(self._active_at + self._options.read_timeout)
            self._transport.resume_reading()

    def drop(self, stream: ReplyStream) -> None:
        """End the connection, if the stream is still on it (Source)."""
        if self._stream is stream:
            self.abort()

    def expire(self, now: float) -> float:
        """End the call if it has waited too long; return its next deadline, infinity for none."""
        if self._future is None and self._stream is None:
            return math.inf
        silent_until = self._active_at + self._options.read_timeout
        if self._deadline <= now:
            text = f"no whole reply within {self._options.total_timeout:g} s"
            self.fail(TransportErrorKind.TIMED_OUT, text, Wait.TOTAL)
            return math.inf
        if silent_until <= now:
            text = f"the server was silent for {self._options.read_timeout:g} s"
            self.fail(TransportErrorKind.TIMED_OUT, text, Wait.READ)
            return math.inf
        return min(self._deadline, silent_until)

    def fail(self, kind: TransportErrorKind, text: str, wait: Wait | None = None) -> None:
        """End the call with an error, and the connection with it."""
        future, stream = self._future, self._stream
        self.abort()
        error = TransportError(kind, text, origin=self._origin, request_sent=True, wait=wait)
        if stream is not None:
            stream.end(error)
        if future is not None and not future.done():
            future.set_exception(error)

    def abandon(self, future: asyncio.Future[Reply]) -> None:
        """End the connection if the call of a caller who was cancelled is still on it."""
        if self._future is future:
            self.abort()

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self._leave()
        self._transport.abort()

    def close(self) -> None:
        """Close an idle connection in order."""
        self._leave()
        self._transport.close()

    def _leave(self) -> None:
        self._future = self._stream = None
        self._unsent = _SENT_ALL
        if self.is_pooled:
            self.is_pooled = False
            self._keeper.forget(self)

    def _send_on(self) -> None:
        while self._unsent and not self._paused and not self._transport.is_closing():
            piece, self._unsent = self._unsent[:_UPLOAD_PIECE], self._unsent[_UPLOAD_PIECE:]
            self._transport.write(piece)

    def _deliver_and_close(self, reply: Reply, future: asyncio.Future[Reply]) -> None:
        if self._unsent or future.done():
            # The server answered without waiting for the whole request, or nobody waits for the answer any more.
            self.abort()
        else:
            self.close()
        if not future.done():
            future.set_result(reply)

    def _stream_on(self, stream: ReplyStream, data: bytes) -> None:
        try:
            reply = self.reader.feed(data)
        except BadReplyError as error:
            self.fail(error.kind, error.text)
            return
        if reply is not None:
            self._end_stream(stream, reply)
            return
        self._active_at = self._loop.time()
        head = self.reader.head
        if head is None:
            return
        stream.begin(*head)
        if not stream.put(self.reader.take()):
            # Until the reader has caught up only the call's last moment counts.
            self._active_at = math.inf
            self._transport.pause_reading()

    def _end_stream(self, stream: ReplyStream, reply: Reply) -> None:
        """Hand over the rest of a reply, and give the connection back or up."""
        if stream.is_held:  # TLS may give what it had read already
            self._transport.resume_reading()
        if self.reader.keep_alive and not self._unsent:
            self._stream = None
            self._keeper.release(self)
        elif self._unsent:
            self.abort()
        else:
            self.close()
        stream.begin(reply.status, reply.headers)
        stream.put([reply.body] if reply.body else [])
        stream.end()

    def _hear_out(self) -> None:
        for piece in last_words(self._transport):
            if self._future is None and self._stream is None:
                return
            if piece:
                self.data_received(piece)
            else:
                self.eof_received()

    def _ends_in_order(self) -> bool:
        """Tell an end that TLS's closing alert announced from one that an attacker may have made (RFC 9112, 9.8)."""
        tls = self._transport.get_extra_info("ssl_object")
        if tls is None:
            return True
        try:
            return not tls.read(1)
        except ssl.SSLZeroReturnError:
            return True
        except ssl.SSLError:
            return False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket's transport (asyncio.Protocol)."""
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on (asyncio.Protocol)."""
        future = self._future
        if future is None:
            if self._stream is not None:
                self._stream_on(self._stream, data)
            else:
                # Nobody asked: a second reply to the last request, or a server's farewell such as 408.
                self.abort()
            return
        try:
            reply = self.reader.feed(data)
        except BadReplyError as error:
            self.fail(error.kind, error.text)
            return
        if reply is None:
            self._active_at = self._loop.time()
        elif self.reader.keep_alive and not self._unsent and not future.done():
            self._future = None
            self._keeper.release(self)
            future.set_result(reply)
        else:
            self._deliver_and_close(reply, future)

    def eof_received(self) -> None:
        """End the reply that ends with the connection (asyncio.Protocol)."""
        future, stream = self._future, self._stream
        if future is None and stream is None:
            self.close()
            return
        if not self._ends_in_order():
            self.fail(TransportErrorKind.CLOSED_EARLY, "the server closed the connection without TLS's closing alert")
            return
        try:
            reply = self.reader.finish()
        except BadReplyError as error:
            self.fail(error.kind, error.text)
            return
        if future is not None:
            self._deliver_and_close(reply, future)
        elif stream is not None:
            self._end_stream(stream, reply)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the call that was under way (asyncio.Protocol)."""
        if isinstance(exc, ConnectionError):
            self._hear_out()
        if self._future is not None or self._stream is not None:
            if isinstance(exc, ssl.SSLError):
                self.fail(TransportErrorKind.TLS_FAILED, f"TLS broke off: {exc}")
            else:
                self.fail(TransportErrorKind.CLOSED_EARLY, f"the connection broke off: {exc or 'closed by the server'}")
        self._leave()
        self.reader.end()
        self._keeper.gone(self)

    def pause_writing(self) -> None:
        """Stop sending until the socket takes more (asyncio.Protocol)."""
        self._paused = True

    def resume_writing(self) -> None:
        """Send on (asyncio.Protocol); progress of the upload counts as no silence."""
        self._paused = False
        if self._unsent:
            self._active_at = self._loop.time()
            self._send_on()
