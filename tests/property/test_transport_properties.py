"""Whatever bytes a server sends, a call ends with a Reply or a TransportError, and leaves nothing open."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from inferway.exchange import Reply
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError
from inferway.transport.options import CallOptions
from inferway.transport.prepared import RequestHead
from inferway.transport.reply import BadReplyError, ReplyReader

PARTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 404 Not Found\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 204 No Content\r\n",
    b"HTTP/1.1 101 Switch\r\nUpgrade: x\r\nConnection: upgrade\r\n",
    b"Content-Length: 3\r\n",
    b"Content-Length: 0\r\n",
    b"Content-Length: 99999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip\r\n",
    b"Connection: close\r\n",
    b"Keep-Alive: timeout=5\r\n",
    b"X-Y: z\r\n",
    b"\r\n",
    b"abc",
    b"3\r\nabc\r\n",
    b"0\r\n\r\n",
    b"0\r\nX: y\r\n\r\n",
    b"\n",
    b"\0",
    b" ",
    b"a" * 300,
]
PIECES = st.lists(st.one_of(st.sampled_from(PARTS), st.binary(max_size=20)), max_size=12)
SMALL = CallOptions(max_header_bytes=200, max_body_bytes=100, read_timeout=2, total_timeout=5)


def read(data: list[bytes], is_head: bool) -> Reply | str | None:
    """The reply, the kind of refusal, or None for a reply that is still to end."""
    reader = ReplyReader()
    reader.expect(SMALL, is_head)
    for piece in data:
        try:
            reply = reader.feed(piece)
        except BadReplyError as error:
            return error.kind
        if reply is not None:
            return reply
    return None


@given(PIECES, st.booleans())
@settings(max_examples=500)
def test_any_bytes_are_a_reply_or_refused(pieces: list[bytes], is_head: bool) -> None:
    result = read([piece for piece in pieces if piece], is_head)
    if isinstance(result, Reply):
        assert 200 <= result.status <= 999
        assert len(result.body) <= SMALL.max_body_bytes
        assert all(name == name.lower() and value == value.strip() for name, value in result.headers)


@given(PIECES, st.lists(st.integers(0, 400), max_size=5))
@settings(max_examples=500)
def test_a_reply_read_in_one_piece_is_read_in_many(pieces: list[bytes], cuts: list[int]) -> None:
    whole = b"".join(pieces)
    at_once = read([whole], is_head=False) if whole else None
    if isinstance(at_once, Reply):
        edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
        cut = [whole[start:end] for start, end in pairwise(edges) if start < end]
        assert read(cut, is_head=False) == at_once


async def call(pieces: list[bytes], method: bytes) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0)
        writer.close()

    listener = await asyncio.start_server(script, "127.0.0.1", 0)
    client = HttpClient()
    origin = client.origin(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    try:
        with suppress(TransportError):
            assert (await origin.request(method, b"/", options=SMALL)).status >= 200
    finally:
        listener.close()
        await client.aclose()
    assert (origin.open_connections, origin.idle_connections, origin.waiting_calls) == (0, 0, 0)


@given(PIECES, st.sampled_from([b"GET", b"HEAD"]))
@settings(max_examples=100, deadline=None)
def test_a_call_ends_whatever_the_server_sends(pieces: list[bytes], method: bytes) -> None:
    asyncio.run(call(pieces, method))


def refused(make: Callable[[], RequestHead]) -> bool:
    try:
        make()
    except ValueError:
        return True
    return False


@given(st.binary(max_size=12), st.binary(max_size=12), st.binary(max_size=12))
@settings(max_examples=500)
def test_no_bytes_of_a_caller_break_out_of_their_place(target: bytes, name: bytes, value: bytes) -> None:
    if refused(lambda: RequestHead(b"GET", b"/" + target, [(b"x" + name, value)], b"model.test")):
        return
    head = RequestHead(b"GET", b"/" + target, [(b"x" + name, value)], b"model.test")
    lines = (head.before_target + head.target + head.after_target).split(b"\r\n")
    assert lines == [b"GET /" + target + b" HTTP/1.1", b"host: model.test", b"x" + name + b": " + value, b""]
    assert not any(byte in line for line in lines for byte in (b"\r", b"\n", b"\0"))
    assert lines[0].count(b" ") == 2
