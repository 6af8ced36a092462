"""The automaton of positions (Glushkov's) of a pattern, with the ways from each position to the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from inferway.languages.regex.charset import EVERYTHING, CharSet
from inferway.languages.regex.nodes import (
    Alternatives,
    Assertion,
    Atomic,
    BackReference,
    Capture,
    Chars,
    Look,
    Node,
    RegexCostError,
    Repeat,
    Sequence,
)

MAX_POSITIONS = 5_000
MAX_EDGES = 60_000
UNROLLED = 64
MOST_WAYS = 100_000_000

Ways = dict[int, int]


@dataclass(slots=True)
class _Part:
    empty: int
    first: Ways
    last: Ways


def _add(into: Ways, ways: Ways, factor: int) -> None:
    if factor:
        for position, count in ways.items():
            into[position] = min(into.get(position, 0) + count * factor, MOST_WAYS)


@dataclass(slots=True)
class Automaton:
    """Position 0 stands before the subject; `after[p]` holds the positions that may follow p, with their ways."""

    sets: list[CharSet] = field(default_factory=lambda: [()])
    after: list[Ways] = field(default_factory=lambda: [{}])
    looks: list[Node] = field(default_factory=list)
    edges: int = 0

    def link(self, last: Ways, first: Ways) -> None:
        """Lets every position of `first` follow every one of `last`."""
        self.edges += len(last) * len(first)
        if self.edges > MAX_EDGES:
            raise RegexCostError("the pattern is too large to bound its time")
        for position, ways in last.items():
            _add(self.after[position], first, ways)

    def position(self, chars: CharSet) -> int:
        """A new position."""
        if len(self.sets) >= MAX_POSITIONS:
            raise RegexCostError("the pattern is too large to bound its time")
        self.sets.append(chars)
        self.after.append({})
        return len(self.sets) - 1

    def build(self, node: Node) -> _Part:
        """Adds the node's positions."""
        match node:
            case Chars(chars):
                here = self.position(chars)
                return _Part(0, {here: 1}, {here: 1})
            case Sequence(items):
                return self.join(self.build(item) for item in items)
            case Alternatives(branches):
                return self.either([self.build(branch) for branch in branches])
            case Capture(body, _) | Atomic(body):
                return self.build(body)
            case Repeat(body, low, high, _):
                return self.repeat(body, low, high)
            case BackReference():
                return self.loop(Chars(EVERYTHING))
            case Look(body):
                self.looks.append(body)
                return _Part(1, {}, {})
            case Assertion():
                return _Part(1, {}, {})

    def join(self, parts: Iterable[_Part]) -> _Part:
        """One part after the other."""
        whole = _Part(1, {}, {})
        for part in parts:
            self.link(whole.last, part.first)
            _add(whole.first, part.first, whole.empty)
            last = dict(part.last)
            _add(last, whole.last, part.empty)
            whole.last = last
            whole.empty = min(whole.empty * part.empty, MOST_WAYS)
        return whole

    def either(self, parts: list[_Part]) -> _Part:
        """Any of the parts."""
        whole = _Part(0, {}, {})
        for part in parts:
            _add(whole.first, part.first, 1)
            _add(whole.last, part.last, 1)
            whole.empty = min(whole.empty + part.empty, MOST_WAYS)
        return whole

    def loop(self, body: Node) -> _Part:
        """The body any number of times."""
        part = self.build(body)
        self.link(part.last, part.first)
        part.empty = min(1 + part.empty, MOST_WAYS)
        return part

    def repeat(self, body: Node, low: int, high: int | None) -> _Part:
        """Few copies are written out, nested so that their number is the only choice; many count as a loop."""
        if high == 0:
            return _Part(1, {}, {})
        start = len(self.sets)
        part = self.build(body)
        size = len(self.sets) - start
        copies = low if high is None else high
        if size == 0:
            return _Part(1, {}, {})
        if copies * size > UNROLLED:
            self.link(part.last, part.first)
            part.empty = part.empty + 1 if low == 0 else part.empty
            return part
        tail = self.loop(body) if high is None else self.optional(body, high - max(low, 1))
        whole = self.join([part, *(self.build(body) for _ in range(low - 1)), tail])
        if low == 0:
            whole.empty += 1
        return whole

    def optional(self, body: Node, times: int) -> _Part:
        """`(body(body(body)?)?)?`."""
        whole = _Part(1, {}, {})
        for _ in range(times):
            whole = self.join([self.build(body), whole])
            whole.empty += 1
        return whole


def components(after: list[Ways]) -> list[int]:
    """The strongly connected component of each position (Tarjan's, with its own stack); a later one comes first."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    held: list[int] = []
    found = [-1] * len(after)
    count = 0
    for root in range(len(after)):
        if root in index:
            continue
        work = [(root, iter(after[root]))]
        index[root] = low[root] = len(index)
        held.append(root)
        while work:
            here, following = work[-1]
            for there in following:
                if there not in index:
                    index[there] = low[there] = len(index)
                    held.append(there)
                    work.append((there, iter(after[there])))
                    break
                if found[there] < 0:
                    low[here] = min(low[here], index[there])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[here])
                if low[here] == index[here]:
                    while found[here] < 0:
                        found[held.pop()] = count
                    count += 1
    return found
