"""Reads Lambda authorizers.

Sources: API Gateway, "x-amazon-apigateway-authorizer object" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-swagger-extensions-authorizer.html); API Gateway API reference, `CreateAuthorizer` (what must
be there, defaults, limits, what is refused without calling the function); "Output from an API Gateway Lambda
authorizer" (the longest ARN).
"""

import re
from typing import Final

from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.definition.expression import Expression
from inferway.definition.steps import Refuse, Step
from inferway.definition.targets import LambdaFunction
from inferway.dialects.apigateway.authorizer_event import HEADER_EVENT, REQUEST_EVENT
from inferway.dialects.apigateway.authorizer_result import AUTHORIZER_RESULT
from inferway.dialects.apigateway.expressions import NAME
from inferway.dialects.apigateway.resource_policy import method_arn
from inferway.faults import FaultKind
from inferway.formats.cursor import Cursor
from inferway.languages.regex import RegexError, compile_java

AUTHORIZER: Final = "x-amazon-apigateway-authorizer"

TOKEN: Final = "token"  # noqa: S105 - a type of authorizer
REQUEST: Final = "request"

LONGEST_ARN: Final = 1_600
"""Bytes of a method's ARN; a path parameter that makes it longer is a 414."""

DEFAULT_TTL: Final = 300
LONGEST_TTL: Final = 3_600
"""Seconds."""

_URI: Final = re.compile(
    r"arn:[^:]+:apigateway:[^:]*:lambda:path/2015-03-31/functions/(?P<name>.+)/invocations/?", re.DOTALL
)
_HEADER: Final = re.compile(rf"method\.request\.header\.(?P<name>{NAME})")
_SOURCE: Final = re.compile(
    rf"(?:method\.request\.(?P<where>header|querystring)|stageVariables|context)\.(?P<name>{NAME})"
)
_KNOWN: Final = frozenset(
    (
        "authorizerCredentials",
        "authorizerResultTtlInSeconds",
        "authorizerUri",
        "identitySource",
        "identityValidationExpression",
        "providerARNs",
        "type",
    )
)
_OF_HTTP_APIS: Final = frozenset(("authorizerPayloadFormatVersion", "enableSimpleResponses"))
_UNREADABLE: Final = (Refuse(kind=FaultKind.AUTHORIZER_MISCONFIGURED, cause="the authorizer cannot be read"),)


def read_lambda_authorizer(scheme: Cursor, api_id: str) -> tuple[Step, ...]:
    """Read the authorizer of a security scheme into the step that asks it; what cannot be read lets nobody in."""
    authorizer = scheme[AUTHORIZER]
    kind = authorizer["type"].text().lower()
    if kind not in {TOKEN, REQUEST}:
        authorizer["type"].error("bad-authorizer", f"a custom authorizer is of type token or request, not {kind!r}")
        return _UNREADABLE
    _report(authorizer, kind)
    found = _URI.fullmatch(authorizer["authorizerUri"].text())
    ttl = _ttl(authorizer["authorizerResultTtlInSeconds"])
    sources = _token_source(scheme) if kind == TOKEN else _sources(authorizer, ttl)
    if found is None:
        uri = authorizer["authorizerUri"]
        said = "Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."
        uri.error("bad-uri", f"Invalid Authorizer URI: {uri.text()}. {said}")
    if found is None or sources is None:
        return _UNREADABLE
    place, text = authorizer.place, sources[0].text if kind == TOKEN else ""
    return (
        InvokeAuthorizer(
            target=LambdaFunction(name=found["name"], place=authorizer["authorizerUri"].place),
            event=Expression(language=HEADER_EVENT if kind == TOKEN else REQUEST_EVENT, text=text, place=place),
            result=Expression(language=AUTHORIZER_RESULT, text="", place=place),
            identity=sources,
            pattern=_pattern(authorizer["identityValidationExpression"]) if kind == TOKEN else "",
            ttl=ttl,
            resource=method_arn(api_id),
            longest=LONGEST_ARN,
        ),
    )


def _report(authorizer: Cursor, kind: str) -> None:
    for name, part in authorizer.entries():
        if name in _OF_HTTP_APIS:
            part.warning("unserved-property", f"{name} is of HTTP APIs; a REST API's authorizer returns a policy")
        elif name not in _KNOWN:
            part.warning("unknown-property", f"an authorizer has no property {name}; it is ignored")
    expression = authorizer["identityValidationExpression"]
    if kind == REQUEST and expression.value:
        expression.note("unused-property", "the validation expression does not apply to REQUEST authorizers")


def _ttl(given: Cursor) -> int:
    seconds = given.integer() if given.present and given.value is not None else DEFAULT_TTL
    if seconds is None:
        return 0
    if not 0 <= seconds <= LONGEST_TTL:
        given.error("bad-ttl", f"an authorizer's result is kept for 0 to {LONGEST_TTL} seconds, not {seconds}")
        return 0
    return seconds


def _token_source(scheme: Cursor) -> tuple[Expression, ...] | None:
    """Give where the token stands: in the header that the scheme names, or else its authorizer's identity source."""
    source, header = scheme[AUTHORIZER]["identitySource"], scheme["name"]
    given = source.text().strip()
    found = _HEADER.fullmatch(given)
    name = header.text() if scheme["in"].text() == "header" else ""
    if given and found is None:
        source.error("invalid-mapping", f"Invalid mapping expression specified: {given}")
        return None
    if found is not None and name and found["name"].lower() != name.lower():
        source.warning("unused-property", f"the token is looked for in the header {name}, as the scheme says")
    name = name or (found["name"] if found is not None else "")
    if not re.fullmatch(NAME, name):
        header.error("bad-authorizer", "a token authorizer needs the name of the header that holds the token")
        return None
    return (_values_of("header", name, header if header.present else source),)


def _sources(authorizer: Cursor, ttl: int) -> tuple[Expression, ...] | None:
    """Give what tells a caller apart; several are a list with commas between them."""
    source = authorizer["identitySource"]
    made: list[Expression] = []
    for part in source.text().split(","):
        text = part.strip()
        if not text:
            continue
        found = _SOURCE.fullmatch(text)
        if found is None:
            source.error("invalid-mapping", f"Invalid mapping expression specified: {text}")
            return None
        if found["where"]:
            made.append(_values_of(found["where"], found["name"], source))
        else:
            made.append(Expression(language="mapping", text=text, place=source.place))
    if not made and ttl:
        at = source if source.present else authorizer
        at.error("no-identity-source", "an authorizer whose result is kept needs an identity source")
        return None
    return tuple(made)


def _values_of(where: str, name: str, at: Cursor) -> Expression:
    """Give all values of a parameter: a function sees one of several, and another caller could send another one."""
    return Expression(language="mapping", text=f"method.request.multivalue{where}.{name}", place=at.place)


def _pattern(given: Cursor) -> str:
    text = given.text()
    try:
        compile_java(text)
    except RegexError as error:
        given.error("bad-pattern", f"Invalid identity validation expression specified: {error}")
        return ""
    return text
