"""C#'s tokens, as far as grouping needs them: names, literals and punctuation, with interpolated strings opened up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""
    (?P<blank> \s+ | //[^\n]* | /\*.*?\*/ )
  | (?P<interpolated> \$@" | @\$" | \$"(?!"") )
  | (?P<literal> (?P<fence>"{3,}).*?(?P=fence) | @"(?:[^"]|"")*" | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.[^'\n]*)'
      | (?:\d[\d_]*(?:\.\d[\d_]*)? | \.\d[\d_]*)(?:[eE][+-]?\d+)?\w* )
  | (?P<name> @?[^\W\d]\w* )
  | (?P<mark> \?\?= | \?\? | \?\.(?!\d) | \?\[ | && | \|\| | [=!<>]= | => | \+\+ | -- | :: | [-+*/%&|^]= | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXT: Final = re.compile(r"[^{}\"\\]+")
OPENING: Final = frozenset({"(", "[", "{", "?[", '$"'})
CLOSING: Final = frozenset({")", "]", "}", '"$'})


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `kind` is "name", "literal" or "mark". An interpolated string opens with `$"` and closes with `"$`."""

    kind: str
    text: str
    start: int
    end: int


def tokens_of(source: str) -> list[Token]:
    """The tokens of some C#. What is no token is a mark by itself: the parser says what is wrong with it."""
    found: list[Token] = []
    _expression(source, 0, found, is_hole=False)
    return found


def _expression(source: str, at: int, found: list[Token], *, is_hole: bool) -> int:
    """Reads to the end, or to what ends a hole: `}`, `:` or `,` outside of its brackets."""
    depth = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            return len(source)
        kind, text = str(match.lastgroup), match[0]
        if is_hole and depth <= 0 and text in ("}", ":", ","):
            return at
        if kind == "interpolated":
            at = _interpolated(source, at, len(text), found)
            continue
        if kind != "blank":
            depth += (text in OPENING) - (text in CLOSING)
            found.append(Token(kind, text, at, match.end()))
        at = match.end()
    return at


def _interpolated(source: str, start: int, size: int, found: list[Token]) -> int:
    """Reads an interpolated string, each hole as `{ … }`."""
    found.append(Token("mark", '$"', start, start + size))
    is_verbatim, at = size == 3, start + size
    while at < len(source):
        text = source[at : at + 2]
        plain = _TEXT.match(source, at)
        if plain is not None:
            at = plain.end()
        elif text in ("{{", "}}") or (is_verbatim and text == '""') or (text[0] == "\\" and not is_verbatim):
            at += 2
        elif text[0] == '"':
            break
        elif text[0] == "{":
            at = _hole(source, at, found)
        else:
            at += 1
    found.append(Token("mark", '"$', at, at + 1))
    return at + 1


def _hole(source: str, start: int, found: list[Token]) -> int:
    found.append(Token("mark", "{", start, start + 1))
    at = _expression(source, start + 1, found, is_hole=True)
    end = source.find("}", at)
    end = len(source) if end < 0 else end
    found.append(Token("mark", "}", end, end + 1))
    return end + 1
