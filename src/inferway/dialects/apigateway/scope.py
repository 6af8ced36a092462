"""What API Gateway's expressions see, and how they are compiled."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from inferway.definition.deployment import Deployment
from inferway.definition.expression import Expression
from inferway.dialects.apigateway.authorizer_context import authorizer_of
from inferway.dialects.apigateway.authorizer_event import (
    HEADER_EVENT,
    REQUEST_EVENT,
    compile_header_event,
    compile_request_event,
)
from inferway.dialects.apigateway.authorizer_result import AUTHORIZER_RESULT, compile_authorizer_result
from inferway.dialects.apigateway.context import ERROR as ERROR_FIELDS
from inferway.dialects.apigateway.context import FIELDS, IDENTITY, client_cert
from inferway.dialects.apigateway.input import GivenParameters, Input
from inferway.dialects.apigateway.mapping import compile_mapping, compile_substitution
from inferway.dialects.apigateway.overrides import override_maps, request_overrides, response_overrides
from inferway.dialects.apigateway.proxy_event import PROXY_EVENT, compile_event
from inferway.dialects.apigateway.proxy_result import PROXY_RESULT, compile_result
from inferway.dialects.apigateway.sent_headers import FRONT, OWN, TRACE_CONTEXT, is_traced
from inferway.dialects.apigateway.state import state_of
from inferway.dialects.apigateway.stream_result import STREAM_RESULT, compile_stream_result
from inferway.dialects.apigateway.util import UTIL
from inferway.dialects.dialect import Evaluate, EvaluationError, Overrides, never
from inferway.exchange import NO_REPLY, Exchange
from inferway.languages.vtl import JavaHashMap, Limits, VtlError, compile_template

PROFILE: Final = "apigateway"

# A render holds up every other request of its process. The longest sound one, of a 10 MB body, takes about one second.
_LIMITS: Final = Limits(seconds=2.0)

_NO_BODY: Final = b"{}"
"""What templates see of an empty body: the "method request passthrough" template gives `"body-json": {}` (recorded)."""

_FRONT: Final = {name.lower(): field for name, field in FRONT.items()}
_UNSEEN: Final = frozenset(name.lower().encode() for name in FRONT) | {b"connection", b"content-length"}

_CONTEXT_BUCKETS: Final = 32
_IDENTITY_BUCKETS: Final = 16


class _NestedMap(JavaHashMap):
    """A map below `$context`, which prints as nothing."""

    __slots__ = ()

    def vtl_text(self) -> str:
        return ""


def template_context(
    *,
    body: bytes | str | None = None,
    params: Mapping[str, Mapping[str, str]] | None = None,
    context: Mapping[str, object] | None = None,
    stage_variables: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """Give the context of one template as a plain dict: `input`, `util`, `context` and `stageVariables`.

    `params` maps `path`, `querystring` and `header` to parameters by name. `context` is what `$context` holds; the
    override maps are added where it has none.
    """
    request, response = override_maps()
    held = JavaHashMap(dict(context or {}), table_size=_CONTEXT_BUCKETS)
    for name, value in list(held.items()):
        if isinstance(value, dict) and not isinstance(value, JavaHashMap):
            held[name] = _NestedMap(value, table_size=_IDENTITY_BUCKETS)
    held.setdefault("requestOverride", request)
    held.setdefault("responseOverride", response)
    return {
        "input": Input(body, GivenParameters(params or {})),
        "util": UTIL,
        "context": held,
        "stageVariables": dict(stage_variables or {}),
    }


class _RequestParameters:
    """The parameters of a request under way, read only as a template asks for them."""

    __slots__ = ("_deployment", "_exchange")

    def __init__(self, exchange: Exchange, deployment: Deployment) -> None:
        self._exchange = exchange
        self._deployment = deployment

    def find(self, name: str) -> str:
        """Look in path, then query, then headers, whose names match whatever their case."""
        exchange = self._exchange
        value = exchange.parameters.get(name)
        if value is not None:
            return value
        values = exchange.request.arguments().get(name)
        if values:
            return values[-1]
        lowered = name.lower()
        if lowered in _FRONT:
            return str(_FRONT[lowered](exchange, self._deployment))
        header = exchange.request.header(lowered.encode("latin-1", "replace"))
        return "" if header is None else header.decode("latin-1")

    def table(self) -> dict[str, dict[str, str]]:
        """Give all; the last of several values of one name counts.

        Headers come in the order of their names, with those that the service's front adds and without the
        connection's own, as recorded (CloudWatch logs of events made by the "method request passthrough" template).
        """
        exchange = self._exchange
        request = exchange.request
        names = request.names or [name for name, _ in request.headers]
        headers = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, (lowered, value) in zip(names, request.headers, strict=True)
            if lowered not in _UNSEEN
        }
        headers |= {name: str(field(exchange, self._deployment)) for name, field in FRONT.items()}
        query = {name: values[-1] for name, values in request.arguments().items()}
        return {"path": dict(exchange.parameters), "querystring": query, "header": dict(sorted(headers.items()))}


def _failing(cause: str) -> Evaluate:
    """Give what a template that is no Velocity evaluates to: the service takes it, and every call of it is a 500."""

    def fail(exchange: Exchange) -> object:  # noqa: ARG001 - an expression takes an exchange
        raise EvaluationError(cause)

    return fail


class ApiGatewayScope:
    """The expressions of one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._stage_variables = dict(deployment.stage.variables)

    def compile(self, expression: Expression) -> Evaluate:
        """Compile a mapping template, a parameter mapping, or a gateway response's template."""
        try:
            return self._compilers[expression.language](self, expression.text)
        except (ValueError, VtlError) as error:
            raise ValueError(f"{expression.place}: {error}") from error

    def request_overrides(self, exchange: Exchange) -> Overrides | None:
        """Give what the request template overrode."""
        context = state_of(exchange).context if exchange.scope is not None else None
        return None if context is None else request_overrides(context.get("requestOverride"))

    def response_overrides(self, exchange: Exchange) -> Overrides | None:
        """Give what the request or the response template overrode in the response."""
        context = state_of(exchange).context if exchange.scope is not None else None
        return None if context is None else response_overrides(context.get("responseOverride"))

    def _template(self, text: str) -> Evaluate:
        try:
            render = compile_template(text, profile=PROFILE, limits=_LIMITS).render
        except VtlError as error:
            return _failing(str(error))
        stage_variables, deployment = self._stage_variables, self._deployment
        # A template that never says "context" cannot see it, so it need not be made.
        make_context = self._context if "context" in text else None

        def evaluate(exchange: Exchange) -> str:
            body = exchange.request.body if exchange.reply is NO_REPLY else exchange.reply.body
            names: dict[str, Any] = {
                "input": Input(body or _NO_BODY, _RequestParameters(exchange, deployment)),
                "util": UTIL,
                "stageVariables": stage_variables,
            }
            if make_context is not None:
                names["context"] = make_context(exchange)
            try:
                return render(names)
            except VtlError as error:
                raise EvaluationError(str(error)) from error

        return evaluate

    def _context(self, exchange: Exchange) -> dict[str, object]:
        state = state_of(exchange)
        if state.context is None:
            deployment = self._deployment
            held = JavaHashMap(
                {name: field(exchange, deployment) for name, field in FIELDS.items()}, table_size=_CONTEXT_BUCKETS
            )
            held["identity"] = _NestedMap(
                {name: field(exchange, deployment) for name, field in IDENTITY.items()}, table_size=_IDENTITY_BUCKETS
            )
            shown = client_cert(exchange)
            if shown is not None:
                held["identity"]["clientCert"] = _NestedMap(
                    {name: _NestedMap(value) if isinstance(value, dict) else value for name, value in shown.items()}
                )
            authorizer = authorizer_of(exchange)
            if authorizer is not None:
                held["authorizer"] = _NestedMap(
                    {
                        name: _NestedMap(value) if isinstance(value, dict) else value
                        for name, value in authorizer.items()
                    }
                )
            held["requestOverride"], held["responseOverride"] = override_maps()
            if exchange.fault is not None:
                held["error"] = _NestedMap({name: field(exchange, deployment) for name, field in ERROR_FIELDS.items()})
            state.context = held
        return state.context

    def _mapping(self, text: str) -> Evaluate:
        return compile_mapping(text, self._deployment)

    def _substitution(self, text: str) -> Evaluate:
        return compile_substitution(text, self._deployment)

    def _own_header(self, text: str) -> Evaluate:
        field, deployment = OWN[text], self._deployment
        if text.endswith(TRACE_CONTEXT) and not is_traced(deployment):
            return never
        return lambda exchange: field(exchange, deployment)

    def _proxy_event(self, text: str) -> Evaluate:
        return compile_event(text, self._deployment)

    def _proxy_result(self, text: str) -> Evaluate:
        return compile_result(text)

    def _stream_result(self, text: str) -> Evaluate:
        return compile_stream_result(text)

    def _header_event(self, text: str) -> Evaluate:
        return compile_header_event(text, self._deployment)

    def _request_event(self, text: str) -> Evaluate:
        return compile_request_event(text, self._deployment)

    def _authorizer_result(self, text: str) -> Evaluate:
        return compile_authorizer_result(text)

    _compilers: Final[dict[str, Callable[["ApiGatewayScope", str], Evaluate]]] = {
        "gateway": _own_header,
        PROXY_EVENT: _proxy_event,
        PROXY_RESULT: _proxy_result,
        STREAM_RESULT: _stream_result,
        HEADER_EVENT: _header_event,
        REQUEST_EVENT: _request_event,
        AUTHORIZER_RESULT: _authorizer_result,
        "vtl": _template,
        "mapping": _mapping,
        "substitution": _substitution,
    }
