"""The order in which named things are settled: each after all that it refers to."""

from collections.abc import Iterator, Mapping
from typing import Final

from inferway.formats.nodes import Node

Mentions = Mapping[str, Node]
"""What something refers to: names, with the place of the first mention of each."""

Cycle = tuple[tuple[str, Node], ...]
"""Names that lead back to the first of them, each with the place where it mentions the next."""

_MOST_CYCLES: Final = 20
"""Ways back that are walked whole; of more, only the ends are taken for circular."""


def in_order(things: Mapping[str, Mentions]) -> tuple[list[str], list[Cycle]]:
    """Give the names in order, without those of which a cycle is made, and the cycles.

    Unknown mentions are passed over. The order is that of the mapping as far as the references let. It needs no
    recursion, so that no chain is too long.
    """
    order: list[str] = []
    cycles: list[Cycle] = []
    settled: set[str] = set()
    circular: set[str] = set()
    found = 0
    for start in things:
        if start in settled:
            continue
        path: dict[str, Iterator[tuple[str, Node]]] = {start: iter(things[start].items())}
        ways: dict[str, Node] = {}
        while path:
            name = next(reversed(path))
            step = next(path[name], None)
            if step is None:
                del path[name]
                settled.add(name)
                order.append(name)
                continue
            mentioned, at = step
            ways[name] = at
            if mentioned in path:
                found += 1
                names = list(path) if found <= _MOST_CYCLES else [mentioned, name]
                members = names[names.index(mentioned) :]
                if found <= _MOST_CYCLES and circular.isdisjoint(members):
                    cycles.append(tuple((member, ways[member]) for member in members))
                circular.update(members)
            elif mentioned in things and mentioned not in settled:
                path[mentioned] = iter(things[mentioned].items())
    return [name for name in order if name not in circular], cycles
