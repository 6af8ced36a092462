"""A SageMaker endpoint, bound to a URL that answers `POST /invocations`.

Source: SageMaker Runtime API reference, "InvokeEndpoint".
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import quote

from inferway.backends.endpoints import errors
from inferway.backends.endpoints.container import MAX_BODY, MAX_TIMEOUT, SENT_ON, SENT_PREFIX, Container, HeaderSet
from inferway.backends.endpoints.endpoint import Endpoint
from inferway.backends.endpoints.headers import broken, wanted
from inferway.backends.endpoints.json_lines import JsonLines
from inferway.backends.endpoints.served import Served
from inferway.backends.http import connect as connect_http
from inferway.backends.link import PARAMETER, Invokable, Link, Unreachable, transport_fault
from inferway.definition.deployment import REGION
from inferway.definition.endpoints import ONLY_VARIANT, ServedEndpoint, ServedVariant
from inferway.definition.targets import INVOKE, INVOKE_ASYNC, HttpUrl, SageMakerEndpoint, Signing
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind, Place
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError

_VARIANT: Final = (b"x-amzn-invoked-production-variant", ONLY_VARIANT.encode())


class SageMakerBackend:
    """One endpoint with one variant of one instance, and nothing besides.

    Headers are looked at when their set is first seen, and then no more while it is known.
    """

    __slots__ = ("_calls", "_name", "_prepared")

    def __init__(self, name: str, container: Container, seconds: float) -> None:
        self._name = name
        self._calls = container.calls(seconds)
        self._prepared = self._calls.prepared

    async def invoke(self, call: Call) -> Reply | Fault:
        """Send the body to the container. Its own refusal is the service's ModelError, status 424."""
        if len(call.body) > MAX_BODY:
            return errors.too_large(MAX_BODY)
        headers = tuple([pair for pair in call.headers if pair[0] in SENT_ON or pair[0].startswith(SENT_PREFIX)])
        prepared = self._prepared.get(headers)
        try:
            if prepared is not None:
                reply = await prepared.send(call.body)
            else:
                refused = _refused(self._name, headers)
                if refused is not None:
                    return refused
                reply = await self._calls.send(headers, call.body)
        except TransportError as error:
            return transport_fault(error, f"endpoint {self._name!r}")
        except ValueError as error:
            return Fault(kind=FaultKind.MISCONFIGURED, cause=f"endpoint {self._name!r}: {error}")
        if reply.status // 100 != 2:
            return errors.model_error(self._name, reply.status, reply.body)
        reply.headers.append(_VARIANT)
        return reply


def _refused(name: str, headers: HeaderSet) -> Reply | None:
    """Give the service's refusal of headers, None where it has none."""
    flaws = broken(headers)
    if flaws:
        return errors.validation_error(flaws)
    asked = wanted(headers)
    if asked.variant not in {"", ONLY_VARIANT}:
        return errors.validation_error(f"Variant {asked.variant} was not found for endpoint {name}.")
    if asked.model:
        return errors.not_multi_model(name)
    if asked.component:
        return errors.validation_error(f"Inference Component {asked.component} was not found for {name}.")
    return None


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
            return errors.too_large(MAX_BODY)
        call.method = "POST"
        call.query = []
        call.headers = [pair for pair in call.headers if pair[0] in SENT_ON or pair[0].startswith(SENT_PREFIX)]
        return await self._invoke(call)


def _managed(name: str, link: Link, timeout: float, operation: str = INVOKE) -> "ManagedBackend | Unreachable":
    url = f"{link.runtime.rstrip('/')}/endpoints/{quote(name, safe='')}/{operation}"
    place = Place(file="")
    target = HttpUrl(url=url, place=place, signing=Signing(service="sagemaker", region=REGION))
    connected = connect_http(target, link, min(timeout, MAX_TIMEOUT))
    return connected if isinstance(connected, Unreachable) else ManagedBackend(connected.invoke)


class ServedBackend:
    """An endpoint of this process, called within a route's time."""

    __slots__ = ("_endpoint", "_seconds")

    def __init__(self, endpoint: Invokable, seconds: float) -> None:
        self._endpoint = endpoint
        self._seconds = seconds

    def invoke(self, call: Call) -> Awaitable[Reply | Fault]:
        """Send the body to whoever is chosen."""
        return self._endpoint.invoke(call, self._seconds)


class OperationBackend:
    """An operation of an endpoint other than InvokeEndpoint."""

    __slots__ = ("_perform",)

    def __init__(self, perform: Invoke) -> None:
        self._perform = perform

    def invoke(self, call: Call) -> Awaitable[Reply | Fault]:
        """Perform it."""
        return self._perform(call)


_Connected = SageMakerBackend | ServedBackend | OperationBackend | ManagedBackend | Unreachable


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
    return SageMakerBackend(name, Container(url, client), min(timeout, MAX_TIMEOUT))


def connect(target: SageMakerEndpoint, link: Link, timeout: float) -> _Connected | _ByParameter:
    """Connect an endpoint by its bound URL; an unbound name faults on every call."""
    name, operation = link.substitute(target.name), target.operation

    def connect_name(endpoint: str) -> _Connected:
        served, url = link.served.get(endpoint), link.endpoints.get(endpoint)
        if url is not None and operation != INVOKE:
            variant = ServedVariant(name=ONLY_VARIANT, urls=(url,))
            settings = ServedEndpoint(name=endpoint, variants=(variant,))
            served = Served(Endpoint(settings, link.client, Path, JsonLines()))
        if served is not None and operation != INVOKE:
            return OperationBackend(served.invoke_async if operation == INVOKE_ASYNC else served.invoke_stream)
        if served is not None:
            return ServedBackend(served, timeout)
        if url is None and endpoint in link.bound and endpoint not in link.managed:
            cause = f"endpoint {endpoint!r} is bound to a model that did not start"
            return Unreachable(Fault(kind=FaultKind.BACKEND_UNREACHABLE, cause=cause))
        if url is None and link.runtime and link.identity is not None:
            return _managed(endpoint, link, timeout, operation)
        if url is None:
            cause = f"endpoint {endpoint!r} is not bound: add [endpoints.{endpoint}] to inferway.toml"
            return Unreachable(Fault(kind=FaultKind.BACKEND_UNBOUND, cause=cause))
        return connect_url(endpoint, url, link.client, timeout)

    return _ByParameter(name, connect_name) if PARAMETER.search(name) else connect_name(name)
