"""The instructions that `matcher` runs, made from a pattern's tree; their number grows with the pattern alone."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from inferway.languages.regex.charset import CharSet
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


@dataclass(frozen=True, slots=True)
class One:
    """One character of a set; `bounds` holds where the set begins and ends in turn, so odd places lie inside."""

    bounds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """`low` to `high` characters of a set; `mode` as in `Repeat`, but never lazy."""

    bounds: tuple[int, ...]
    low: int
    high: int | None
    possessive: bool


@dataclass(slots=True)
class Split:
    """Goes on with the next instruction, and with `other` when that fails."""

    other: int = -1


@dataclass(slots=True)
class Jump:
    """Goes on elsewhere."""

    to: int = -1


@dataclass(frozen=True, slots=True)
class Save:
    """Keeps the place in a register."""

    register: int


@dataclass(frozen=True, slots=True)
class Begin:
    """Sets a loop's registers, its rounds and the place where the round began, before the first round."""

    register: int


@dataclass(slots=True)
class Loop:
    """Chooses between a further round, with the next instruction, and `leave`."""

    register: int
    low: int
    high: int | None
    lazy: bool
    leave: int = -1


@dataclass(frozen=True, slots=True)
class Round:
    """Counts a round that begins here."""

    register: int


@dataclass(frozen=True, slots=True)
class Test:
    """Asks Python's `re` about the place."""

    holds: Callable[[str, int], object]


@dataclass(frozen=True, slots=True)
class Again:
    """The text of a group once more; `fold` as in `BackReference`."""

    group: int
    fold: str


@dataclass(frozen=True, slots=True)
class Inner:
    """A program of its own, from which no way leads back; it moves the place."""

    code: "Code"


@dataclass(frozen=True, slots=True)
class Around:
    """A program of its own that must, or must not, match ahead; behind by `behind` characters, fewest first.

    `behind` is the fewest and the most characters, without end for None.
    """

    code: "Code"
    negative: bool
    behind: tuple[int, int | None] | None


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the program."""


Instruction = One | Many | Split | Jump | Save | Begin | Loop | Round | Test | Again | Inner | Around | Done
Code = list[Instruction]
DONE: Final = Done()


@dataclass(slots=True)
class Program:
    """The instructions of a pattern and the number of registers: two for each group, and two for each loop."""

    registers: int
    code: Code = field(default_factory=list)


def program(node: Node, groups: int) -> Program:
    """The program of a pattern with so many groups; group 0, the whole match, has registers too."""
    made = Program(2 * groups + 2)
    made.code = _whole(made, node)
    return made


def _whole(made: Program, node: Node) -> Code:
    code: Code = []
    _add(made, node, code)
    code.append(DONE)
    return code


def _add(made: Program, node: Node, code: Code) -> None:
    match node:
        case Chars(chars):
            code.append(One(_bounds(chars)))
        case Sequence(items):
            for item in items:
                _add(made, item, code)
        case Alternatives(branches):
            _choose(made, branches, code)
        case Capture(body, _, number):
            code.append(Save(2 * number))
            _add(made, body, code)
            code.append(Save(2 * number + 1))
        case Atomic(body):
            code.append(Inner(_whole(made, body)))
        case Look(body, ahead, negative):
            code.append(Around(_whole(made, body), negative, None if ahead else width(body)))
        case BackReference(group, fold):
            code.append(Again(group, fold))
        case Assertion(text):
            code.append(Test(re.compile(text, re.ASCII).match))
        case Repeat():
            _repeat(made, node, code)


def _bounds(chars: CharSet) -> tuple[int, ...]:
    return tuple(bound for low, high in chars for bound in (low, high + 1))


def _choose(made: Program, branches: tuple[Node, ...], code: Code) -> None:
    ends: list[Jump] = []
    for branch in branches[:-1]:
        split, end = Split(), Jump()
        code.append(split)
        _add(made, branch, code)
        code.append(end)
        split.other = len(code)
        ends.append(end)
    _add(made, branches[-1], code)
    for end in ends:
        end.to = len(code)


def _repeat(made: Program, node: Repeat, code: Code) -> None:
    if isinstance(node.body, Chars) and node.mode != "?":
        code.append(Many(_bounds(node.body.chars), node.low, node.high, node.mode == "+"))
        return
    if node.mode == "+":
        code.append(Inner(_whole(made, Repeat(node.body, node.low, node.high, ""))))
        return
    loop = Loop(made.registers, node.low, node.high, node.mode == "?")
    made.registers += 2
    code.append(Begin(loop.register))
    back = Jump(len(code))
    code.append(loop)
    code.append(Round(loop.register))
    _add(made, node.body, code)
    code.append(back)
    loop.leave = len(code)
