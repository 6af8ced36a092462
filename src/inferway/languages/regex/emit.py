"""Writes a pattern's tree as a regular expression of Python's `re`."""

import re
import sys
from typing import Final

from inferway.languages.regex.charset import EVERYTHING, CharSet, negation
from inferway.languages.regex.nodes import (
    Alternatives,
    Assertion,
    Atomic,
    BackReference,
    Capture,
    Chars,
    Look,
    Node,
    Repeat,
    Sequence,
    width,
)

MAX_BEHIND = 64
_KEEPS_SOUNDLY: Final = sys.version_info >= (3, 11, 5)
"""Before, `re` got possessive and atomic parts wrong that go back within themselves (CPython's gh-106052)."""


class Untranslatable(Exception):  # noqa: N818 - never leaves this package
    """A pattern that Python's `re` cannot run as Java does."""


def python(node: Node) -> str:
    """The pattern for `re.compile(…, re.ASCII)`; raises Untranslatable for what `re` cannot do."""
    match node:
        case Chars(chars):
            return _class(chars)
        case Sequence(items):
            return "".join(f"(?:{python(item)})" if isinstance(item, Alternatives) else python(item) for item in items)
        case Alternatives(branches):
            return "|".join(python(branch) for branch in branches)
        case Capture(body, name, _):
            return f"(?P<{name}>{python(body)})" if name else f"({python(body)})"
        case Atomic(body):
            return f"(?>{_kept(body)})"
        case Look(body, True, negative):
            return f"(?{'!' if negative else '='}{python(body)})"
        case Look(body, _, negative):
            return _behind(body, negative=negative)
        case BackReference(group, fold):
            return f"(?{fold}:(?:\\{group}))" if fold else f"(?:\\{group})"
        case Assertion(text):
            return text
        case Repeat():
            return _repeat(node)


def _kept(body: Node) -> str:
    """A part that gives nothing back; `re` may show the wrong text for groups inside of it."""
    if _captures(body) or not (_KEEPS_SOUNDLY or isinstance(body, Chars)):
        raise Untranslatable
    return python(body)


def _captures(node: Node) -> bool:
    match node:
        case Sequence(parts) | Alternatives(parts):
            return any(_captures(part) for part in parts)
        case Repeat(body) | Atomic(body) | Look(body):
            return _captures(body)
        case _:
            return isinstance(node, Capture)


def _class(chars: CharSet) -> str:
    if chars == EVERYTHING:
        return "(?s:.)"
    if not chars:
        return "(?!)"
    if len(chars) == 1 and chars[0][0] == chars[0][1]:
        return re.escape(chr(chars[0][0]))
    shown = negation(chars) if chars[-1][1] == EVERYTHING[0][1] else chars
    body = "".join(_code(low) if low == high else f"{_code(low)}-{_code(high)}" for low, high in shown)
    return f"[{'' if shown is chars else '^'}{body}]"


def _code(code: int) -> str:
    if chr(code).isalnum() and code < 0x80:
        return chr(code)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _repeat(node: Repeat) -> str:
    low, high = node.low, node.high
    if low > 1 and width(node.body)[0] == 0:
        low = 1  # an empty round may stand for the rest, and `re` would count each of them out
    body = _kept(node.body) if node.mode == "+" else python(node.body)
    if not isinstance(node.body, Chars | Capture | Atomic) or body.startswith("(?!)"):
        body = f"(?:{body})"
    sign = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((low, high), f"{{{low},{'' if high is None else high}}}")
    return f"{body}{sign}{node.mode}"


def _behind(body: Node, *, negative: bool) -> str:
    """Java looks behind by any bounded width, `re` by one: each alternative of one width gets its own."""
    parts = [f"(?<{'!' if negative else '='}{python(variant)})" for variant in _variants(body)]
    return "".join(parts) if negative else f"(?:{'|'.join(parts)})"


def _variants(node: Node) -> list[Node]:
    match node:
        case Alternatives(branches):
            found = [variant for branch in branches for variant in _variants(branch)]
        case Sequence(items):
            found = [Sequence(())]
            for item in items:
                found = _limited([_joined(left, right) for left in found for right in _variants(item)])
        case Repeat(body, low, high, mode) if high is not None and mode != "+":
            if high > MAX_BEHIND:
                raise Untranslatable
            found = []
            for count in range(high, low - 1, -1):
                found = _limited(found + _variants(Sequence((body,) * count)))
        case Repeat() | BackReference() | Capture() | Atomic():
            raise Untranslatable
        case _:
            found = [node]
    return _limited(found)


def _joined(left: Node, right: Node) -> Node:
    return Sequence((*(left.items if isinstance(left, Sequence) else (left,)), right))


def _limited(found: list[Node]) -> list[Node]:
    if len(found) > MAX_BEHIND:
        raise Untranslatable
    return found
