"""PreparedCall: the bytes sent, and what is refused instead of being sent."""

import asyncio
from collections.abc import Awaitable

import pytest

from inferway.exchange import Reply
from inferway.transport.errors import TransportError, TransportErrorKind
from inferway.transport.options import CallOptions
from inferway.transport.prepared import Headers, PreparedCall, RequestHead

TYPE = ((b"content-type", b"application/json"),)


class Wire:
    """Takes what would be sent."""

    def __init__(self, method: bytes = b"POST", headers: Headers = TYPE) -> None:
        self.sent = b""
        self.is_head = False
        head = RequestHead(method, b"/predict", headers, b"model.test:8080")
        self.call = PreparedCall(self._exchange, head, CallOptions(), "http://model.test:8080")

    def _exchange(self, head: bytes, body: bytes, options: CallOptions, is_head: bool) -> Awaitable[Reply]:
        assert options == CallOptions()
        self.sent = head + body
        self.is_head = is_head

        async def reply() -> Reply:
            return Reply(200, [], b"")

        return reply()

    def send(self, body: bytes = b"", headers: Headers = (), target: bytes | None = None) -> bytes:
        async def main() -> None:
            await self.call.send(body, headers, target)

        asyncio.run(main())
        return self.sent


# RFC 9112, sections 3 (request line) and 6.2 (Content-Length); RFC 9110, section 7.2 (Host).
def test_a_post() -> None:
    assert Wire().send(b'{"a":1}') == (
        b"POST /predict HTTP/1.1\r\nhost: model.test:8080\r\ncontent-type: application/json\r\n"
        b'content-length: 7\r\n\r\n{"a":1}'
    )


def test_an_empty_post_says_so() -> None:
    assert Wire(headers=()).send() == (b"POST /predict HTTP/1.1\r\nhost: model.test:8080\r\ncontent-length: 0\r\n\r\n")


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"DELETE", b"OPTIONS"])
def test_a_method_without_a_body_names_no_length(method: bytes) -> None:
    wire = Wire(method, headers=())
    assert wire.send() == method + b" /predict HTTP/1.1\r\nhost: model.test:8080\r\n\r\n"
    assert wire.is_head == (method == b"HEAD")


def test_headers_and_target_of_one_call() -> None:
    sent = Wire().send(b"x", [(b"X-Id", b"1"), (b"x-two", b"a \xe4\tb")], b"/models/a%20b?v=1")
    assert sent == (
        b"POST /models/a%20b?v=1 HTTP/1.1\r\nhost: model.test:8080\r\ncontent-type: application/json\r\n"
        b"X-Id: 1\r\nx-two: a \xe4\tb\r\ncontent-length: 1\r\n\r\nx"
    )


def test_a_host_header_replaces_the_origins() -> None:
    assert Wire(headers=[(b"Host", b"model.internal")]).send(b"x") == (
        b"POST /predict HTTP/1.1\r\nhost: model.internal\r\ncontent-length: 1\r\n\r\nx"
    )


def test_a_long_body_is_sent_whole() -> None:
    body = b"ab" * 100_000
    assert Wire(headers=()).send(body).endswith(b"\r\ncontent-length: 200000\r\n\r\n" + body)


INJECTIONS: list[tuple[bytes, bytes]] = [
    (b"x\r\ny", b"a"),
    (b"x:", b"a"),
    (b"x y", b"a"),
    (b"", b"a"),
    (b"x", b"a\r\nhost: other"),
    (b"x", b"a\nb"),
    (b"x", b"a\rb"),
    (b"x", b"a\0b"),
    (b"x", b"a\x7fb"),
    (b"Content-Length", b"1"),
    (b"transfer-encoding", b"chunked"),
    (b"Connection", b"close"),
    (b"Upgrade", b"h2c"),
    (b"Expect", b"100-continue"),
]
TARGETS = [b"", b"predict", b"/a b", b"/a\r\nx: y", b"/a\nb", b"/a\0", b"/\xc3\xa4", b"http://other/", b"*"]


@pytest.mark.parametrize("pair", INJECTIONS)
def test_a_bad_header_is_refused(pair: tuple[bytes, bytes]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Wire(headers=[pair])
    with pytest.raises(TransportError) as caught:
        Wire().send(b"", [pair])
    assert caught.value.kind is TransportErrorKind.BAD_REQUEST
    assert not caught.value.request_sent


def test_the_host_is_not_for_one_call_to_set() -> None:
    with pytest.raises(TransportError, match="Host"):
        Wire().send(b"", [(b"Host", b"other")])
    with pytest.raises(ValueError, match="Host"):
        Wire(headers=[(b"host", b"a"), (b"Host", b"b")])


@pytest.mark.parametrize("target", TARGETS)
def test_a_bad_target_is_refused(target: bytes) -> None:
    with pytest.raises(ValueError, match="target"):
        RequestHead(b"GET", target, (), b"model.test")
    with pytest.raises(TransportError) as caught:
        Wire().send(b"", (), target)
    assert caught.value.kind is TransportErrorKind.BAD_REQUEST


@pytest.mark.parametrize("method", [b"", b"GET ", b"GE\r\nT", b"G\0T"])
def test_a_bad_method_is_refused(method: bytes) -> None:
    with pytest.raises(ValueError, match="method"):
        RequestHead(method, b"/", (), b"model.test")
