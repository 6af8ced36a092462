"""What AppSync's templates see, how they are compiled, and what is made of their outcome.

Sources: AppSync, "Resolver mapping template overview", "Resolver mapping template changelog" (what the two versions do
with errors and null), "Direct Lambda resolvers" (below https://docs.aws.amazon.com/appsync/latest/devguide/).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from inferway.definition.deployment import Deployment
from inferway.definition.expression import Expression
from inferway.dialects.appsync.context import direct_payload, looks_at_selection, make_context
from inferway.dialects.appsync.data_source import (
    FIRST_VERSION,
    LATER_VERSION,
    MAPPING_TEMPLATE,
    VERSIONS,
    DataSource,
    Outcome,
    Sent,
    text_of,
    wrong_document,
)
from inferway.dialects.appsync.http_source import HttpSource
from inferway.dialects.appsync.json_values import read_json, read_lenient_json
from inferway.dialects.appsync.lambda_source import LambdaSource
from inferway.dialects.appsync.local_source import LocalSource
from inferway.dialects.appsync.manners import AppSyncManners
from inferway.dialects.appsync.table_source import TableSource
from inferway.dialects.appsync.util import Util
from inferway.dialects.dialect import EarlyReturn, Evaluate, Overrides
from inferway.dialects.graphql import FieldError
from inferway.exchange import Exchange
from inferway.languages.vtl import JavaFailure, Limits, Template, VtlError, compile_template

PROFILE: Final = "appsync"
_LIMITS: Final = Limits(template_characters=65_536, characters=5 * 1024 * 1024, seconds=2.0)
"""A template of 64 KB, evaluated to 5 MB (AppSync, "Quotas"); the time is ours."""

RESPONSE_HEADERS: Final = "response headers"
"""The exchange's variable that holds headers which templates add to the response."""

_SOURCES: Final[Mapping[str, Callable[[str], DataSource]]] = {
    "lambda": lambda _: LambdaSource(),
    "table": TableSource,
    "http": lambda _: HttpSource(),
    "local": lambda _: LocalSource(),
}


class AppSyncScope:
    """The expressions of one deployment.

    An expression's language says what its text is for, in words with blanks between: `unit` or `function`, the kind of
    data source (with a table's name after a slash), and `request`, `response` or `failure`; or `pipeline` with `before`
    or `after`; or `literal`, a text as it is. An empty text is a template that was left out.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._api = deployment.api.slug
        self.manners = AppSyncManners()

    def compile(self, expression: Expression) -> Evaluate:
        """Compile a template for its place in a resolver."""
        if expression.language == "literal":
            text = expression.text
            return lambda _: text
        holder, source, *role = expression.language.split(" ")
        template = _Template(expression.text) if expression.text.strip() else None
        if holder == "pipeline":
            return _around(template, after=source == "after")
        kind, _, name = source.partition("/")
        made = _SOURCES[kind](name)
        if role[0] == "request":
            return _request(template, made, function=holder == "function")
        return _response(template, made, failed=role[0] == "failure")

    def request_overrides(self, exchange: Exchange) -> Overrides | None:  # noqa: ARG002 - a scope's form
        """Give nothing: resolvers override nothing."""
        return None

    def response_overrides(self, exchange: Exchange) -> Overrides | None:  # noqa: ARG002 - a scope's form
        """Give nothing, as above."""
        return None


class _Template:
    """A compiled template; one that is no Velocity fails its field on every call, as on the service."""

    def __init__(self, text: str) -> None:
        self._selection = looks_at_selection(text)
        self._compiled: Template | None = None
        self._wrong: VtlError | None = None
        try:
            self._compiled = compile_template(text, PROFILE, limits=_LIMITS)
        except VtlError as error:
            self._wrong = error

    def run(self, exchange: Exchange, outcome: Outcome | None) -> str:
        """Give the text; raises FieldError, or EarlyReturn for `#return`."""
        if self._compiled is None:
            raise _failed(self._wrong)
        context = make_context(exchange, outcome, selection=self._selection)
        headers: Any = exchange.variables.setdefault(RESPONSE_HEADERS, [])
        util = Util(exchange.frame.field, headers)
        try:
            made = self._compiled.run({"context": context, "ctx": context, "util": util, "utils": util})
        except VtlError as error:
            raise _failed(error) from error
        if made.returned:
            raise EarlyReturn(made.value)
        return made.text.strip()


def _failed(error: VtlError | None) -> FieldError:
    """Give the error of a template that failed: what it threw itself, else the engine's, with its place."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, FieldError):
        cause = cause.__cause__
    if isinstance(cause, FieldError):
        return cause
    if error is None:
        return wrong_document("The template is malformed.")
    return wrong_document(f"{error.message} at velocity[line {error.line}, column {error.column}]")


def _document(text: str) -> dict[str, object]:
    if not text:
        raise wrong_document("Template transformation yielded an empty response.")
    try:
        document = read_lenient_json(text)
    except ValueError as error:
        raise wrong_document(f"Unable to parse the JSON document: '{error}'") from error
    if not isinstance(document, dict):
        raise wrong_document("The request template must give a JSON object.")
    return document


def _value(text: str) -> object:
    """Give the value of a response template's text (recorded: `Unable to convert … to Object.`)."""
    if not text:
        raise wrong_document("Template transformation yielded an empty response.")
    try:
        return read_json(text)
    except ValueError as error:
        raise FieldError(f"Unable to convert {text[:2000]} to Object.", MAPPING_TEMPLATE) from error


def _request(template: _Template | None, source: DataSource, *, function: bool) -> Evaluate:
    def evaluate(exchange: Exchange) -> object:
        if template is None:
            document: dict[str, object] = {"operation": "Invoke", "payload": direct_payload(exchange)}
            version = LATER_VERSION
        else:
            document = _document(template.run(exchange, None))
            version = LATER_VERSION if function else text_of(document, "version")
        if version not in VERSIONS:
            raise wrong_document(f"Unsupported mapping template version '{version}'.")
        exchange.scope = Sent(version=version, document=document)
        try:
            exchange.call = source.call(document)
        except (JavaFailure, UnicodeEncodeError, RecursionError) as error:
            raise wrong_document(f"The request cannot be sent: {error}") from error
        return document

    return evaluate


def _response(template: _Template | None, source: DataSource, *, failed: bool) -> Evaluate:
    def evaluate(exchange: Exchange) -> object:
        sent = exchange.scope if isinstance(exchange.scope, Sent) else Sent()
        if not failed:
            return _settled(template, exchange, source.outcome(exchange.reply, sent, exchange), sent)
        fault = exchange.fault
        outcome = Outcome(error=source.failed(fault)) if fault is not None else Outcome()
        # The section that runs after a fault would give the fault again; an early return gives a value instead.
        raise EarlyReturn(_settled(template, exchange, outcome, sent))

    return evaluate


def _settled(template: _Template | None, exchange: Exchange, outcome: Outcome, sent: Sent) -> object:
    """Give the field's or function's value for what the data source gave; raises FieldError."""
    error = outcome.error
    if template is None:
        if error is not None:
            raise FieldError(error.message, error.type, outcome.result)
        return outcome.result
    if sent.version == FIRST_VERSION:
        if error is not None:
            raise FieldError(error.message, error.type, _quietly(template, exchange, outcome))
        if outcome.result is None:
            return None
    try:
        return _value(template.run(exchange, outcome))
    except EarlyReturn as early:
        return early.value


def _quietly(template: _Template, exchange: Exchange, outcome: Outcome) -> object:
    """Give what a first version's response template makes of a failure, which stands in the error as its data."""
    try:
        return _value(template.run(exchange, outcome))
    except EarlyReturn as early:
        return early.value
    except FieldError:
        return None


def _around(template: _Template | None, *, after: bool) -> Evaluate:
    def evaluate(exchange: Exchange) -> object:
        previous = exchange.frame.previous
        if template is None:
            return previous
        if not after:
            return _value(template.run(exchange, None))
        try:
            return _value(template.run(exchange, Outcome(result=previous)))
        except EarlyReturn as early:
            return early.value

    return evaluate
