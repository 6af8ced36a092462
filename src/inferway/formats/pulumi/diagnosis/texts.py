"""The texts within plain JSON, each with its path."""

from collections.abc import Iterator

Path = tuple[str | int, ...]


def texts(value: object) -> Iterator[tuple[Path, str]]:
    """Give every text that a value holds, and the keys and indexes that lead to it."""
    waiting: list[tuple[Path, object]] = [((), value)]
    while waiting:
        where, held = waiting.pop()
        if isinstance(held, str):
            yield where, held
        elif isinstance(held, dict):
            waiting += [((*where, key), inner) for key, inner in held.items()]
        elif isinstance(held, list):
            waiting += [((*where, index), inner) for index, inner in enumerate(held)]
