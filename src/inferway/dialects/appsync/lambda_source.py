"""AWS_LAMBDA data sources.

Source: AppSync, "Resolver mapping template reference for Lambda" (https://docs.aws.amazon.com/appsync/latest/devguide/
resolver-mapping-template-reference-lambda.html).
"""

from typing import Final

import msgspec

from inferway.dialects.appsync.data_source import Outcome, Sent, SourceError, text_of, wrong_document
from inferway.dialects.appsync.json_values import read_json
from inferway.exchange import Call, Exchange, Reply
from inferway.faults import Fault, FaultKind

OPERATIONS: Final = ("Invoke", "BatchInvoke")
_TYPES: Final = ("RequestResponse", "Event")
_JSON: Final = (b"content-type", b"application/json")

_REFUSED: Final = 300
"""From this status on the service answers with an exception of its own, and the function did not run."""

UNHANDLED: Final = "Lambda:Unhandled"
"""The error type of a function that failed (recorded in the guide's own responses)."""

_FAULTS: Final = {
    FaultKind.BACKEND_TIMEOUT: "Lambda:ExecutionTimeoutException",
    FaultKind.BACKEND_UNBOUND: "Lambda:ResourceNotFoundException",
    FaultKind.THROTTLED: "Lambda:TooManyRequestsException",
}


class LambdaSource:
    """Sends the payload to the function."""

    def call(self, document: dict[str, object]) -> Call:
        """Give the call. A BatchInvoke is a batch of one: how many fields a batch joins is the service's to choose."""
        operation = text_of(document, "operation")
        if operation not in OPERATIONS:
            raise wrong_document(f"Unsupported operation '{operation}'. Supported operations: {', '.join(OPERATIONS)}.")
        kind = document.get("invocationType", "RequestResponse")
        if kind not in _TYPES:
            raise wrong_document(f"Unsupported invocationType '{kind}'.")
        payload = document.get("payload")
        body = msgspec.json.encode([payload] if operation == "BatchInvoke" else payload)
        headers = [_JSON]
        if kind == "Event":
            headers.append((b"x-amz-invocation-type", b"Event"))
        return Call(method="POST", headers=headers, body=body)

    def outcome(self, reply: Reply, sent: Sent, exchange: Exchange) -> Outcome:  # noqa: ARG002 - a source's form
        """Give the function's result, or its error."""
        if reply.error is not None:
            return Outcome(error=SourceError(message=reply.error, type=UNHANDLED))
        if reply.status >= _REFUSED:
            return Outcome(error=_refusal(reply))
        if sent.document.get("invocationType") == "Event" or not reply.body:
            return Outcome()
        try:
            result = read_json(reply.body.decode("utf-8", "replace"))
        except ValueError as error:
            text = f"The function's result is no JSON: {error}"
            return Outcome(error=SourceError(message=text, type="Lambda:IllegalResponse"))
        if sent.document.get("operation") == "BatchInvoke":
            return _of_batch(result)
        return Outcome(result=result)

    def failed(self, fault: Fault) -> SourceError:
        """Give the error for a function that could not be called."""
        message = fault.message or "The function could not be invoked."
        return SourceError(message=message, type=_FAULTS.get(fault.kind, "Lambda:ServiceException"))


def _refusal(reply: Reply) -> SourceError:
    """Give the error for an exception of the service itself, such as a throttle, in the service's words."""
    name = (reply.header(b"x-amzn-errortype") or b"").decode("latin-1").partition(":")[0]
    try:
        document = read_json(reply.body.decode("utf-8", "replace"))
    except ValueError:
        document = None
    words = {key.lower(): value for key, value in document.items()} if isinstance(document, dict) else {}
    message = words.get("message")
    text = message if isinstance(message, str) and message else f"The function service answered {reply.status}."
    return SourceError(message=text, type=f"Lambda:{name or 'ServiceException'}")


def _of_batch(result: object) -> Outcome:
    """Give the one result of a batch of one; a result may carry an error of its own beside its data."""
    if not isinstance(result, list) or len(result) != 1:
        text = "The function must give a list with as many results as the batch has payloads."
        return Outcome(error=SourceError(message=text, type="Lambda:IllegalResponse"))
    only = result[0]
    if isinstance(only, dict) and only.get("errorMessage") is not None:
        error = SourceError(message=str(only["errorMessage"]), type=str(only.get("errorType") or UNHANDLED))
        return Outcome(result=only.get("data"), error=error)
    return Outcome(result=only)
