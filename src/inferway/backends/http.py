"""A plain HTTP backend."""

import time
from collections.abc import Callable
from socket import gaierror
from typing import Final
from urllib.parse import quote, urlsplit

from inferway.backends.dot_segments import climbs
from inferway.backends.link import PARAMETER, Link, Unreachable, transport_fault
from inferway.backends.passed_on import passed_on, whole
from inferway.credentials.signing import Credentials, sign
from inferway.definition.identity import Identity
from inferway.definition.targets import HttpStream, HttpUrl, Signing
from inferway.exchange import Call, Headers, Reply, Request, query_text
from inferway.faults import Fault, FaultKind
from inferway.transport.errors import TransportError
from inferway.transport.options import CallOptions, TlsOptions
from inferway.transport.origin import Origin
from inferway.transport.prepared import CONNECTION_HEADERS, PreparedCall

_IDEMPOTENT: Final = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
_LONGEST: Final = 900.0
"""Seconds that an event stream may take in all where bindings say that it is passed on."""

_EVENTS: Final = b"text/event-stream"
_REFUSED: Final = CONNECTION_HEADERS | {b"host"}


Sign = Callable[[Call, Headers, bytes], Headers]
"""Takes a call, its headers and the target that is sent; gives the headers that sign it."""


class HttpBackend:
    """One URL, whose `{name}` places are filled by each call.

    `streams` passes replies on while they arrive, `events` does so for event streams alone.
    """

    __slots__ = ("_events", "_make_path", "_options", "_origin", "_prepared", "_query", "_sign", "_streams", "_url")

    def __init__(
        self,
        url: str,
        origin: Origin,
        options: CallOptions,
        sign: Sign | None = None,
        *,
        streams: bool = False,
        events: bool = False,
    ) -> None:
        parts = urlsplit(url)
        self._url = url
        self._origin = origin
        self._options = options
        self._make_path = _path_maker(parts.path or "/")
        self._query = parts.query
        self._sign = sign
        self._streams = streams or events
        self._events = events and not streams
        self._prepared: dict[str, PreparedCall] = {}

    async def invoke(self, call: Call) -> Reply | Fault:
        """Send the call on and give the reply as it came."""
        try:
            prepared = self._prepared.get(call.method) or self._prepare(call.method)
            headers = [pair for pair in call.headers if pair[0] not in _REFUSED]
            target = self._target(call)
            if self._sign is not None:
                headers += self._sign(call, headers, target)
            reply = await prepared.send(call.body, headers, target)
        except TransportError as error:
            if isinstance(error.__cause__, gaierror):
                return Fault(kind=FaultKind.MISCONFIGURED, cause=f"{self._url}: {error}")
            return transport_fault(error, self._url)
        except _ClimbsError:
            return Fault(kind=FaultKind.MALFORMED_REQUEST, cause=f"{self._url}: a path parameter has dot segments")
        except ValueError as error:
            return Fault(kind=FaultKind.MISCONFIGURED, cause=f"{self._url}: {error}")
        if not self._streams:
            return reply
        reply = passed_on(reply, self._url)
        if not self._events or (reply.header(b"content-type") or b"").lower().startswith(_EVENTS):
            return reply
        return await whole(reply, self._options.max_body_bytes, self._url)

    def _prepare(self, method: str) -> PreparedCall:
        options = self._options
        if method in _IDEMPOTENT:
            options = CallOptions(
                total_timeout=options.total_timeout, read_timeout=options.read_timeout, idempotent=True
            )
        prepared = self._origin.prepare(method.encode("ascii"), b"/", (), options)
        if self._streams:
            prepared = prepared.streaming()
        self._prepared[method] = prepared
        return prepared

    def _target(self, call: Call) -> bytes:
        target = self._make_path(call.parameters)
        queries = [self._query] if self._query else []
        if call.query:
            queries.append(query_text(call.query))
        return (f"{target}?{'&'.join(queries)}" if queries else target).encode("ascii", "replace")


def _path_maker(path: str) -> Callable[[dict[str, str]], str]:
    pieces = PARAMETER.split(path)
    if len(pieces) == 1:
        fixed = quote(path, safe="/%:@!$&'()*+,;=~-._")
        return lambda parameters: fixed  # noqa: ARG005 - a path maker's form

    def make(parameters: dict[str, str]) -> str:
        return "".join(
            _fill(parameters, piece) if index % 2 else quote(piece, safe="/%:@!$&'()*+,;=~-._")
            for index, piece in enumerate(pieces)
        )

    return make


class _ClimbsError(Exception):
    """A path parameter that would lead out of its place in the path."""


def _fill(parameters: dict[str, str], name: str) -> str:
    """Give a parameter's value as part of a path; a greedy one keeps its slashes. Raises _ClimbsError for dot segments.

    Quoting would not hold them: `%2E` and `.` are the same to a server (RFC 3986, 6.2.2.2).
    """
    value = parameters.get(name.rstrip("+"), parameters.get(name, ""))
    if climbs(value):
        raise _ClimbsError
    return quote(value, safe="/:@!$&'()*+,;=~-._")


def connect(target: HttpUrl, link: Link, timeout: float) -> HttpBackend | Unreachable:
    """Connect a URL, or what it is bound to."""
    url = link.bound_url(link.substitute(target.url))
    streams, events = isinstance(target, HttpStream), link.passes_events(link.substitute(target.url))
    idle = min(timeout, target.idle) if isinstance(target, HttpStream) else timeout
    total = max(timeout, _LONGEST) if events and not streams else timeout
    options = CallOptions(total_timeout=total, read_timeout=idle)
    try:
        parts = urlsplit(url)
        certificate = link.certificate if target.signing is None else None
        tls = TlsOptions(any_authority=target.any_authority, client_certificate=certificate)
        origin = link.client.origin(f"{parts.scheme}://{parts.netloc}", tls)
        if target.signing is None:
            return HttpBackend(url, origin, options, streams=streams, events=events)
        if link.identity is None:
            cause = f"{url!r} takes signed calls, and this project has no identity to sign them with"
            return Unreachable(Fault(kind=FaultKind.MISCONFIGURED, cause=cause))
        sign_call = _signer(target.signing, link.identity, parts.netloc)
        return HttpBackend(url, origin, options, sign_call, streams=streams, events=events)
    except ValueError as error:
        return Unreachable(Fault(kind=FaultKind.MISCONFIGURED, cause=f"{url!r} cannot be called: {error}"))


def _signer(signing: Signing, identity: Identity, authority: str) -> Sign:
    credentials = Credentials(
        access_key=identity.access_key, secret=identity.secret, session_token=identity.session_token
    )
    host = (b"host", authority.encode("ascii"))

    def sign_call(call: Call, headers: Headers, target: bytes) -> Headers:
        path, _, query = target.decode("ascii").partition("?")
        request = Request(method=call.method, path=path, query=query, headers=[*headers, host], body=call.body)
        return sign(request, credentials, region=signing.region, service=signing.service, now=time.time())

    return sign_call
