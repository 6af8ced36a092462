"""Reads `(…)` of a filter into conditions, by the rules of Jayway's FilterCompiler (json-path 2.10)."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from inferway.languages.jsonpath.cursor import Cursor, unescape
from inferway.languages.jsonpath.literals import parse_literal
from inferway.languages.jsonpath.numbers import decimal_text
from inferway.languages.jsonpath.tokens import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Exists,
    Literal,
    Not,
    Operand,
    PathOperand,
    PatternOperand,
)
from inferway.languages.regex import Flags, RegexError, compile_java

ReadPath = Callable[[str, int], PathOperand]
"""Reads a path, given with its column, 0-based."""

SIGNS = frozenset({"==", "===", "!=", "!==", "<", "<=", ">", ">=", "=~"})
WORDS = {"IN", "NIN", "CONTAINS", "ALL", "SIZE", "EXISTS", "TYPE", "MATCHES", "EMPTY", "SUBSETOF", "ANYOF", "NONEOF"}
OPERATORS = SIGNS | WORDS
MAX_DEPTH = 40
PATTERN_STEPS = 10_000
"""Counted steps of one match, where a pattern's time cannot be bounded before: they cost 10,000 items of the budget."""
_SIGNS = frozenset("<>=~!")
_NUMBER = frozenset("0123456789-.Ee")
_WORDS: dict[str, tuple[str, object]] = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}


class _Reader(Cursor):
    __slots__ = ("depth", "path")

    def __init__(self, text: str, offset: int, path: ReadPath) -> None:
        super().__init__(text, offset)
        self.path = path
        self.depth = 0

    def expect(self, text: str) -> None:
        self.skip_blanks()
        if not self.at(text):
            raise self.fail(f"expected {text!r}")
        self.position += len(text)

    def follows(self, text: str) -> bool:
        """Whether the text comes next, but for spaces; if so, steps over it."""
        index = self.blanks(self.position)
        if not self.text.startswith(text, index):
            return False
        self.position = index + len(text)
        return True

    def any_of(self) -> Condition:
        """`a || b`, each of them `c && d`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail("a filter is nested too deeply")
        parts = [self.all_of()]
        while self.follows("||"):
            parts.append(self.all_of())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def all_of(self) -> Condition:
        """`c && d`."""
        parts = [self.part()]
        while self.follows("&&"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def part(self) -> Condition:
        """`!(…)`, `(…)` or a comparison."""
        negations = 0
        while True:
            self.skip_blanks()
            if self.char() != "!" or self.text[self.blanks(self.position + 1) :][:1] in {"$", "@"}:
                break
            self.position += 1
            negations += 1
        if self.follows("("):
            inner = self.any_of()
            self.expect(")")
        else:
            inner = self.comparison()
        return Not(inner) if negations % 2 else inner

    def comparison(self) -> Condition:
        """`left operator right`, or a path alone."""
        expected = not self.follows("!")
        left = self.operand()
        before = self.position
        operator = self.operator()
        if operator:
            return Compare(left, operator, self.operand())
        self.position = before
        if not isinstance(left, PathOperand):
            raise self.fail("expected an operator")
        return Exists(left, expected)

    def operator(self) -> str:
        """The operator in upper case, "" when there is none."""
        self.skip_blanks()
        start = self.position
        signs = self.text[start : start + 1] in _SIGNS
        while self.position < len(self.text):
            char = self.text[self.position]
            if char == " " if not signs else char not in _SIGNS:
                break
            self.position += 1
        found = self.text[start : self.position].upper()
        return found if found in OPERATORS else ""

    def operand(self) -> Operand:
        """A path, pattern or literal."""
        self.skip_blanks()
        self.follows("!")
        self.skip_blanks()
        char = self.char()
        if char in "$@":
            return self.read_path()
        if char == "/":
            return self.pattern()
        if char in "'\"":
            return self.string(char)
        if char in "[{":
            return self.json(char)
        if char in _WORDS:
            word, value = _WORDS[char]
            if not self.at(word):
                raise self.fail(f"expected {word}")
            self.position += len(word)
            return Literal(value)
        return self.number()

    def string(self, quote: str) -> Operand:
        """`'…'` or `"…"`."""
        end = self.unescaped(self.position, quote)
        if end < 0:
            raise self.fail("a string is not closed")
        text = self.text[self.position + 1 : end]
        self.position = end + 1
        return Literal(unescape(text))

    def json(self, opening: str) -> Operand:
        """`[…]` or `{…}`."""
        start = self.position
        end = self.closing(start, "[]" if opening == "[" else "{}", regexes=False)
        if end < 0:
            raise self.fail("a JSON value is not closed")
        self.position = end + 1
        return Literal(parse_literal(self.text[start : end + 1], self.offset + start))

    def number(self) -> Operand:
        """An int or a float; a Decimal when a float cannot hold it."""
        start = self.position
        while self.position < len(self.text) and self.text[self.position] in _NUMBER:
            self.position += 1
        text = self.text[start : self.position]
        try:
            exact = Decimal(text)
        except InvalidOperation:
            raise self.fail("expected a value", start) from None
        if len(text) > 300 or abs(exact.adjusted()) > 400:
            raise self.fail("a number is too large", start)
        if "." not in text and "e" not in text.lower():
            return Literal(int(text))
        return Literal(float(text) if decimal_text(float(text)) == str(exact) else exact)

    def pattern(self) -> Operand:
        """`/…/flags`; the flags go up to the next blank or closing bracket."""
        start = self.position
        end = self.unescaped(start, "/")
        if end < 0:
            raise self.fail("a pattern is not closed")
        flags = Flags()
        self.position = end + 1
        while self.position < len(self.text) and self.text[self.position] in Flags.LETTERS:
            flags = flags.change(self.text[self.position], enabled=True)
            self.position += 1
        try:
            return PatternOperand(compile_java(self.text[start + 1 : end], flags, PATTERN_STEPS))
        except RegexError as error:
            raise self.fail(error.message, start + 1 + error.index) from None

    def read_path(self) -> PathOperand:
        """A path up to a space, an operator's sign or a bracket that the path has not opened."""
        start = self.position
        self.position += 1
        while self.position < len(self.text):
            char = self.text[self.position]
            if char in "[(":
                end = self.closing(self.position, "[]" if char == "[" else "()", regexes=False)
                if end < 0:
                    raise self.fail("brackets do not match")
                self.position = end + 1
            elif char in _SIGNS or char in " )" or self.at("&&") or self.at("||"):
                break
            else:
                self.position += 1
        return self.path(self.text[start : self.position], self.offset + start)


def parse_filter(text: str, offset: int, path: ReadPath) -> Condition:
    """Reads a filter with its parentheses; `offset` is its column, 0-based. Raises JsonPathError."""
    reader = _Reader(text, offset, path)
    condition = reader.any_of()
    reader.skip_blanks()
    if reader.position < len(text):
        raise reader.fail("expected the end of the filter")
    return condition
