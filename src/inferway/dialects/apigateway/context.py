"""The `$context` variables.

Source: API Gateway, "Variables for data transformations for API Gateway", and values recorded on the service.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from typing import Final

import msgspec

from inferway.caller import ClientCertificate
from inferway.credentials.principal import account_of, unique_id
from inferway.definition.deployment import Deployment, Part
from inferway.dialects.apigateway.authorizer_context import AUTHENTICATE, AUTHORIZE, of_authorizer, whole_authorizer
from inferway.dialects.apigateway.faults import error_message, error_type, message_string
from inferway.dialects.apigateway.identifiers import api_id, resource_id
from inferway.dialects.apigateway.state import Field, request_id_of, state_of
from inferway.dialects.apigateway.validation_errors import validation_error_string
from inferway.exchange import Exchange

_TEST_DOMAIN: Final = "testPrefix.testDomainName"
TEST_KEY: Final = {"apiKey": "test-invoke-api-key", "apiKeyId": "test-invoke-api-key-id"}
"""What stands in events for the key of a test invocation (recorded)."""


def header_of(exchange: Exchange, name: bytes) -> str:
    """Give the first value of a request's header as a text, "" where it has none."""
    return (exchange.request.header(name) or b"").decode("latin-1")


def path_of(exchange: Exchange, deployment: Deployment) -> str:
    """Give the path of a request as sent, without its stage; a custom domain's base path belongs to it."""
    without = deployment.is_test or _led_by_stage(exchange, deployment)
    return (exchange.below or "/") if without else exchange.request.path


def _led_by_stage(exchange: Exchange, deployment: Deployment) -> bool:
    """Say whether a stage led to the API, rather than a domain of its own or nothing at all."""
    path, below, stage = exchange.request.path, exchange.below, deployment.stage.name
    led = path[: len(path) - len(below)]
    api = deployment.api
    if led == f"/{stage}":
        return not _on_own_domain(exchange, deployment)
    return led in (f"/{api.slug}/{stage}", f"/{api.id}/{stage}")


def _on_own_domain(exchange: Exchange, deployment: Deployment) -> bool:
    """Say whether a request came to a custom domain, which leaves a stage in its path where the caller named it."""
    hosts = deployment.api.hosts
    if not hosts or hosts[-1].name.startswith(f"{deployment.api.id}."):
        return False
    name = header_of(exchange, b"host").partition(":")[0].lower()
    return any(host.name == name for host in hosts) and not name.startswith(f"{deployment.api.id}.")


def _path(exchange: Exchange, deployment: Deployment) -> str:
    if deployment.is_test:
        return _resource_path(exchange, deployment)
    if _led_by_stage(exchange, deployment):
        return f"/{deployment.stage.name}{exchange.below}"
    return exchange.request.path  # of a domain of its own, or where no stage was found


def _domain(exchange: Exchange, deployment: Deployment) -> str:
    return _TEST_DOMAIN if deployment.is_test else header_of(exchange, b"host")


def _source(exchange: Exchange, deployment: Deployment) -> str:
    return "test-invoke-source-ip" if deployment.is_test else exchange.request.client


def _resource_path(exchange: Exchange, deployment: Deployment) -> str:  # noqa: ARG001 - a field takes both
    return exchange.route.partition(" ")[2]


def _resource_id(exchange: Exchange, deployment: Deployment) -> str:
    return resource_id(deployment.api.slug, exchange.route.partition(" ")[2])


def _request_time(exchange: Exchange, deployment: Deployment) -> str:  # noqa: ARG001 - a field takes both
    return _written(int(state_of(exchange).requested))


@lru_cache(maxsize=8)
def _written(second: int) -> str:
    return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(second))


def _validation_error(exchange: Exchange, deployment: Deployment) -> str:  # noqa: ARG001 - a field takes both
    """Describe what is wrong with a body, escaped so that it can stand in quotes, as recorded on the service."""
    fault = exchange.fault
    if fault is None:
        return ""
    return msgspec.json.encode(validation_error_string(fault.details)).decode()[1:-1]


def _api_key(exchange: Exchange) -> str | None:
    """Give the value of the key that was taken: the authorizer's, or the one that the client sent."""
    if exchange.key is None:
        return None
    found = exchange.authorizer
    value = found.usage_key if found is not None else None
    if value is not None and sha256(value.encode("utf-8", "replace")).digest() == exchange.key.digest:
        return value
    return header_of(exchange, b"x-api-key")


FIELDS: Final[dict[str, Field]] = {
    "accountId": lambda _, deployment: deployment.account,
    "apiId": lambda _, deployment: api_id(deployment),
    "deploymentId": lambda _, deployment: deployment.id,
    "domainName": _domain,
    "domainPrefix": lambda exchange, deployment: _domain(exchange, deployment).partition(".")[0].partition(":")[0],
    "extendedRequestId": lambda exchange, _: state_of(exchange).extended_id,
    "isCanaryRequest": lambda _, deployment: None if deployment.part is Part.WHOLE else deployment.part is Part.CANARY,
    "httpMethod": lambda exchange, _: exchange.request.method,
    "path": _path,
    "protocol": lambda exchange, _: f"HTTP/{exchange.request.version}",
    "requestId": lambda exchange, _: request_id_of(exchange),
    "requestTime": _request_time,
    "requestTimeEpoch": lambda exchange, _: int(state_of(exchange).requested * 1000),
    "resourceId": _resource_id,
    "resourcePath": _resource_path,
    "stage": lambda _, deployment: deployment.stage.name,
}
"""The variables directly below `$context`."""

IDENTITY: Final[dict[str, Field]] = {
    "accessKey": lambda exchange, _: exchange.identity.access_key if exchange.identity is not None else None,
    "accountId": lambda exchange, _: account_of(exchange.identity) if exchange.identity is not None else None,
    "apiKey": lambda exchange, _: _api_key(exchange),
    "apiKeyId": lambda exchange, _: exchange.key.id if exchange.key is not None else None,
    "caller": lambda exchange, _: unique_id(exchange.identity) if exchange.identity is not None else None,
    "cognitoAuthenticationProvider": lambda _, __: None,
    "cognitoAuthenticationType": lambda _, __: None,
    "cognitoIdentityId": lambda _, __: None,
    "cognitoIdentityPoolId": lambda _, __: None,
    "principalOrgId": lambda _, __: None,
    "sourceIp": _source,
    "user": lambda exchange, _: unique_id(exchange.identity) if exchange.identity is not None else None,
    "userAgent": lambda exchange, _: header_of(exchange, b"user-agent"),
    "userArn": lambda exchange, _: exchange.identity.arn if exchange.identity is not None else None,
}
"""The variables below `$context.identity`; those of a signer are null where no signature is required."""

ERROR: Final[dict[str, Field]] = {
    "message": lambda exchange, _: error_message(exchange),
    "messageString": lambda exchange, _: message_string(exchange),
    "responseType": lambda exchange, _: error_type(exchange),
    "validationErrorString": _validation_error,
}
"""The variables below `$context.error`, for gateway responses."""

GROUPS: Final = {"identity": IDENTITY, "error": ERROR, "authorize": AUTHORIZE, "authenticate": AUTHENTICATE}


CERTIFICATE: Final[dict[str, Callable[[ClientCertificate], str]]] = {
    "clientCertPem": lambda shown: shown.pem,
    "subjectDN": lambda shown: shown.subject,
    "issuerDN": lambda shown: shown.issuer,
    "serialNumber": lambda shown: shown.serial,
    "validity.notBefore": lambda shown: shown.not_before,
    "validity.notAfter": lambda shown: shown.not_after,
}
"""The variables below `$context.identity.clientCert`, which only a request with mutual TLS has."""

_CERTIFICATE: Final = "identity.clientCert."


def client_cert(exchange: Exchange) -> dict[str, object] | None:
    """Give `clientCert` of the identity as templates and events have it; None without mutual TLS."""
    shown = exchange.request.certificate
    if shown is None:
        return None
    made: dict[str, object] = {name: value(shown) for name, value in CERTIFICATE.items() if "." not in name}
    return made | {"validity": {"notBefore": shown.not_before, "notAfter": shown.not_after}}


def _of_certificate(name: str) -> Field:
    value = CERTIFICATE.get(name)

    def field(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
        shown = exchange.request.certificate
        return None if shown is None or value is None else value(shown)

    return field


def lookup(name: str) -> Field:
    """Give the field for a dotted name below `context`, one that is null where there is no such variable."""
    group, _, field = name.partition(".")
    if group == "authorizer":
        return of_authorizer(field) if field else whole_authorizer
    if name.startswith(_CERTIFICATE):
        return _of_certificate(name.removeprefix(_CERTIFICATE))
    table = GROUPS.get(group)
    if table is not None:
        return table.get(field, _null)
    return FIELDS.get(name, _null)


def _null(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    return None
