"""Bounds the time of a backtracking match before it runs.

The pattern becomes an automaton of positions (Glushkov's), its charsets on the positions, and the number of ways to
follow one position by another on the edges. From it come, as in Weber and Seidl, "On the degree of ambiguity of finite
automata" (1991):

- exponential ambiguity, when within one loop the same text can lead from a position back to itself in two ways
  (`(a+)+`, `(a|a)*`, `(a|b|ab)*`): refused;
- else the degree: loops in a row that can share their text (`a*a*`, `.*.*=`), each worth a factor of the subject's
  length, and a search counts as one more loop in front;
- the number of ways that the optional parts outside the loops add (`a?a?a?`), a plain factor.

So a match takes at most about `ways * length ** degree / degree!` steps. What is only approximated makes it larger:
long counted repetitions count as loops, a back reference as `.*`, and possessive parts as if they could give back.
"""

from dataclasses import dataclass
from math import factorial

from inferway.languages.regex.automaton import Automaton, components
from inferway.languages.regex.charset import EVERYTHING, CharSet, intersection, overlap, union
from inferway.languages.regex.nodes import (
    Alternatives,
    Assertion,
    Atomic,
    Capture,
    Node,
    RegexCostError,
    Sequence,
)

MAX_WORK = 400_000
MOST_STEPS = 200_000_000
"""Steps that one match may take: some tenths of a second on the subjects tried."""
LONGEST = 10_000_000
SHORTEST = 64


@dataclass(frozen=True, slots=True)
class Cost:
    """`ways * length ** degree / degree!` bounds the steps: a row of loops parts a text in so many ways."""

    ways: int
    degree: int

    def steps(self, length: int) -> int:
        """The bound for a subject of the length, in characters."""
        found: int = self.ways * length**self.degree // factorial(self.degree)
        return min(found, MOST_STEPS)

    def longest(self) -> int:
        """The longest subject, in characters, that stays within MOST_STEPS."""
        return min(LONGEST, int((MOST_STEPS * factorial(self.degree) / self.ways) ** (1 / self.degree)))


@dataclass(slots=True)
class _Budget:
    left: int = MAX_WORK

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise RegexCostError("the pattern is too large to bound its time")


def bound(node: Node) -> Cost:
    """The cost of matching the whole subject; raises RegexCostError for exponential ambiguity."""
    return _bound(node, searched=False, budget=_Budget())


def bound_search(node: Node) -> Cost:
    """The cost of finding the pattern anywhere in the subject."""
    return _bound(node, searched=not _anchored(node), budget=_Budget())


def _anchored(node: Node) -> bool:
    match node:
        case Sequence(items):
            return bool(items) and _anchored(items[0])
        case Alternatives(branches):
            return all(_anchored(branch) for branch in branches)
        case Capture(body, _) | Atomic(body):
            return _anchored(body)
        case Assertion(_, anchored):
            return anchored
        case _:
            return False


def _bound(node: Node, *, searched: bool, budget: _Budget) -> Cost:
    graph = Automaton()
    part = graph.build(node)
    graph.link({0: 1}, part.first)
    if searched:
        graph.sets[0] = EVERYTHING
        graph.after[0][0] = 1
    component = components(graph.after)
    members: dict[int, list[int]] = {}
    for position, number in enumerate(component):
        members.setdefault(number, []).append(position)
    loops = {number: held for number, held in members.items() if len(held) > 1 or held[0] in graph.after[held[0]]}
    for number, held in loops.items():
        _refuse_exponential(graph, component, number, held, budget)
    ways = _ways(graph, component, members, budget)
    degree = _degree(graph, component, loops, budget)
    inner = [_bound(look, searched=False, budget=budget) for look in graph.looks]
    return Cost(
        min(MOST_STEPS, ways * max((cost.ways for cost in inner), default=1)),
        max(degree, 1) + max((cost.degree for cost in inner), default=0),
    )


def _refuse_exponential(graph: Automaton, component: list[int], number: int, held: list[int], budget: _Budget) -> None:
    """Walks pairs of positions that the same text reaches; two that part and meet again are two ways."""
    refusal = RegexCostError("the pattern can take exponential time: a repetition can match the same text in two ways")
    inside = {p: [(q, w) for q, w in graph.after[p].items() if component[q] == number] for p in held}
    if any(ways > 1 for following in inside.values() for _, ways in following):
        raise refusal
    pairs: list[tuple[int, int]] = [(p, p) for p in held]
    seen = set(pairs)
    while pairs:
        left, right = pairs.pop()
        budget.spend(1 + len(inside[left]) * len(inside[right]))
        for p, _ in inside[left]:
            for q, _ in inside[right]:
                if p == q and left != right:
                    raise refusal
                pair = (min(p, q), max(p, q))
                if p != q and pair not in seen and overlap(graph.sets[p], graph.sets[q]):
                    seen.add(pair)
                    pairs.append(pair)


def _ways(graph: Automaton, component: list[int], members: dict[int, list[int]], budget: _Budget) -> int:
    """The most paths by which one text enters a component: of each character, the sum over its sources."""
    entering: dict[int, list[tuple[CharSet, int, int]]] = {}
    ways = dict.fromkeys(members, 1)
    for number in sorted(members, reverse=True):
        sources = entering.get(number, [])
        budget.spend(sum(len(chars) + 1 for chars, _, _ in sources))
        changes = sorted(
            change
            for chars, source, count in sources
            for low, high in chars or EVERYTHING
            for change in ((low, ways[source] * count), (high + 1, -ways[source] * count))
        )
        running = 0
        for _, change in changes:
            running += change
            ways[number] = max(ways[number], min(running, MOST_STEPS))
        for position in members[number]:
            for there, count in graph.after[position].items():
                if component[there] != number:
                    entering.setdefault(component[there], []).append((graph.sets[position], number, count))
    return max(ways.values())


def _degree(graph: Automaton, component: list[int], loops: dict[int, list[int]], budget: _Budget) -> int:
    """The longest row of loops of which each shares its text, and the way to it, with the next."""
    alphabet = {number: union(*(graph.sets[p] for p in held)) for number, held in loops.items()}
    longest: dict[int, int] = {}
    for number in sorted(loops):
        best = 0
        for other, length in longest.items():
            common = intersection(alphabet[number], alphabet[other])
            if common and length > best and _shared(graph, component, (loops[number], other), common, budget):
                best = length
        longest[number] = best + 1
    return max(longest.values(), default=0)


def _shared(
    graph: Automaton, component: list[int], ends: tuple[list[int], int], common: CharSet, budget: _Budget
) -> bool:
    """Whether characters in common lead from the positions of one loop to the other loop."""
    start, goal = ends
    waiting = list(start)
    seen = set(start)
    while waiting:
        here = waiting.pop()
        budget.spend(1 + len(graph.after[here]))
        for there in graph.after[here]:
            if there not in seen and component[there] >= goal and overlap(graph.sets[there], common):
                if component[there] == goal:
                    return True
                seen.add(there)
                waiting.append(there)
    return False
