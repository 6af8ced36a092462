"""What an authorizer's function says of a caller.

Sources: API Gateway, "Output from an API Gateway Lambda authorizer" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-lambda-authorizer-output.html); the blueprints' "Unauthorized" (https://github.com/awslabs/
aws-apigateway-lambda-authorizer-blueprints); responses and execution logs that users of the service published
("Could not parse policy", AuthorizerConfigurationException).
"""

from typing import Any, Final

import msgspec

from inferway.caller import Authorized
from inferway.credentials.policies import PolicyError, read_policy
from inferway.dialects.dialect import Evaluate
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind

AUTHORIZER_RESULT: Final = "authorizer_result"
"""The language of an expression that gives what a function's reply says of the caller; its text is empty."""

LARGEST_POLICY: Final = 65_536
"""Bytes. Every call asks the policy anew, so that its size is to be bounded."""

_UNAUTHORIZED: Final = "Unauthorized"
_SUCCEEDED: Final = 200
_LISTS: Final = ("Action", "NotAction", "Resource", "NotResource")
_NULL: Final = msgspec.Raw(b"null")


class _Result(msgspec.Struct):
    """A result; scalars are taken for texts, as the service's JSON reader does it."""

    principalId: msgspec.Raw = _NULL  # noqa: N815 - the vendor's name
    policyDocument: msgspec.Raw = _NULL  # noqa: N815 - as above
    context: dict[str, msgspec.Raw] | None = None
    usageIdentifierKey: msgspec.Raw = _NULL  # noqa: N815 - as above


_decode: Final = msgspec.json.Decoder(_Result).decode
_decode_text: Final = msgspec.json.Decoder(str).decode


def compile_authorizer_result(text: str) -> Evaluate:  # noqa: ARG001 - compilers take an expression's text
    """Compile what reads a function's reply: `Authorized`, or a fault."""

    def read(exchange: Exchange) -> Authorized | Fault:
        reply = exchange.reply
        if reply.error is not None:
            if reply.error == _UNAUTHORIZED:
                return Fault(kind=FaultKind.UNAUTHORIZED, cause="the authorizer says Unauthorized")
            return Fault(kind=FaultKind.AUTHORIZER_FAILED, cause=f"the authorizer failed: {reply.error}")
        if reply.status != _SUCCEEDED:
            return Fault(kind=FaultKind.AUTHORIZER_FAILED, cause=f"Lambda answered {reply.status} for the authorizer")
        try:
            return _authorized(_decode(reply.body))
        except (ValueError, RecursionError) as error:  # msgspec's own and PolicyError are ValueErrors
            return Fault(kind=FaultKind.AUTHORIZER_MISCONFIGURED, cause=f"the authorizer's result: {error}")

    return read


def _authorized(result: _Result) -> Authorized:
    """Read a result; ValueError with the reason where it is malformed.

    Who it is may be left out of a policy that allows nothing, which is refused as any (recorded).
    """
    policy, allows = _policy(result.policyDocument)
    principal = _scalar(result.principalId, "principalId")
    if principal is None and allows:
        raise ValueError("it has no principalId")
    context = {name: _scalar(value, f"context.{name}") for name, value in (result.context or {}).items()}
    return Authorized(
        principal=principal or "",
        context={name: value for name, value in context.items() if value is not None},
        usage_key=_scalar(result.usageIdentifierKey, "usageIdentifierKey"),
        policies=(policy,),
    )


def _policy(given: msgspec.Raw) -> tuple[str, bool]:
    """Give a policy's text, and whether it allows anything at all."""
    if len(bytes(given)) > LARGEST_POLICY:
        raise PolicyError(f"a policy of more than {LARGEST_POLICY} bytes")
    document = msgspec.json.decode(given)
    if not isinstance(document, dict):
        raise PolicyError("it has no policyDocument")
    stated = document.get("Statement")
    listed: list[Any] = stated if isinstance(stated, list) else [stated]
    kept = [one for one in listed if not _means_nothing(one)]
    text = msgspec.json.encode({**document, "Statement": kept}).decode()
    read_policy(text)
    return text, any(one.get("Effect") == "Allow" for one in kept)


def _means_nothing(statement: object) -> bool:
    """Say whether a statement is of no action or resource at all: taken, and without effect (recorded of chalice)."""
    return isinstance(statement, dict) and any(statement.get(name) == [] for name in _LISTS)


def _scalar(given: msgspec.Raw, name: str) -> str | None:
    """Give a scalar as a text, None where it is null; ValueError for an object or a list."""
    raw = bytes(given)
    if raw == b"null":
        return None
    if raw[:1] == b'"':
        return _decode_text(raw)
    if raw[:1] in b"{[":
        raise ValueError(f"{name} is no text, number or truth value")
    return raw.decode("ascii")
