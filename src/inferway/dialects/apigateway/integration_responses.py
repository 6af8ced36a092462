"""Reads the responses of an integration: which reply each is for, and what it makes of it.

Source: API Gateway, "x-amazon-apigateway-integration.responses object" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-swagger-extensions-integration-responses.html). What becomes of a status that the method does
not declare: serverless-operations/serverless-apigateway-service-proxy issue 179, of a CloudFormation stack.
"""

from typing import Final

from inferway.definition.steps import Payload, ResponseCase
from inferway.dialects.apigateway.binary_types import handled
from inferway.dialects.apigateway.expressions import mapping_templates, response_assignments
from inferway.dialects.apigateway.parameters import UNDECLARED
from inferway.formats.cursor import Cursor
from inferway.languages.regex import RegexCostError, RegexError, compile_java

ANY_STATUS: Final = "default"
"""What OpenAPI calls the response of every status that a method does not name."""


def read_cases(integration: Cursor, responses: Cursor, payload: Payload) -> tuple[ResponseCase, ...]:
    """Read an integration's responses.

    `responses` are the method's, which declare headers; `payload` holds the API's binary media types.
    """
    responses_by_pattern = tuple(integration["responses"].entries())
    if not responses_by_pattern:
        integration.warning("no-integration-response", "without an integration response every call fails with 500")
    return tuple(
        _case(pattern, case, responses, payload) for pattern, case in responses_by_pattern if _compiles(pattern, case)
    )


def _compiles(pattern: str, case: Cursor) -> bool:
    """Whether a selection pattern is a regular expression of Java's, as the service takes it."""
    if pattern == "default":
        return True
    try:
        compile_java(pattern)
    except (RegexError, RegexCostError) as error:
        case.error("bad-selection-pattern", f"the selection pattern {pattern!r} cannot be used: {error}")
        return False
    return True


def _declares(responses: Cursor, status: str) -> bool:
    if responses[ANY_STATUS].present:
        return True
    return responses[status].present and not responses[status][UNDECLARED].flag()


def _case(pattern: str, case: Cursor, responses: Cursor, payload: Payload) -> ResponseCase:
    status = case["statusCode"].integer()
    method_response = responses[str(status)]
    invalid = ""
    if status is None or not 100 <= status <= 599:
        case["statusCode"].error("bad-status", "an integration response needs the statusCode of a method response")
        status = 500
    elif not _declares(responses, str(status)):
        invalid = f"Output mapping refers to an invalid method response: {status}"
        text = f"the method declares no response {status}: every call that is mapped to it fails with 500, as at Amazon"
        case["statusCode"].warning("no-method-response", text)
    declared = {name.lower() for name, _ in method_response["headers"].entries()}
    return ResponseCase(
        status=status,
        pattern=None if pattern == "default" else pattern,
        headers=response_assignments(case["responseParameters"], declared if method_response.present else None),
        templates=mapping_templates(case["responseTemplates"]),
        payload=handled(payload, case["contentHandling"]),
        invalid=invalid,
        place=case.place,
    )
