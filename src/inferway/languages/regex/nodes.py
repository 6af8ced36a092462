"""The syntax tree of a regular expression, and the error of one that cannot be used."""

from dataclasses import dataclass

from inferway.languages.regex.charset import CharSet


class RegexError(ValueError):
    """A pattern that is not Java's, that Python cannot run, or that could take exponential time.

    `index` is the 0-based offset of the fault in the pattern.
    """

    def __init__(self, message: str, index: int = 0) -> None:
        super().__init__(f"{message} near index {index}")
        self.message = message
        self.index = index


class RegexCostError(RegexError):
    """A pattern, or a pattern and a subject's length, whose matching time cannot be bounded well enough."""


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
    """A numbered group, which may have a name."""

    body: "Node"
    name: str | None


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
