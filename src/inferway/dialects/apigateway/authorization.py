"""Reads who may call a method: signatures, API keys, and the authorizations that are not served yet.

Sources: API Gateway, "x-amazon-apigateway-authtype property", "x-amazon-apigateway-auth object",
"x-amazon-apigateway-authorizer object", "x-amazon-apigateway-api-key-source property" (https://docs.aws.amazon.com/
apigateway/latest/developerguide/api-gateway-swagger-extensions.html). Of AWS_IAM: "Control access to a REST API with
IAM permissions" (`execute-api:Invoke` on an API's stage, method and path).
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from inferway.definition.steps import ApiKeySource, Refuse, RequireApiKey, RequirePermission, Step
from inferway.dialects.apigateway import token_authorizers
from inferway.dialects.apigateway.lambda_authorizers import AUTHORIZER, read_lambda_authorizer
from inferway.dialects.apigateway.resource_policy import CUSTOM, IAM, invalidation, with_policies
from inferway.faults import FaultKind
from inferway.formats.cursor import Cursor

AUTH: Final = "x-amazon-apigateway-auth"
KEY_SOURCE: Final = "x-amazon-apigateway-api-key-source"

_AUTHTYPES: Final = {
    "awssigv4": "AWS_IAM",
    "custom": "CUSTOM",
    "oauth2": "CUSTOM",
    "cognito_user_pools": "COGNITO_USER_POOLS",
    "token": "CUSTOM",
    "request": "CUSTOM",
}


_NONE: Final = "NONE"
_API_KEY: Final = "API_KEY"

_NO_AUTHORIZER: Final = "NONE"
"""What SAM writes among a method's security where its event says that the API's default authorizer is not for it."""


class Authorization(msgspec.Struct, frozen=True, kw_only=True):
    """How a method is authorized; `steps` see to it, in the service's order, before the caller's `key` is asked for.

    `invalidation` is what a caller needs to invalidate the stage's cache, None where no caller can have it.
    """

    kind: str = _NONE
    key: RequireApiKey | None = None
    steps: tuple[Step, ...] = ()
    invalidation: RequirePermission | None = None


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """A security scheme that a method asks for: its name, where it stands, and the scopes that are asked for."""

    kind: str
    name: str = ""
    at: Cursor | None = None
    scopes: tuple[str, ...] = ()


def read_authorization(document: Cursor, operation: Cursor, api_id: str) -> Authorization:
    """Read a method's authorization; where there are several, the first that is not an API key counts.

    `api_id` is the API's identifier, under which policies allow or deny to call it.
    """
    chosen, key = chosen_schemes(document, operation)
    required = _require_key(document) if key is not None else None
    return Authorization(
        kind=chosen.kind,
        key=required,
        steps=_steps(chosen, document, operation, api_id),
        invalidation=invalidation(chosen.kind, document, api_id),
    )


def chosen_schemes(document: Cursor, operation: Cursor) -> tuple[Scheme, Scheme | None]:
    """Give what authorizes a method's callers, of the kind NONE where nothing does, and the scheme of its API key."""
    chosen, key = Scheme(kind=_auth_extension(document, operation)), None
    for scheme in _schemes(document, operation):
        if scheme.kind == _API_KEY:
            key = key or scheme
        elif chosen.kind == _NONE or (chosen.at is None and chosen.kind == scheme.kind):
            chosen = scheme
    return chosen, key


def _steps(chosen: Scheme, document: Cursor, operation: Cursor, api_id: str) -> tuple[Step, ...]:
    """Give the steps that authorize a caller: those that find out who it is, and those that ask policies about it."""
    authentication = _authentication(chosen, operation, api_id)
    return with_policies(chosen.kind, authentication, document, api_id)


def _authentication(chosen: Scheme, operation: Cursor, api_id: str) -> tuple[Step, ...]:
    """Give the steps that find out who calls, but for signatures; what is not served lets nobody in."""
    if chosen.kind in {_NONE, IAM}:
        return ()
    if chosen.kind in token_authorizers.KINDS and chosen.at is not None:
        return token_authorizers.token_steps(chosen.kind, chosen.at, chosen.scopes)
    if chosen.kind == CUSTOM and chosen.at is not None and chosen.at[AUTHORIZER].present:
        return read_lambda_authorizer(chosen.at, api_id)
    if chosen.kind == CUSTOM:
        text = "the method asks for an authorizer that is not defined here; every call of it is refused"
        operation.warning("no-authorizer", text)
        return (Refuse(kind=FaultKind.AUTHORIZER_MISCONFIGURED, cause=text),)
    text = f"authorization {chosen.kind} is not served yet; every call of the method is refused"
    operation.warning("unserved-authorization", text)
    return (Refuse(kind=FaultKind.AUTHORIZER_MISCONFIGURED, cause=text),)


def _auth_extension(document: Cursor, operation: Cursor) -> str:
    chosen = operation[AUTH] if operation[AUTH].present else document[AUTH]
    return chosen["type"].text(_NONE).upper() if chosen.present else _NONE


def _schemes(document: Cursor, operation: Cursor) -> Iterator[Scheme]:
    """Give each named security scheme of a method: its own, else the API's."""
    swagger = document["securityDefinitions"]
    schemes = swagger if swagger.present else document["components"]["securitySchemes"]
    security = operation["security"] if operation["security"].present else document["security"]
    for requirement in security.items():
        for name, use in requirement.entries():
            if not schemes[name].present:
                if name == _NO_AUTHORIZER:
                    continue
                use.error("unknown-security-scheme", f"no security scheme has the name {name}")
            scopes = tuple(scope.text() for scope in use.items())
            yield Scheme(kind=_kind(schemes[name], name), name=name, at=schemes[name], scopes=scopes)


def _kind(scheme: Cursor, name: str) -> str:
    """Classify a security scheme as API_KEY or the authorization it asks for; what is unknown never opens a method."""
    authorizer = scheme[AUTHORIZER]
    if authorizer.present:
        kind = authorizer["type"].text().lower()
        return _AUTHTYPES.get(kind, kind.upper() or name)
    authtype = scheme["x-amazon-apigateway-authtype"]
    if authtype.present:
        kind = authtype.text().lower()
        return _AUTHTYPES.get(kind, kind.upper() or name)
    kind, place, header = scheme["type"].text(), scheme["in"].text(), scheme["name"].text()
    if kind == "apiKey" and place == "header" and header.lower() == "x-api-key":
        return _API_KEY
    if kind == "openIdConnect":
        return token_authorizers.OPENID
    return f"{kind} ({name})" if kind else name


def _require_key(document: Cursor) -> RequireApiKey:
    source = document[KEY_SOURCE]
    if source.text("HEADER").upper() == "AUTHORIZER":
        return RequireApiKey(source=ApiKeySource.AUTHORIZER)
    if source.text("HEADER").upper() != "HEADER":
        source.error("bad-key-source", f"the API key source is HEADER or AUTHORIZER, not {source.text()}")
    return RequireApiKey()
