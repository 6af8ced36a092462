"""Reads `responseTransferMode`: whether an integration's response is passed on while it arrives.

Source: API Gateway, "Stream the integration response for your proxy integrations" (https://docs.aws.amazon.com/
apigateway/latest/developerguide/response-transfer-mode.html). The message for a function that is not streamed, and the
longest timeout, are the service's own, as users report them (terraform-provider-aws, pull request 45482).
"""

from typing import Final

from inferway.definition.targets import HttpStream, HttpUrl, LambdaFunction, LambdaStream, Target, Unserved
from inferway.formats.cursor import Cursor

LONGEST: Final = 900_000
"""Milliseconds that a streamed response may take in all."""

_MODES: Final = frozenset(("", "BUFFERED", "STREAM"))
_ONLY: Final = "Invalid ResponseTransferMode. ResponseTransferMode STREAM is only supported for"
_FOR_FUNCTIONS: Final = f"{_ONLY} Lambda functions invoked by InvokeWithResponseStream for AWS_PROXY integrations."
_FOR_TYPES: Final = f"{_ONLY} HTTP_PROXY and AWS_PROXY integrations."


def transferred(kind: str, target: Target, integration: Cursor) -> Target:
    """Give an integration's target as its transfer mode wants it called; `kind` is its type in lower case."""
    mode = integration["responseTransferMode"]
    text = mode.text().upper()
    if text not in _MODES:
        mode.error("transfer-mode", f"the response transfer mode is BUFFERED or STREAM, not {mode.text()!r}")
    if text != "STREAM":
        return _buffered(target, integration["uri"])
    if kind == "http_proxy" and isinstance(target, HttpUrl):
        return HttpStream(
            url=target.url, place=target.place, signing=target.signing, any_authority=target.any_authority
        )
    if kind == "aws_proxy" and isinstance(target, LambdaFunction):
        if not isinstance(target, LambdaStream):
            mode.error("transfer-mode", _FOR_FUNCTIONS)
    elif not isinstance(target, Unserved):
        mode.error("transfer-mode", _FOR_TYPES)
    return target


def _buffered(target: Target, uri: Cursor) -> Target:
    if not isinstance(target, LambdaStream):
        return target
    uri.warning("transfer-mode", "without responseTransferMode STREAM the function is called by Invoke, not streamed")
    return LambdaFunction(name=target.name, place=target.place)
