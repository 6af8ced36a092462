"""What a backend is connected with: a deployment's view of bindings, client and stage variables."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

import msgspec

from inferway.definition.identity import Identity
from inferway.definition.targets import Target
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind
from inferway.stores.tables.service import TableService
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError, TransportErrorKind

_STAGE_VARIABLE: Final = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
PARAMETER: Final = re.compile(r"\{([^{}]+)\}")

_KIND: Final = {
    TransportErrorKind.TIMED_OUT: FaultKind.BACKEND_TIMEOUT,
    TransportErrorKind.BAD_REQUEST: FaultKind.MISCONFIGURED,
    TransportErrorKind.TLS_FAILED: FaultKind.MISCONFIGURED,
    TransportErrorKind.MALFORMED_REPLY: FaultKind.BACKEND_BROKE_PROTOCOL,
    TransportErrorKind.REPLY_HEADERS_TOO_LARGE: FaultKind.BACKEND_BROKE_PROTOCOL,
    TransportErrorKind.REPLY_BODY_TOO_LARGE: FaultKind.BACKEND_BROKE_PROTOCOL,
}
_RETRYABLE: Final = frozenset((FaultKind.BACKEND_TIMEOUT, FaultKind.BACKEND_UNREACHABLE))


class Invokable(Protocol):
    """An endpoint of this process that has more to it than one URL: variants, shadows and the like."""

    async def invoke(self, call: Call, seconds: float) -> Reply | Fault:
        """Give the reply to a call, within so many seconds."""
        ...

    async def invoke_async(self, call: Call) -> Reply:
        """Keep an invocation, and give the service's 202 or its refusal."""
        ...

    async def invoke_stream(self, call: Call) -> Reply | Fault:
        """Give the events of a response stream as one body."""
        ...


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """The pooled client, where endpoints and URLs live here, and the stage's variables.

    `bound` names every endpoint that the bindings have, up or not; `endpoints` has the URLs of those that are up.
    `functions` has the URLs of function servers by the name they are bound under; `tables` has who answers for each
    table, and `identity` signs calls that are to be signed. `runtime` is the URL of the service that invokes endpoints
    which nothing binds, by their names, "" where there is none. `served` has the endpoints of this process that are
    more than a URL, and `managed` names those that another process has, and `runtime` leads to. `certificate` is the
    file that HTTP backends are shown, None for nothing.
    """

    client: HttpClient
    endpoints: Mapping[str, str]
    urls: Mapping[str, str]
    variables: Mapping[str, str]
    bound: frozenset[str] = frozenset()
    functions: Mapping[str, str] = {}
    tables: Mapping[str, TableService] = {}
    identity: Identity | None = None
    runtime: str = ""
    event_streams: tuple[str, ...] = ()
    served: Mapping[str, Invokable] = {}
    managed: frozenset[str] = frozenset()
    certificate: Path | None = None

    def substitute(self, text: str) -> str:
        """Put the stage's variables into a target's text; one that is not set becomes nothing, as on the service."""
        return _STAGE_VARIABLE.sub(lambda match: self.variables.get(match[1], ""), text)

    def missing(self, text: str) -> list[str]:
        """Give the stage variables that a target's text names and that are not set."""
        return [name for name in _STAGE_VARIABLE.findall(text) if name not in self.variables]

    def passes_events(self, url: str) -> bool:
        """Say whether the event streams of a backend's URL are passed on as they come."""
        prefixes = [prefix.rstrip("/") for prefix in self.event_streams]
        return any(url == prefix or url.startswith((f"{prefix}/", f"{prefix}?")) for prefix in prefixes)

    def bound_url(self, url: str) -> str:
        """Give the URL that a backend's URL is bound to: the longest bound prefix is replaced."""
        for prefix in sorted(self.urls, key=len, reverse=True):
            if url == prefix or url.startswith((prefix.rstrip("/") + "/", prefix.rstrip("/") + "?")):
                return self.urls[prefix].rstrip("/") + url[len(prefix.rstrip("/")) :]
        return url


def transport_fault(error: TransportError, target: str) -> Fault:
    """Give the fault for a call that brought no reply."""
    kind = _KIND.get(error.kind, FaultKind.BACKEND_UNREACHABLE)
    return Fault(kind=kind, cause=f"{target}: {error}", retryable=kind in _RETRYABLE)


class Unreachable:
    """The backend of a target that cannot be called: every call faults."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault

    def invoke(self, call: object) -> Fault:  # noqa: ARG002 - a backend takes a call
        """Give the fault."""
        return self._fault


def unserved(target: Target, link: Link, timeout: float) -> Unreachable:  # noqa: ARG001 - a connect function's form
    """Connect a target of a kind that is not served."""
    what = getattr(target, "what", type(target).__name__)
    return Unreachable(Fault(kind=FaultKind.MISCONFIGURED, cause=f"{what} is not served"))
