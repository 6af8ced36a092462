"""The line that a stage's access log has for a request, in the format that its definition gives.

Sources: API Gateway, "Set up CloudWatch logging for REST APIs" and "Variables for access logging for API Gateway"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html); lines that
users of the service published, in which a variable without a value is `-`.
"""

import json
import re
from collections.abc import Callable
from typing import Final

import msgspec

from inferway.definition.deployment import Deployment
from inferway.definition.stage import StageSettings
from inferway.dialects.apigateway.access_variables import LATENCIES, STREAMED, override, variable
from inferway.dialects.apigateway.context import lookup
from inferway.exchange import Exchange, Response

Line = Callable[[Exchange, Response], str]
"""Gives the line for a request and its response."""

COMMON: Final = (
    "$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "
    '"$context.httpMethod $context.resourcePath $context.protocol" '
    "$context.status $context.responseLength $context.requestId"
)
"""The format of a stage that names none and whose lines go to a file: the vendor's Common Log Format."""

_Value = Callable[[Exchange, Response], object]
_Escape = Callable[[str], str]

_NAME: Final = (
    r"(?:requestOverride|responseOverride)\.(?:header|path|querystring)\.[A-Za-z0-9_-]+"
    r"|authorizer\.claims\.[A-Za-z0-9_:]+"
    r"|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"
)
_VARIABLE: Final = re.compile(rf"\$context\.({_NAME})")
_SEPARATED: Final = re.compile(rf"\$context\.(?:{_NAME})(?:,\$context\.(?:{_NAME}))+\s*")
_ENDS: Final = re.compile(r"\s*[\r\n]+\s*")

_NOTHING: Final = "-"
_QUOTED: Final = frozenset(("error.messageString", "error.validationErrorString"))
"""Variables whose values are escaped already."""

_UNSEEN: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What JSON may hold as it is, and what ends a line, moves a terminal's cursor, or is no character."""

_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_SPECIAL: Final = re.compile("[&<>\"']")


def compile_line(text: str, deployment: Deployment) -> Line:
    """Compile a format: its variables are replaced, each escaped so that no value can look like another one.

    In JSON and the Common Log Format as JSON does it, in XML as markup; in a list of values with commas between them
    one that holds a comma or a quote stands in quotes (RFC 4180). A format is one line.
    """
    text = _ENDS.sub(" ", text.strip())
    escape = _escape_of(text)
    parts: list[str | _Value] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        parts += [text[position : found.start()], _value(found[1], deployment, escape)]
        position = found.end()
    parts.append(text[position:])

    def line(exchange: Exchange, response: Response) -> str:
        return "".join(part if isinstance(part, str) else str(part(exchange, response)) for part in parts)

    return line


def when_streamed(line: Line, exchange: Exchange, response: Response) -> Callable[[int], str]:
    """Give what makes the line of a response that is streamed, once its size in bytes is known."""

    def made(size: int) -> str:
        exchange.variables[STREAMED] = size
        return line(exchange, response)

    return made


def log_format(stage: StageSettings) -> str:
    """Give the format of a stage's access log, "" where it has none."""
    return stage.access_log_format or (COMMON if stage.access_log else "")


def timed_steps(text: str) -> frozenset[str]:
    """Give the names of the classes of steps whose times a format needs."""
    return frozenset(step for found in _VARIABLE.finditer(text) for step in LATENCIES.get(found[1], ()))


def _escape_of(text: str) -> _Escape:
    if text.startswith("<"):
        return _as_markup
    return _as_field if _SEPARATED.fullmatch(text) else _as_json


def _as_json(value: str) -> str:
    if _UNSEEN.search(value) is None:
        return msgspec.json.encode(value).decode()[1:-1]
    return json.dumps(value)[1:-1]


def _as_markup(value: str) -> str:
    """Escape for XML, which has no way to write most control characters: they are written as JSON would."""
    return _SPECIAL.sub(lambda found: _MARKUP[found[0]], _as_json(value).replace('\\"', '"'))


def _as_field(value: str) -> str:
    written = _as_json(value).replace('\\"', '"')
    return '"' + written.replace('"', '""') + '"' if "," in written or '"' in written else written


def _value(name: str, deployment: Deployment, escape: _Escape) -> _Value:
    own = variable(name, deployment) or override(name)
    field = lookup(name)

    def value(exchange: Exchange, response: Response) -> object:
        made = own(exchange, response) if own is not None else field(exchange, deployment)
        if made is None or made == "" or isinstance(made, dict):
            return _NOTHING
        if isinstance(made, bool):
            return "true" if made else "false"
        return escape(made) if isinstance(made, str) and name not in _QUOTED else made

    return value
