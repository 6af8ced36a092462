"""Writes a pattern's tree as a regular expression of Python's `re`."""

import re

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
    RegexError,
    Repeat,
    Sequence,
)

MAX_BEHIND = 64


def python(node: Node) -> str:
    """The pattern for `re.compile(…, re.ASCII)`; raises RegexError for what `re` cannot do."""
    match node:
        case Chars(chars):
            return _class(chars)
        case Sequence(items):
            return "".join(f"(?:{python(item)})" if isinstance(item, Alternatives) else python(item) for item in items)
        case Alternatives(branches):
            return "|".join(python(branch) for branch in branches)
        case Capture(body, name):
            return f"(?P<{name}>{python(body)})" if name else f"({python(body)})"
        case Atomic(body):
            return f"(?>{python(body)})"
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
    if low > 1 and nullable(node.body):
        low = 1  # an empty round may stand for the rest, and `re` would count each of them out
    body = python(node.body)
    if not isinstance(node.body, Chars | Capture | Atomic) or body.startswith("(?!)"):
        body = f"(?:{body})"
    sign = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((low, high), f"{{{low},{'' if high is None else high}}}")
    return f"{body}{sign}{node.mode}"


def nullable(node: Node) -> bool:
    """Whether the node can match the empty text."""
    match node:
        case Chars():
            return False
        case Sequence(items):
            return all(nullable(item) for item in items)
        case Alternatives(branches):
            return any(nullable(branch) for branch in branches)
        case Capture(body, _) | Atomic(body):
            return nullable(body)
        case Repeat(body, low):
            return low == 0 or nullable(body)
        case _:
            return True


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
        case Repeat(body, low, high, _) if high is not None:
            if high > MAX_BEHIND:
                raise RegexError(f"a lookbehind of more than {MAX_BEHIND} repetitions")
            found = []
            for count in range(high, low - 1, -1):
                found = _limited(found + _variants(Sequence((body,) * count)))
        case Repeat() | BackReference():
            raise RegexError("Look-behind group does not have an obvious maximum length")
        case Capture():
            raise RegexError("a capturing group in a lookbehind is not supported")
        case Atomic(body):
            found = _variants(body)
        case _:
            found = [node]
    return _limited(found)


def _joined(left: Node, right: Node) -> Node:
    return Sequence((*(left.items if isinstance(left, Sequence) else (left,)), right))


def _limited(found: list[Node]) -> list[Node]:
    if len(found) > MAX_BEHIND:
        raise RegexError(f"a lookbehind of more than {MAX_BEHIND} widths")
    return found
