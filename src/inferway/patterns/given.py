"""What a request, or a backend's answer, gives: expressions that stand in the templates of routes and fields.

In a template that is a Python value each becomes JSON: `{"user": given.path("user"), "n": given.query("n", "number")}`.
Sources: API Gateway, "Variables for data transformations for API Gateway"; AppSync, "Resolver mapping template context
reference".
"""

import re
from typing import Final

import msgspec

_NAME: Final = re.compile(r"[A-Za-z0-9._$-]+")
_MEMBER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_QUOTED: Final = "'"
_NUMBER: Final = "'-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?'"

TEXT: Final = "text"
NUMBER: Final = "number"
_KINDS: Final = (TEXT, NUMBER)

BODY: Final = "body"
ANSWER: Final = "answer"
STAGE: Final = "stage"
FIELD: Final = "field"


class Expression(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of Velocity that renders as JSON.

    `reads` is what it reads: `path.user`, `querystring.n`, `header.x-h`, BODY, ANSWER, STAGE or FIELD. `name` is how
    a program says it.
    """

    velocity: str
    reads: str
    name: str

    def __str__(self) -> str:
        """Give its Velocity, so that it may stand in a template that is written as a text."""
        return self.velocity


def path(name: str, kind: str = TEXT) -> Expression:
    """Give a parameter of the path, as a text, or as a number for `kind="number"`. Raises ValueError for no name."""
    return _parameter("path", name, kind)


def query(name: str, kind: str = TEXT) -> Expression:
    """Give a parameter of the query string, empty where it is not there."""
    return _parameter("querystring", name, kind)


def header(name: str, kind: str = TEXT) -> Expression:
    """Give a header of the request, empty where it is not there."""
    return _parameter("header", name, kind)


def body(jsonpath: str = "$") -> Expression:
    """Give the request's body, or what a JSON path finds in it, as JSON."""
    velocity = f"$input.json({_argument(jsonpath)})"
    return Expression(velocity=velocity, reads=BODY, name=f"given.body({jsonpath!r})")


def answer(jsonpath: str = "$") -> Expression:
    """Give the backend's answer, or what a JSON path finds in it, as JSON; for templates of responses."""
    velocity = f"$input.json({_argument(jsonpath)})"
    return Expression(velocity=velocity, reads=ANSWER, name=f"given.answer({jsonpath!r})")


def context(name: str) -> Expression:
    """Give a member of `$context`, such as `requestId` or `identity.sourceIp`, as a text."""
    return Expression(velocity=f'"$context.{_member(name)}"', reads=STAGE, name=f"given.context({name!r})")


def variable(name: str) -> Expression:
    """Give a stage variable, as a text."""
    velocity = f'"$stageVariables.{_member(name)}"'
    return Expression(velocity=velocity, reads=STAGE, name=f"given.variable({name!r})")


def argument(name: str = "") -> Expression:
    """Give an argument of a GraphQL field, all of them for ""."""
    return _context("args", name)


def source(name: str = "") -> Expression:
    """Give a member of the object that a GraphQL field is a field of, the object for ""."""
    return _context("source", name)


def result(name: str = "") -> Expression:
    """Give a member of what a GraphQL field's source answered, all of it for ""."""
    return _context("result", name)


def identity(name: str) -> Expression:
    """Give a member of the caller's identity in GraphQL, such as `sub`."""
    return _context("identity", name)


def text_of(expression: str) -> str:
    """Give Velocity that renders an expression of the request as a JSON text."""
    # The service's escape is JavaScript's, in which a quote's escape is none of JSON's ("$util.escapeJavaScript").
    return f'"$util.escapeJavaScript({expression}).replaceAll("\\\\\'", "\'")"'


def _parameter(place: str, name: str, kind: str) -> Expression:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a parameter")
    if kind not in _KINDS:
        raise ValueError(f"a parameter is a {' or a '.join(_KINDS)}, not {kind!r}")
    read = f"$input.params({_QUOTED}{name}{_QUOTED})"
    made = _number_of(read) if kind == NUMBER else text_of(read)
    said = "query" if place == "querystring" else place
    return Expression(velocity=made, reads=f"{place}.{name}", name=f"given.{said}({name!r})")


def _number_of(expression: str) -> str:
    """Give Velocity that renders an expression of the request as a JSON number, null where it is none.

    Whatever a caller sends that is no number must not become a part of the JSON around it.
    """
    return f"#if({expression}.matches({_NUMBER})){expression}#{{else}}null#end"


def _argument(jsonpath: str) -> str:
    if not jsonpath.startswith("$"):
        raise ValueError(f"{jsonpath!r} is no JSON path: one starts with $, as in $.items[0]")
    if _QUOTED in jsonpath:
        if '"' in jsonpath:
            raise ValueError(f"{jsonpath!r}: a JSON path here has one kind of quotes only")
        return f'"{jsonpath}"'
    return f"{_QUOTED}{jsonpath}{_QUOTED}"


def _member(name: str) -> str:
    if not _MEMBER.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a name of this; one is letters and digits, with dots between names")
    return name


def _context(what: str, name: str) -> Expression:
    velocity = f"$util.toJson($ctx.{what}{f'.{_member(name)}' if name else ''})"
    said = "argument" if what == "args" else what
    return Expression(velocity=velocity, reads=FIELD, name=f"given.{said}({name!r})")
