"""Framing that the core refuses whatever the server lets through (RFC 9112, 3.2 and 6)."""

import pytest

from inferway.exchange import Request
from inferway.faults import FaultKind
from inferway.gateway.framing import inspect, target_is_clean

HOST = (b"host", b"example.com")


@pytest.mark.parametrize(
    ("version", "headers", "cause"),
    [
        ("1.1", [], "no Host header"),
        ("1.1", [HOST, HOST], "more than one Host header"),
        ("1.0", [HOST, HOST], "more than one Host header"),
        ("1.1", [(b"host", b"a b")], "a malformed Host header"),
        ("1.1", [(b"host", b"a/../b")], "a malformed Host header"),
        ("1.1", [HOST, (b"content-length", b"1"), (b"content-length", b"1")], "more than one Content-Length header"),
        ("1.1", [HOST, (b"content-length", b"1"), (b"content-length", b"2")], "more than one Content-Length header"),
        ("1.1", [HOST, (b"content-length", b"1, 1")], "a malformed Content-Length header"),
        ("1.1", [HOST, (b"content-length", b"+1")], "a malformed Content-Length header"),
        ("1.1", [HOST, (b"content-length", b"")], "a malformed Content-Length header"),
        ("1.1", [HOST, (b"transfer-encoding", b"chunked"), (b"content-length", b"1")], "beside Content-Length"),
        ("1.0", [(b"transfer-encoding", b"chunked")], "Transfer-Encoding on HTTP/1.0"),
        ("1.1", [HOST, (b"transfer-encoding", b"gzip, chunked")], "other than chunked"),
        ("1.1", [HOST, (b"transfer-encoding", b"chunked"), (b"transfer-encoding", b"chunked")], "other than chunked"),
    ],
)
def test_ambiguous_framing_is_refused(version: str, headers: list[tuple[bytes, bytes]], cause: str) -> None:
    fault = inspect(Request(method="GET", path="/", headers=headers, version=version))[2]
    assert fault is not None
    assert fault.kind is FaultKind.MALFORMED_REQUEST
    assert cause in fault.cause


@pytest.mark.parametrize(
    ("version", "headers"),
    [
        ("1.1", [HOST]),
        ("1.1", [(b"host", b"")]),
        ("1.1", [(b"host", b"[::1]:8080")]),
        ("1.1", [HOST, (b"content-length", b"10")]),
        ("1.1", [HOST, (b"transfer-encoding", b"Chunked")]),
        ("1.0", []),
        ("2", [HOST]),
    ],
)
def test_sound_framing_passes(version: str, headers: list[tuple[bytes, bytes]]) -> None:
    assert inspect(Request(method="GET", path="/", headers=headers, version=version))[2] is None


def test_the_size_of_headers_counts_their_separators() -> None:
    request = Request(method="GET", path="/", headers=[HOST, (b"a", b"bc")])
    assert inspect(request)[1] == len(b"host: example.com\r\na: bc\r\n")


@pytest.mark.parametrize(
    ("path", "query", "is_clean"),
    [
        ("/a%23b", "q=%20", True),
        ("/\xe9", "", True),
        ("/a b", "", False),
        ("/a", "q=\x00", False),
        ("/a#b", "", False),
        ("/\xe9", "q=1#b", False),
    ],
)
def test_a_target_has_no_control_characters_and_no_fragment(path: str, query: str, is_clean: bool) -> None:
    """RFC 9112, 3.2: a request target is a path and a query."""
    assert target_is_clean(Request(method="GET", path=path, query=query)) is is_clean
