"""Reads customised gateway responses.

Source: API Gateway, "x-amazon-apigateway-gateway-responses object" and "Gateway response types"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
"""

from typing import Final

from inferway.definition.api import ErrorResponse
from inferway.dialects.apigateway.expressions import gateway_assignments, substitution_templates
from inferway.formats.cursor import Cursor

EXTENSION: Final = "x-amazon-apigateway-gateway-responses"

KINDS: Final = frozenset(
    (
        "ACCESS_DENIED",
        "API_CONFIGURATION_ERROR",
        "AUTHORIZER_CONFIGURATION_ERROR",
        "AUTHORIZER_FAILURE",
        "BAD_REQUEST_BODY",
        "BAD_REQUEST_PARAMETERS",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "EXPIRED_TOKEN",
        "INTEGRATION_FAILURE",
        "INTEGRATION_TIMEOUT",
        "INVALID_API_KEY",
        "INVALID_SIGNATURE",
        "MISSING_AUTHENTICATION_TOKEN",
        "QUOTA_EXCEEDED",
        "REQUEST_TOO_LARGE",
        "RESOURCE_NOT_FOUND",
        "THROTTLED",
        "UNAUTHORIZED",
        "UNSUPPORTED_MEDIA_TYPE",
        "WAF_FILTERED",
    )
)


def read_gateway_responses(document: Cursor) -> tuple[ErrorResponse, ...]:
    """Read the customised responses by their type."""
    made = []
    for kind, response in document[EXTENSION].entries():
        if kind not in KINDS:
            response.error("unknown-gateway-response", f"{kind} is no type of gateway response")
            continue
        if kind == "REQUEST_TOO_LARGE":
            response.warning("fixed-gateway-response", f"{kind} cannot be customised; Amazon sends its own")
        made.append(
            ErrorResponse(
                kind=kind,
                status=_status(response["statusCode"]),
                headers=gateway_assignments(response["responseParameters"]),
                templates=substitution_templates(response["responseTemplates"]),
                place=response.place,
            )
        )
    return tuple(made)


def _status(code: Cursor) -> int:
    status = code.integer()
    if status is not None and not 200 <= status <= 599:
        code.error("bad-status", f"{status} is no status of a response")
        return 0
    return status or 0
