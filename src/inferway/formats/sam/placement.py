"""Plain data made from a template, as a tree again, with the places of what it was made from."""

from collections.abc import Mapping

from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, sequence, table

Likes = tuple[Node, ...]
"""Parts of the source that a value may have been made from, the likeliest first."""


class Placement:
    """Gives values the places of what they are like; `texts` are those that came from other files."""

    def __init__(self, texts: Mapping[str, Leaf]) -> None:
        self._texts = texts

    def placed(self, value: object, likes: Likes, holder: Node | Entry) -> Node:
        """Give a value with the places of its likes; what they do not have gets the place of what holds it.

        Raises SyntaxFault where the value holds too much.
        """
        at = likes[0] if likes else holder
        if isinstance(value, Mapping):
            entries = {str(key): self._entry(str(key), value[key], likes, at) for key in value}
            return table(entries, at.line, at.column, at.file)
        if isinstance(value, list):
            items = tuple(self.placed(item, _items(likes, index), at) for index, item in enumerate(value))
            return sequence(items, at.line, at.column, at.file)
        if isinstance(value, str) and value in self._texts:
            return self._texts[value]
        same = next((like for like in likes if isinstance(like, Leaf) and _same(like.value, value)), None)
        if same is not None:
            return same
        scalar = value if value is None or isinstance(value, str | int | float | bool) else str(value)
        return Leaf(value=scalar, line=at.line, column=at.column, file=at.file)

    def _entry(self, key: str, value: object, likes: Likes, holder: Node | Entry) -> Entry:
        found = [like.entries[key] for like in likes if isinstance(like, Table) and key in like.entries]
        at = found[0] if found else holder
        made = self.placed(value, tuple(entry.value for entry in found), at)
        return Entry(line=at.line, column=at.column, value=made, file=at.file)


def _same(one: object, other: object) -> bool:
    return one == other and type(one) is type(other)


def _items(likes: Likes, index: int) -> Likes:
    return tuple(like.items[index] for like in likes if isinstance(like, Sequence) and index < len(like.items))
