"""A SageMaker endpoint, bound to a URL that answers `POST /invocations`.

Source: SageMaker Runtime API reference, "InvokeEndpoint".
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

from inferway.backends.http import connect as connect_http
from inferway.backends.link import PARAMETER, Link, Unreachable, transport_fault
from inferway.definition.deployment import REGION
from inferway.definition.targets import HttpUrl, SageMakerEndpoint, Signing
from inferway.exchange import Call, Headers, Reply
from inferway.faults import Fault, FaultKind, Place
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError
from inferway.transport.options import CallOptions
from inferway.transport.prepared import PreparedCall

MAX_TIMEOUT: Final = 60.0
"""Seconds that the service waits for a container."""

MAX_BODY: Final = 6_291_456
"""Bytes of a request or reply body."""

_SENT_ON: Final = frozenset((b"accept", b"content-type"))
_SENT_PREFIX: Final = b"x-amzn-sagemaker-"
_MOST_PREPARED: Final = 32
_VARIANT: Final = (b"x-amzn-invoked-production-variant", b"AllTraffic")
"""The name that the service's own console and SDK give an endpoint's only variant."""


class SageMakerBackend:
    """One endpoint. The few sets of headers that its callers send are settled once each."""

    __slots__ = ("_name", "_prepare", "_prepared")

    def __init__(self, name: str, prepare: Callable[[Headers], PreparedCall]) -> None:
        self._name = name
        self._prepare = prepare
        self._prepared: dict[tuple[tuple[bytes, bytes], ...], PreparedCall] = {(): prepare([])}

    async def invoke(self, call: Call) -> Reply | Fault:
        """Send the body to the container. Its own refusal is the service's ModelError, status 424."""
        if len(call.body) > MAX_BODY:
            return _too_large()
        headers = tuple([pair for pair in call.headers if pair[0] in _SENT_ON or pair[0].startswith(_SENT_PREFIX)])
        prepared = self._prepared.get(headers)
        try:
            if prepared is not None:
                reply = await prepared.send(call.body)
            elif len(self._prepared) < _MOST_PREPARED:
                prepared = self._prepared[headers] = self._prepare(list(headers))
                reply = await prepared.send(call.body)
            else:
                reply = await self._prepared[()].send(call.body, headers)
        except TransportError as error:
            return transport_fault(error, f"endpoint {self._name!r}")
        except ValueError as error:
            return Fault(kind=FaultKind.MISCONFIGURED, cause=f"endpoint {self._name!r}: {error}")
        if reply.status // 100 != 2:
            return model_error(reply.status, reply.body)
        reply.headers.append(_VARIANT)
        return reply


def _too_large() -> Reply:
    return _error(413, "ValidationError", {"Message": f"The request body is larger than {MAX_BODY} bytes."})


def model_error(status: int, body: bytes) -> Reply:
    """Give the service's reply for a container that answered with an error (InvokeEndpoint, "ModelError")."""
    original = body.decode("utf-8", "replace")
    whose = "client" if status // 100 == 4 else "server"
    text = f'Received {whose} error ({status}) from primary with message "{original}".'
    fields = {
        "ErrorCode": f"{whose.upper()}_ERROR_FROM_MODEL",
        "LogStreamArn": "",
        "Message": text,
        "OriginalMessage": original,
        "OriginalStatusCode": status,
    }
    return _error(424, "ModelError", fields)


def _error(status: int, kind: str, fields: dict[str, object]) -> Reply:
    headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", kind.encode())]
    return Reply(status=status, headers=headers, body=msgspec.json.encode(fields))


Invoke = Callable[[Call], Awaitable[Reply | Fault]]


class ManagedBackend:
    """An endpoint that nothing binds: the service that manages endpoints is asked for it at each call.

    A name that it does not know either is its own error, as the vendor's is: 400 ValidationError.
    """

    __slots__ = ("_invoke",)

    def __init__(self, invoke: "Invoke") -> None:
        self._invoke = invoke

    async def invoke(self, call: Call) -> Reply | Fault:
        """Send the body to the service, signed, and give its reply."""
        if len(call.body) > MAX_BODY:
            return _too_large()
        call.method = "POST"
        call.query = []
        call.headers = [pair for pair in call.headers if pair[0] in _SENT_ON or pair[0].startswith(_SENT_PREFIX)]
        return await self._invoke(call)


def _managed(name: str, link: Link, timeout: float) -> "ManagedBackend | Unreachable":
    url = f"{link.runtime.rstrip('/')}/endpoints/{quote(name, safe='')}/invocations"
    place = Place(file="")
    target = HttpUrl(url=url, place=place, signing=Signing(service="sagemaker", region=REGION))
    connected = connect_http(target, link, min(timeout, MAX_TIMEOUT))
    return connected if isinstance(connected, Unreachable) else ManagedBackend(connected.invoke)


_Connected = SageMakerBackend | ManagedBackend | Unreachable


class _ByParameter:
    """Endpoints whose name a request's parameters complete; each is connected when it is first named."""

    __slots__ = ("_connect", "_connected", "_pieces")

    def __init__(self, template: str, connect_name: Callable[[str], "_Connected"]) -> None:
        self._pieces = PARAMETER.split(template)
        self._connect = connect_name
        self._connected: dict[str, _Connected] = {}

    def invoke(self, call: Call) -> Fault | Awaitable[Reply | Fault]:
        pieces = [call.parameters.get(piece, "") if index % 2 else piece for index, piece in enumerate(self._pieces)]
        name = "".join(pieces)
        backend = self._connected.get(name)
        if backend is None:
            backend = self._connect(name)
            if not isinstance(backend, Unreachable):
                self._connected[name] = backend
        return backend.invoke(call)


def connect_url(name: str, url: str, client: HttpClient, timeout: float = MAX_TIMEOUT) -> SageMakerBackend:
    """Connect the endpoint that answers below a URL; `name` is what its faults call it, `timeout` is in seconds.

    Raises ValueError for a URL that cannot be called.
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path.endswith("/invocations"):
        path += "/invocations"
    seconds = min(timeout, MAX_TIMEOUT)
    options = CallOptions(total_timeout=seconds, read_timeout=seconds, max_body_bytes=MAX_BODY)
    origin, target = client.origin(f"{parts.scheme}://{parts.netloc}"), path.encode("ascii")
    return SageMakerBackend(name, lambda headers: origin.prepare(b"POST", target, headers, options))


def connect(target: SageMakerEndpoint, link: Link, timeout: float) -> _Connected | _ByParameter:
    """Connect an endpoint by its bound URL; an unbound name faults on every call."""
    name = link.substitute(target.name)

    def connect_name(endpoint: str) -> _Connected:
        url = link.endpoints.get(endpoint)
        if url is None and endpoint in link.bound:
            cause = f"endpoint {endpoint!r} is bound to a model that did not start"
            return Unreachable(Fault(kind=FaultKind.BACKEND_UNREACHABLE, cause=cause))
        if url is None and link.runtime and link.identity is not None:
            return _managed(endpoint, link, timeout)
        if url is None:
            cause = f"endpoint {endpoint!r} is not bound: add [endpoints.{endpoint}] to inferway.toml"
            return Unreachable(Fault(kind=FaultKind.BACKEND_UNBOUND, cause=cause))
        return connect_url(endpoint, url, link.client, timeout)

    return _ByParameter(name, connect_name) if PARAMETER.search(name) else connect_name(name)
