"""Template text → tokens, fetched one at a time because the parser steers the lexical state.

The tokens, states and their quirks are those of Apache Velocity 1.7's grammar (`Parser.jjt`, a JavaCC grammar):
the longest match wins, then the earlier token; a "more" match is only the beginning of the next token's image; a
"special" token hangs on the next real one. https://velocity.apache.org/engine/1.7/vtl-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import Final, NoReturn

from inferway.languages.vtl.errors import VtlError
from inferway.languages.vtl.positions import Positions


class Kind(Enum):
    """Kinds of token, in the grammar's order: of two matches equally long the earlier kind wins."""

    EOF = auto()
    INDEX_LBRACKET = auto()
    INDEX_RBRACKET = auto()
    LBRACKET = auto()
    RBRACKET = auto()
    COMMA = auto()
    DOUBLEDOT = auto()
    COLON = auto()
    LEFT_CURLY = auto()
    RIGHT_CURLY = auto()
    LPAREN = auto()
    RPAREN = auto()
    ARGUMENTS_RPAREN = auto()
    ESCAPE_DIRECTIVE = auto()
    SET_DIRECTIVE = auto()
    DOLLAR = auto()
    TEXTBLOCK_START = auto()
    FORMAL_COMMENT_START = auto()
    MULTI_LINE_COMMENT_START = auto()
    HASH = auto()
    SINGLE_LINE_COMMENT_START = auto()
    DOUBLE_ESCAPE = auto()
    ESCAPE = auto()
    TEXT = auto()
    SINGLE_LINE_COMMENT = auto()
    FORMAL_COMMENT = auto()
    MULTI_LINE_COMMENT = auto()
    TEXTBLOCK = auto()
    SKIPPED = auto()
    TEXTBLOCK_PART = auto()
    WHITESPACE = auto()
    STRING_LITERAL = auto()
    TRUE = auto()
    FALSE = auto()
    MINUS = auto()
    PLUS = auto()
    MULTIPLY = auto()
    DIVIDE = auto()
    MODULUS = auto()
    AND = auto()
    OR = auto()
    LT = auto()
    LE = auto()
    GT = auto()
    GE = auto()
    EQ = auto()
    NE = auto()
    NOT = auto()
    EQUALS = auto()
    END = auto()
    IF_DIRECTIVE = auto()
    ELSEIF_DIRECTIVE = auto()
    ELSE_DIRECTIVE = auto()
    INTEGER = auto()
    FLOAT = auto()
    WORD = auto()
    BRACKETED_WORD = auto()
    IDENTIFIER = auto()
    DOT = auto()
    LCURLY = auto()
    RCURLY = auto()
    REFERENCE_TERMINATOR = auto()
    DIRECTIVE_TERMINATOR = auto()
    EMPTY_INDEX = auto()


class State(Enum):
    """Lexical states; which tokens exist depends on them."""

    DEFAULT = auto()
    REFERENCE = auto()
    REFMODIFIER = auto()
    REFINDEX = auto()
    ARGUMENTS = auto()
    DIRECTIVE = auto()
    PRE_DIRECTIVE = auto()
    IN_TEXTBLOCK = auto()
    IN_MULTI_LINE_COMMENT = auto()
    IN_FORMAL_COMMENT = auto()
    IN_SINGLE_LINE_COMMENT = auto()


class Token:
    """One token: its image, where it begins and ends in the source, and the special tokens' images before it."""

    __slots__ = ("begin", "end", "image", "kind", "specials")

    def __init__(self, kind: Kind, image: str, begin: int, end: int, specials: list[str]) -> None:
        self.kind = kind
        self.image = image
        self.begin = begin
        self.end = end
        self.specials = specials

    def literal(self) -> str:
        """The token as it would be written back: what Velocity keeps of the special tokens, then the image."""
        return _special_text(self.specials) + self.image


_KEPT = re.compile(r"\\+\$|[#$]")


def _special_text(specials: list[str]) -> str:
    if not specials or specials[-1].startswith("##"):
        return ""
    return "".join("".join(_KEPT.findall(image)) for image in specials)


_EOL = r"(?:[ \t]*(?:\r\n|\n|\r))?"
_WORD = r"[A-Za-z_@][A-Za-z0-9_@]*"
_BRACKETED_WORD = r"\{[A-Za-z_][A-Za-z0-9_@]*\}"

_PATTERNS: Final[dict[Kind, str]] = {
    Kind.INDEX_LBRACKET: r"\[",
    Kind.INDEX_RBRACKET: r"\]",
    Kind.LBRACKET: r"\[",
    Kind.RBRACKET: r"\]",
    Kind.COMMA: r",",
    Kind.DOUBLEDOT: r"\.\.",
    Kind.COLON: r":",
    Kind.LEFT_CURLY: r"\{",
    Kind.RIGHT_CURLY: r"\}",
    Kind.LPAREN: r"\(",
    Kind.RPAREN: r"\)" + _EOL,
    Kind.ARGUMENTS_RPAREN: r"\)",
    Kind.ESCAPE_DIRECTIVE: rf"(?:\\\\)*\\#(?:{_WORD}|{_BRACKETED_WORD})",
    Kind.SET_DIRECTIVE: r"[ \t]*#(?:set|\{set\})[ ]*\(",
    Kind.DOLLAR: r"\\*\$(?:\\*!)?",
    Kind.TEXTBLOCK_START: r"#\[\[",
    Kind.FORMAL_COMMENT_START: r"#\*\*[^#]",
    Kind.MULTI_LINE_COMMENT_START: r"#\*",
    Kind.HASH: r"#",
    Kind.SINGLE_LINE_COMMENT_START: r"##",
    Kind.DOUBLE_ESCAPE: r"\\\\",
    Kind.ESCAPE: r"\\",
    Kind.TEXT: r"[^$#\\]+",
    Kind.SINGLE_LINE_COMMENT: r"\r\n|\n|\r",
    Kind.FORMAL_COMMENT: r"\*#",
    Kind.MULTI_LINE_COMMENT: r"\*#",
    Kind.TEXTBLOCK: r"\]\]#",
    Kind.SKIPPED: r"(?s:.)",
    Kind.TEXTBLOCK_PART: r"(?s:.)",
    Kind.WHITESPACE: r"[ \t\n\r]+",
    Kind.TRUE: r"true",
    Kind.FALSE: r"false",
    Kind.MINUS: r"-",
    Kind.PLUS: r"\+",
    Kind.MULTIPLY: r"\*",
    Kind.DIVIDE: r"/",
    Kind.MODULUS: r"%",
    Kind.AND: r"&&|and",
    Kind.OR: r"\|\||or",
    Kind.LT: r"<|lt",
    Kind.LE: r"<=|le",
    Kind.GT: r">|gt",
    Kind.GE: r">=|ge",
    Kind.EQ: r"==|eq",
    Kind.NE: r"!=|ne",
    Kind.NOT: r"!|not",
    Kind.EQUALS: r"=",
    Kind.END: r"(?:end|\{end\})" + _EOL,
    Kind.IF_DIRECTIVE: r"if|\{if\}",
    Kind.ELSEIF_DIRECTIVE: r"elseif|\{elseif\}",
    Kind.ELSE_DIRECTIVE: r"(?:else|\{else\})" + _EOL,
    Kind.INTEGER: r"-?[0-9]+(?:\.\.)?",
    Kind.FLOAT: r"-?[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|-?\.[0-9]+(?:[eE][+-]?[0-9]+)?|-?[0-9]+[eE][+-]?[0-9]+",
    Kind.WORD: _WORD,
    Kind.BRACKETED_WORD: _BRACKETED_WORD,
    Kind.IDENTIFIER: r"[A-Za-z_][A-Za-z0-9_-]*",
    Kind.DOT: r"\.[A-Za-z]",
    Kind.LCURLY: r"\{",
    Kind.RCURLY: r"\}",
    Kind.REFERENCE_TERMINATOR: r"(?s:.)",
    Kind.DIRECTIVE_TERMINATOR: r"(?s:.)",
    Kind.EMPTY_INDEX: r"\$\[|\$!\[|\$\\!\[|\$\.",
}

_MORE: Final = frozenset(
    {
        Kind.DOLLAR,
        Kind.TEXTBLOCK_START,
        Kind.FORMAL_COMMENT_START,
        Kind.MULTI_LINE_COMMENT_START,
        Kind.HASH,
        Kind.TEXTBLOCK_PART,
    }
)
_SPECIAL: Final = frozenset({Kind.REFERENCE_TERMINATOR, Kind.DIRECTIVE_TERMINATOR})
_ANYWHERE = (
    Kind.DOLLAR,
    Kind.TEXTBLOCK_START,
    Kind.FORMAL_COMMENT_START,
    Kind.MULTI_LINE_COMMENT_START,
    Kind.HASH,
)
_LITERALS = (Kind.WHITESPACE, Kind.STRING_LITERAL, Kind.TRUE, Kind.FALSE, Kind.INTEGER, Kind.FLOAT)
_LISTS = (
    Kind.LBRACKET,
    Kind.RBRACKET,
    Kind.COMMA,
    Kind.DOUBLEDOT,
    Kind.COLON,
    Kind.LEFT_CURLY,
    Kind.RIGHT_CURLY,
)
_OPERATORS = (
    Kind.MINUS,
    Kind.PLUS,
    Kind.MULTIPLY,
    Kind.DIVIDE,
    Kind.MODULUS,
    Kind.AND,
    Kind.OR,
    Kind.LT,
    Kind.LE,
    Kind.GT,
    Kind.GE,
    Kind.EQ,
    Kind.NE,
    Kind.NOT,
    Kind.EQUALS,
)
_REFERENCE = (Kind.TRUE, Kind.FALSE, Kind.IDENTIFIER, Kind.DOT, Kind.LCURLY, Kind.RCURLY, Kind.REFERENCE_TERMINATOR)

_STATES: Final[dict[State, tuple[Kind, ...]]] = {
    State.DEFAULT: (
        *(Kind.ESCAPE_DIRECTIVE, Kind.SET_DIRECTIVE, *_ANYWHERE, Kind.SINGLE_LINE_COMMENT_START),
        *(Kind.DOUBLE_ESCAPE, Kind.ESCAPE, Kind.TEXT, Kind.EMPTY_INDEX),
    ),
    State.REFERENCE: (
        *(Kind.INDEX_LBRACKET, Kind.SET_DIRECTIVE, *_ANYWHERE, Kind.SINGLE_LINE_COMMENT_START),
        *(*_REFERENCE, Kind.EMPTY_INDEX),
    ),
    State.REFMODIFIER: (Kind.INDEX_LBRACKET, Kind.LPAREN, Kind.SET_DIRECTIVE, *_ANYWHERE, *_REFERENCE),
    State.REFINDEX: (Kind.INDEX_RBRACKET, *_ANYWHERE, *_LITERALS),
    State.ARGUMENTS: (
        *(*_LISTS, Kind.ARGUMENTS_RPAREN, Kind.SET_DIRECTIVE, *_ANYWHERE, *_LITERALS),
        *(Kind.IDENTIFIER, Kind.DOT),
    ),
    State.DIRECTIVE: (
        *(*_LISTS, Kind.LPAREN, Kind.RPAREN, *_ANYWHERE, Kind.SINGLE_LINE_COMMENT_START),
        *(Kind.WHITESPACE, Kind.STRING_LITERAL, Kind.TRUE, Kind.FALSE, *_OPERATORS),
        *(Kind.INTEGER, Kind.FLOAT, Kind.WORD, Kind.BRACKETED_WORD),
    ),
    State.PRE_DIRECTIVE: (
        *(*_ANYWHERE, Kind.SINGLE_LINE_COMMENT_START),
        *(Kind.END, Kind.IF_DIRECTIVE, Kind.ELSEIF_DIRECTIVE, Kind.ELSE_DIRECTIVE),
        *(Kind.INTEGER, Kind.FLOAT, Kind.WORD, Kind.BRACKETED_WORD, Kind.DIRECTIVE_TERMINATOR),
    ),
    State.IN_TEXTBLOCK: (*_ANYWHERE, Kind.TEXTBLOCK, Kind.TEXTBLOCK_PART),
    State.IN_MULTI_LINE_COMMENT: (*_ANYWHERE, Kind.MULTI_LINE_COMMENT, Kind.SKIPPED),
    State.IN_FORMAL_COMMENT: (*_ANYWHERE, Kind.FORMAL_COMMENT, Kind.SKIPPED),
    State.IN_SINGLE_LINE_COMMENT: (*_ANYWHERE, Kind.SINGLE_LINE_COMMENT, Kind.SKIPPED),
}

_COMPILED: Final = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}
# Runs of characters that the "skipped" and "part" tokens would otherwise take one by one.
_RUNS: Final[dict[State, re.Pattern[str]]] = {
    State.IN_TEXTBLOCK: re.compile(r"[^$#\\\]]+"),
    State.IN_MULTI_LINE_COMMENT: re.compile(r"[^$#\\*]+"),
    State.IN_FORMAL_COMMENT: re.compile(r"[^$#\\*]+"),
    State.IN_SINGLE_LINE_COMMENT: re.compile(r"[^$#\\\n\r]+"),
}
# What a failed token could have begun with: an error stands at the first character that no token could contain.
_VIABLE: Final = re.compile(
    r"\\+\$?\\*|-\.?|\.|t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|\"[^\"]*|'[^']*"
)
_VIABLE_IN_DIRECTIVE: Final = re.compile(rf"&|\||\{{[A-Za-z_]?[A-Za-z0-9_@]*|{_VIABLE.pattern}")


def _string_end(source: str, at: int) -> int:
    """Where the string literal beginning at `at` ends, or -1. A doubled quote stands for one; a backslash is text."""
    quote = source[at]
    end, begin = -1, at + 1
    while (close := source.find(quote, begin)) >= 0:
        end = close + 1
        if not source.startswith(quote, end):
            break
        begin = end + 1
    return end


class Lexer:
    """Tokens of one source. `fetch` gives the next one in the current lexical state, which the parser may change."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.positions = Positions(source)
        self.at = 0
        self.state = State.DEFAULT
        self.in_set = False
        self._stack: list[tuple[int, int, State]] = []
        self._lparen = 0
        self._rparen = 0
        self._in_comment = False

    def push(self) -> None:
        """Remember the state and its parentheses, and count afresh."""
        self._stack.append((self._lparen, self._rparen, self.state))
        self._lparen = 0

    def pop(self) -> bool:
        """Return to the state below; False at the bottom, which is DEFAULT."""
        if not self._stack:
            self._lparen = 0
            self.state = State.DEFAULT
            return False
        self._lparen, self._rparen, self.state = self._stack.pop()
        return True

    def left_parenthesis_follows(self) -> bool:
        """Whether blanks and then `(` come next in the source."""
        return _PARENTHESIS.match(self.source, self.at) is not None

    def fetch(self) -> Token:
        """The next token. Raises VtlError where no token fits."""
        specials: list[str] = []
        source, size = self.source, len(self.source)
        while True:
            if self.at >= size:
                return Token(Kind.EOF, "<EOF>", size, size, specials)
            begin = self.at
            while True:
                kind, end = self._match()
                if kind in _MORE:
                    self.at = end
                    self._more(kind)
                    if self.at >= size:
                        raise VtlError("Lexical error: the template ends inside a token", *self.positions.end(), source)
                    continue
                break
            if kind is Kind.SKIPPED:
                self.at = end
                continue
            image = source[begin:end]
            if kind in _SPECIAL:
                self.at = end - 1
                self.pop()
                specials.append(image)
                continue
            self.at = end
            token = Token(kind, image, begin, end, specials)
            action = _ACTIONS.get(kind)
            if action is not None:
                action(self, token)
            return token

    def _match(self) -> tuple[Kind, int]:
        """The longest match at the current place, of the earliest kind."""
        source, at, state = self.source, self.at, self.state
        run = _RUNS.get(state)
        if run is not None:
            found = run.match(source, at)
            if found is not None:
                return (Kind.TEXTBLOCK_PART if state is State.IN_TEXTBLOCK else Kind.SKIPPED), found.end()
        best, best_end = None, at
        for kind in _STATES[state]:
            if kind is Kind.STRING_LITERAL:
                end = _string_end(source, at) if source[at] in "\"'" else -1
            else:
                found = _COMPILED[kind].match(source, at)
                end = found.end() if found is not None else -1
            if end > best_end:
                best, best_end = kind, end
        if best is None:
            self._fail()
        return best, best_end

    def _fail(self) -> NoReturn:
        pattern = _VIABLE_IN_DIRECTIVE if self.state is State.DIRECTIVE else _VIABLE
        viable = pattern.match(self.source, self.at)
        place = self.at if viable is None else viable.end()
        if place + 1 >= len(self.source):
            raise VtlError("Lexical error: unexpected end of the template", *self.positions.end(), self.source)
        message = f"Lexical error: unexpected {self.source[place]!r}"
        raise VtlError(message, *self.positions.locate(place), self.source)

    def _more(self, kind: Kind) -> None:
        if self._in_comment or kind is Kind.TEXTBLOCK_PART:
            return
        if kind is Kind.FORMAL_COMMENT_START:
            self.at -= 1
        if kind in _COMMENT_STATES:
            self._in_comment = True
            self.push()
            self.state = _COMMENT_STATES[kind]
            return
        leaves = (State.REFERENCE,) if kind is Kind.DOLLAR else (State.REFERENCE, State.REFMODIFIER)
        if self.state in leaves:
            self.pop()
        self.push()
        self.state = State.REFERENCE if kind is Kind.DOLLAR else State.PRE_DIRECTIVE

    def _open_index(self, _: Token) -> None:
        self.push()
        self.state = State.REFINDEX

    def _pop_state(self, _: Token) -> None:
        self.pop()

    def _open_parenthesis(self, _: Token) -> None:
        if not self._in_comment:
            self._lparen += 1
        if self.state is State.REFMODIFIER:
            self.state = State.ARGUMENTS

    def _close_parenthesis(self, _: Token) -> None:
        """Drop to the state below the one whose parenthesis this closes."""
        while not self._in_comment:
            if self._lparen > 0:
                if self._lparen == self._rparen + 1:
                    self.pop()
                else:
                    self._rparen += 1
                return
            if not self.pop():
                return

    def _close_arguments(self, _: Token) -> None:
        self.state = State.REFERENCE

    def _open_set(self, _: Token) -> None:
        if not self._in_comment:
            self.push()
            self.in_set = True
            self.state = State.DIRECTIVE
            self._lparen += 1

    def _open_line_comment(self, _: Token) -> None:
        if self._in_comment:
            return
        if self.state is State.REFERENCE:
            self.pop()
        self._in_comment = True
        self.push()
        self.state = State.IN_SINGLE_LINE_COMMENT

    def _close_comment(self, _: Token) -> None:
        self._in_comment = False
        self.pop()

    def _open_condition(self, _: Token) -> None:
        self.state = State.DIRECTIVE

    def _after_string(self, _: Token) -> None:
        if self.state is State.DIRECTIVE and not self.in_set and self._lparen == 0:
            self.pop()

    def _after_integer(self, token: Token) -> None:
        if token.image.endswith(".."):
            self.at -= 2
            token.end -= 2
            token.image = token.image[:-2]
        if self._lparen == 0 and not self.in_set and self.state not in (State.ARGUMENTS, State.REFINDEX):
            self.pop()

    def _after_float(self, _: Token) -> None:
        if self._lparen == 0 and not self.in_set and self.state is not State.ARGUMENTS:
            self.pop()

    def _after_dot(self, token: Token) -> None:
        self.at -= 1
        token.end -= 1
        token.image = "."
        self.state = State.REFMODIFIER


_PARENTHESIS: Final = re.compile(r"[ \n\r\t]*\(")

_COMMENT_STATES: Final[dict[Kind, State]] = {
    Kind.TEXTBLOCK_START: State.IN_TEXTBLOCK,
    Kind.FORMAL_COMMENT_START: State.IN_FORMAL_COMMENT,
    Kind.MULTI_LINE_COMMENT_START: State.IN_MULTI_LINE_COMMENT,
}

_ACTIONS: Final[dict[Kind, Callable[[Lexer, Token], None]]] = {
    Kind.INDEX_LBRACKET: Lexer._open_index,
    Kind.INDEX_RBRACKET: Lexer._pop_state,
    Kind.LPAREN: Lexer._open_parenthesis,
    Kind.RPAREN: Lexer._close_parenthesis,
    Kind.ARGUMENTS_RPAREN: Lexer._close_arguments,
    Kind.SET_DIRECTIVE: Lexer._open_set,
    Kind.SINGLE_LINE_COMMENT_START: Lexer._open_line_comment,
    Kind.SINGLE_LINE_COMMENT: Lexer._close_comment,
    Kind.FORMAL_COMMENT: Lexer._close_comment,
    Kind.MULTI_LINE_COMMENT: Lexer._close_comment,
    Kind.TEXTBLOCK: Lexer._close_comment,
    Kind.STRING_LITERAL: Lexer._after_string,
    Kind.END: Lexer._pop_state,
    Kind.ELSE_DIRECTIVE: Lexer._pop_state,
    Kind.IF_DIRECTIVE: Lexer._open_condition,
    Kind.ELSEIF_DIRECTIVE: Lexer._open_condition,
    Kind.INTEGER: Lexer._after_integer,
    Kind.FLOAT: Lexer._after_float,
    Kind.DOT: Lexer._after_dot,
    Kind.RCURLY: Lexer._pop_state,
}
