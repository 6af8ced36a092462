"""MapRequest: makes the call to the model from the request."""

from collections.abc import Callable
from typing import Final

from inferway.definition.steps import Assignment, MapRequest, Passthrough
from inferway.dialects.dialect import WITHHELD, Evaluate, Overrides, never
from inferway.exchange import Call, Exchange, Headers, header_name, header_value
from inferway.faults import Fault, FaultKind
from inferway.gateway.payload import UNTRANSFORMED, Convert, convert_request
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.media_types import media_type

_UNSUPPORTED: Final = Fault(kind=FaultKind.UNSUPPORTED_MEDIA_TYPE)

HOP_BY_HOP: Final = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"transfer-encoding upgrade".split()
)
"""Headers that belong to one connection and are never sent on (RFC 9110, 7.6.1)."""

_NOT_FORWARDED: Final = HOP_BY_HOP | frozenset(
    b"host content-length expect content-md5 max-forwards server via www-authenticate".split()
)
"""Beyond those of one connection: what a gateway answers for itself, as API Gateway's "important notes" list it."""

_NOT_MAPPED: Final = _NOT_FORWARDED - {b"proxy-authorization"}
"""What no mapping or template sets either."""

_MakeBody = Callable[[Exchange], bytes | Fault]


def compile_stage(step: MapRequest, parts: Parts) -> tuple[Stage, ...]:
    """Compile assignments and templates; the template's overrides are applied last and win."""
    compile_text, overridden = parts.scope.compile, parts.scope.request_overrides
    path, query = _texts(step.path, compile_text), _texts(step.query, compile_text)
    headers = tuple(
        (key, text)
        for key, text in ((header_name(name.lower()), text) for name, text in _texts(step.headers, compile_text))
        if key not in _NOT_MAPPED and text is not never
    )
    convert = _as_it_is if step.payload is None else convert_request(step.payload)
    make_body = _forwarded_body(convert) if step.forward else _body(step, parts, convert)
    if step.body is not None:
        make_body = _made_body(compile_text(step.body))
    method = "" if step.method == "ANY" else step.method
    forward, has_templates = step.forward, bool(step.templates)
    named = frozenset(name for name, _ in query)

    def map_request(exchange: Exchange) -> Outcome:
        request = exchange.request
        body = make_body(exchange)
        if isinstance(body, Fault):
            return body
        call = Call(
            method=method or request.method,
            parameters={name: str(evaluate(exchange) or "") for name, evaluate in path} if path else None,
            headers=_forwarded(request.headers) if forward else _content_type(request.headers) if body else [],
            body=body,
        )
        if forward:
            call.query = [
                (name, value) for name, values in request.arguments().items() if name not in named for value in values
            ]
        for name, evaluate in query:
            call.query += [(name, value) for value in _values(evaluate(exchange))]
        for key, evaluate in headers:
            value = evaluate(exchange)
            values = () if value is WITHHELD else _values(value)
            if values or value is WITHHELD:
                call.headers = [pair for pair in call.headers if pair[0] != key]
                call.headers += [(key, header_value(value)) for value in values]
        if has_templates and (overrides := overridden(exchange)) is not None:
            _apply(overrides, call)
        exchange.call = call
        return None

    return (map_request,)


def _texts(
    assignments: tuple[Assignment, ...], compile_text: Callable[..., Evaluate]
) -> tuple[tuple[str, Evaluate], ...]:
    return tuple((assignment.name, compile_text(assignment.value)) for assignment in assignments)


def _values(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _as_it_is(exchange: Exchange) -> tuple[bytes, bool]:
    return exchange.request.body, False


def _body(step: MapRequest, parts: Parts, convert: Convert) -> _MakeBody:
    templates = {
        made.content_type.lower(): parts.scope.compile(made.template) if made.template.text else None
        for made in step.templates
    }
    passes = {
        Passthrough.WHEN_NO_MATCH: True,
        Passthrough.WHEN_NO_TEMPLATES: not templates,
        Passthrough.NEVER: False,
    }[step.passthrough]

    def make_body(exchange: Exchange) -> bytes | Fault:
        request = exchange.request
        template = templates.get(media_type(request.header(b"content-type")), _UNSUPPORTED)
        if isinstance(template, Fault) and not passes:
            return template
        converted = convert(exchange)
        if isinstance(converted, Fault):
            return converted
        content, is_binary = converted
        if template is None or isinstance(template, Fault):
            return content
        if is_binary:
            return UNTRANSFORMED
        request.body = content
        return str(template(exchange)).encode("utf-8", "replace")

    return make_body


def _made_body(evaluate: Evaluate) -> _MakeBody:
    def make_body(exchange: Exchange) -> bytes | Fault:
        made = evaluate(exchange)
        return made if isinstance(made, bytes) else str(made).encode("utf-8", "replace")

    return make_body


def _forwarded_body(convert: Convert) -> _MakeBody:
    def make_body(exchange: Exchange) -> bytes | Fault:
        converted = convert(exchange)
        return converted if isinstance(converted, Fault) else converted[0]

    return make_body


def _forwarded(headers: Headers) -> Headers:
    """Give the headers to send on: neither those of the connection nor those that Connection names."""
    dropped: frozenset[bytes] = _NOT_FORWARDED
    for name, value in headers:
        if name == b"connection":
            dropped = dropped | {token.strip().lower() for token in value.split(b",")}
    return [pair for pair in headers if pair[0] not in dropped]


def _content_type(headers: Headers) -> Headers:
    for pair in headers:
        if pair[0] == b"content-type":
            return [pair]
    return [(b"content-type", b"application/json")]


def _apply(overrides: Overrides, call: Call) -> None:
    call.parameters |= overrides.path
    if overrides.query:
        call.query = [pair for pair in call.query if pair[0] not in overrides.query]
        call.query += [(name, value) for name, values in overrides.query.items() for value in values]
    for name, values in overrides.headers.items():
        key = header_name(name.lower())
        if key in _NOT_MAPPED:
            continue
        call.headers = [pair for pair in call.headers if pair[0] != key]
        call.headers += [(key, header_value(value)) for value in values]
