"""Which names a part of a template refers to, found without resolving it."""

from collections.abc import Iterator, Mapping

from inferway.formats.cloudformation.substitution import Name, pieces
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Leaf, Node, Sequence, Table


def mentioned(node: Node | None, conditions: Mapping[str, bool]) -> dict[str, Node]:
    """Give each name that `Ref`, `Fn::GetAtt` and `Fn::Sub` refer to, with the place of its first mention.

    Of an `Fn::If` only the branch that is taken counts: the other refers to nothing.
    """
    found: dict[str, Node] = {}
    for name, at in _names(node, conditions):
        found.setdefault(name, at)
    return found


def _names(node: Node | None, conditions: Mapping[str, bool]) -> Iterator[tuple[str, Node]]:
    todo: list[Node] = [] if node is None else [node]
    while todo:
        here = todo.pop()
        if isinstance(here, Leaf):
            continue
        if isinstance(here, Sequence):
            todo += reversed(here.items)
            continue
        function, argument = next(((key, entry.value) for key, entry in here.entries.items()), ("", here))
        if len(here.entries) != 1:
            function = ""
        if function == "Fn::If" and isinstance(argument, Sequence) and len(argument.items) == 3:
            todo.append(argument.items[1 if conditions.get(text_of(argument.items[0]) or "") else 2])
            continue
        if function == "Ref" and isinstance(argument, Leaf):
            yield str(argument.value), argument
        elif function == "Fn::GetAtt":
            yield _attribute_of(argument), argument
        elif function == "Fn::Sub":
            yield from _substituted(argument)
        todo += reversed([entry.value for entry in here.entries.values()])


def _attribute_of(argument: Node) -> str:
    if isinstance(argument, Sequence) and argument.items:
        return text_of(argument.items[0]) or ""
    return (text_of(argument) or "").partition(".")[0]


def _substituted(argument: Node) -> Iterator[tuple[str, Node]]:
    text: Node = argument
    own: Node | None = None
    if isinstance(argument, Sequence) and argument.items:
        text = argument.items[0]
        own = argument.items[1] if len(argument.items) > 1 else None
    for piece in pieces(text_of(text) or ""):
        if isinstance(piece, Name) and not (isinstance(own, Table) and part(own, piece.text) is not None):
            yield piece.text.partition(".")[0], text


def conditions_in(node: Node | None) -> dict[str, Node]:
    """Give the conditions that a condition refers to, each with its place."""
    found: dict[str, Node] = {}
    todo: list[Node] = [] if node is None else [node]
    while todo:
        here = todo.pop()
        if isinstance(here, Sequence):
            todo += reversed(here.items)
        elif isinstance(here, Table):
            name = part(here, "Condition")
            if isinstance(name, Leaf) and len(here.entries) == 1:
                found.setdefault(str(name.value), name)
            choice = part(here, "Fn::If")
            if isinstance(choice, Sequence) and choice.items and isinstance(choice.items[0], Leaf):
                found.setdefault(str(choice.items[0].value), choice.items[0])
            todo += reversed([entry.value for entry in here.entries.values()])
    return found
