"""What went wrong, as `context.LastError` tells it.

Source: API Management, "Error handling in API Management policies" (https://learn.microsoft.com/azure/api-management/
api-management-error-handling-policies), the tables of predefined errors.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind

MISSING_KEY: Final = (
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API."
)
INVALID_KEY: Final = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription."
)
NOT_FOUND: Final = "Unable to match incoming request to an operation."
GENERIC: Final = "The request could not be processed due to an internal error. Contact the API owner."
"""What a client is told of content that an operation's schema does not allow in a response."""


class LastError(msgspec.Struct, frozen=True, kw_only=True):
    """The properties of `context.LastError`."""

    source: str
    reason: str
    message: str
    scope: str
    section: str
    path: str
    policy_id: str


class _Error(msgspec.Struct, frozen=True):
    reason: str
    message: Callable[[Fault], str]
    source: str = ""


def detail(fault: Fault, name: str) -> str:
    """Give one of a fault's details, "" where it has none of this name."""
    return next((value for key, value in fault.details if key == name), "")


def _cause(fault: Fault) -> str:
    return fault.cause.partition("\n")[0]


def rate_message(fault: Fault) -> str:
    """Give what a client above its rate is told."""
    return f"Rate limit is exceeded. Try again in {detail(fault, 'wait')} seconds."


def quota_message(fault: Fault) -> str:
    """Give what a client above its quota is told, with a .NET TimeSpan."""
    wait = int(detail(fault, "wait") or 0)
    days, rest = divmod(wait, 86_400)
    clock = f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"
    return f"Out of call volume quota. Quota will be replenished in {f'{days}.' if days else ''}{clock}."


def content_message(fault: Fault, *, public: bool) -> str:
    """Give what is said of content that does not hold ("Validation errors"), to the client or to the API's owner."""
    of, rule = detail(fault, "content"), detail(fault, "rule")
    if public and of == "response":
        return GENERIC
    kind, text, limit = detail(fault, "type"), detail(fault, "text"), detail(fault, "limit")
    if rule == "SizeLimit":
        whose = "" if public else "configured "
        return f"{of.capitalize()}'s body is {text} bytes long and it exceeds the {whose}limit of {limit} bytes."
    if rule == "Unspecified":
        return f"Unspecified content type {kind} is not allowed."
    schema = detail(fault, "schema")
    named = f"does not conform to the definition {schema}, which is associated with the content type {kind}"
    return f"Body of the {of} {named}. {text}"


_ACCESS: Final = {
    "missing": "HeaderNotFound",
    "value": "HeaderValueNotAllowed",
    "not allowed": "CallerIpNotAllowed",
    "blocked": "CallerIpBlocked",
    "unknown": "FailedToParseCallerIP",
}

_ERRORS: Final = {
    FaultKind.UNKNOWN_ROUTE: _Error("OperationNotFound", lambda _: NOT_FOUND, "configuration"),
    FaultKind.MISSING_API_KEY: _Error("SubscriptionKeyNotFound", lambda _: MISSING_KEY, "authorization"),
    FaultKind.INVALID_API_KEY: _Error("SubscriptionKeyInvalid", lambda _: INVALID_KEY, "authorization"),
    FaultKind.THROTTLED: _Error("RateLimitExceeded", rate_message),
    FaultKind.QUOTA_EXCEEDED: _Error("QuotaExceeded", quota_message),
    FaultKind.TEMPLATE_FAILED: _Error("ExpressionValueEvaluationFailure", _cause),
    FaultKind.BACKEND_UNREACHABLE: _Error("BackendConnectionFailure", _cause),
    FaultKind.BACKEND_TIMEOUT: _Error("Timeout", _cause),
    FaultKind.BAD_BODY: _Error("Bad request", lambda fault: content_message(fault, public=False)),
    FaultKind.CLIENT_LEFT: _Error("ClientConnectionFailure", _cause),
}


def last_error(exchange: Exchange) -> LastError | None:
    """Give the error of an exchange, None while there is none."""
    fault, mark = exchange.fault, exchange.mark
    if fault is None:
        return None
    known = _ERRORS.get(fault.kind)
    if fault.kind is FaultKind.ACCESS_DENIED:
        known = _Error(_ACCESS.get(detail(fault, "reason"), ""), _cause)
    elif fault.kind is FaultKind.BACKEND_BROKE_PROTOCOL and detail(fault, "content"):
        known = _Error("Response not allowed", lambda given: content_message(given, public=False))
    reason, message = (known.reason, known.message(fault)) if known is not None else ("", _cause(fault))
    builtin = known is not None and known.source
    return LastError(
        source=known.source if known is not None and known.source else mark.name if mark is not None else "",
        reason=reason,
        message=message,
        scope="" if builtin or mark is None else mark.scope,
        section="inbound" if builtin else mark.section if mark is not None else "",
        path="" if builtin or mark is None else mark.path,
        policy_id="" if mark is None else mark.id,
    )
