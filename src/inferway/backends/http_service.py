"""An HTTP service below whose base URL each call says its own path."""

from collections.abc import Mapping
from socket import gaierror
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from inferway.backends.dot_segments import climbs
from inferway.backends.link import Link, Unreachable, transport_fault
from inferway.definition.targets import HttpService
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError
from inferway.transport.options import CallOptions
from inferway.transport.prepared import CONNECTION_HEADERS, PreparedCall

_IDEMPOTENT: Final = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))


class ServiceBackend:
    """One service; a part of it may be bound to another place than the whole."""

    __slots__ = ("_base", "_bound", "_client", "_headers", "_options", "_prepared", "_query")

    def __init__(self, target: HttpService, link: Link, options: CallOptions) -> None:
        base = target.url.rstrip("/")
        whole = {base: link.bound_url(base)}
        self._client: HttpClient = link.client
        self._base = base
        self._bound = _parts_bound(base, link.urls) | whole
        self._headers = [(name.lower().encode("ascii"), value.encode("utf-8")) for name, value in target.headers]
        self._query = list(target.query)
        self._options = options
        self._prepared: dict[tuple[str, str], PreparedCall] = {}
        for url in self._bound.values():
            parts = urlsplit(url)
            self._client.origin(f"{parts.scheme}://{parts.netloc}")

    async def invoke(self, call: Call) -> Reply | Fault:
        """Send the call on and give the reply as it came."""
        if climbs(unquote(call.path)):
            return Fault(kind=FaultKind.MALFORMED_REQUEST, cause=f"{self._base}: the path has dot segments")
        url = self._url(call.path)
        try:
            parts = urlsplit(url)
            own = {name for name, _ in self._headers}
            host = [pair for pair in call.headers if pair[0] == b"host"]
            headers = [pair for pair in call.headers if pair[0] not in CONNECTION_HEADERS | own and pair[0] != b"host"]
            query = [parts.query] if parts.query else []
            query += [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in call.query + self._query]
            target = (parts.path or "/") + ("?" + "&".join(query) if query else "")
            prepared = self._prepare(call.method, f"{parts.scheme}://{parts.netloc}", host)
            return await prepared.send(call.body, headers + self._headers, target.encode("ascii", "replace"))
        except TransportError as error:
            if isinstance(error.__cause__, gaierror):
                return Fault(kind=FaultKind.BACKEND_UNREACHABLE, cause=f"{self._base}: {error}")
            return transport_fault(error, self._base)
        except ValueError as error:
            return Fault(kind=FaultKind.MISCONFIGURED, cause=f"{url[:200]}: {error}")

    def _url(self, path: str) -> str:
        """Give where a path below the service is found: of the bound parts of it the longest counts."""
        whole = self._base + path
        for prefix, url in self._bound.items():
            if prefix == self._base:
                break
            if whole == prefix or whole.startswith(prefix + "/"):
                return url + whole[len(prefix) :]
        return self._bound[self._base] + path

    def _prepare(self, method: str, origin: str, host: list[tuple[bytes, bytes]]) -> PreparedCall:
        options = self._options
        if method in _IDEMPOTENT:
            options = CallOptions(
                total_timeout=options.total_timeout, read_timeout=options.read_timeout, idempotent=True
            )
        if host:  # set by a step: it may differ from call to call, so it is not kept
            return self._client.origin(origin).prepare(method.encode("ascii"), b"/", host[:1], options)
        prepared = self._prepared.get((method, origin))
        if prepared is None:
            prepared = self._client.origin(origin).prepare(method.encode("ascii"), b"/", (), options)
            self._prepared[method, origin] = prepared
        return prepared


def _parts_bound(base: str, urls: Mapping[str, str]) -> dict[str, str]:
    """Give the bound URLs below a base, the longest first."""
    below = sorted((url for url in urls if url.startswith(base + "/") and url.rstrip("/") != base), key=len)
    return {url.rstrip("/"): urls[url].rstrip("/") for url in reversed(below)}


def connect(target: HttpService, link: Link, timeout: float) -> ServiceBackend | Unreachable:
    """Connect a service, or what it is bound to."""
    try:
        options = CallOptions(total_timeout=timeout, read_timeout=timeout)
        return ServiceBackend(target, link, options)
    except ValueError as error:
        fault = Fault(kind=FaultKind.MISCONFIGURED, cause=f"{target.url[:200]!r} cannot be called: {error}")
        return Unreachable(fault)
