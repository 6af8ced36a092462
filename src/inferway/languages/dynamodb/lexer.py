"""Cuts an expression into tokens."""

import re
from functools import lru_cache
from typing import Final

import msgspec

from inferway.languages.dynamodb.errors import ExpressionError

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<name>\#[A-Za-z0-9_]+)|(?P<value>:[A-Za-z0-9_]+)"
    r"|(?P<number>[0-9]+)|(?P<sign><>|<=|>=|[=<>()\[\].,+\-]))",
    re.ASCII,
)
_LONGEST: Final = 4096  # bytes (developer guide, "Quotas": length of expressions)
END: Final = "<EOF>"


class Token(msgspec.Struct, frozen=True, gc=False):
    """A token: its kind (word, name, value, number, sign or end), its text, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


@lru_cache(maxsize=512)
def tokens(text: str, kind: str) -> tuple[Token, ...]:
    """Give an expression's tokens and an end; `kind` names it in messages. Raises ExpressionError."""
    if not text.strip():
        raise ExpressionError(f"Invalid {kind}: The expression can not be empty;")
    if len(text.encode("utf-8", "surrogatepass")) > _LONGEST:
        raise ExpressionError(
            f"Invalid {kind}: Expression size has exceeded the maximum allowed size; expression size: {len(text)}"
        )
    found: list[Token] = []
    at = 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            rest = text[at:].lstrip()
            near = text[found[-1].start :] if found else rest
            raise ExpressionError(f'Invalid {kind}: Syntax error; token: "{rest[0]}", near: "{near[:20].strip()}"')
        found.append(Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup), match.end()))
        at = match.end()
    return (*found, Token("end", END, len(text), len(text)))
