"""Where a policy stands, and what it may refer to."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.message_steps import Mark, Message
from inferway.definition.steps import Refuse, Step
from inferway.definition.targets import HttpService
from inferway.dialects.apim.allowed import allows
from inferway.dialects.apim.compiled import compiled
from inferway.dialects.apim.document import Element, Text
from inferway.dialects.apim.expressions import OPENS, end_of
from inferway.dialects.apim.named_values import unknown_value
from inferway.faults import FaultKind, Finding, Place, Severity
from inferway.formats.cursor import Report
from inferway.languages.csharp import CSharpError

INBOUND: Final = "inbound"
BACKEND: Final = "backend"
OUTBOUND: Final = "outbound"
ON_ERROR: Final = "on-error"
_SHOWN: Final = 80
SECTIONS: Final = (INBOUND, BACKEND, OUTBOUND, ON_ERROR)
UNSERVED: Final = "unserved"
"""The language of expressions that are not served: each fails when it is evaluated, with its text for a cause."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """An example of an operation's response: its content type, "" where there is no body, and the body."""

    content_type: str = ""
    body: str = ""


Within = Callable[[int, int], Place]
"""Gives the place of a 1-based line and column within a policy document, as near as its source lets."""


class UnservedError(Exception):
    """A policy that the service has and that a request must not pass without: it is refused there.

    `element` is where it stands, `code` and `text` what is said of it; "" for `code` where it has been said.
    """

    def __init__(self, element: Element, code: str, text: str) -> None:
        super().__init__(text)
        self.element = element
        self.code = code
        self.text = text


class Fragment(msgspec.Struct, frozen=True, kw_only=True):
    """A fragment of policies: its name, its root element and its place."""

    name: str
    root: Element
    place: Place
    within: Within


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What the policies of one operation may refer to.

    `schemas` maps ids of schemas, and content types of the operation's own request and responses, to JSON Schemas as
    JSON text; `own_request` and `own_responses` are by content type. `matched` are the query parameters that the
    operation's template names. `examples` are by status.
    """

    service: str
    api: str
    api_title: str
    operation: str
    operation_title: str
    backends: Mapping[str, HttpService] = {}
    unserved_backends: frozenset[str] = frozenset()
    fallback: HttpService | None = None
    schemas: Mapping[str, str] = {}
    own_request: Mapping[str, str] = {}
    own_responses: Mapping[str, str] = {}
    matched: tuple[str, ...] = ()
    examples: Mapping[int, tuple[Example, ...]] = {}
    fragments: Mapping[str, Fragment] = {}


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """One section of one document: `owner` names the document among all, `parent` is what `<base/>` stands for.

    `fragment` is the name of the fragment whose policies stand here, "" for the document's own.
    """

    place: Place
    within: Within
    scope: str
    owner: str
    section: str
    parent: tuple[Step, ...]
    around: Surroundings
    report: Report
    fragment: str = ""

    @property
    def message(self) -> Message:
        """The message that policies of this section change."""
        return Message.CALL if self.section in (INBOUND, BACKEND) else Message.RESPONSE

    def at(self, element: Element) -> Place:
        """Give the place of an element, as near as the document's source lets."""
        return self.within(element.line, element.column)

    def error(self, element: Element, code: str, text: str) -> None:
        """Report an error at an element."""
        self._say(Severity.ERROR, element, code, text)

    def needs(self, element: Element, name: str) -> None:
        """Report an attribute that is missing; a misspelt one may stand in its place."""
        given = f"; it has {', '.join(sorted(element.attributes))[:200]}" if element.attributes else ""
        self.error(element, "missing-attribute", f"{element.name} needs the attribute {name}{given}")

    def warn(self, element: Element, code: str, text: str) -> None:
        """Report a warning at an element."""
        self._say(Severity.WARNING, element, code, text)

    def note(self, element: Element, code: str, text: str) -> None:
        """Report a note at an element."""
        self._say(Severity.NOTE, element, code, text)

    def refuse(self, element: Element, code: str, text: str) -> tuple[Step, ...]:
        """Report an error and give a step that refuses: without the policy the request must not go on."""
        self.error(element, code, text)
        return (Refuse(kind=FaultKind.MISCONFIGURED, cause=text),)

    def refuse_unserved(self, error: UnservedError) -> tuple[Step, ...]:
        """Warn of a policy that is not served, and give a step that refuses."""
        if error.code:
            self.warn(error.element, error.code, f"{error.text}; what comes to it is refused with a 500")
        return (Refuse(kind=FaultKind.MISCONFIGURED, cause=error.text),)

    def text(self, element: Element, value: Text) -> Expression:
        """Give a value to be evaluated to text."""
        return self._expression(element, value, "csharp text")

    def body(self, element: Element, value: Text) -> Expression:
        """Give a value to be evaluated to a body: text or bytes."""
        return self._expression(element, value, "csharp body")

    def any(self, element: Element, value: Text) -> Expression:
        """Give a value to be evaluated to whatever it is."""
        return self._expression(element, value, "csharp")

    def flag(self, element: Element, value: Text) -> Expression:
        """Give a value to be evaluated to true or false; reports a literal that is neither."""
        text = value.text.strip()
        if not value.expression and text.lower() not in ("true", "false"):
            self.error(element, "bad-condition", f"a condition is an expression, true or false, not {text[:50]!r}")
            return Expression(language="csharp flag", text="false", place=self.at(element))
        made = self._expression(element, Text(text=text, expression=value.expression), "csharp flag")
        language = "csharp flag" if made.language == "text" else made.language
        return Expression(language=language, text=made.text, place=made.place)

    def own(self, language: str, text: str = "") -> Expression:
        """Give an expression of the dialect's own."""
        return Expression(language=language, text=text, place=self.place)

    def mark(self, element: Element, path: str) -> Mark:
        """Give the mark of a policy."""
        return Mark(
            name=element.name,
            scope=self.scope,
            section=self.section,
            path=path,
            id=element.attribute("id").text,
        )

    def integer(self, element: Element, name: str, default: int | None = None) -> int | None:
        """Give an attribute that must be a whole number; reports anything else and gives None.

        Raises UnservedError for an expression.
        """
        value = element.attribute(name)
        text = value.text.strip()
        if not text and default is not None:
            return default
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        if value.expression:
            raise _unserved_expression(element, name)
        if not text:
            self.needs(element, name)
        else:
            self.error(element, "bad-attribute", f"{element.name} needs {name} to be a whole number, not {text[:50]!r}")
        return None

    def truth(self, element: Element, name: str, default: bool = False) -> bool:
        """Give an attribute that is `true` or `false`; reports anything else.

        Raises UnservedError for an expression.
        """
        value = element.attribute(name)
        text = value.text.strip().lower()
        if not text:
            return default
        if value.expression:
            raise _unserved_expression(element, name)
        if text not in ("true", "false"):
            self.error(element, "bad-attribute", f"{element.name}: {name} is true or false, not {text[:50]!r}")
        return text == "true"

    def literal(self, element: Element, name: str) -> str:
        """Give an attribute that must be there, "" with a report where it is not.

        Raises UnservedError for an expression.
        """
        value = element.attribute(name)
        if value.expression:
            raise _unserved_expression(element, name)
        if not value.text.strip():
            self.needs(element, name)
        return value.text.strip()

    def _expression(self, element: Element, value: Text, language: str) -> Expression:
        name = unknown_value(value.text)
        if name:
            return self._failing(element, f"the named value {name} is in Key Vault")
        if value.expression:
            text = value.text.strip()
            try:
                compiled(text)
            except CSharpError as error:
                said = f"{element.name}: {_one_line(text)}: {error.message}"
                if error.missing is not None and allows(error.missing):
                    said = said.removesuffix(", or it is not allowed").removesuffix(" or not allowed")
                    self.warn(element, "unserved-expression", f"{said}: not served; it fails when it is evaluated")
                    return self._failing(element, f"{error.message}\n{error}")
                self.error(element, "bad-expression", said)
            return Expression(language=language, text=text, place=self.at(element))
        bare = value.text.strip()
        if OPENS.match(bare) is not None and end_of(bare, 0) < 0:
            text = f"{element.name}: {_one_line(bare)}: the expression has no end: a bracket or a quote is missing"
            self.error(element, "bad-expression", text)
        return Expression(language="text", text=value.text, place=self.at(element))

    def _failing(self, element: Element, cause: str) -> Expression:
        text = f"Expression evaluation failed. {cause}"
        return Expression(language=UNSERVED, text=text, place=self.at(element))

    def _say(self, severity: Severity, element: Element, code: str, text: str) -> None:
        place = self.at(element)
        if place == self.place:
            whose = f"fragment {self.fragment}" if self.fragment else f"{self.scope}'s policy"
            text = f"{text} (line {element.line}, column {element.column} of the {whose})"
        self.report[Finding(severity=severity, code=code, text=text, place=place)] = None


def _unserved_expression(element: Element, name: str) -> UnservedError:
    return UnservedError(element, "unserved-expression", f"{element.name}: an expression as {name} is not served")


def _one_line(text: str) -> str:
    """Give an expression as a finding can show it."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
