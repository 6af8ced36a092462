"""The AWS JSON protocol's replies, and the words for faults in a request's signature."""

import logging
import uuid
from typing import Any, Final

import msgspec

from inferway.exchange import Request, Response
from inferway.faults import Fault, FaultKind

_log: Final = logging.getLogger(__name__)

_SIGNATURE_FAULTS: Final = {
    FaultKind.MISSING_CREDENTIALS: ("MissingAuthenticationTokenException", "Missing Authentication Token"),
    FaultKind.INCOMPLETE_SIGNATURE: ("IncompleteSignatureException", "Authorization header requires its parameters."),
    FaultKind.UNKNOWN_CREDENTIALS: (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    ),
    FaultKind.INVALID_SIGNATURE: (
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided.",
    ),
    FaultKind.EXPIRED_SIGNATURE: ("InvalidSignatureException", "Signature expired"),
    FaultKind.PERMISSION_DENIED: ("AccessDeniedException", "User is not authorized to perform this action"),
    FaultKind.ACCESS_DENIED: ("AccessDeniedException", "User is not authorized to perform this action"),
}


class ApiError(Exception):
    """An error that goes back to the caller: its type, its message, the HTTP status, and the message's member."""

    def __init__(self, kind: str, message: str, *, status: int = 400, member: str = "message") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
        self.member = member


def internal_error(request: Request) -> ApiError:
    """Give the error for an exception that is being handled and that nothing foresaw; the log has it whole."""
    _log.exception("%s %s failed", request.method, request.path)
    return ApiError("InternalFailure", "The request failed because of an internal error.", status=500)


def signature_error(fault: Fault, status: int) -> ApiError:
    """Give the error for a fault of the caller's credentials; any other is the gateway's own."""
    kind, message = _SIGNATURE_FAULTS.get(fault.kind, ("InternalFailure", "The request could not be verified."))
    return ApiError(kind, fault.message or message, status=status)


def reply(document: dict[str, Any]) -> Response:
    """Give a result in AWS JSON 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html)."""
    return _response(200, "application/x-amz-json-1.1", msgspec.json.encode(document))


def no_content() -> Response:
    """Give the reply of an operation without a result: the service sends no body."""
    return _response(200, "application/x-amz-json-1.1", b"")


def error_reply(error: ApiError) -> Response:
    """Give an error in AWS JSON 1.1."""
    body = msgspec.json.encode({"__type": error.kind, error.member: error.message})
    return _response(error.status, "application/x-amz-json-1.1", body, error.kind)


def rest_error_reply(error: ApiError) -> Response:
    """Give an error in AWS REST JSON: its type stands in a header only."""
    body = msgspec.json.encode({error.member: error.message})
    return _response(error.status, "application/json", body, error.kind)


def request_id_header() -> tuple[bytes, bytes]:
    """Give a new request's identifier, as a header."""
    return b"x-amzn-requestid", str(uuid.uuid4()).encode()


def _response(status: int, content_type: str, body: bytes, error_type: str = "") -> Response:
    headers = [request_id_header(), (b"content-type", content_type.encode())]
    if error_type:
        headers.append((b"x-amzn-errortype", error_type.encode()))
    return Response(status=status, headers=headers, body=body)
