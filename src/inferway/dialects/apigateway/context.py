"""The `$context` variables.

Source: API Gateway, "Variables for data transformations for API Gateway", and values recorded on the service.
"""

import time
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from random import getrandbits
from typing import Final

import msgspec

from inferway.caller import ClientCertificate
from inferway.credentials.authorizer_call import AuthorizerCall, call_of
from inferway.credentials.principal import account_of, unique_id
from inferway.definition.deployment import Deployment, Part
from inferway.definition.tracing import RULE
from inferway.dialects.apigateway.faults import error_message, error_type, message_string
from inferway.dialects.apigateway.validation_errors import validation_error_string
from inferway.dialects.dialect import WITHHELD
from inferway.exchange import Exchange
from inferway.faults import FaultKind
from inferway.trace_context import TraceContext, begin_trace, new_trace, sampler_of, trace_context

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_ID_LENGTH: Final = 10
_RESOURCE_ID_LENGTH: Final = 6


def api_id(deployment: Deployment) -> str:
    """Give an identifier in the vendor's form, ten letters and digits, that stays the same for an API's slug."""
    return deployment.api.id or api_id_of(deployment.api.slug)


def api_id_of(slug: str) -> str:
    """Give the identifier of an API that has none of its own."""
    return _identifier(slug, _ID_LENGTH)


@lru_cache(maxsize=4096)
def _identifier(text: str, length: int) -> str:
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in sha256(text.encode()).digest()[:length])


def extended_request_id() -> str:
    """Give a random identifier in the form of `x-amz-apigw-id`: 16 characters of base64."""
    return b64encode(getrandbits(88).to_bytes(11, "big")).decode("ascii")


class State:
    """What one exchange's expressions share: when it began (s), its extended identifier, `$context` once it is made."""

    __slots__ = ("context", "extended_id", "requested")

    def __init__(self) -> None:
        self.extended_id = extended_request_id()
        self.requested = time.time()
        self.context: dict[str, object] | None = None


def state_of(exchange: Exchange) -> State:
    """Give the exchange's state, made on first use."""
    state = exchange.scope
    if not isinstance(state, State):
        state = exchange.scope = State()
    return state


def trace_id(exchange: Exchange) -> str:
    """Give the value of X-Amzn-Trace-Id: the client's own, else one in the service's form, `Root=1-TIME-RANDOM`."""
    context = trace_context(exchange)
    if context is not None:
        return context.answered()
    for header, value in exchange.request.headers:
        if header == b"x-amzn-trace-id":
            return value.decode("latin-1")
    state, name = exchange.scope, exchange.id
    requested = state.requested if state.__class__ is State else time.time()
    trace = new_trace(requested, name)
    return f"Root=1-{trace[:8]}-{trace[8:]}"


Field = Callable[[Exchange, Deployment], object]


def _header(exchange: Exchange, name: bytes) -> str:
    return (exchange.request.header(name) or b"").decode("latin-1")


def path_of(exchange: Exchange, deployment: Deployment) -> str:
    """Give the path of a request as sent, without its stage; a custom domain's base path belongs to it."""
    return (exchange.below or "/") if _led_by_stage(exchange, deployment) else exchange.request.path


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
    name = _header(exchange, b"host").partition(":")[0].lower()
    return any(host.name == name for host in hosts) and not name.startswith(f"{deployment.api.id}.")


def _path(exchange: Exchange, deployment: Deployment) -> str:
    if _led_by_stage(exchange, deployment):
        return f"/{deployment.stage.name}{exchange.below}"
    return exchange.request.path  # of a domain of its own, or where no stage was found


def _resource_path(exchange: Exchange, deployment: Deployment) -> str:  # noqa: ARG001 - a field takes both
    return exchange.route.partition(" ")[2]


def _resource_id(exchange: Exchange, deployment: Deployment) -> str:
    return _identifier(f"{deployment.api.slug}{exchange.route.partition(' ')[2]}", _RESOURCE_ID_LENGTH)


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


def is_traced(deployment: Deployment) -> bool:
    """Say whether requests are sampled here: the stage traces actively, or spans go somewhere."""
    return deployment.stage.tracing or deployment.tracing is not None


def _trace_of(exchange: Exchange, deployment: Deployment) -> TraceContext | None:
    if not is_traced(deployment):
        return None
    return begin_trace(exchange, sampler_of(deployment.tracing or RULE))


def _trace(exchange: Exchange, deployment: Deployment) -> str:
    """Give X-Amzn-Trace-Id as the service's front adds it to a request that comes without."""
    state_of(exchange)  # fixes the time, so that the response's is the same
    context = _trace_of(exchange, deployment)
    if context is None:
        return trace_id(exchange)
    return _header(exchange, b"x-amzn-trace-id") or f"Root={context.root}"


def _sent_trace(exchange: Exchange, deployment: Deployment) -> str:
    """Give X-Amzn-Trace-Id for a backend."""
    context = _trace_of(exchange, deployment)
    return _trace(exchange, deployment) if context is None else context.amazon()


def _sent_traceparent(exchange: Exchange, deployment: Deployment) -> str | None:
    context = _trace_of(exchange, deployment)
    return None if context is None else context.w3c()


def _sent_tracestate(exchange: Exchange, deployment: Deployment) -> str | None:
    context = _trace_of(exchange, deployment)
    return None if context is None or not context.state else context.state.decode("latin-1")


def _forwarded_for(exchange: Exchange, deployment: Deployment) -> str:  # noqa: ARG001 - a field takes both
    """Give X-Forwarded-For: what the client sent, then the client."""
    sent = _header(exchange, b"x-forwarded-for")
    return f"{sent}, {exchange.request.client}" if sent else exchange.request.client


def _forwarded_port(exchange: Exchange, deployment: Deployment) -> str:  # noqa: ARG001 - a field takes both
    port = _header(exchange, b"host").rpartition(":")[2]
    return port if port.isdigit() else ("443" if exchange.request.scheme == "https" else "80")


def _user_agent(exchange: Exchange, deployment: Deployment) -> str:
    return _header(exchange, b"user-agent") or f"AmazonAPIGateway_{api_id(deployment)}"


def _api_key(exchange: Exchange) -> str | None:
    """Give the value of the key that was taken: the authorizer's, or the one that the client sent."""
    if exchange.key is None:
        return None
    found = exchange.authorizer
    value = found.usage_key if found is not None else None
    if value is not None and sha256(value.encode("utf-8", "replace")).digest() == exchange.key.digest:
        return value
    return _header(exchange, b"x-api-key")


def authorizer_of(exchange: Exchange) -> dict[str, object] | None:
    """Give `$context.authorizer` as a map; None without an authorizer.

    Recorded: `principalId`, the function's context, `integrationLatency` (a number); of a user pool `claims`.
    """
    found, call = exchange.authorizer, call_of(exchange)
    if found is None:
        return None
    if found.claims:
        return {"claims": dict(found.claims)}
    made: dict[str, object] = {"principalId": found.principal, **found.context}
    made["principalId"] = found.principal
    if call is not None:
        made["integrationLatency"] = call.latency
    return made


def authorizer_in_event(exchange: Exchange) -> dict[str, object] | None:
    """Give what a function's event has of an authorizer; None without one.

    Each claim of a JWT has its JSON type there ("Pass JWT claims to your integration").
    """
    found = exchange.authorizer
    if found is not None and found.json_claims:
        return {"claims": {name: msgspec.json.decode(text) for name, text in found.claims.items()}}
    return authorizer_of(exchange)


def _of_authorizer(name: str) -> Field:
    """Give the field for a name below `context.authorizer`; what the function itself hands on goes first."""
    claims, _, claim = name.partition(".")
    own = AUTHORIZER.get(name)

    def value(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
        found = exchange.authorizer
        if found is not None:
            if claims == "claims" and found.claims:
                return found.claims.get(claim) if claim else dict(found.claims)
            if name == "principalId":
                return found.principal or None
            if name in found.context:
                return found.context[name]
        call = call_of(exchange)
        return None if own is None or call is None else own(call)

    return value


def _authorize_status(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    """Give what became of asking the policies: 200, 403, None where nobody was asked."""
    if exchange.fault is not None and exchange.fault.kind in _DENIED:
        return 403
    return 200 if exchange.authorizer is not None or exchange.identity is not None else None


def _authorize_error(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    return error_message(exchange) if exchange.fault is not None and exchange.fault.kind in _DENIED else None


def _authenticate_status(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - as above
    """Give what became of looking at a signature: 200, 403, None where none was asked for."""
    if exchange.identity is not None:
        return 200
    return 403 if exchange.fault is not None and exchange.fault.kind in _UNSIGNED else None


def _authenticate_error(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - as above
    return error_message(exchange) if exchange.fault is not None and exchange.fault.kind in _UNSIGNED else None


_DENIED: Final = frozenset((FaultKind.ACCESS_DENIED, FaultKind.PERMISSION_DENIED, FaultKind.AUTHORIZER_DENIED))
_UNSIGNED: Final = frozenset(
    (
        FaultKind.MISSING_CREDENTIALS,
        FaultKind.INCOMPLETE_SIGNATURE,
        FaultKind.UNKNOWN_CREDENTIALS,
        FaultKind.INVALID_SIGNATURE,
        FaultKind.EXPIRED_SIGNATURE,
    )
)

AUTHORIZER: Final[dict[str, Callable[[AuthorizerCall], object]]] = {
    "error": lambda call: call.error or None,
    "integrationLatency": lambda call: call.latency,
    "integrationStatus": lambda call: call.status,
    "latency": lambda call: call.latency,
    "requestId": lambda call: call.request_id or None,
    "status": lambda call: call.status,
}
"""The variables below `$context.authorizer` that tell how it was called; latencies in milliseconds."""

AUTHORIZE: Final[dict[str, Field]] = {"error": _authorize_error, "status": _authorize_status}
AUTHENTICATE: Final[dict[str, Field]] = {"error": _authenticate_error, "status": _authenticate_status}


def is_signature(authorization: bytes) -> bool:
    """Say whether an Authorization header holds a Signature Version 4, which no integration is shown."""
    return authorization.lstrip().startswith(b"AWS4-")


def _signature(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    """Withhold the Authorization header where it is a signature; any other is passed on as it came."""
    return WITHHELD if is_signature(exchange.request.header(b"authorization") or b"") else None


FIELDS: Final[dict[str, Field]] = {
    "accountId": lambda _, deployment: deployment.account,
    "apiId": lambda _, deployment: api_id(deployment),
    "deploymentId": lambda _, deployment: deployment.id,
    "domainName": lambda exchange, _: _header(exchange, b"host"),
    "domainPrefix": lambda exchange, _: _header(exchange, b"host").partition(".")[0].partition(":")[0],
    "extendedRequestId": lambda exchange, _: state_of(exchange).extended_id,
    "isCanaryRequest": lambda _, deployment: None if deployment.part is Part.WHOLE else deployment.part is Part.CANARY,
    "httpMethod": lambda exchange, _: exchange.request.method,
    "path": _path,
    "protocol": lambda exchange, _: f"HTTP/{exchange.request.version}",
    "requestId": lambda exchange, _: exchange.id,
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
    "sourceIp": lambda exchange, _: exchange.request.client,
    "user": lambda exchange, _: unique_id(exchange.identity) if exchange.identity is not None else None,
    "userAgent": lambda exchange, _: _header(exchange, b"user-agent"),
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

FRONT: Final[dict[str, Field]] = {
    "X-Amzn-Trace-Id": _trace,
    "X-Forwarded-For": _forwarded_for,
    "X-Forwarded-Port": _forwarded_port,
    "X-Forwarded-Proto": lambda exchange, _: exchange.request.scheme,
}
"""The headers that the service's front adds to every request; templates see them, proxy integrations pass them on."""

OWN: Final[dict[str, Field]] = {
    "http.Accept": lambda _, __: "application/json",
    "http.User-Agent": lambda _, deployment: f"AmazonAPIGateway_{api_id(deployment)}",
    "http.X-Amzn-Trace-Id": _sent_trace,
    "http.traceparent": _sent_traceparent,
    "http.tracestate": _sent_tracestate,
    "http.x-amzn-apigateway-api-id": FIELDS["apiId"],
    "http_proxy.User-Agent": _user_agent,
    "http_proxy.x-amzn-apigateway-api-id": FIELDS["apiId"],
    "aws_proxy.X-Amzn-Trace-Id": _sent_trace,
    **{f"http_proxy.{name}": field for name, field in FRONT.items()},
    "http_proxy.Authorization": _signature,
    "http_proxy.X-Amzn-Trace-Id": _sent_trace,
    "http_proxy.traceparent": _sent_traceparent,
}
"""The headers that the service itself sends to a backend, by type of integration and name."""

TRACE_CONTEXT: Final = (".traceparent", ".tracestate")
"""The ends of those that are sent only where requests are traced."""


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
        return _of_authorizer(field) if field else _whole_authorizer
    if name.startswith(_CERTIFICATE):
        return _of_certificate(name.removeprefix(_CERTIFICATE))
    table = GROUPS.get(group)
    if table is not None:
        return table.get(field, _null)
    return FIELDS.get(name, _null)


def _whole_authorizer(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    made = authorizer_of(exchange)
    return None if made is None else msgspec.json.encode(made).decode()


def _null(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    return None
