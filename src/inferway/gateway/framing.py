"""What every request must hold to before it is routed, whatever server took it."""

import re
from typing import Final

from inferway.exchange import Headers, Request
from inferway.faults import Fault, FaultKind

_FRAMING: Final = frozenset((b"host", b"content-length", b"transfer-encoding"))
_HOST: Final = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=%-]*(?::[0-9]*)?|\[[0-9A-Fa-f:.]+\](?::[0-9]*)?")
_VERSIONS: Final = frozenset(("1.0", "1.1", "2", "3"))
_TARGET: Final = re.compile(r"[^\x00-\x20\x7f]*")

SEPARATORS: Final = 4
"""Bytes that a header takes beside its name and value: colon, space, carriage return, line feed."""


def inspect(request: Request) -> tuple[bytes, int, Fault | None]:
    """Give the Host, the size of all headers in bytes, and the fault in the framing if there is one.

    Refuses an unknown version (HTTP/0.9 has no headers to judge it by), a missing or repeated Host, a repeated or
    malformed Content-Length, Transfer-Encoding beside Content-Length, on HTTP/1.0, or other than `chunked` (RFC 9112,
    3.2 and 6.1 to 6.3).
    """
    host = length = coding = None
    size = hosts = lengths = 0
    for name, value in request.headers:
        size += len(name) + len(value) + SEPARATORS
        if name in _FRAMING:
            if name == b"host":
                host = value
                hosts += 1
            elif name == b"content-length":
                length = value
                lengths += 1
            else:
                coding = value if coding is None else b"repeated"
    if hosts == 1 and length is None and coding is None and request.version == "1.1":
        return host or b"", size, None if _HOST.fullmatch(host or b"") else _malformed("a malformed Host header")
    return host or b"", size, _judge(request, (hosts, host or b""), (lengths, length), coding)


def _judge(
    request: Request, hosts: tuple[int, bytes], lengths: tuple[int, bytes | None], coding: bytes | None
) -> Fault | None:
    old = request.version == "1.0"
    if request.version not in _VERSIONS:
        return _malformed("an unknown version of HTTP")
    if hosts[0] > 1:
        return _malformed("more than one Host header")
    if hosts[0] == 0 and request.version == "1.1":
        return _malformed("no Host header")
    if _HOST.fullmatch(hosts[1]) is None:
        return _malformed("a malformed Host header")
    if lengths[0] > 1:
        return _malformed("more than one Content-Length header")
    if lengths[1] is not None and not lengths[1].isdigit():
        return _malformed("a malformed Content-Length header")
    if coding is not None:
        if old:
            return _malformed("Transfer-Encoding on HTTP/1.0")
        if lengths[0]:
            return _malformed("Transfer-Encoding beside Content-Length")
        if coding.strip().lower() != b"chunked":
            return _malformed("a Transfer-Encoding other than chunked")
    return None


def coding_is_plain(headers: Headers) -> bool:
    """Say whether a chunked request says so once and by that alone; after another no connection can be trusted.

    A parser may take the last of several codings, and whoever stands before it another one (RFC 9112, 6.1).
    """
    codings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    return codings in ([], [b"chunked"])


def target_is_clean(request: Request) -> bool:
    """Say whether path and query hold no control character or space, nor a fragment's sign (RFC 9112, 3.2)."""
    target = request.path + request.query
    if " " in target or "#" in target:
        return False
    return (target.isascii() and target.isprintable()) or _TARGET.fullmatch(target) is not None


def _malformed(cause: str) -> Fault:
    return Fault(kind=FaultKind.MALFORMED_REQUEST, cause=f"the request has {cause}")
