"""Template expressions, `[concat('a', parameters('b'))]`: text to a tree.

Source: Azure Resource Manager, "Syntax and expressions in ARM templates" (https://learn.microsoft.com/azure/
azure-resource-manager/templates/template-expressions) and "Template limits" (its length).
"""

import re
from functools import lru_cache
from typing import Final

import msgspec

LONGEST: Final = 24_576
"""Characters of an expression."""

_DEEPEST: Final = 40
_SHOWN: Final = 40
_SPACE: Final = re.compile(r"\s*")
_TOKEN: Final = re.compile(
    r"'(?:[^']|'')*'|-?[0-9]{1,18}(?:\.[0-9]{1,18})?|[A-Za-z_][A-Za-z0-9_$-]*|\.\?|\[\?|[().,\[\]]"
)


class Literal(msgspec.Struct, frozen=True, kw_only=True):
    """A text or a number."""

    value: str | int | float


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call; `namespace` is "" for one of the language's own functions."""

    name: str
    arguments: tuple["Expression", ...]
    namespace: str = ""


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """`target.name` or `target[key]`; a `safe` one, `.?` or `[?`, gives null for what is not there."""

    target: "Expression"
    key: "Expression"
    safe: bool = False


Expression = Literal | Call | Access


class ExpressionError(Exception):
    """A text that is no expression."""


def is_expression(text: str) -> bool:
    """Say whether a text is to be evaluated."""
    return text.startswith("[") and not text.startswith("[[") and text.endswith("]")


def literal(text: str) -> str:
    """Give a text that is none, its escape undone: `[[` stands for `[`."""
    return text[1:] if text.startswith("[[") else text


@lru_cache(maxsize=4_096)
def parse(text: str) -> Expression:
    """Parse an expression with its brackets; raises ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError(f"an expression of more than {LONGEST} characters")
    parser = _Parser(text[1:-1])
    made = parser.expression(0)
    if parser.ahead:
        raise ExpressionError(f"{parser.ahead[:_SHOWN]!r} after the end of the expression")
    return made


class _Parser:
    """Reads one token ahead; `ahead` is "" at the end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.ahead = ""
        self._next()

    def _next(self) -> str:
        """Go on by a token; give the one that was there."""
        given = self.ahead
        space = _SPACE.match(self._text, self._at)
        start = space.end() if space else self._at
        if start == len(self._text):
            self.ahead, self._at = "", start
            return given
        found = _TOKEN.match(self._text, start)
        if found is None:
            what = "a text that does not end" if self._text[start] == "'" else repr(self._text[start])
            raise ExpressionError(f"{what} where an expression has none")
        self.ahead, self._at = found[0], found.end()
        return given

    def _expect(self, wanted: str) -> None:
        if self.ahead != wanted:
            raise ExpressionError(f"{wanted!r} expected, {self.ahead[:_SHOWN] or 'the end'} found")
        self._next()

    def expression(self, level: int) -> Expression:
        if level > _DEEPEST:
            raise ExpressionError(f"calls nested more than {_DEEPEST} deep")
        made: Expression = self._primary(level)
        while self.ahead in (".", ".?", "[", "[?"):
            opened = self._next()
            if opened.startswith("."):
                made = Access(target=made, key=Literal(value=self._name()), safe=opened == ".?")
            else:
                made = Access(target=made, key=self.expression(level + 1), safe=opened == "[?")
                self._expect("]")
        return made

    def _primary(self, level: int) -> Expression:
        token = self.ahead
        if token.startswith("'"):
            self._next()
            return Literal(value=token[1:-1].replace("''", "'"))
        if token[:1].isdigit() or token.startswith("-"):
            self._next()
            return Literal(value=float(token) if "." in token else int(token))
        name, namespace = self._name(), ""
        if self.ahead == ".":
            self._next()
            namespace, name = name, self._name()
        self._expect("(")
        arguments: list[Expression] = []
        while self.ahead != ")":
            if arguments:
                self._expect(",")
            arguments.append(self.expression(level + 1))
        self._next()
        return Call(name=name, arguments=tuple(arguments), namespace=namespace)

    def _name(self) -> str:
        if not (self.ahead[:1].isalpha() or self.ahead[:1] == "_"):
            raise ExpressionError(f"a name expected, {self.ahead[:_SHOWN] or 'the end'} found")
        return self._next()
