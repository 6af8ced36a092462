"""ReplyReader: strict framing, limits, and what may be used again afterwards."""

import pytest

from inferway.exchange import Reply
from inferway.transport.errors import TransportErrorKind
from inferway.transport.options import CallOptions
from inferway.transport.reply import BadReplyError, ReplyReader

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
SMALL = CallOptions(max_header_bytes=200, max_body_bytes=100)


def read(*parts: bytes, options: CallOptions = SMALL, is_head: bool = False) -> tuple[Reply | None, ReplyReader]:
    reader = ReplyReader()
    reader.expect(options, is_head)
    reply = None
    for part in parts:
        reply = reader.feed(part)
    return reply, reader


def one_byte_at_a_time(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


# RFC 9112, section 6: message body; each row is a whole reply, its status and its body.
WHOLE = {
    "length": (OK + b"Content-Length: 5\r\n\r\nhello", 200, b"hello"),
    "no body": (OK + b"Content-Length: 0\r\n\r\n", 200, b""),
    "chunks": (CHUNKED + b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 200, b"hello"),
    "chunk extension": (CHUNKED + b'5;a=b;c="d"\r\nhello\r\n0\r\n\r\n', 200, b"hello"),
    "trailers": (CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", 200, b"hello"),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
    "304 with a length": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, b""),
    "interim replies": (INTERIM + OK + b"Content-Length: 1\r\n\r\na", 200, b"a"),
    "no reason": (b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", 200, b"a"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_reply_is_read_however_it_is_cut(name: str) -> None:
    data, status, body = WHOLE[name]
    for parts in ([data], one_byte_at_a_time(data)):
        reply, reader = read(*parts)
        assert reply is not None
        assert (reply.status, reply.body) == (status, body)
        assert reader.keep_alive


# RFC 9112, sections 2.2 (bare LF), 5.1 (white space), 5.2 (folding), 6.1 to 6.3 (framing), 7.1 (chunks);
# RFC 9110, sections 5.5 (NUL) and 8.6 (lengths).
BAD = {
    "two equal lengths": OK + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "two lengths": OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\na",
    "list of lengths": OK + b"Content-Length: 1, 1\r\n\r\na",
    "length with sign": OK + b"Content-Length: +1\r\n\r\na",
    "empty length": OK + b"Content-Length: \r\n\r\na",
    "hexadecimal length": OK + b"Content-Length: 0x1\r\n\r\na",
    "endless length": OK + b"Content-Length: 99999999999999999999\r\n\r\na",
    "length and chunks": OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": OK + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "chunked twice": OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "gzip coding": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked not last": OK + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "unknown coding": OK + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunk size of letters": CHUNKED + b"zz\r\n\r\n",
    "negative chunk size": CHUNKED + b"-1\r\n\r\n",
    "endless chunk size": CHUNKED + b"11111111111111111\r\n",
    "chunk size before bare LF": CHUNKED + b"1\na\r\n0\r\n\r\n",
    "chunk longer than said": CHUNKED + b"1\r\nab\r\n0\r\n\r\n",
    "length as trailer": CHUNKED + b"0\r\nContent-Length: 4\r\n\r\n",
    "folded header": OK + b"X: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    "bare LF after header": OK + b"X: a\nContent-Length: 0\r\n\r\n",
    "bare LF after status": b"HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
    "bare CR in header": OK + b"X: a\rContent-Length: 0\r\n\r\n",
    "NUL in value": OK + b"X: a\0b\r\nContent-Length: 0\r\n\r\n",
    "NUL in name": OK + b"X\0: a\r\nContent-Length: 0\r\n\r\n",
    "space before colon": OK + b"X : a\r\nContent-Length: 0\r\n\r\n",
    "header without name": OK + b": a\r\nContent-Length: 0\r\n\r\n",
    "header without colon": OK + b"X\r\nContent-Length: 0\r\n\r\n",
    "data after the reply": OK + b"Content-Length: 2\r\n\r\nabc",
    "data after a closing reply": OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nabc",
    "second reply": (OK + b"Content-Length: 0\r\n\r\n") * 2,
    "body of a 204": b"HTTP/1.1 204 No Content\r\nContent-Length: 1\r\n\r\na",
    "body of an interim reply": b"HTTP/1.1 100 Continue\r\nContent-Length: 1\r\n\r\na" + OK,
    "unasked upgrade": b"HTTP/1.1 101 Switch\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "too many interim replies": b"HTTP/1.1 100 Continue\r\n\r\n" * 9,
    "HTTP/2": b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/0.9": b"<html>hello</html>",
    "another protocol": b"RTSP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n",
    "status below 100": b"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("name", BAD)
def test_a_reply_that_breaks_http_is_refused(name: str) -> None:
    with pytest.raises(BadReplyError) as caught:
        read(BAD[name])
    assert caught.value.kind is TransportErrorKind.MALFORMED_REPLY


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (OK + b"X: " + b"a" * 300, TransportErrorKind.REPLY_HEADERS_TOO_LARGE),
        (OK + b"X: " + b"a" * 300 + b"\r\nContent-Length: 0\r\n\r\n", TransportErrorKind.REPLY_HEADERS_TOO_LARGE),
        (b"HTTP/1.1 200 " + b"a" * 300, TransportErrorKind.REPLY_HEADERS_TOO_LARGE),
        (OK + b"Content-Length: 101\r\n\r\n" + b"a" * 101, TransportErrorKind.REPLY_BODY_TOO_LARGE),
        (CHUNKED + b"65\r\n" + b"a" * 101 + b"\r\n0\r\n\r\n", TransportErrorKind.REPLY_BODY_TOO_LARGE),
        (OK + b"\r\n" + b"a" * 101, TransportErrorKind.REPLY_BODY_TOO_LARGE),
        (CHUNKED + b"1;" + b"a" * 400, TransportErrorKind.MALFORMED_REPLY),
        (CHUNKED + b"0\r\nX: " + b"a" * 400, TransportErrorKind.MALFORMED_REPLY),
    ],
)
def test_a_reply_beyond_a_limit_is_refused_before_its_end(data: bytes, kind: TransportErrorKind) -> None:
    for parts in ([data], one_byte_at_a_time(data)):
        with pytest.raises(BadReplyError) as caught:
            read(*parts)
        assert caught.value.kind is kind


def test_a_body_announced_beyond_the_limit_is_refused_before_it_arrives() -> None:
    with pytest.raises(BadReplyError) as caught:
        read(OK + b"Content-Length: 999999\r\n" + b"X: " + b"a" * 90 + b"\r\n\r\n")
    assert caught.value.kind is TransportErrorKind.REPLY_BODY_TOO_LARGE


def test_a_reply_at_its_limits_is_read() -> None:
    # Content-Length: 100 is a header of 21 bytes with its line end; X makes the head's headers 200.
    head = b"Content-Length: 100\r\nX: " + b"a" * (200 - 21 - 5) + b"\r\n"
    assert len(head) == 200
    reply, _ = read(OK + head + b"\r\n" + b"a" * 100)
    assert reply is not None
    assert len(reply.body) == 100


def test_chunks_of_one_byte_are_read() -> None:
    reply, _ = read(CHUNKED, *[b"1\r\na\r\n"] * 90, b"0\r\n\r\n")
    assert reply is not None
    assert reply.body == b"a" * 90


def test_headers_keep_order_and_repetition_and_lose_case_and_outer_white_space() -> None:
    reply, _ = read(OK + b"Set-Cookie: a\r\nX-Y: \t b c \t\r\nSET-COOKIE: d\r\nEmpty:\r\nContent-Length: 0\r\n\r\n")
    assert reply is not None
    assert reply.headers == [
        (b"set-cookie", b"a"),
        (b"x-y", b"b c"),
        (b"set-cookie", b"d"),
        (b"empty", b""),
        (b"content-length", b"0"),
    ]
    assert reply.header(b"set-cookie") == b"a"
    assert reply.header(b"none") is None


def test_interim_headers_are_not_the_replys() -> None:
    reply, _ = read(b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n")
    assert reply is not None
    assert reply.headers == [(b"content-length", b"0")]


# RFC 9112, section 9.3: persistence.
@pytest.mark.parametrize(
    ("head", "keep_alive"),
    [
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n", False),
        (b"HTTP/1.1 200 OK\r\nConnection: other, CLOSE\r\n", False),
        (b"HTTP/1.1 200 OK\r\n", True),
        (b"HTTP/1.0 200 OK\r\n", False),
        (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n", True),
    ],
)
def test_the_reply_says_if_the_connection_stays(head: bytes, keep_alive: bool) -> None:
    reply, reader = read(head + b"Content-Length: 1\r\n\r\na")
    assert reply is not None
    assert reader.keep_alive is keep_alive


def test_keep_alive_timeout_is_noted() -> None:
    _, reader = read(OK + b"Keep-Alive: max=5, timeout=7\r\nContent-Length: 0\r\n\r\n")
    assert reader.keep_alive_seconds == 7


def test_replies_follow_one_another_on_one_reader() -> None:
    reply, reader = read(CHUNKED + b"1\r\na\r\n0\r\n\r\n")
    for body in (b"b", b"c"):
        reader.expect(SMALL, is_head=False)
        reply = reader.feed(OK + b"Content-Length: 1\r\n\r\n" + body)
        assert reply is not None
        assert reply.body == body
        assert len(reply.headers) == 1


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 500\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 0\r\n"]
)
def test_a_reply_to_head_ends_with_its_head_and_leaves_the_connection_usable(framing: bytes) -> None:
    data = OK + framing + b"\r\n"
    for parts in ([data], one_byte_at_a_time(data)):
        reply, reader = read(*parts, is_head=True)
        assert reply is not None
        assert (reply.status, reply.body) == (200, b"")
        assert reader.keep_alive
        reader.expect(SMALL, is_head=False)
        following = reader.feed(OK + b"Content-Length: 1\r\n\r\na")
        assert following is not None
        assert following.body == b"a"


def test_a_reply_to_head_after_an_interim_reply() -> None:
    reply, _ = read(b"HTTP/1.1 100 Continue\r\n\r\n", OK + b"Content-Length: 5\r\n\r\n", is_head=True)
    assert reply is not None
    assert reply.status == 200


@pytest.mark.parametrize(
    "data",
    [
        OK + b"Content-Length: 2\r\n\r\nab",
        CHUNKED + b"5\r",
        CHUNKED + b"0\r\n\r\n",
        CHUNKED + b"1\r\na\r\n0\r\n\r\n",
    ],
)
def test_a_reply_to_head_with_a_body_is_refused(data: bytes) -> None:
    with pytest.raises(BadReplyError):
        read(data, is_head=True)


def test_a_body_without_framing_ends_with_the_connection() -> None:
    reply, reader = read(OK + b"\r\n", b"abc", b"def")
    assert reply is None
    reply = reader.finish()
    assert reply.body == b"abcdef"
    assert not reader.keep_alive


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "before"),
        (b"HTTP", "head"),
        (OK, "head"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "head"),
        (OK + b"Content-Length: 5\r\n\r\nabc", "3 bytes"),
        (CHUNKED + b"5\r\nabc", "3 bytes"),
        (CHUNKED + b"3\r\nabc\r\n", "3 bytes"),
    ],
)
def test_an_end_before_the_end_is_told(data: bytes, where: str) -> None:
    reply, reader = read(*([data] if data else []))
    assert reply is None
    with pytest.raises(BadReplyError, match=where) as caught:
        reader.finish()
    assert caught.value.kind is TransportErrorKind.CLOSED_EARLY
