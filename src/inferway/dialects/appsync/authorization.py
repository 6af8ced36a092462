"""Who may call an API, and which of its fields.

Source: AppSync, "Configuring authorization and authentication to secure your GraphQL APIs" (https://docs.aws.amazon.com/
appsync/latest/devguide/security-authz.html): a field's directives count before its type's; without any the default mode
holds.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from inferway.definition.steps import GraphqlField, Pipeline, Refuse, RequireApiKey, Step
from inferway.dialects.appsync.faults import ACCESS_REFUSED
from inferway.dialects.appsync.parts import Part
from inferway.faults import FaultKind, Place
from inferway.formats.cursor import Cursor
from inferway.languages.graphql import Schema

API_KEY: Final = "API_KEY"
MODES: Final = (API_KEY, "AWS_IAM", "AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT", "AWS_LAMBDA")

_DIRECTIVES: Final = {
    "aws_api_key": API_KEY,
    "aws_iam": "AWS_IAM",
    "aws_oidc": "OPENID_CONNECT",
    "aws_cognito_user_pools": "AMAZON_COGNITO_USER_POOLS",
    "aws_auth": "AMAZON_COGNITO_USER_POOLS",
    "aws_lambda": "AWS_LAMBDA",
}


class Authorization(msgspec.Struct, frozen=True, kw_only=True):
    """The default mode, all modes, and the steps that let a caller in."""

    default: str
    modes: tuple[str, ...]
    steps: tuple[Step, ...]


def read_authorization(part: Part) -> Authorization:
    """Read an API's modes; one that is not served yet never lets a caller in, with a warning.

    What is no mode at all is an error, since the service refuses it.
    """
    default = part["authenticationType"].text()
    modes = [default]
    _report(part["authenticationType"], default)
    for provider in part["additionalAuthenticationProviders"].items():
        mode = part.within(provider, "authenticationType").text()
        modes.append(mode)
        _report(provider, mode)
    if API_KEY in modes:
        return Authorization(default=default, modes=tuple(modes), steps=(RequireApiKey(),))
    refuse = Refuse(kind=FaultKind.UNAUTHORIZED, cause="no authorization mode of the API is served yet")
    return Authorization(default=default, modes=tuple(modes), steps=(refuse,))


def _report(at: Cursor, mode: str) -> None:
    if mode not in MODES:
        at.error("unknown-authorization", f"{mode!r} is no authorization mode; there are {', '.join(MODES)}")
    elif mode != API_KEY:
        at.warning("unserved-authorization", f"authorization {mode} is not served yet; such callers are refused")


def unreachable(schema: Schema, authorization: Authorization, place: Place) -> Iterator[GraphqlField]:
    """Give the fields that a caller with an API key may not read, each refused."""
    refused = Pipeline(request=(Refuse(kind=FaultKind.ACCESS_DENIED, cause=ACCESS_REFUSED),))
    for type_name in schema.object_types():
        of_type = _modes(schema.directives(type_name))
        for name in schema.fields(type_name) or ():
            allowed = _modes(schema.directives(type_name, name)) or of_type or {authorization.default}
            if API_KEY not in allowed:
                yield GraphqlField(type_name=type_name, field_name=name, pipeline=refused, place=place)


def _modes(directives: tuple[str, ...]) -> set[str]:
    return {_DIRECTIVES[name] for name in directives if name in _DIRECTIVES}
