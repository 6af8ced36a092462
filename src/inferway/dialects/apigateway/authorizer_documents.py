"""Puts an API's authorizers into its document, and what a method asks of them.

Sources: CloudFormation Template Reference, "AWS::ApiGateway::Authorizer"; API Gateway, "x-amazon-apigateway-authorizer
object"; what the service says of a method that names none: "Invalid authorizer ID specified. …".
"""

from collections.abc import Iterable, Mapping
from typing import Final

from inferway.dialects.apigateway.assembly import Assembly, Path
from inferway.dialects.apigateway.lambda_authorizers import AUTHORIZER, read_lambda_authorizer
from inferway.dialects.apigateway.resource_view import ResourceView
from inferway.formats.cursor import Cursor

AUTHTYPE: Final = "x-amazon-apigateway-authtype"

CUSTOM, USER_POOLS, JWT = "CUSTOM", "COGNITO_USER_POOLS", "JWT"

_BY_AUTHORIZER: Final = frozenset((CUSTOM, USER_POOLS, JWT))
_TYPES: Final = {"TOKEN": CUSTOM, "REQUEST": CUSTOM, USER_POOLS: USER_POOLS, JWT: JWT}
"""The authorization that a type of authorizer gives."""

_NAMES: Final = {
    "AuthorizerCredentials": "authorizerCredentials",
    "AuthorizerResultTtlInSeconds": "authorizerResultTtlInSeconds",
    "AuthorizerUri": "authorizerUri",
    "IdentitySource": "identitySource",
    "IdentityValidationExpression": "identityValidationExpression",
    "ProviderARNs": "providerARNs",
}
_HEADER: Final = "method.request.header."
_PULUMI_SOURCE: Final = "method.request.header.Authorization"
"""Where pulumi-aws looks for a caller's identity if a program does not say."""

_UNKNOWN: Final = (
    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid "
    "authorizer."
)


def schemes_path(made: Assembly) -> Path:
    """Give where a document's security schemes stand."""
    return ("securityDefinitions",) if made.has(("swagger",)) else ("components", "securitySchemes")


def types_of(authorizers: Iterable[ResourceView]) -> dict[str, str]:
    """Give the type of each authorizer by its identifier."""
    return {each.id: _type(each) for each in authorizers}


def _type(authorizer: ResourceView) -> str:
    return authorizer["Type"].text("TOKEN" if authorizer.is_pulumi else "").upper()


def put_authorizer(authorizer: ResourceView, made: Assembly) -> None:
    """Put an authorizer as a security scheme under its identifier."""
    kind, name = authorizer["Type"], _type(authorizer)
    if name not in _TYPES:
        return  # the check of its properties says so
    scheme = (*schemes_path(made), authorizer.id)
    source = authorizer["IdentitySource"]
    given = source.text(_PULUMI_SOURCE if authorizer.is_pulumi else "").strip()
    in_header = name != "REQUEST" and given.startswith(_HEADER)
    made.put(scheme, {"type": "apiKey", "in": "header"}, authorizer.at)
    made.put((*scheme, "name"), given.removeprefix(_HEADER) if in_header else "Unused", source)
    made.put((*scheme, AUTHTYPE), "custom" if _TYPES[name] == CUSTOM else name.lower(), kind)
    made.put((*scheme, AUTHORIZER), {"type": name.lower()}, authorizer.at)
    for key, written in _NAMES.items():
        made.copy((*scheme, AUTHORIZER, written), authorizer[key])
    issuers = authorizer["JwtConfiguration"]
    if issuers.value:
        made.put((*scheme, AUTHORIZER, "jwtConfiguration"), in_camel_case(issuers.value), issuers)
    if given and not source.present:
        made.put((*scheme, AUTHORIZER, "identitySource"), given, authorizer.at)


def check_authorizer(authorizer: ResourceView, document: Cursor, api_id: str) -> None:
    """Report what is wrong with an authorizer that was put, whether or not a method asks for it."""
    if _TYPES.get(_type(authorizer)) == CUSTOM:
        schemes = document["securityDefinitions"]
        holder = schemes if schemes.present else document["components"]["securitySchemes"]
        read_lambda_authorizer(holder[authorizer.id], api_id)


def in_camel_case(value: object) -> object:
    """Give a value with the names of its members as the extensions of a document have them."""
    if isinstance(value, Mapping):
        return {f"{name[:1].lower()}{name[1:]}": in_camel_case(each) for name, each in value.items()}
    return [in_camel_case(each) for each in value] if isinstance(value, list) else value


def authorization_of(
    method: ResourceView, authorizers: Mapping[str, str]
) -> tuple[dict[str, list[str]], Cursor] | None:
    """Give the requirement of a method by an authorizer, and its place; None where it has none.

    `authorizers` are the types of those of the API by their identifiers.
    """
    kind, named = method["AuthorizationType"].text("NONE").upper(), method["AuthorizerId"]
    if kind not in _BY_AUTHORIZER:
        if named.value:
            named.note("unused-property", f"the authorizer is not asked, since the authorization type is {kind}")
        return None
    if _TYPES.get(authorizers.get(named.text(), "")) != kind:
        named.error("unknown-authorizer", _UNKNOWN)
        return None
    scopes = method["AuthorizationScopes"]
    given = [scope.text() for scope in scopes.items()]
    if given and kind == CUSTOM:
        scopes.warning("unused-property", "scopes are asked of tokens; a custom authorizer has its own policy")
        given = []
    return {named.text(): given}, named
