"""What the service's expressions see, and how they are compiled."""

from collections.abc import Callable
from typing import Any, Final

from inferway.definition.deployment import Deployment
from inferway.definition.expression import Expression
from inferway.dialects.apim.compiled import compiled
from inferway.dialects.apim.context import Context, Served
from inferway.dialects.apim.messages import ResponseView
from inferway.dialects.dialect import Evaluate, EvaluationError, Overrides
from inferway.exchange import Exchange
from inferway.faults import Place
from inferway.languages.csharp import CSharpError
from inferway.languages.csharp.text import text_of
from inferway.languages.csharp.values import Array


def _as_text(value: object) -> str:
    return value if type(value) is str else "" if value is None else text_of(value)


def _as_body(value: object) -> object:
    if isinstance(value, Array) and all(isinstance(item, int) and 0 <= item < 256 for item in value):
        return bytes(value)
    return _as_text(value)


def _as_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise EvaluationError(f"Expression evaluation failed. {_as_text(value)!r} is neither true nor false.")
    return value


def _as_is(value: object) -> object:
    return value


class ApiManagementScope:
    """The expressions of one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._served = Served.of(deployment)

    def compile(self, expression: Expression) -> Evaluate:
        """Compile an expression or a literal. One that cannot be compiled fails whenever it is evaluated."""
        return self._compilers[expression.language](self, expression.text, expression.place)

    def request_overrides(self, exchange: Exchange) -> Overrides | None:  # noqa: ARG002 - the protocol's form
        """Give none: no template of the service overrides the call."""
        return None

    def response_overrides(self, exchange: Exchange) -> Overrides | None:  # noqa: ARG002 - as above
        """Give none, as above."""
        return None

    def _literal(self, text: str, place: Place) -> Evaluate:  # noqa: ARG002 - the table's form
        return lambda exchange: text  # noqa: ARG005 - an expression takes an exchange

    def _flag(self, text: str, place: Place) -> Evaluate:
        if text.lower() in ("true", "false"):
            value = text.lower() == "true"
            return lambda exchange: value  # noqa: ARG005 - as above
        return self._csharp(text, place, _as_flag)

    def _value(self, text: str, place: Place) -> Evaluate:
        return self._csharp(text, place, _as_is)

    def _text(self, text: str, place: Place) -> Evaluate:
        return self._csharp(text, place, _as_text)

    def _body(self, text: str, place: Place) -> Evaluate:
        return self._csharp(text, place, _as_body)

    def _csharp(self, text: str, place: Place, convert: Callable[[Any], object]) -> Evaluate:
        try:
            run = compiled(text).evaluate
        except CSharpError as error:
            return _failing(f"Expression evaluation failed. {error.message}\n{place}: {error}")
        served = self._served

        def evaluate(exchange: Exchange) -> object:
            context = exchange.scope
            if context is None:
                context = exchange.scope = Context(exchange, served)
            try:
                return convert(run({"context": context}))
            except CSharpError as error:
                said = error.message.removeprefix(f"{error.kind}: ") if error.kind else error.message
                raise EvaluationError(f"Expression evaluation failed. {said}\n{place}: {error}") from error

        return evaluate

    def _unserved(self, text: str, place: Place) -> Evaluate:
        return _failing(f"{text}\n{place}")

    def _product(self, text: str, place: Place) -> Evaluate:  # noqa: ARG002 - the table's form
        served = self._served

        def is_product(exchange: Exchange) -> bool:
            product = served.product(exchange.key)
            return product is not None and product.id == text

        return is_product

    def _subscription(self, text: str, place: Place) -> Evaluate:  # noqa: ARG002 - the table's form
        return lambda exchange: None if exchange.key is None else exchange.key.id

    def _response_variable(self, text: str, place: Place) -> Evaluate:  # noqa: ARG002 - the table's form
        def response(exchange: Exchange) -> object:
            held = exchange.variables.get(text)
            return held.response if isinstance(held, ResponseView) else None

        return response

    _compilers: Final[dict[str, Callable[["ApiManagementScope", str, Place], Evaluate]]] = {
        "text": _literal,
        "csharp": _value,
        "csharp text": _text,
        "csharp body": _body,
        "csharp flag": _flag,
        "unserved": _unserved,
        "product": _product,
        "subscription": _subscription,
        "response variable": _response_variable,
    }


def _failing(cause: str) -> Evaluate:
    def fail(exchange: Exchange) -> object:  # noqa: ARG001 - an expression takes an exchange
        raise EvaluationError(cause)

    return fail
