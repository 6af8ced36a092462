"""Lambda's Invoke API over the functions of this node, for functions that call each other.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from inferway.backends.aws_lambda import bound_function, connect_url
from inferway.backends.function_names import function_name_of
from inferway.control.authorization import Authorize
from inferway.control.aws_json import internal_error, request_id_header, signature_error
from inferway.exchange import Call, Reply, Request, Response
from inferway.transport.client import HttpClient

_VERSION: Final = "2015-03-31"
_INVOKE: Final = f"{_VERSION}/functions/NAME/invocations"
_LONGEST: Final = 930.0  # seconds; a function may take 15 minutes
_SHOWN: Final = (b"content-type", b"x-amzn-errortype", b"x-amzn-requestid", b"x-amzn-remapped-content-length")
_SHOWN_PREFIX: Final = b"x-amz-"

Functions = Callable[[], Mapping[str, str]]
"""Gives the URLs of the functions that are up, by the name that they are bound under."""


class Lambda:
    """The functions of this node; `functions` is the ARN below which they are, `authorize` sees every request first."""

    def __init__(self, homes: Functions, authorize: Authorize, functions: str, client: HttpClient) -> None:
        self._homes = homes
        self._authorize = authorize
        self._functions = functions
        self._client = client

    async def handle(self, request: Request, below: str) -> Response:
        """Answer one request; `below` is what its path has below the service's own."""
        try:
            return await self._answer(request, below)
        except Exception:  # noqa: BLE001 - whatever happened, the caller gets an answer
            failed = internal_error(request)
            return _error("ServiceException", failed.message, failed.status, "Service")

    async def _answer(self, request: Request, below: str) -> Response:
        name, is_known = _function(below)
        arn = f"{self._functions}{function_name_of(name)}"
        fault = self._authorize(request, "lambda:InvokeFunction", arn)
        if fault is not None:
            refused = signature_error(fault, 403)
            return _error(refused.kind, refused.message, 403)
        if not is_known or request.method != "POST":
            said = f"{request.method} /{below[:200]} is not served by Inferway: POST /{_INVOKE} is"
            return _error("UnknownOperationException", said, 404)
        homes = self._homes()
        key = bound_function(homes, name)
        if not key:
            return _error("ResourceNotFoundException", f"Function not found: {arn}", 404)
        backend = connect_url(name, homes[key], self._client, _LONGEST)
        given = backend.invoke(Call(method="POST", headers=request.headers, body=request.body))
        reply = await given if isinstance(given, Awaitable) else given
        if not isinstance(reply, Reply):
            return _error("ServiceException", reply.message or reply.cause, 502, "Service")
        headers = [pair for pair in reply.headers if pair[0] in _SHOWN or pair[0].startswith(_SHOWN_PREFIX)]
        return Response(status=reply.status, headers=headers, body=reply.body)


def _function(below: str) -> tuple[str, bool]:
    """Give the function's name in a path, and whether the path is Invoke's."""
    parts = below.split("/")
    is_known = len(parts) == 4 and (parts[0], parts[1], parts[3]) == (_VERSION, "functions", "invocations")
    return (unquote(parts[2]) if len(parts) > 2 else ""), is_known


def _error(kind: str, message: str, status: int, origin: str = "User") -> Response:
    headers = [request_id_header(), (b"x-amzn-errortype", kind.encode()), (b"content-type", b"application/json")]
    return Response(status=status, headers=headers, body=msgspec.json.encode({"Type": origin, "Message": message}))
