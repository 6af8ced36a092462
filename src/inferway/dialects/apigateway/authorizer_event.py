"""The events that an authorizer's function gets.

Sources: API Gateway, "Input to an API Gateway Lambda authorizer" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-lambda-authorizer-input.html); an execution log that a user of the service published, whose
maps without members are `{}`, and not null as in the events of integrations.
"""

from typing import Final

import msgspec

from inferway.credentials.method_arn import compile_arn
from inferway.definition.deployment import Deployment
from inferway.dialects.apigateway.identifiers import api_id
from inferway.dialects.apigateway.mapping import compile_mapping
from inferway.dialects.apigateway.proxy_event import compile_members
from inferway.dialects.apigateway.resource_policy import method_arn
from inferway.dialects.dialect import Evaluate
from inferway.exchange import Exchange

HEADER_EVENT: Final = "header_event"
"""The language of an expression that gives a TOKEN authorizer's event; its text is where the token stands."""

REQUEST_EVENT: Final = "request_event"
"""The language of an expression that gives a REQUEST authorizer's event; its text is empty."""

_encode: Final = msgspec.json.Encoder().encode


def compile_header_event(text: str, deployment: Deployment) -> Evaluate:
    """Compile what makes a TOKEN authorizer's event as JSON; of several values of the header the last is the token."""
    arn, values = compile_arn(method_arn(api_id(deployment)), deployment), compile_mapping(text, deployment)

    def make(exchange: Exchange) -> bytes:
        given = values(exchange)
        token = given[-1] if isinstance(given, list) and given else given or ""
        return _encode({"type": "TOKEN", "methodArn": arn(exchange), "authorizationToken": token})

    return make


def compile_request_event(text: str, deployment: Deployment) -> Evaluate:  # noqa: ARG001 - compilers take the text
    """Compile what makes a REQUEST authorizer's event as JSON: an integration's, without the body."""
    arn = compile_arn(method_arn(api_id(deployment)), deployment)
    members = compile_members(deployment, empty={})

    def make(exchange: Exchange) -> bytes:
        return _encode({"type": "REQUEST", "methodArn": arn(exchange), **members(exchange)})

    return make
