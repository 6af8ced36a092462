"""What broken and hostile clients get: a 4xx in the vendor's form, or a served request; never a hang, never a crash."""

import contextlib
import itertools
import json
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest

_marks = itertools.count()
HOST = b"Host: gateway\r\n"
BAD_REQUEST = (400, b'{"message":"Bad Request"}', ["BadRequestException"])

Split = Callable[[bytes], list[Any]]


def mark() -> str:
    return f"client-{next(_marks)}"


def request(path: str, *lines: bytes, method: bytes = b"GET", body: bytes = b"", version: bytes = b"HTTP/1.1") -> bytes:
    head = b"%b %b %b\r\n%b" % (method, path.encode("latin-1"), version, HOST)
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


ON_PROTOCOL_EDGE = pytest.mark.parametrize("gateway", ["protocol"], indirect=True)
"""Marks what another server's HTTP does in its own way, which the comment beside it names."""


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\x03\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100,
        b"GET\r\n\r\n",
        b"GET /attack/prod/ok HTTP/1.1 \r\n%b\r\n" % HOST,
        b"GET /attack/prod/ok HTTX/1.1\r\n%b\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/3.7\r\n%b\r\n" % HOST,
        b"get /attack/prod/ok HTTP/1.1\r\n%b\r\n" % HOST,
        b"FROBNICATE /attack/prod/ok HTTP/1.1\r\n%b\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\r\n%bA\x00B: c\r\n\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\r\n%bA: b\x00c\r\n\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\r\n%bA : b\r\n\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\r\n%bA: b\r\n c\r\n\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\r\n%bA: b\rc: d\r\n\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\r\n%b: b\r\n\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\r\n%bno colon\r\n\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\n%bA: b\n\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bContent-Length: x\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bContent-Length: -1\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bContent-Length: 99999999999999999999999\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bContent-Length: 4, 4\r\n\r\nwell" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bContent-Length: 4\r\nContent-Length: 4\r\n\r\nwell" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bContent-Length: 4\r\nContent-Length: 5\r\n\r\nwell" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.0\r\n%bTransfer-Encoding: chunked\r\n\r\n4\r\nwell\r\n0\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: gzip, chunked\r\n\r\n4\r\nwell\r\n0\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: chunked, identity\r\n\r\n4\r\nwell\r\n0\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: xchunked\r\n\r\n4\r\nwell\r\n0\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\nzz\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\n-1\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\n0x4\r\nwell\r\n0\r\n\r\n" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nwell" % HOST,
        b"POST /attack/prod/ok HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\n4\r\nwellX\r\n0\r\n\r\n" % HOST,
        b"GET /attack/prod/ok HTTP/1.1\r\n\r\n",
        b"GET /attack/prod/ok HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET /attack/prod/ok HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET /attack/prod/ok HTTP/1.1\r\nHost: a/b\r\n\r\n",
        b"GET /attack/prod/ok HTTP/1.1\r\nHost: user@a\r\n\r\n",
    ],
)
def test_a_malformed_request_is_refused_and_the_connection_ends(gateway: Any, split: Split, data: bytes) -> None:
    """RFC 9112, 2.2, 3, 5.1, 5.2, 6.1 to 6.3, 7.1: each of these is an error that a server must or may refuse."""
    with contextlib.closing(gateway.connect()) as connection:
        connection.sendall(data)
        connection.settimeout(5)
        received = b""
        with contextlib.suppress(ConnectionResetError, TimeoutError):
            while piece := connection.recv(65_536):
                received += piece
                if received.endswith((b"}", b"received.")):
                    break
    (answer,) = split(received)
    assert answer.status in (400, 403), answer
    if gateway.edge == "protocol":
        assert answer.status == 400, answer
    assert gateway.serves()


def test_a_refused_request_has_the_vendors_form_and_one_entry(gateway: Any, split: Split) -> None:
    name = mark()
    data = gateway.send(
        b"GET /attack/prod/bad/%b HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n" % name.encode()
    )
    (answer,) = split(data)
    assert (answer.status, answer.body, answer.all("x-amzn-errortype")) == BAD_REQUEST
    (entry,) = gateway.entries_of(name)
    assert (entry["fault"], entry["cause"]) == ("malformed request", "the request has more than one Host header")


@ON_PROTOCOL_EDGE  # uvicorn answers by itself what it cannot parse
def test_an_unparsable_head_has_the_vendors_form_and_one_entry(gateway: Any, split: Split) -> None:
    name = mark()
    (answer,) = split(gateway.send(request(f"/attack/prod/bad/{name}", b"A: b\x00")))
    assert (answer.status, answer.body, answer.all("x-amzn-errortype")) == BAD_REQUEST
    assert answer.all("connection") == ["close"]
    (entry,) = gateway.entries_of(name)
    assert (entry["fault"], "cannot be parsed" in entry["cause"]) == ("malformed request", True)


@pytest.mark.parametrize(
    "data",
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x12\x04\x00\x00\x00\x00\x00",
        b"GET /attack/prod/ok\r\n\r\n",
        b"GET / HTTP/0.9\r\n\r\n",
        b"GET /attack/prod/ok HTTP/2.0\r\nHost: a\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
        b"GET attack/prod/ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET ftp://a/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET http:// HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET http://a?b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    ],
)
def test_another_protocol_or_form_is_refused_at_once(gateway: Any, split: Split, data: bytes) -> None:
    received = gateway.send(data, timeout=5)
    assert all(400 <= answer.status < 500 for answer in split(received)), received
    assert gateway.edge == "asgi" or received
    assert gateway.serves()


@pytest.mark.parametrize(
    "lines",
    [
        (b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13", b"Sec-WebSocket-Key: AAAA"),
        (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABk"),
    ],
)
def test_an_upgrade_is_ignored(gateway: Any, split: Split, lines: tuple[bytes, ...]) -> None:
    """RFC 9110, 7.8: a server may ignore Upgrade and answers in the protocol in use."""
    with contextlib.closing(gateway.connect(5)) as connection:
        connection.sendall(request("/attack/prod/ok", *lines))
        received = b""
        while not received.endswith(b'{"n": 1}'):
            piece = connection.recv(65_536)
            assert piece, received
            received += piece
    (answer,) = split(received)
    assert (answer.status, answer.body) == (200, b'{"n": 1}')
    assert gateway.serves()


def test_a_target_in_absolute_form_is_served(gateway: Any, split: Split) -> None:
    data = request("http://gateway/attack/prod/ok?x=1", b"Connection: close")
    (answer,) = split(gateway.send(data))
    assert answer.status == 200


def test_bytes_after_a_closing_request_are_not_a_request(gateway: Any, split: Split) -> None:
    """RFC 9112, 9.6: nothing is served after a request with `Connection: close`."""
    name = mark()
    data = request("/attack/prod/ok", b"Connection: close") + request(f"/attack/prod/bad/{name}", method=b"POST")
    (answer,) = split(gateway.send(data))
    assert answer.status == 200
    assert gateway.entries_of(name, 0) == []


def test_bytes_after_a_body_are_the_next_request(gateway: Any, split: Split) -> None:
    data = request("/attack/prod/ok", b"Content-Length: 4", method=b"POST", body=b"well")
    data += request("/attack/prod/nothing", b"Connection: close")
    first, second = split(gateway.send(data))
    assert (first.status, second.status) == (200, 403)


def test_bytes_after_a_bodyless_get_are_not_its_body(gateway: Any, split: Split) -> None:
    data = request("/attack/prod/ok", body=request("/attack/prod/nothing", b"Connection: close"))
    assert [answer.status for answer in split(gateway.send(data))] == [200, 403]


@ON_PROTOCOL_EDGE  # uvicorn puts trailers among the headers; a second Host is refused then
def test_chunks_may_have_extensions_and_trailers_that_change_nothing(gateway: Any, split: Split, upstream: Any) -> None:
    """RFC 9112, 7.1.1 and 7.1.2: extensions are ignored, and a trailer never becomes a header."""
    name = mark()
    body = b'4;a=b;c="d"\r\nwell\r\n0\r\nContent-Type: text/evil\r\nHost: evil\r\nX-Extra: 1\r\n\r\n'
    lines = (b"Transfer-Encoding: chunked", b"Connection: close")
    (answer,) = split(gateway.send(request(f"/attack/prod/bad/{name}", *lines, method=b"POST", body=body)))
    assert (answer.status, answer.body) == (200, b'{"n": 1}')
    assert b"evil" not in upstream.seen[-1][0]


@ON_PROTOCOL_EDGE  # uvicorn bounds neither heads nor trailers
def test_trailers_without_end_are_cut_off(gateway: Any) -> None:
    body = b"4\r\nwell\r\n0\r\nA: " + b"x" * 8_000_000
    data = request("/attack/prod/ok", b"Transfer-Encoding: chunked", method=b"POST", body=body)
    assert gateway.send(data, timeout=5).startswith(b"HTTP/1.1 4")
    assert gateway.serves()


@pytest.mark.parametrize("piece", [b"x" * 64_000, b"A: " + b"y" * 60_000 + b"\r\n"])
@ON_PROTOCOL_EDGE  # uvicorn bounds no head
def test_a_head_without_end_is_cut_off(gateway: Any, split: Split, piece: bytes) -> None:
    before = gateway.resident()
    data = b"GET /attack/prod/ok HTTP/1.1\r\n" + HOST + b"A: " + piece * 500
    received = gateway.send(data, timeout=10)
    (answer,) = split(received)
    assert answer.status in (400, 431)
    assert gateway.resident() - before < 30_000
    assert gateway.serves()


def test_a_url_of_10241_characters_is_414(gateway: Any) -> None:
    path = "/attack/prod/ok?" + "x" * 10_241
    answer = gateway.ask(path[:10_242], method="GET")
    assert (answer.status, answer.body) == (414, b'{"message":"Request-URI Too Long"}')


def test_a_header_block_of_10241_bytes_is_431(gateway: Any) -> None:
    """API Gateway quotas: "Total combined size of request line and header values ... 10240 bytes"."""
    answer = gateway.ask("/attack/prod/ok", b"", "X: " + "y" * 10_241, method="GET")
    assert (answer.status, answer.body) == (431, b'{"message":"Request Header Fields Too Large"}')


def test_a_thousand_headers_are_431(gateway: Any) -> None:
    answer = gateway.ask("/attack/prod/ok", b"", *(f"X-{n:04}: {n}" for n in range(1000)), method="GET")
    assert answer.status == 431


@pytest.mark.parametrize("size", [65_537, 200_000])
def test_a_head_over_64_kb_is_431(gateway: Any, size: int) -> None:
    answer = gateway.ask("/attack/prod/ok", b"", *("X: " + "y" * 8_000 for _ in range(size // 8_000 + 1)), method="GET")
    assert answer.status == 431
    assert gateway.serves()


@pytest.mark.parametrize("size", [10_485_761, 30_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_10_mb_is_the_vendors_413(gateway: Any, split: Split, size: int, chunked: bool) -> None:
    name = mark()
    body = b"x" * size
    if chunked:
        line, body = b"Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n\r\n" % (size, body)
    else:
        line = b"Content-Length: %d" % size
    data = request(f"/attack/prod/bad/{name}", line, b"Connection: close", method=b"POST", body=body)
    (answer,) = split(gateway.send(data))
    assert (answer.status, answer.body) == (413, b"HTTP content length exceeded 10485760 bytes.")
    (entry,) = gateway.entries_of(name)
    assert (entry["fault"], entry["status"]) == ("body too large", 413)
    assert gateway.serves()


def test_expect_continue_is_answered_before_the_body_is_sent(gateway: Any, split: Split) -> None:
    lines = (b"Expect: 100-continue", b"Content-Length: 4", b"Connection: close")
    with contextlib.closing(gateway.connect(5)) as connection:
        connection.sendall(request("/attack/prod/ok", *lines, method=b"POST"))
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"well")
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    (answer,) = split(received)
    assert answer.status == 200


@ON_PROTOCOL_EDGE  # uvicorn says 100 whenever the application reads
def test_expect_continue_with_a_body_that_is_too_large_is_413_at_once(gateway: Any) -> None:
    """RFC 9110, 10.1.1: a final status may come instead of 100."""
    lines = (b"Expect: 100-continue", b"Content-Length: 10485761")
    received = gateway.send(request("/attack/prod/ok", *lines, method=b"POST"), timeout=5)
    assert received.startswith(b"HTTP/1.1 413 ")


def test_http_1_0_without_host_is_served_and_closed(gateway: Any, split: Split) -> None:
    (answer,) = split(gateway.send(b"GET /attack/prod/ok HTTP/1.0\r\n\r\n"))
    assert (answer.status, answer.body) == (200, b'{"n": 1}')


def test_head_has_no_body(gateway: Any) -> None:
    answer = gateway.ask("/attack/prod/ok", method="HEAD")
    assert (answer.status, answer.all("content-length")) == (200, ["8"])


def test_fifty_pipelined_requests_are_answered_in_order(gateway: Any, split: Split) -> None:
    """RFC 9112, 9.3.2."""
    parts = []
    for n in range(50):
        path = "/attack/prod/ok" if n % 2 else f"/attack/prod/nothing/{n}"
        parts.append(request(path, *([b"Connection: close"] if n == 49 else [])))
    found = split(gateway.send(b"".join(parts)))
    assert [answer.status for answer in found] == [403, 200] * 25
    # What is still to come is only ended by the last one.
    assert [answer.all("connection") for answer in found[:-1]] == [[]] * 49


@ON_PROTOCOL_EDGE  # uvicorn answers by itself what it cannot parse, and at once
def test_a_malformed_request_behind_others_does_not_cut_their_answers(gateway: Any, split: Split) -> None:
    data = request("/attack/prod/ok") * 3 + b"what is this\r\n\r\n"
    found = split(gateway.send(data))
    assert [answer.status for answer in found] == [200, 200, 200, 400]
    assert [answer.all("connection") for answer in found] == [[], [], [], ["close"]]


def test_a_connection_is_used_again_after_the_vendors_errors(gateway: Any, split: Split) -> None:
    name = mark()
    data = b"".join(
        request(f"/attack/prod/bad/{name}", b"Content-Length: 4", method=b"POST", body=b"half") for _ in range(3)
    )
    found = split(gateway.send(data + request("/attack/prod/ok", b"Connection: close")))
    assert [answer.status for answer in found] == [504, 504, 504, 200]


@ON_PROTOCOL_EDGE  # uvicorn's own affair
def test_a_client_that_reads_nothing_cannot_fill_the_memory(gateway: Any) -> None:
    """2,000 requests for 1 MB each, of which nothing is read."""
    before = gateway.resident()
    with contextlib.closing(gateway.connect(1)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with contextlib.suppress(TimeoutError):
            connection.sendall(request("/attack/prod/big/x", b"Content-Length: 0", method=b"POST") * 2000)
        time.sleep(2)
        assert gateway.resident() - before < 50_000
    assert gateway.serves()


@pytest.mark.parametrize("how", ["close", "reset", "half"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET /att",
        b"GET /attack/prod/ok HTTP/1.1\r\nHos",
        b"POST /attack/prod/ok HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
        b"POST /attack/prod/bad/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nstall",
        b"POST /attack/prod/ok HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nwell",
    ],
)
def test_a_client_that_vanishes_leaves_nothing_behind(gateway: Any, data: bytes, how: str) -> None:
    time.sleep(0.1)
    before = gateway.descriptors()
    for _ in range(20):
        connection = gateway.connect()
        connection.sendall(data)
        if how == "half":
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                while connection.recv(65_536):
                    pass
        elif how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    assert gateway.serves()
    deadline = time.monotonic() + 10
    while gateway.descriptors() > before + 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gateway.descriptors() <= before + 5


@pytest.mark.parametrize(
    "path",
    [
        "%2e%2e/%2e%2e",
        "..%2f..%2fetc",
        "%00",
        "%ff%fe",
        "%c0%ae",
        "%",
        "%zz",
        "%u0041",
        "a%0d%0aX-Injected:1",
        "//",
        "a//b",
    ],
)
def test_strange_paths_are_served_or_refused(gateway: Any, path: str) -> None:
    for base in ("/attack/prod/bad/", "/attack/prod/all/", "/attack/", "/", "/attack/prod/ok/"):
        answer = gateway.ask(base + path, b"well")
        assert answer.status in (200, 400, 403, 404), answer
        assert "x-injected" not in dict(answer.headers)
    assert gateway.serves()


@pytest.mark.parametrize("byte", [b"\x80", b"\xff", b"\x7f", b"\x01", b"\t", b"\x0b"])
def test_a_control_or_raw_byte_in_the_target_is_refused_or_quoted(gateway: Any, split: Split, byte: bytes) -> None:
    data = b"GET /attack/prod/all/a%bb HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % byte
    answers = split(gateway.send(data, timeout=5))
    assert [answer.status for answer in answers] in ([400], [200])
    assert gateway.serves()


@pytest.mark.parametrize(
    "value", ["a%0d%0aX-Injected:%201", "a%0aX-Injected:%201", "a%00b", "%e2%80%a8", "%0d%0a%0d%0abody"]
)
def test_a_parameter_cannot_add_a_header(gateway: Any, upstream: Any, value: str) -> None:
    """Neither to the response nor to the call to the model."""
    name = mark()
    answer = gateway.ask(f"/attack/prod/echo/{name}?got={value}", b"well")
    assert answer.status == 200
    assert "x-injected" not in dict(answer.headers)
    assert len(answer.all("x-got")) == 1
    assert answer.body == b'{"n": 1}'
    lines = upstream.seen[-1][0].lower().split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"x-injected", b"body"))]


@pytest.mark.parametrize("name", ["a%0d%0aX-Injected", "a%20b", "a:b", "", "%00", "%C3%A9", "(x)"])
def test_a_name_that_is_no_header_is_the_vendors_500(gateway: Any, name: str) -> None:
    marked = mark()
    answer = gateway.ask(f"/attack/prod/named/{marked}?name={name}", b"well")
    assert (answer.status, answer.body) == (500, b'{"message": "Internal server error"}')
    assert "x-injected" not in dict(answer.headers)
    (entry,) = gateway.entries_of(marked)
    assert entry["cause"]


@pytest.mark.parametrize("name", ["Content-Length", "content-length", "Transfer-Encoding", "Connection"])
def test_a_template_cannot_change_the_framing(gateway: Any, name: str) -> None:
    marked = mark()
    answer = gateway.ask(f"/attack/prod/named/{marked}?name={name}", b"well")
    assert answer.status in (200, 500)
    assert len(answer.all("content-length")) == 1
    assert answer.all("transfer-encoding") == []
    assert answer.all("connection") in ([], ["close"])


@pytest.mark.parametrize(
    "status", ["100", "101", "103", "0", "99", "600", "999", "1000", "-1", "x", "2e2", "%0d%0a", "1" * 5000]
)
def test_a_status_that_ends_no_response_is_the_vendors_500(gateway: Any, status: str) -> None:
    """RFC 9110, 15.2: 1xx are interim; a client would wait for the rest for ever."""
    answer = gateway.ask(f"/attack/prod/status/{mark()}?status={status}", b"well", timeout=5)
    assert (answer.status, answer.body) == (500, b'{"message": "Internal server error"}')


@pytest.mark.parametrize("status", ["204", "304", "205", "299", "599"])
def test_a_strange_final_status_is_sent(gateway: Any, status: str) -> None:
    answer = gateway.ask(f"/attack/prod/status/{mark()}?status={status}", b"well", timeout=5)
    assert answer.status == int(status)


def test_the_system_pages_answer(gateway: Any) -> None:
    health = gateway.ask("/_inferway/health", method="GET")
    ready = gateway.ask("/_inferway/ready", method="GET")
    assert (health.status, json.loads(health.body)) == (200, {"status": "ok"})
    assert (ready.status, json.loads(ready.body)) == (200, {"status": "ready"})
