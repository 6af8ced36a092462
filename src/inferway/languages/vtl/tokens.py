"""The tokens and lexical states of Velocity 1.7, as tables.

https://velocity.apache.org/engine/1.7/vtl-reference.html
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final


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

PATTERNS: Final[dict[Kind, str]] = {
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

MORE: Final = frozenset(
    {
        Kind.DOLLAR,
        Kind.TEXTBLOCK_START,
        Kind.FORMAL_COMMENT_START,
        Kind.MULTI_LINE_COMMENT_START,
        Kind.HASH,
        Kind.TEXTBLOCK_PART,
    }
)
SPECIAL: Final = frozenset({Kind.REFERENCE_TERMINATOR, Kind.DIRECTIVE_TERMINATOR})
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

STATES: Final[dict[State, tuple[Kind, ...]]] = {
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

COMPILED: Final = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}
# Runs of characters that the "skipped" and "part" tokens would otherwise take one by one.
RUNS: Final[dict[State, re.Pattern[str]]] = {
    State.IN_TEXTBLOCK: re.compile(r"[^$#\\\]]+"),
    State.IN_MULTI_LINE_COMMENT: re.compile(r"[^$#\\*]+"),
    State.IN_FORMAL_COMMENT: re.compile(r"[^$#\\*]+"),
    State.IN_SINGLE_LINE_COMMENT: re.compile(r"[^$#\\\n\r]+"),
}
# What a failed token could have begun with: an error stands at the first character that no token could contain.
VIABLE: Final = re.compile(r"\\+\$?\\*|-\.?|\.|t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|\"[^\"]*|'[^']*")
VIABLE_IN_DIRECTIVE: Final = re.compile(rf"&|\||\{{[A-Za-z_]?[A-Za-z0-9_@]*|{VIABLE.pattern}")


def string_end(source: str, at: int) -> int:
    """Where the string literal beginning at `at` ends, or -1. A doubled quote stands for one; a backslash is text."""
    quote = source[at]
    end, begin = -1, at + 1
    while (close := source.find(quote, begin)) >= 0:
        end = close + 1
        if not source.startswith(quote, end):
            break
        begin = end + 1
    return end
