"""The SageMaker runtime: InvokeEndpoint, InvokeEndpointAsync and InvokeEndpointWithResponseStream.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Runtime.html
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from inferway.backends.endpoints import errors
from inferway.backends.endpoints.async_queue import AsyncInvocations
from inferway.backends.endpoints.endpoint import BROKE_OFF, INVOKED_VARIANT, Endpoint
from inferway.backends.endpoints.response_stream import invoke_stream
from inferway.control.authorization import Authorize
from inferway.control.aws_json import ApiError, internal_error, request_id_header, rest_error_reply, signature_error
from inferway.definition.deployment import ACCOUNT, REGION
from inferway.definition.targets import INVOKE, INVOKE_ASYNC, INVOKE_STREAM
from inferway.exchange import Call, Headers, Reply, Request, Response
from inferway.faults import Fault, FaultKind

_SHOWN: Final = frozenset((b"content-type", b"x-amzn-errortype", INVOKED_VARIANT))
_SHOWN_PREFIX: Final = b"x-amzn-sagemaker-"

_ACTIONS: Final = {
    INVOKE: "sagemaker:InvokeEndpoint",
    INVOKE_ASYNC: "sagemaker:InvokeEndpointAsync",
    INVOKE_STREAM: "sagemaker:InvokeEndpointWithResponseStream",
}
"""What a policy has to allow, by the last part of an operation's path (Service Authorization Reference)."""

Find = Callable[[str], Endpoint | bool]
"""Gives the endpoint of a name; True for one that is there and not up, False for one that there is not."""


class SageMakerRuntime:
    """The runtime over whatever endpoints `find` knows; `authorize` sees every request first."""

    def __init__(self, find: Find, authorize: Authorize, invocations: AsyncInvocations) -> None:
        self._find = find
        self._authorize = authorize
        self._invocations = invocations

    async def handle(self, request: Request, below: str) -> Response:
        """Answer one request; `below` is what its path has below the service's own."""
        try:
            return await self._answer(request, below)
        except ApiError as error:
            return rest_error_reply(error)
        except Exception:  # noqa: BLE001 - whatever happened, the caller gets an answer
            return rest_error_reply(internal_error(request))

    async def _answer(self, request: Request, below: str) -> Response:
        name, operation = _asked(below)
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{name.lower()}"
        fault = self._authorize(request, _ACTIONS.get(operation, _ACTIONS[INVOKE]), arn)
        if fault is not None:
            raise signature_error(fault, 403)
        if operation not in _ACTIONS or request.method != "POST":
            served = ", ".join(_ACTIONS)
            text = f"{request.method} /{below[:200]} is not served by Inferway: POST /endpoints/NAME/… of {served} is."
            raise ApiError("UnknownOperationException", text, status=404)
        found = self._find(name)
        if found is False:
            raise ApiError("ValidationError", f"Endpoint {name} of account {ACCOUNT} not found.", member="Message")
        if found is True:
            return _response(errors.unavailable(f"Endpoint {name} is not in service."))
        call = Call(method="POST", headers=request.headers, body=request.body)
        if operation == INVOKE_ASYNC:
            return _response(await self._invocations.accept(found, call))
        given = await (invoke_stream(found, call) if operation == INVOKE_STREAM else found.invoke(call))
        return _response(given if isinstance(given, Reply) else fault_reply(found.name, given))


def fault_reply(endpoint: str, fault: Fault) -> Reply:
    """Give the service's reply for a model that brought none."""
    if fault.kind is FaultKind.BACKEND_TIMEOUT:
        return errors.model_error(endpoint, 0, errors.TIMED_OUT.encode())
    if fault.kind is FaultKind.BACKEND_BROKE_PROTOCOL or BROKE_OFF in fault.details:
        return errors.model_error(endpoint, 0, errors.EXITED.encode())
    return errors.unavailable("The model cannot be reached.")


def _asked(below: str) -> tuple[str, str]:
    """Give the endpoint's name in a path, and the operation's part of it, "" where it has none."""
    parts = below.split("/")
    is_whole = len(parts) == 3 and parts[0] == "endpoints"
    return (unquote(parts[1]) if len(parts) > 1 else ""), parts[2] if is_whole else ""


def _response(reply: Reply) -> Response:
    """Give a reply with the headers that the service lets through."""
    headers: Headers = [request_id_header()]
    headers += [pair for pair in reply.headers if pair[0] in _SHOWN or pair[0].startswith(_SHOWN_PREFIX)]
    return Response(status=reply.status, headers=headers, body=reply.body if reply.stream is None else reply.stream)
