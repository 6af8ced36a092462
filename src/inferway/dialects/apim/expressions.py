"""Finds policy expressions, `@(…)` and `@{…}`, in text: a scanner that knows C#'s literals and comments.

Source: API Management, "API Management policy expressions" (https://learn.microsoft.com/azure/api-management/
api-management-policy-expressions); C# specification, 6.4.5 (literals) and 12.8.3 (interpolated strings).
"""

import re
from typing import Final

OPENS: Final = re.compile(r"@[({]")
_CLOSING: Final = {"(": ")", "{": "}", "[": "]"}
_TOKEN: Final = re.compile(
    r"""//[^\r\n]*|/\*.*?(?:\*/|\Z)|\$@"|@\$"|\$"|@"|"|'(?:\\.|[^'\\\r\n])+'|[(){}\[\]]""",
    re.DOTALL,
)
_PLAIN_END: Final = re.compile(r'(?:\\.|[^"\\\r\n])*"', re.DOTALL)
_VERBATIM_END: Final = re.compile(r'(?:""|[^"])*"', re.DOTALL)
_HOLE: Final = {
    True: re.compile(r'""|\{\{|\}\}|["{]'),
    False: re.compile(r'\\.|\{\{|\}\}|["{\r\n]', re.DOTALL),
}
_DEEPEST: Final = 200


def end_of(text: str, start: int) -> int:
    """Give where the expression that opens at `start` (its `@`) ends, behind its bracket; -1 where it never does."""
    return _code(text, start + 1, 0)


def is_expression(text: str) -> bool:
    """Say whether a text, but for white space around it, is one whole expression."""
    bare = text.strip()
    return OPENS.match(bare) is not None and end_of(bare, 0) == len(bare)


def _code(text: str, at: int, depth: int) -> int:
    """Give where the bracket that opens at `at` is closed, behind it."""
    if depth > _DEEPEST:
        return -1
    wanted: list[str] = []
    while True:
        found = _TOKEN.search(text, at)
        if found is None:
            return -1
        token, at = found[0], found.end()
        if token in _CLOSING:
            wanted.append(_CLOSING[token])
        elif token in (")", "}", "]"):
            if not wanted or wanted.pop() != token:
                return -1
            if not wanted:
                return at
        elif token.endswith('"'):
            at = _string(text, token, at, depth)
            if at < 0:
                return -1


def _string(text: str, opening: str, at: int, depth: int) -> int:
    """Give where a string literal ends whose opening quote has just been passed."""
    verbatim = "@" in opening
    if "$" not in opening:
        found = (_VERBATIM_END if verbatim else _PLAIN_END).match(text, at)
        return found.end() if found is not None else -1
    hole = _HOLE[verbatim]
    while True:
        found = hole.search(text, at)
        if found is None or found[0] in "\r\n":
            return -1
        if found[0] == '"':
            return found.end()
        at = found.end()
        if found[0] == "{":
            at = _code(text, found.start(), depth + 1)
            if at < 0:
                return -1


def interpolated(text: str) -> list[tuple[int, int]]:
    """Give where interpolated strings stand in an expression, as offsets from the `$` to behind the last quote."""
    spans, at = [], 0
    while (found := _TOKEN.search(text, at)) is not None:
        at = found.end()
        if found[0].endswith('"'):
            end = _string(text, found[0], at, 0)
            if end < 0:
                break
            if "$" in found[0]:
                spans.append((found.start(), end))
            at = end
    return spans
