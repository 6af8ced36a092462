"""MapResponse: makes the response from the reply."""

from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from inferway.definition.steps import MapResponse, ResponseCase
from inferway.dialects.dialect import Evaluate, Overrides
from inferway.exchange import Exchange, Headers, Reply, Response, header_name, header_value
from inferway.faults import Fault, FaultKind
from inferway.gateway.payload import UNTRANSFORMED, Convert, convert_reply
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.map_request import HOP_BY_HOP
from inferway.languages.regex import RegexCostError, compile_java
from inferway.media_types import accepted, media_type

_NO_CASE: Final = Fault(
    kind=FaultKind.MISCONFIGURED, cause="no response case matches the reply and none is the default"
)

_NOT_GIVEN: Final = Fault(kind=FaultKind.TEMPLATE_FAILED, cause="what is to be the response is none")

_STEPS: Final = 200_000
"""What a pattern may cost (`compile_java`): some tenths of a second, in which nobody else is served."""

_Apply = Callable[[Exchange], Fault | None]


def compile_stage(step: MapResponse, parts: Parts) -> tuple[Stage, ...]:
    """Compile each case. A pattern must match the whole status, or the whole error text of a function."""
    if step.forward:
        return (_forward,) if step.payload is None else (_converted(convert_reply(step.payload)), _forward)
    if step.given is not None:
        return (_given(parts.scope.compile(step.given)),)
    cases = tuple(
        (compile_java(case.pattern, budget=_STEPS), _case(case, parts))
        for case in step.cases
        if case.pattern is not None
    )
    defaults = [_case(case, parts) for case in step.cases if case.pattern is None]
    default = defaults[0] if defaults else None
    subject_of = _error_text if step.by_error else _status_or_error

    def map_response(exchange: Exchange) -> Outcome:
        subject = subject_of(exchange.reply)
        for pattern, apply in cases:
            try:
                matched = pattern.fullmatch(subject)
            except RegexCostError as error:
                return Fault(kind=FaultKind.MISCONFIGURED, cause=f"the selection pattern {pattern.pattern!r}: {error}")
            if matched is not None:
                return apply(exchange)
        return _NO_CASE if default is None else default(exchange)

    return (map_response,)


def _status_or_error(reply: Reply) -> str:
    return str(reply.status) if reply.error is None else reply.error


def _error_text(reply: Reply) -> str:
    return reply.error or ""


def _given(evaluate: Evaluate) -> Stage:
    def map_response(exchange: Exchange) -> Outcome:
        made = evaluate(exchange)
        if isinstance(made, Response):
            exchange.response = made
            return None
        return made if isinstance(made, Fault) else _NOT_GIVEN

    return map_response


def _converted(convert: Convert) -> Stage:
    def convert_body(exchange: Exchange) -> Outcome:
        reply = exchange.reply
        if reply.stream is not None:
            return None
        converted = convert(exchange)
        if isinstance(converted, Fault):
            return converted
        if converted[0] is not reply.body:
            exchange.reply = msgspec.structs.replace(reply, body=converted[0])
        return None

    return convert_body


def _forward(exchange: Exchange) -> Outcome:
    reply = exchange.reply
    headers = [pair for pair in reply.headers if pair[0] not in HOP_BY_HOP and pair[0] != b"content-length"]
    body = reply.body if reply.stream is None else reply.stream
    exchange.response = Response(status=reply.status, headers=headers, body=body)
    return None


def _case(case: ResponseCase, parts: Parts) -> _Apply:
    if case.invalid:
        return partial(_refuse, Fault(kind=FaultKind.MISCONFIGURED, cause=case.invalid))
    headers = tuple((header_name(made.name), parts.scope.compile(made.value)) for made in case.headers)
    templates = {
        made.content_type.lower(): parts.scope.compile(made.template) if made.template.text else None
        for made in case.templates
    }
    overridden, status = parts.scope.response_overrides, case.status
    make_body = _body(templates, None if case.payload is None else convert_reply(case.payload))

    def apply(exchange: Exchange) -> Fault | None:
        made_body = make_body(exchange)
        if isinstance(made_body, Fault):
            return made_body
        body, content_type = made_body
        made: Headers = []
        for name, evaluate in headers:
            value = evaluate(exchange)
            if isinstance(value, list):
                made += [(name, header_value(item)) for item in value]
            elif value is not None:
                made.append((name, header_value(value)))
        stream = exchange.reply.stream
        response = Response(status=status, headers=made, body=body if stream is None else stream)
        overrides = overridden(exchange)
        if overrides is not None:
            _override(overrides, response)
        if not any(name.lower() == b"content-type" for name, _ in response.headers):
            # Events that the bindings have passed on are no JSON, and a browser would not read them as such.
            said = None if stream is None else exchange.reply.header(b"content-type")
            response.headers.insert(0, (b"Content-Type", said or content_type))
        exchange.response = response
        return None

    return apply


def _refuse(fault: Fault, _: Exchange) -> Fault:
    return fault


def _body(
    templates: dict[str, Evaluate | None], convert: Convert | None
) -> Callable[[Exchange], tuple[bytes, bytes] | Fault]:
    """Compile what gives the body and its content type.

    An empty template leaves the body as it is ("Select a mapping template"). One that is binary fails at the template
    that Accept names, and passes the others by: the vendor's "Access binary files in Lambda" has such a template.
    """

    def make_body(exchange: Exchange) -> tuple[bytes, bytes] | Fault:
        is_binary = False
        if convert is not None:
            converted = convert(exchange)
            if isinstance(converted, Fault):
                return converted
            content, is_binary = converted
            if content is not exchange.reply.body:
                exchange.reply = msgspec.structs.replace(exchange.reply, body=content)
        accept = exchange.request.header(b"accept")
        chosen = accepted(templates, accept) if templates else None
        if chosen is None:
            return exchange.reply.body, b"application/json"
        content_type, template = chosen
        if template is None:
            return exchange.reply.body, content_type.encode("latin-1")
        if is_binary:
            if accept is not None and media_type(accept.partition(b",")[0]) == content_type:
                return UNTRANSFORMED
            return exchange.reply.body, b"application/json"
        return str(template(exchange)).encode("utf-8", "replace"), content_type.encode("latin-1")

    return make_body


def _override(overrides: Overrides, response: Response) -> None:
    if overrides.status:
        response.status = overrides.status
    for name, values in overrides.headers.items():
        key, lowered = header_name(name), name.lower().encode("ascii")
        response.headers = [pair for pair in response.headers if pair[0].lower() != lowered]
        response.headers += [(key, header_value(value)) for value in values]
