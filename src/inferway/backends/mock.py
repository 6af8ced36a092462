"""No backend: the mapped request itself names the status of the reply.

Source: API Gateway, "Set up mock integrations in API Gateway".
"""

import re
from collections.abc import Iterator
from typing import Final

from inferway.backends.link import Link
from inferway.definition.targets import Mock
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind

_TOKEN: Final = re.compile(rb"""[{}\[\]:,]|"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|[^\s{}\[\]:,"']+""", re.DOTALL)
_STATUS: Final = re.compile(rb"\d{3}")
_KEY: Final = b"statusCode"
_MOST: Final = 65_536
"""Bytes of a body that are looked at, for a passed body may be large, and the gateway has other calls to serve."""


class MockBackend:
    """Replies with the status that the call's body names, and nothing else."""

    def invoke(self, call: Call) -> Reply | Fault:
        """Read `statusCode` from the body, an object; keys and values may go unquoted."""
        statuses = list(_statuses(call.body))
        if not statuses:
            return Fault(kind=FaultKind.MISCONFIGURED, cause="the mock integration's request names no statusCode")
        return Reply(status=statuses[-1], headers=[], body=b"")


def _statuses(body: bytes) -> Iterator[int]:
    """Give each status that is a member of the object itself; of two the last counts, as in JSON."""
    tokens = _TOKEN.findall(body[:_MOST])
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token in (b"{", b"[")) - (token in (b"}", b"]"))
        if depth == 1 and tokens[0] == b"{" and token in (b"{", b","):
            key, colon, value, end = (*tokens[at + 1 : at + 5], b"", b"", b"", b"")[:4]
            if _bare(key) == _KEY and colon == b":" and _STATUS.fullmatch(_bare(value)) and end in (b",", b"}"):
                yield int(_bare(value))


def _bare(token: bytes) -> bytes:
    return token[1:-1] if token[:1] in (b'"', b"'") else token


def connect(target: Mock, link: Link, timeout: float) -> MockBackend:  # noqa: ARG001 - a connect function's form
    """Give the backend."""
    return MockBackend()
