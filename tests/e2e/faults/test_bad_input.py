"""What a client could try to get past a proxy with: smuggled requests, paths that climb, headers that are no headers.

Sources: RFC 9112, 6.1 to 6.3 and 11.2 (request smuggling); RFC 3986, 6.2.2 (what paths are the same).
"""

import contextlib
from typing import Any

import pytest

MEGABYTE = 1_048_576


def send(gateway: Any, data: bytes) -> bytes:
    """Send raw bytes; give all that comes back until the gateway closes."""
    with contextlib.closing(gateway.connect("/whole")) as connection:
        while b"ok" not in connection.recv(65_536):
            pass
        received = b""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            connection.sendall(data)
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(65_536):
                received += piece
        return received


def calls(upstream: Any, mark: str) -> list[tuple[bytes, bytes]]:
    return [seen for seen in upstream.seen if mark.encode() in seen[0]]


@pytest.mark.parametrize("route", ["s", "buffered"])
def test_a_request_in_a_body_stays_in_the_body(gateway: Any, upstream: Any, route: str) -> None:
    """A chunked body goes on with a length, whatever it looks like."""
    inner = b"0\r\n\r\nGET /whole?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    mark = f"outer-{route}-{gateway.edge}"
    request = (
        f"GET /faults/prod/{route}/whole?{mark} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    ).encode()
    answer = send(gateway, request + b"%x\r\n%b\r\n0\r\n\r\n" % (len(inner), inner))
    assert answer.count(b"HTTP/1.1 200") == 1
    ((head, body),) = calls(upstream, mark)
    assert body == inner
    assert head.lower().count(b"content-length:") == 1
    assert b"transfer-encoding" not in head.lower()
    assert not calls(upstream, "GET /whole?smuggled")


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: 5, 6",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding : chunked",
        b"Transfer-Encoding: chunked, identity",
        b"Content-Length: +5",
        b"Content-Length: 0x5",
        b"Content-Length: -1",
        b" Content-Length: 5",
        b"X: y\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 5\r\nContent-Length: 5",
    ],
)
def test_conflicting_lengths_are_refused_and_reach_nobody(gateway: Any, upstream: Any, framing: bytes) -> None:
    before = len(upstream.seen)
    data = (
        b"GET /faults/prod/s/whole?conflict HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n"
    )
    answer = send(gateway, data)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")), answer[:200]
    assert answer.count(b"HTTP/1.1 ") == 1
    assert not [seen for seen in upstream.seen[before:] if b"conflict" in seen[0]]
    assert gateway.serves()


@pytest.mark.parametrize(
    "codings", [b"Transfer-Encoding: cow\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: cow, chunked"]
)
def test_nothing_is_served_behind_a_coding_that_may_be_read_otherwise(
    gateway: Any, upstream: Any, codings: bytes
) -> None:
    """RFC 9112, 6.1: refused, and the connection closed; the parser itself heeds the last coding alone."""
    head = b"GET /faults/prod/s/whole HTTP/1.1\r\nHost: x\r\n"
    behind = head.replace(b"whole", b"whole/behind") + b"Connection: close\r\n\r\n"
    answer = send(gateway, head + codings + b"\r\n\r\n0\r\n\r\n" + behind)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")), answer[:200]
    assert answer.count(b"HTTP/1.1 ") == 1
    assert not calls(upstream, "/behind")


@pytest.mark.parametrize(
    "path",
    [
        "../secret",
        "a/../../secret",
        "%2e%2e/secret",
        "%2E%2E%2Fsecret",
        "..%2fsecret",
        "a/..%5c..%5csecret",
        "a/%2e%2e%5csecret",
        ".%2e/secret",
        "a/..;/..;x=1/secret",
        "%2e%2e%3b/secret",
    ],
)
@pytest.mark.parametrize("route", ["s", "buffered"])
def test_a_path_cannot_climb(gateway: Any, upstream: Any, route: str, path: str) -> None:
    before = len(upstream.seen)
    head, _, _ = gateway.get(f"/{route}/{path}")
    assert head.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 404")), head[:200]
    assert not [seen for seen in upstream.seen[before:] if b"secret" in seen[0]]


@pytest.mark.parametrize(
    ("path", "target"),
    [("%252e%252e%252fsecret", b"%252e%252e%252fsecret"), ("%25%32%65/secret", b"%252e/secret")],
)
def test_what_is_encoded_twice_is_decoded_once(gateway: Any, upstream: Any, path: str, target: bytes) -> None:
    """The backend gets a segment that holds percent signs, encoded, and no dot segment."""
    before = len(upstream.seen)
    gateway.get(f"/s/whole/1/{path}")
    (seen,) = [seen for seen in upstream.seen[before:] if b"secret" in seen[0]]
    assert seen[0].split(b" ")[1] == b"/whole/1/" + target


@pytest.mark.parametrize("size", [MEGABYTE, 8 * MEGABYTE])
def test_a_header_of_a_megabyte_is_refused(gateway: Any, upstream: Any, size: int) -> None:
    before = gateway.resident()
    request = (
        b"GET /faults/prod/s/whole?large HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + b"y" * size + b"\r\n\r\n"
    )
    answer = send(gateway, request)
    assert answer.startswith(b"HTTP/1.1 431"), answer[:200]
    assert gateway.resident() - before < 40 * MEGABYTE
    assert not calls(upstream, "large")
    assert gateway.serves()


@pytest.mark.parametrize(
    "line",
    [b"X: a\rX-Injected: 1", b"X: a\nX-Injected: 1", b"X: a\x00b", b"X\x00: a", b"X Y: a", b": a", b"X: a\x0bb"],
)
def test_a_header_that_is_none_is_refused(gateway: Any, upstream: Any, line: bytes) -> None:
    answer = send(gateway, b"GET /faults/prod/s/whole?header HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400"), answer[:200]
    assert not calls(upstream, "?header")


def test_a_connection_header_cannot_take_others_away(gateway: Any, upstream: Any) -> None:
    """RFC 9110, 7.6.1: what Connection names is the connection's; the gateway's own headers are not the client's."""
    mark = f"nominated-{gateway.edge}"
    request = (
        f"GET /faults/prod/s/whole?{mark} HTTP/1.1\r\nHost: x\r\n"
        "Connection: close, x-forwarded-for, content-length, host\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"
    )
    assert send(gateway, request.encode()).startswith(b"HTTP/1.1 200")
    ((head, _),) = calls(upstream, mark)
    assert b"x-forwarded-for: " in head.lower()
    assert head.lower().count(b"\r\nhost: ") == 1
