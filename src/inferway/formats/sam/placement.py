"""Plain data made from a template, as a tree again, with the places of what it was made from."""

from collections.abc import Mapping

from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, sequence, table

Likes = tuple[Node, ...]
"""Parts of the source that a value may have been made from, the likeliest first."""


def placed(value: object, likes: Likes, line: int, column: int) -> Node:
    """Give a value with the places of its likes; what they do not have gets the place of what holds it.

    `line` and `column` are the holder's place. Raises SyntaxFault where the value holds too much.
    """
    here = likes[0] if likes else None
    if here is not None:
        line, column = here.line, here.column
    if isinstance(value, Mapping):
        entries = {str(key): _entry(str(key), value[key], likes, line, column) for key in value}
        return table(entries, line, column)
    if isinstance(value, list):
        items = tuple(placed(item, _items(likes, index), line, column) for index, item in enumerate(value))
        return sequence(items, line, column)
    same = next((like for like in likes if isinstance(like, Leaf) and _same(like.value, value)), None)
    if same is not None:
        return same
    scalar = value if value is None or isinstance(value, str | int | float | bool) else str(value)
    return Leaf(value=scalar, line=line, column=column)


def _same(one: object, other: object) -> bool:
    return one == other and type(one) is type(other)


def _entry(key: str, value: object, likes: Likes, line: int, column: int) -> Entry:
    found = [like.entries[key] for like in likes if isinstance(like, Table) and key in like.entries]
    if not found:
        return Entry(line=line, column=column, value=placed(value, (), line, column))
    at = found[0]
    return Entry(line=at.line, column=at.column, value=placed(value, tuple(e.value for e in found), at.line, at.column))


def _items(likes: Likes, index: int) -> Likes:
    return tuple(like.items[index] for like in likes if isinstance(like, Sequence) and index < len(like.items))
