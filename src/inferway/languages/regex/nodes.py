"""The syntax tree of a regular expression, and the error of one that cannot be used."""

from collections.abc import Callable
from dataclasses import dataclass

from inferway.languages.regex.charset import CharSet


class RegexError(ValueError):
    """A pattern that is not Java's or is not supported, or a replacement that is not Java's.

    `index` is the 0-based offset of the fault in the pattern.
    """

    def __init__(self, message: str, index: int = 0) -> None:
        super().__init__(f"{message} near index {index}")
        self.message = message
        self.index = index


class RegexCostError(RegexError):
    """An operation that took more steps, or made a larger result, than it may."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One code point out of a set."""

    chars: CharSet


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items one after the other; no items match the empty text."""

    items: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """The first branch that lets the rest match."""

    branches: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """`low` to `high` times (None: without end); `mode` is `""` greedy, `"?"` lazy or `"+"` possessive."""

    body: "Node"
    low: int
    high: int | None
    mode: str


@dataclass(frozen=True, slots=True)
class Capture:
    """A group, numbered from 1 by its opening parenthesis, which may have a name."""

    body: "Node"
    name: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Atomic:
    """`(?>…)`: once left, never entered again for another way."""

    body: "Node"


@dataclass(frozen=True, slots=True)
class Look:
    """A lookahead or lookbehind."""

    body: "Node"
    ahead: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class BackReference:
    """What a group captured, once more; `fold` is Python's inline flags for the comparison, `""` for none."""

    group: int
    fold: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """A test of the position, as Python writes it; `anchored` when it holds at the subject's start only."""

    python: str
    anchored: bool = False


Node = Chars | Sequence | Alternatives | Repeat | Capture | Atomic | Look | BackReference | Assertion


def width(node: Node) -> tuple[int, int | None]:
    """The fewest and the most characters that the node can match; None: no obvious maximum."""
    match node:
        case Chars():
            return 1, 1
        case Sequence(items):
            widths = [width(item) for item in items]
            return sum(low for low, _ in widths), _largest([high for _, high in widths], sum)
        case Alternatives(branches):
            widths = [width(branch) for branch in branches]
            return min(low for low, _ in widths), _largest([high for _, high in widths], max)
        case Capture(body) | Atomic(body):
            return width(body)
        case Repeat(body, low, high, _):
            least, most = width(body)
            return least * low, 0 if high == 0 else None if high is None or most is None else most * high
        case BackReference():
            return 0, None
        case Look() | Assertion():
            return 0, 0


def endless(node: Node) -> bool:
    """Whether Java finds no obvious maximum of the node's length; `x*` has one for it when x is one character."""
    match node:
        case Sequence(parts) | Alternatives(parts):
            return any(endless(part) for part in parts)
        case Capture(body) | Atomic(body):
            return endless(body)
        case Repeat(body, _, high, _):
            return endless(body) or (high is None and width(body)[1] not in {0, 1})
        case BackReference():
            return True
        case _:
            return False


def _largest(found: list[int | None], total: Callable[[list[int]], int]) -> int | None:
    known = [one for one in found if one is not None]
    return total(known) if len(known) == len(found) else None
