"""Tokens → references, literals and expressions: the lower half of Velocity 1.7's grammar, with its lookahead."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NoReturn

from inferway.languages.vtl import nodes
from inferway.languages.vtl.errors import VtlError
from inferway.languages.vtl.lexer import Lexer
from inferway.languages.vtl.limits import INTEGER_BITS, Limits
from inferway.languages.vtl.profiles import Profile
from inferway.languages.vtl.references import reference_head
from inferway.languages.vtl.strings import string_value
from inferway.languages.vtl.tokens import Kind, Token

VALUE_KINDS: Final = frozenset(
    {
        *(Kind.STRING_LITERAL, Kind.INTEGER, Kind.FLOAT, Kind.TRUE, Kind.FALSE),
        *(Kind.IDENTIFIER, Kind.LCURLY, Kind.LBRACKET, Kind.LEFT_CURLY),
    }
)
PARAMETER_KINDS: Final = VALUE_KINDS | {Kind.WHITESPACE}
_INDEX_KINDS: Final = frozenset(
    {Kind.STRING_LITERAL, Kind.INTEGER, Kind.TRUE, Kind.FALSE, Kind.IDENTIFIER, Kind.LCURLY}
)
_RANGE_END_KINDS: Final = frozenset({Kind.IDENTIFIER, Kind.LCURLY, Kind.INTEGER})
_PRECEDENCE: Final[dict[Kind, tuple[int, str]]] = {
    Kind.OR: (1, "||"),
    Kind.AND: (2, "&&"),
    Kind.EQ: (3, "=="),
    Kind.NE: (3, "!="),
    Kind.LT: (4, "<"),
    Kind.GT: (4, ">"),
    Kind.LE: (4, "<="),
    Kind.GE: (4, ">="),
    Kind.PLUS: (5, "+"),
    Kind.MINUS: (5, "-"),
    Kind.MULTIPLY: (6, "*"),
    Kind.DIVIDE: (6, "/"),
    Kind.MODULUS: (6, "%"),
}


class ExpressionParser:
    """The part of the parser below statements. `macros` are the names defined so far; strings inside share them."""

    def __init__(
        self,
        source: str,
        profile: Profile,
        limits: Limits,
        *,
        macros: set[str] | None = None,
        base: nodes.Place | None = None,
        depth: int = 0,
    ) -> None:
        self._lexer = Lexer(source)
        self._profile = profile
        self._limits = limits
        self._macros: set[str] = set() if macros is None else macros
        self._base = base
        self._depth = depth
        self._tokens: list[Token] = []
        self._next = 0
        self._ranges: dict[int, bool] = {}
        self._strings: dict[int, nodes.Expression] = {}
        self._late_error: VtlError | None = None

    def parse(self) -> nodes.Block:
        """The whole source. Raises VtlError."""
        raise NotImplementedError

    # Tokens

    def _peek(self, ahead: int = 0) -> Kind:
        while len(self._tokens) <= self._next + ahead:
            if self._tokens and self._tokens[-1].kind is Kind.EOF:
                return Kind.EOF
            self._tokens.append(self._lexer.fetch())
            if len(self._tokens) > self._limits.tokens:
                raise self._error(f"More than {self._limits.tokens:,} tokens", self._tokens[-1].begin)
        return self._tokens[self._next + ahead].kind

    def _advance(self) -> Token:
        self._peek()
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _take(self, *kinds: Kind) -> Token:
        if self._peek() not in kinds:
            self._unexpected()
        return self._advance()

    def _skip(self, kind: Kind) -> None:
        if self._peek() is kind:
            self._next += 1

    def _unexpected(self, why: str = "") -> NoReturn:
        self._peek()
        token = self._tokens[self._next]
        offset = token.begin if token.kind is not Kind.EOF else max(0, token.begin - 1)
        what = "the end of the template" if token.kind is Kind.EOF else repr(token.image)
        raise self._error(f"Encountered {what}{why}", offset)

    def _error(self, message: str, offset: int) -> VtlError:
        place = self._place(offset)
        return VtlError(message, place.line, place.column, self._lexer.source)

    def _fail_late(self, message: str, offset: int) -> None:
        """An error that Velocity finds only after parsing, so that any syntax error comes first."""
        if self._late_error is None:
            self._late_error = self._error(message, offset)

    def _place(self, offset: int) -> nodes.Place:
        line, column = self._lexer.positions.locate(offset)
        if self._base is None:
            return nodes.Place(line=line, column=column)
        if line == 1:
            return nodes.Place(line=self._base.line, column=self._base.column + column)
        return nodes.Place(line=self._base.line + line - 1, column=column)

    def _literal(self, first: int) -> str:
        return "".join(token.literal() for token in self._tokens[first : self._next])

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > self._limits.nesting:
            self._peek()
            raise self._error(f"Nested more than {self._limits.nesting} deep", self._tokens[self._next].begin)

    def _leave(self) -> None:
        self._depth -= 1

    # References

    def _reference(self) -> nodes.Reference:
        first = self._next
        head = self._take(Kind.IDENTIFIER, Kind.LCURLY)
        formal = head.kind is Kind.LCURLY
        name = self._take(Kind.IDENTIFIER) if formal else head
        steps: list[nodes.Step] = []
        self._indexes(steps)
        while self._peek() is Kind.DOT and self._peek(1) is Kind.IDENTIFIER:
            self._advance()
            steps.append(self._method() if self._method_follows() else self._property())
            self._indexes(steps)
            self._check_parts(len(steps), head)
        if formal:
            self._take(Kind.RCURLY)
        tail = "".join(token.literal() for token in self._tokens[first + 1 : self._next])
        return reference_head(head, name, tail, tuple(steps), self._place(head.begin))

    def _property(self) -> nodes.Property:
        token = self._take(Kind.IDENTIFIER)
        return nodes.Property(name=token.image, place=self._place(token.begin))

    def _method_follows(self) -> bool:
        if self._peek(1) is not Kind.LPAREN:
            return False
        return self._peek(2) in PARAMETER_KINDS or self._peek(2) is Kind.ARGUMENTS_RPAREN

    def _method(self) -> nodes.Call:
        token = self._take(Kind.IDENTIFIER)
        self._take(Kind.LPAREN)
        arguments: list[nodes.Expression] = []
        if self._peek() in PARAMETER_KINDS:
            arguments.append(self._parameter())
            while self._peek() is Kind.COMMA:
                self._advance()
                arguments.append(self._parameter())
        self._take(Kind.ARGUMENTS_RPAREN)
        return nodes.Call(name=token.image, arguments=tuple(arguments), place=self._place(token.begin))

    def _indexes(self, steps: list[nodes.Step]) -> None:
        while self._peek() is Kind.INDEX_LBRACKET:
            opening = self._advance()
            self._skip(Kind.WHITESPACE)
            if self._peek() not in _INDEX_KINDS:
                self._unexpected()
            argument = self._value()
            self._skip(Kind.WHITESPACE)
            self._take(Kind.INDEX_RBRACKET)
            steps.append(nodes.Index(argument=argument, place=self._place(opening.begin)))
            self._check_parts(len(steps), opening)

    def _check_parts(self, count: int, at: Token) -> None:
        if count > self._limits.parts:
            raise self._error(f"More than {self._limits.parts:,} parts", at.begin)

    # Expressions

    def _expression(self) -> nodes.Expression:
        self._enter()
        found = self._binary(1)
        self._leave()
        return found

    def _binary(self, lowest: int) -> nodes.Expression:
        first, count = self._next, 0
        left = self._unary()
        while True:
            entry = _PRECEDENCE.get(self._peek())
            if entry is None or entry[0] < lowest:
                # The literal is the outermost's: one for each of a chain would be as long as the chain is.
                return replace(left, literal=self._literal(first)) if count and isinstance(left, nodes.Binary) else left
            operator = self._advance()
            count += 1
            self._check_parts(count, operator)
            place = self._place(self._tokens[first].begin)
            right = self._binary(entry[0] + 1)
            left = nodes.Binary(operator=entry[1], left=left, right=right, literal="", place=place)

    def _unary(self) -> nodes.Expression:
        first = self._next
        negations = 0
        while self._peek() is Kind.NOT or (self._peek() is Kind.WHITESPACE and self._peek(1) is Kind.NOT):
            self._skip(Kind.WHITESPACE)
            self._advance()
            negations += 1
        found = self._primary()
        if negations > self._limits.nesting:
            raise self._error(f"Nested more than {self._limits.nesting} deep", self._tokens[first].begin)
        for _ in range(negations):
            found = nodes.Not(operand=found, literal=self._literal(first))
        return found

    def _primary(self) -> nodes.Expression:
        self._skip(Kind.WHITESPACE)
        if self._peek() is Kind.LPAREN:
            self._advance()
            found = self._expression()
            self._take(Kind.RPAREN)
        else:
            found = self._value()
        self._skip(Kind.WHITESPACE)
        return found

    def _parameter(self) -> nodes.Expression:
        self._skip(Kind.WHITESPACE)
        found = self._value()
        self._skip(Kind.WHITESPACE)
        return found

    def _value(self) -> nodes.Expression:
        kind = self._peek()
        if kind not in VALUE_KINDS:
            self._unexpected()
        if kind in (Kind.IDENTIFIER, Kind.LCURLY):
            return self._reference()
        self._enter()
        first = self._next
        if kind is Kind.LBRACKET:
            found = self._integer_range() if self._range_follows() else self._object_array()
        elif kind is Kind.LEFT_CURLY:
            found = self._map()
        elif kind is Kind.STRING_LITERAL:
            found = self._string_literal()
        else:
            token = self._advance()
            literal = self._literal(first)
            found = nodes.Constant(value=self._constant(token), literal=literal)
        self._leave()
        return found

    def _constant(self, token: Token) -> int | float | bool:
        if token.kind is Kind.INTEGER:
            if len(token.image) > INTEGER_BITS // 4:
                raise self._error("The number is too large", token.begin)
            return int(self._digits(token))
        if token.kind is Kind.FLOAT:
            return float(self._digits(token))
        return token.kind is Kind.TRUE

    def _digits(self, token: Token) -> str:
        """A number's image; one that text has run into ("#5") is an error, though not of syntax."""
        if "#" in token.image or "$" in token.image:
            self._fail_late(f"{token.image!r} is not a number", token.begin)
            return "0"
        return token.image

    def _string_literal(self) -> nodes.Expression:
        first = self._next
        token = self._advance()
        literal = self._literal(first)
        if first not in self._strings:
            self._strings[first] = self._interpolated(token, literal)
        return self._strings[first]

    def _interpolated(self, token: Token, literal: str) -> nodes.Expression:
        text = string_value(token.image)
        if not token.image.startswith('"') or ("$" not in token.image and "#" not in token.image):
            return nodes.Constant(value=text, literal=literal)
        place = self._place(token.begin)
        # The added blank keeps a trailing "$" or "#" from ending the text inside a token.
        trim = 0 if "##" in text else 1
        source = text + " " * trim
        inner = type(self)(source, self._profile, self._limits, macros=self._macros, base=place, depth=self._depth)
        try:
            body = inner.parse()
        except VtlError as error:
            self._fail_late(f"Failed to parse the string literal: {error.message}", token.begin)
            return nodes.Constant(value=text, literal=literal)
        return nodes.Interpolation(body=body, trim=trim, literal=literal, place=place)

    def _range_follows(self) -> bool:
        """Whether `[`, an end and `..` come next; tried out once per place."""
        start, depth = self._next, self._depth
        if start not in self._ranges:
            try:
                self._advance()
                self._skip(Kind.WHITESPACE)
                self._range_end()
                self._skip(Kind.WHITESPACE)
                self._ranges[start] = self._peek() is Kind.DOUBLEDOT
            except _NoMatch:
                self._ranges[start] = False
            self._next, self._depth = start, depth
        return self._ranges[start]

    def _range_end(self) -> nodes.Expression:
        if self._peek() not in _RANGE_END_KINDS:
            raise _NoMatch
        try:
            return self._value()
        except VtlError as error:
            if error.message.startswith("Lexical"):
                raise
            raise _NoMatch from error

    def _integer_range(self) -> nodes.Expression:
        first = self._next
        place = self._place(self._advance().begin)
        ends = []
        for closing in (Kind.DOUBLEDOT, Kind.RBRACKET):
            self._skip(Kind.WHITESPACE)
            if self._peek() not in _RANGE_END_KINDS:
                self._unexpected()
            ends.append(self._value())
            self._skip(Kind.WHITESPACE)
            self._take(closing)
        return nodes.Range(first=ends[0], last=ends[1], literal=self._literal(first), place=place)

    def _object_array(self) -> nodes.Expression:
        first = self._next
        self._take(Kind.LBRACKET)
        items: list[nodes.Expression] = []
        if self._peek() in PARAMETER_KINDS:
            items.append(self._parameter())
            while self._peek() is Kind.COMMA:
                self._advance()
                items.append(self._parameter())
        self._take(Kind.RBRACKET)
        return nodes.ListLiteral(items=tuple(items), literal=self._literal(first))

    def _map(self) -> nodes.Expression:
        first = self._next
        self._take(Kind.LEFT_CURLY)
        entries: list[tuple[nodes.Expression, nodes.Expression]] = []
        if self._entry_follows():
            entries.append(self._entry())
            while self._peek() is Kind.COMMA:
                self._advance()
                entries.append(self._entry())
        else:
            self._skip(Kind.WHITESPACE)
        self._take(Kind.RIGHT_CURLY, Kind.RCURLY)
        return nodes.MapLiteral(entries=tuple(entries), literal=self._literal(first))

    def _entry(self) -> tuple[nodes.Expression, nodes.Expression]:
        key = self._parameter()
        self._take(Kind.COLON)
        return key, self._parameter()

    def _begins_value(self, kind: Kind) -> bool:
        """Whether the second token fits a value that begins with `kind`."""
        if kind is Kind.LCURLY:
            return self._peek(1) is Kind.IDENTIFIER
        if kind is Kind.LBRACKET:
            return self._peek(1) in PARAMETER_KINDS or self._peek(1) is Kind.RBRACKET
        if kind is Kind.LEFT_CURLY:
            return self._peek(1) in PARAMETER_KINDS or self._peek(1) in (Kind.RIGHT_CURLY, Kind.RCURLY)
        return True

    def _entry_follows(self) -> bool:
        kind = self._peek()
        if kind is Kind.WHITESPACE:
            return self._peek(1) in VALUE_KINDS
        if kind not in VALUE_KINDS:
            return False
        if kind is Kind.IDENTIFIER:
            return self._peek(1) in (Kind.INDEX_LBRACKET, Kind.DOT, Kind.WHITESPACE, Kind.COLON)
        if kind in (Kind.LCURLY, Kind.LBRACKET, Kind.LEFT_CURLY):
            return self._begins_value(kind)
        return self._peek(1) in (Kind.WHITESPACE, Kind.COLON)


class _NoMatch(Exception):  # noqa: N818 - a lookahead that failed is no error
    """What was looked for does not come next."""
