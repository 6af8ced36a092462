"""No backend: the mapped request itself names the status of the reply.

Source: API Gateway, "Set up mock integrations in API Gateway".
"""

import re
from typing import Final

from inferway.backends.link import Link
from inferway.definition.targets import Mock
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind

_STATUS: Final = re.compile(rb"""[{,]\s{0,100}["']?statusCode["']?\s{0,100}:\s{0,100}["']?(\d{3})["']?\s{0,100}[,}]""")


class MockBackend:
    """Replies with the status that the call's body names, and nothing else."""

    def invoke(self, call: Call) -> Reply | Fault:
        """Read `statusCode` from the body; keys and values may go unquoted."""
        match = _STATUS.search(call.body)
        if match is None:
            return Fault(kind=FaultKind.MISCONFIGURED, cause="the mock integration's request names no statusCode")
        return Reply(status=int(match[1]), headers=[], body=b"")


def connect(target: Mock, link: Link, timeout: float) -> MockBackend:  # noqa: ARG001 - a connect function's form
    """Give the backend."""
    return MockBackend()
