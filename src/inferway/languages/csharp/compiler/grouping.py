"""Brackets for what tree-sitter-c-sharp 0.23 groups otherwise than C#, put in before parsing.

The grammar's precedences cannot say some of C#'s rules, so `1 + x?.Y` comes out as `(1 + x)?.Y`, `a is T && b` as
`a is (T && b)`, `(a) - b` as a cast of `-b`, and `(T)x.As<U>(1)` as two comparisons. One reading of the tokens, with
the rules of the language's standard (ECMA-334, 6.2.5 for generics, 12.9.7 for casts, 12.4.2 for precedence), makes
the meaning explicit:

- a chain with `?.` or `?[` behind an operator or a cast gets brackets: `1 + (x?.Y)`;
- a test by `is` before an operator that binds less gets them: `(a is T) && b`;
- a bracket that is no cast gets a second pair: `((a)) - b`;
- the name and types of a generic call become one name, that `Grouped.generics` explains: `(T)x.generic__0(1)`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from inferway.languages.csharp.compiler.tokens import CLOSING, OPENING, Token, tokens_of

_PREDEFINED: Final = frozenset(
    {
        *("bool", "byte", "char", "decimal", "double", "float", "int", "long", "object", "sbyte", "short", "string"),
        *("uint", "ulong", "ushort"),
    }
)
_STATEMENTS: Final = frozenset({"if", "while", "for", "foreach", "switch", "using", "catch", "lock", "when"})
_KEYWORDS: Final = _STATEMENTS | {
    *("return", "throw", "else", "case", "do", "try", "finally", "in", "out", "ref", "await", "goto", "break"),
    *("continue", "yield", "const", "delegate", "as", "is", "checked", "unchecked"),
}
_LOOSER: Final = frozenset({"&&", "||", "??", "==", "!=", "&", "|", "^"})
"""The binary operators that bind less than `is`."""
_ENDS: Final = _LOOSER | {"?", ":", ",", ";", "=", "=>", "??=", "{", *(f"{each}=" for each in "+-*/%&|^")}
"""What ends an operand of `is`."""
_OPERATORS: Final = _LOOSER | {"+", "-", "*", "/", "%", "<", ">", "<=", ">=", "!", "~"}
_CAST_MISTAKES: Final = frozenset({"+", "-", "&", "*", "&&", "[", "++", "--"})
"""What the grammar takes a bracket before for a cast."""
_PARTS: Final = frozenset({";", "{", "}"})
"""What ends a run of `<`, each of which counts for a level: it may open types, and the grammar tries them all."""

_END: Final = Token("mark", "", -1, -1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouped:
    """A source with brackets. `edits` are positions in it with where those stood before; see `Grouped.original`."""

    text: str
    generics: dict[str, tuple[str, str]]
    edits: list[tuple[int, int]]

    def original(self, at: int) -> int:
        """Where a character of the text stood in the source."""
        found = bisect_right(self.edits, at, key=lambda edit: edit[0]) - 1
        here, there = self.edits[found]
        following = self.edits[found + 1][1] if found + 1 < len(self.edits) else there + at - here
        return min(there + at - here, following)


def grouped(source: str, nesting: int) -> Grouped | None:
    """The source with brackets; None when it is nested deeper than `nesting`, strings in strings among that."""
    try:
        tokens = tokens_of(source)
    except RecursionError:
        return None
    depth = deepest = angles = 0
    for token in tokens:
        depth += (token.text in OPENING) - (token.text in CLOSING)
        angles = 0 if token.text in _PARTS else angles + (token.text == "<")
        deepest = max(deepest, depth, angles)
    if deepest > nesting:
        return None
    reader = _Reader(source, tokens)
    at = 0
    while at < len(tokens):
        at = reader.group(at)
    return _edited(source, reader)


def _edited(source: str, reader: _Reader) -> Grouped:
    out: list[str] = []
    edits = [(0, 0)]
    at = size = 0
    for start, end, text in sorted(reader.edits, key=lambda edit: edit[0]):
        out += (source[at:start], text)
        size += start - at
        edits += ((size, start), (size + len(text), end))
        size += len(text)
        at = end
    return Grouped(text="".join((*out, source[at:])), generics=reader.generics, edits=edits)


class _Reader:
    """Walks the tokens once and notes the edits: (start, end, what stands there instead)."""

    def __init__(self, source: str, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.edits: list[tuple[int, int, str]] = []
        self.generics: dict[str, tuple[str, str]] = {}

    def token(self, at: int) -> Token:
        return self.tokens[at] if at < len(self.tokens) else _END

    def brackets(self, start: int, end: int) -> None:
        self.edits += ((start, start, "("), (end, end, ")"))

    def group(self, at: int) -> int:
        """Reads up to and with the next closing bracket; gives where that ends."""
        behind_operator, operand = False, -1
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.text in CLOSING and token.kind == "mark":
                return at + 1
            if token.text == "is" and operand >= 0:
                at, behind_operator = self.test(at + 1, operand), False
                continue
            if token.kind == "name" and token.text in _KEYWORDS:
                operand = operand if token.text == "as" else -1
                at, behind_operator = self.keyword(at), token.text == "await"
                continue
            if token.kind == "mark" and token.text in _ENDS and token.text != "{":
                at, behind_operator, operand = at + 1, token.text in _OPERATORS, -1
                continue
            operand = token.start if operand < 0 else operand
            if token.text == "{":
                at, behind_operator, operand = self.group(at + 1), False, -1
            elif token.kind == "mark" and token.text not in OPENING:
                at, behind_operator = at + 1, token.text in _OPERATORS
            else:
                at, behind_operator = self.operand(at, behind_operator=behind_operator)
        return at

    def keyword(self, at: int) -> int:
        """A keyword, with the brackets that belong to its statement."""
        is_statement = self.tokens[at].text in _STATEMENTS and self.token(at + 1).text == "("
        return self.group(at + 2) if is_statement else at + 1

    def test(self, at: int, operand: int) -> int:
        """The pattern behind `is`."""
        while (token := self.token(at)) is not _END and token.text not in _ENDS and token.text not in CLOSING:
            at = self.group(at + 1) if token.text in OPENING else at + 1
        if self.token(at).text == "{":
            at = self.group(at + 1)
        if self.token(at).text in _LOOSER:
            self.brackets(operand, self.tokens[at - 1].end)
        return at

    def operand(self, at: int, *, behind_operator: bool) -> tuple[int, bool]:
        """A primary expression with its links, or a cast; gives where it ends, and whether an operand has to follow."""
        start = self.tokens[at].start
        if self.tokens[at].text == "(":
            end = self.group(at + 1)
            if self.is_cast(at, end):
                return end, True
            if self.token(end).text in _CAST_MISTAKES and self.may_name_type(at + 1, end - 1):
                self.brackets(start, self.tokens[end - 1].end)
            at = end
        elif self.tokens[at].text == "new":
            at = self.creation(at + 1)
        else:
            at = self.group(at + 1) if self.tokens[at].text in OPENING else at + 1
        at, is_conditional = self.links(at)
        if is_conditional and behind_operator:
            self.brackets(start, self.tokens[min(at, len(self.tokens)) - 1].end)
        return at, False

    def creation(self, at: int) -> int:
        """What follows `new`."""
        at = self.type_end(at, arrays=False) or at
        at = self.group(at + 1) if self.token(at).text == "?[" else at
        while self.token(at).text in ("(", "[", "{"):
            at = self.group(at + 1)
        return at

    def links(self, at: int) -> tuple[int, bool]:
        """Members, calls, indexers; gives where they end, and whether one is conditional."""
        is_conditional = False
        while True:
            token = self.token(at)
            if token.text in (".", "?.", "::"):
                is_conditional |= token.text == "?."
                at = self.member(at + 1)
            elif token.text in ("(", "[") or (token.text == "?[" and self.token(at + 1).text != "]"):
                is_conditional |= token.text == "?["
                at = self.group(at + 1)
            elif token.text == "!" and (self.token(at + 1).text in ("", ".", "[", "?.", "?[", ",", ";", *CLOSING)):
                at += 1
            else:
                return at, is_conditional

    def member(self, at: int) -> int:
        """A member's name, with the types of a generic call."""
        if self.token(at).kind != "name" or self.token(at + 1).text != "<":
            return at + 1
        end = self.arguments_end(at + 1)
        if end is None or self.token(end).text != "(":
            return at + 1
        name, types = self.tokens[at], self.source[self.tokens[at + 1].end : self.tokens[end - 1].start]
        made = f"generic__{len(self.generics)}"
        self.generics[made] = (name.text, types)
        self.edits.append((name.start, self.tokens[end - 1].end, made))
        return end

    def is_cast(self, start: int, end: int) -> bool:
        """Whether a bracket is a cast: it holds a type, and what follows can only be an operand."""
        if self.type_end(start + 1) != end - 1:
            return False
        after = self.token(end)
        if after.kind == "name":
            return after.text not in ("as", "is", "in", "switch", "when", "and", "or")
        if after.kind == "literal" or after.text in ("(", '$"', "~", "!"):
            return True
        return after.text in ("-", "+") and self.tokens[end - 2].text in (*_PREDEFINED, "?", "]")

    def may_name_type(self, at: int, end: int) -> bool:
        """Whether the grammar could take the tokens for a type."""
        marks = (".", "[", "]", "?[", "<", ">", ",", "?", "::")
        return all(each.kind != "mark" or each.text in marks for each in self.tokens[at:end])

    def type_end(self, at: int, *, arrays: bool = True) -> int | None:
        """Where a type ends; None where there is none."""
        if self.token(at).kind != "name" or self.token(at).text in _KEYWORDS:
            return None
        at += 1
        while self.token(at).text in (".", "::") and self.token(at + 1).kind == "name":
            at += 2
        if self.token(at).text == "<":
            end = self.arguments_end(at)
            if end is None:
                return None
            at = end
        while arrays and self.token(at).text in ("?", "[", "?["):
            if self.token(at).text == "?":
                at += 1
            elif self.token(at + 1).text == "]":
                at += 2
            else:
                break
        return at

    def arguments_end(self, at: int) -> int | None:
        """Where a list of types ends that starts with `<`; None when it is none."""
        end: int | None = at
        while end is not None and self.token(end).text in ("<", ","):
            end = self.type_end(end + 1)
            if end is not None and self.token(end).text == ">":
                return end + 1
        return None
