"""The SageMaker runtime: `POST /endpoints/NAME/invocations`, to endpoints of the registry and of the bindings.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import unquote

from inferway.backends.backend import Backend
from inferway.backends.endpoints.container import MAX_BODY
from inferway.backends.sagemaker import connect_url
from inferway.control.authorization import Authorize
from inferway.control.aws_json import ApiError, internal_error, request_id_header, rest_error_reply, signature_error
from inferway.exchange import Call, Headers, Reply, Request, Response
from inferway.faults import Fault, FaultKind
from inferway.registry.hosting import Served
from inferway.registry.record import Kind
from inferway.registry.registry import Registry
from inferway.transport.client import HttpClient

_VARIANT: Final = b"x-amzn-invoked-production-variant"
_SHOWN: Final = frozenset((b"content-type", b"x-amzn-errortype", _VARIANT))
_SHOWN_PREFIX: Final = b"x-amzn-sagemaker-"
_UNSERVED: Final = (
    b"x-amzn-sagemaker-target-model",
    b"x-amzn-sagemaker-target-container-hostname",
    b"x-amzn-sagemaker-inference-component",
    b"x-amzn-sagemaker-session-id",
)
_LONGEST_HEADER: Final = 1024
_MOST_CONNECTED: Final = 256

BoundUrl = Callable[[str], str | None]
"""Gives the URL of an endpoint that the bindings name, None for one that they do not, "" for one that is not up."""


class SageMakerRuntime:
    """InvokeEndpoint. What the bindings name comes before what the registry serves under the same name."""

    def __init__(self, registry: Registry, authorize: Authorize, client: HttpClient, bound: BoundUrl) -> None:
        self._registry = registry
        self._authorize = authorize
        self._client = client
        self._bound = bound
        self._connected: dict[tuple[str, str], Backend] = {}

    async def handle(self, request: Request, below: str) -> Response:
        """Answer one request; `below` is what its path has below the service's own."""
        try:
            return await self._answer(request, below)
        except ApiError as error:
            return rest_error_reply(error)
        except Exception:  # noqa: BLE001 - whatever happened, the caller gets an answer
            return rest_error_reply(internal_error(request))

    async def _answer(self, request: Request, below: str) -> Response:
        name, is_known = _endpoint(below)
        arn = self._registry.account.arn(Kind.ENDPOINT, name)
        fault = self._authorize(request, "sagemaker:InvokeEndpoint", arn)
        if fault is not None:
            raise signature_error(fault, 403)
        if not is_known or request.method != "POST":
            raise ApiError(
                "UnknownOperationException",
                f"{request.method} /{below[:200]} is not served by Inferway: POST /endpoints/NAME/invocations is.",
                status=404,
            )
        _require_served(request)
        served = self._served(name, _header(request, b"x-amzn-sagemaker-target-variant"))
        call = Call(method="POST", headers=request.headers, body=request.body)
        given = self._connect(name, served.url).invoke(call)
        reply = await given if isinstance(given, Awaitable) else given
        if isinstance(reply, Fault):
            raise _fault_error(reply)
        return _response(reply, served.variant)

    def _served(self, name: str, variant: str) -> Served:
        """Give where an endpoint's call goes; raises ApiError."""
        url = self._bound(name)
        if url:
            return Served(variant="AllTraffic", weight=1.0, url=url)
        host = self._registry.endpoints.host(name)
        if host is None and url is None:
            account = self._registry.account.id
            raise ApiError("ValidationError", f"Endpoint {name} of account {account} not found.", member="Message")
        chosen = host.choose(variant) if host is not None else None
        if chosen is None and variant:
            raise ApiError("ValidationError", f"Variant {variant} was not found for endpoint {name}.", member="Message")
        if chosen is None:
            raise ApiError("ServiceUnavailable", f"Endpoint {name} is not in service.", status=503, member="Message")
        return chosen

    def _connect(self, name: str, url: str) -> Backend:
        found = self._connected.get((name, url))
        if found is None:
            if len(self._connected) >= _MOST_CONNECTED:
                self._connected.clear()
            found = self._connected[name, url] = connect_url(name, url, self._client)
        return found


def _endpoint(below: str) -> tuple[str, bool]:
    """Give the endpoint's name in a path, and whether the path is InvokeEndpoint's."""
    parts = below.split("/")
    is_known = len(parts) == 3 and (parts[0], parts[2]) == ("endpoints", "invocations")
    return (unquote(parts[1]) if len(parts) > 1 else ""), is_known


def _header(request: Request, name: bytes) -> str:
    return (request.header(name) or b"").decode("latin-1")


def _require_served(request: Request) -> None:
    """Refuse what InvokeEndpoint would refuse, and what is not served here."""
    if len(request.body) > MAX_BODY:
        raise ApiError(
            "ValidationError", f"The request body is larger than {MAX_BODY} bytes.", status=413, member="Message"
        )
    attributes = _header(request, b"x-amzn-sagemaker-custom-attributes")
    if len(attributes) > _LONGEST_HEADER:
        raise ApiError(
            "ValidationError",
            f"1 validation error detected: Value '{attributes[:100]}…' at 'customAttributes' failed to satisfy "
            f"constraint: Member must have length less than or equal to {_LONGEST_HEADER}",
            member="Message",
        )
    for name in _UNSERVED:
        if request.header(name) is not None:
            raise ApiError("ValidationError", f"{name.decode()} is not served by Inferway.", member="Message")


def _fault_error(fault: Fault) -> ApiError:
    """Give the service's error for a model that brought no reply."""
    if fault.kind is FaultKind.BACKEND_TIMEOUT:
        return ApiError(
            "ModelError",
            'Received server error (0) from primary with message "Your invocation timed out while waiting for a '
            'response from container primary."',
            status=424,
            member="Message",
        )
    return ApiError("ServiceUnavailable", "The model cannot be reached.", status=503, member="Message")


def _response(reply: Reply, variant: str) -> Response:
    """Give the model's reply with the headers that the service lets through."""
    headers: Headers = [request_id_header()]
    for name, value in reply.headers:
        if name == _VARIANT:
            headers.append((name, variant.encode()))
        elif name in _SHOWN or name.startswith(_SHOWN_PREFIX):
            headers.append((name, value))
    return Response(status=reply.status, headers=headers, body=reply.body)
