"""A Lambda function, bound to a URL that speaks the Lambda Invoke API.

Source: Lambda API reference, "Invoke" (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

from inferway.backends.function_names import function_name_of, qualifier_of
from inferway.backends.link import Link, Unreachable, transport_fault
from inferway.definition.targets import LambdaFunction
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError
from inferway.transport.options import CallOptions
from inferway.transport.prepared import PreparedCall

MAX_REPLY: Final = 6_291_556
"""Bytes of a function's result: 6 MB and what surrounds it (the service's own message names this number)."""

_FUNCTION_ERROR: Final = b"x-amz-function-error"
_ERROR_TYPE: Final = b"x-amzn-errortype"
_BAD_REQUEST: Final = 400
_UNREADABLE: Final = b"InvalidRequestContentException"
_SENT_ON: Final = frozenset((b"x-amz-invocation-type", b"x-amz-log-type", b"x-amz-client-context", b"x-amzn-trace-id"))


class _ErrorDocument(msgspec.Struct):
    error_message: object = msgspec.field(default="", name="errorMessage")


class _Refusal(msgspec.Struct):
    message: str = ""


_decode_refusal: Final = msgspec.json.Decoder(_Refusal).decode
_decode_error: Final = msgspec.json.Decoder(_ErrorDocument).decode


class LambdaBackend:
    """One function."""

    __slots__ = ("_name", "_prepared")

    def __init__(self, name: str, prepared: PreparedCall) -> None:
        self._name = name
        self._prepared = prepared

    async def invoke(self, call: Call) -> Reply | Fault:
        """Send the event and give the function's result.

        A function that failed gives status 200 and `error`. Another status is the Lambda service's own exception, its
        name in `x-amzn-errortype`: 429 TooManyRequestsException, 413 RequestTooLargeException and their like. An event
        that is no JSON is a fault with Lambda's message ("Invoke", InvalidRequestContentException).
        """
        headers = [pair for pair in call.headers if pair[0] in _SENT_ON] if call.headers else ()
        try:
            reply = await self._prepared.send(call.body, headers)
        except TransportError as error:
            return transport_fault(error, f"function {self._name!r}")
        if reply.header(_FUNCTION_ERROR) is None:
            return reply if reply.status != _BAD_REQUEST else _refused(reply)
        return msgspec.structs.replace(reply, error=error_message(reply.body))


def _refused(reply: Reply) -> Reply | Fault:
    """Tell an event that could not be read from what else Lambda calls a bad request."""
    if not (reply.header(_ERROR_TYPE) or b"").startswith(_UNREADABLE):
        return reply
    try:
        message = _decode_refusal(reply.body).message
    except msgspec.DecodeError:
        message = ""
    return Fault(kind=FaultKind.EVENT_REFUSED, message=message, cause="the event is no JSON")


def error_message(document: bytes) -> str:
    """Give the `errorMessage` of a failed function's document, the document itself where it has none."""
    try:
        message = _decode_error(document).error_message
    except msgspec.DecodeError:
        return document.decode("utf-8", "replace")
    return message if isinstance(message, str) else msgspec.json.encode(message).decode()


def bound_function(functions: Mapping[str, str], name: str) -> str:
    """Give the key that binds a function: its very text, or else the same bare name; "" where none does."""
    if name in functions:
        return name
    bare = function_name_of(name)
    same = [key for key in functions if function_name_of(key) == bare]
    return min(same, key=lambda key: (key != bare, same.index(key)), default="")


def connect(target: LambdaFunction, link: Link, timeout: float) -> LambdaBackend | Unreachable:
    """Connect a function by the URL it is bound to; one that is not bound, or did not start, faults on every call."""
    name, url = find_function(link, target.name)
    return url if isinstance(url, Unreachable) else connect_url(name, url, link.client, timeout)


def find_function(link: Link, name: str) -> tuple[str, str | Unreachable]:
    """Give a function's name, and the URL that binds it; Unreachable where none does, or it did not start."""
    name = link.substitute(name)
    key = bound_function(link.functions, name)
    return name, link.functions.get(key, "") or _unbound(name, is_bound=bool(key))


def _unbound(name: str, *, is_bound: bool) -> Unreachable:
    if is_bound:
        cause = f"function {name!r} is bound to a handler that did not start"
        return Unreachable(Fault(kind=FaultKind.BACKEND_UNREACHABLE, cause=cause))
    cause = f'function {name!r} is not bound: add [functions."{function_name_of(name)}"] to inferway.toml'
    return Unreachable(Fault(kind=FaultKind.BACKEND_UNBOUND, cause=cause))


def connect_url(name: str, url: str, client: HttpClient, timeout: float) -> LambdaBackend | Unreachable:
    """Connect a function, with or without a qualifier in its name, at the URL of its Invoke API; seconds to wait."""
    options = CallOptions(total_timeout=timeout, read_timeout=timeout, max_body_bytes=MAX_REPLY)
    prepared = prepare_event(name, "2015-03-31", "invocations", url, client, options)
    return prepared if isinstance(prepared, Unreachable) else LambdaBackend(name, prepared)


def prepare_event(
    name: str, version: str, operation: str, url: str, client: HttpClient, options: CallOptions
) -> PreparedCall | Unreachable:
    """Prepare the call of an operation (its API's version, its path's end) for the function that a URL binds."""
    parts = urlsplit(url)
    path = f"{parts.path.rstrip('/')}/{version}/functions/{quote(function_name_of(name), safe='')}/{operation}"
    qualifier = qualifier_of(name)
    if qualifier:
        path += f"?Qualifier={quote(qualifier, safe='')}"
    json = ((b"content-type", b"application/json"),)
    try:
        origin = client.origin(f"{parts.scheme}://{parts.netloc}")
        return origin.prepare(b"POST", path.encode("ascii"), json, options)
    except ValueError as error:
        return Unreachable(Fault(kind=FaultKind.MISCONFIGURED, cause=f"function {name!r}: {url!r}: {error}"))
