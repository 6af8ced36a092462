"""Parameter mapping expressions, such as `method.request.querystring.items`.

Source: API Gateway, "Mapping request and response data" ("Request and response data mapping reference").
"""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from inferway.definition.deployment import Deployment
from inferway.dialects.apigateway.context import lookup
from inferway.dialects.dialect import Evaluate
from inferway.exchange import Exchange
from inferway.languages.jsonpath import PathNotFound, compile_path, json_text, parse_json

_PREFIXES: Final = ("method.request.", "integration.response.", "context.", "stageVariables.")

_NAME: Final = r"(?:context|stageVariables|method\.request)(?:\.[A-Za-z0-9_-]+)+"
_VARIABLE: Final = re.compile(rf"\$(?:\{{({_NAME})\}}|({_NAME}))")


def compile_mapping(text: str, deployment: Deployment) -> Evaluate:
    """Compile an expression: its value is text, a list of texts for a multi-value one, or None where it has none.

    Raises ValueError for one that the vendor refuses.
    """
    if len(text) > 1 and text[0] == text[-1] == "'":
        literal = text[1:-1]
        return lambda exchange: literal  # noqa: ARG005 - an expression takes an exchange
    prefix = next((known for known in _PREFIXES if text.startswith(known)), None)
    if prefix is None:
        raise ValueError(f"invalid mapping expression: {text!r}")
    rest = text.removeprefix(prefix)
    if prefix == "context.":
        field = lookup(rest)
        return lambda exchange: _text(field(exchange, deployment))
    if prefix == "stageVariables.":
        value = deployment.stage.variables.get(rest)
        return lambda exchange: value  # noqa: ARG005 - an expression takes an exchange
    location, _, name = rest.partition(".")
    table = _REPLY if prefix == "integration.response." else _REQUEST
    if location not in table:
        raise ValueError(f"invalid mapping expression: {text!r}")
    return table[location](name)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _path(name: str) -> Evaluate:
    return lambda exchange: exchange.parameters.get(name)


def _query(name: str) -> Evaluate:
    def last(exchange: Exchange) -> str | None:
        values = exchange.request.arguments().get(name)
        return values[-1] if values else None

    return last


def _queries(name: str) -> Evaluate:
    return lambda exchange: exchange.request.arguments().get(name)


def _request_header(name: str) -> Evaluate:
    key = name.lower().encode("latin-1", "replace")

    def header(exchange: Exchange) -> str | None:
        value = exchange.request.header(key)
        return None if value is None else value.decode("latin-1")

    return header


def _request_headers(name: str) -> Evaluate:
    key = name.lower().encode("latin-1", "replace")
    return lambda exchange: [value.decode("latin-1") for header, value in exchange.request.headers if header == key]


def _reply_header(name: str) -> Evaluate:
    key = name.lower().encode("latin-1", "replace")

    def header(exchange: Exchange) -> str | None:
        value = exchange.reply.header(key)
        return None if value is None else value.decode("latin-1")

    return header


def _reply_headers(name: str) -> Evaluate:
    key = name.lower().encode("latin-1", "replace")
    return lambda exchange: [value.decode("latin-1") for header, value in exchange.reply.headers if header == key]


def _body_of(body: Callable[[Exchange], bytes]) -> Callable[[str], Evaluate]:
    def compile_body(path: str) -> Evaluate:
        if not path:
            return lambda exchange: body(exchange).decode("utf-8", "replace")
        compiled = compile_path(path)

        def read(exchange: Exchange) -> str | None:
            try:
                found = compiled.read(parse_json(body(exchange).decode("utf-8", "replace")))
            except (PathNotFound, ValueError):
                return None
            if found is None:
                return None
            return found if isinstance(found, str) else json_text(found)

        return read

    return compile_body


_Compile = Callable[[str], Evaluate]

_REQUEST: Final[dict[str, _Compile]] = {
    "path": _path,
    "querystring": _query,
    "multivaluequerystring": _queries,
    "header": _request_header,
    "multivalueheader": _request_headers,
    "body": _body_of(lambda exchange: exchange.request.body),
}
_REPLY: Final[dict[str, _Compile]] = {
    "header": _reply_header,
    "multivalueheader": _reply_headers,
    "body": _body_of(lambda exchange: exchange.reply.body),
}


def compile_substitution(text: str, deployment: Deployment) -> Evaluate:
    """Compile a gateway response's template: variables are put in as text, and nothing is executed.

    Source: API Gateway, "Gateway responses in API Gateway": `$context`, `$stageVariables` and `$method.request` only.
    """
    pieces: list[str | Evaluate] = []
    at = 0
    for match in _VARIABLE.finditer(text):
        pieces.append(text[at : match.start()])
        pieces.append(compile_mapping(match[1] or match[2], deployment))
        at = match.end()
    pieces.append(text[at:])

    def substitute(exchange: Exchange) -> str:
        made = []
        for piece in pieces:
            value = piece if isinstance(piece, str) else piece(exchange)
            made.append(
                "" if value is None else value if isinstance(value, str) else msgspec.json.encode(value).decode()
            )
        return "".join(made)

    return substitute
