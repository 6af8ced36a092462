"""Shortens the letters of a text to those that tell statements apart: what has a value becomes the value.

`-1`, `(1)`, `1+2` are `1`; `concat('a', char(65))` is `F`; `sleep(5)` is `D`; what holds a `select` stays as it is. A
fixed number of passes, each linear in the text, bounds the time on nested brackets; runs of signs and brackets are
cut short first, so that no pattern reads a run from each of its places.
"""

import re
from typing import Final

PASSES: Final = 8

_CALLED: Final = re.compile(r"(?<=[&|+*=(,E!])w(?=\()")
_NAMES: Final = re.compile(r"[fd](?!\()|w")
_LINES: Final = re.compile(r"[cC](?=.)")
_RUNS: Final = (
    (re.compile(r"([+!])[+!]+"), r"\1"),
    (re.compile(r"!\(|\(!"), "("),
    (re.compile(r"\({3,}"), "(("),
    (re.compile(r"\){3,}"), "))"),
)
_STEPS: Final = (
    (re.compile(r"(?:(?<=[=l&|(,+*EWHBkt])|^)[+!](?=[1vsqnfdFD(])"), ""),
    (re.compile(r"d\([^()]*+\)"), "D"),
    (re.compile(r"f\([^()EU]*+\)"), "F"),
    (re.compile(r"(?<![nfdlEAPx1])\(([1vsFD])\)"), r"\1"),
    (re.compile(r"1(?:[+*]1)+"), "1"),
    (re.compile(r"([1svFD])::n"), r"\1"),
    (re.compile(r"(?<=[&!(=])[1svF](?:[+*][1svF])+"), "1"),
)


def fold(kinds: str) -> str:
    """The letters with values, signs and calls folded: `F` is a function's value, `D` that of one that attacks call."""
    kinds = _LINES.sub("", kinds)
    kinds = _NAMES.sub("n", _CALLED.sub("d", kinds))
    for pattern, replacement in _RUNS:
        kinds = pattern.sub(replacement, kinds)
    for _ in range(PASSES):
        before = kinds
        for pattern, replacement in _STEPS:
            kinds = pattern.sub(replacement, kinds)
        if kinds == before:
            break
    return kinds
