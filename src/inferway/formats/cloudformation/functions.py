"""The intrinsic functions that give values.

Source: CloudFormation, "Intrinsic function reference" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
TemplateReference/intrinsic-function-reference.html).
"""

import base64
import json
from collections.abc import Callable
from typing import Final, Protocol

from inferway.formats.cloudformation.pseudo import NO_VALUE
from inferway.formats.cloudformation.report import Unresolved, nearest
from inferway.formats.cloudformation.scope import MOST_TEXT, UNRESOLVED, Scope
from inferway.formats.cloudformation.substitution import Name, pieces
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Leaf, Node, Sequence, Table, node_of, plain


class Resolver(Protocol):
    """Resolves what a function is given."""

    scope: Scope

    def resolve(self, node: Node) -> Node | None:
        """Give a value with all functions in it replaced; None for AWS::NoValue."""
        ...


Function = Callable[[Resolver, Node], Node | None]
"""Makes a value of an argument that is not yet resolved; None for AWS::NoValue. Raises Unresolved."""


def _ref(resolver: Resolver, argument: Node) -> Node | None:
    name = text_of(argument)
    if name is None:
        raise Unresolved("bad-intrinsic", "Ref names a parameter or a resource", argument)
    return None if name == NO_VALUE else _made(resolver, resolver.scope.reference(name, argument), argument)


def _get_att(resolver: Resolver, argument: Node) -> Node:
    if isinstance(argument, Sequence) and len(argument.items) > 1:
        name = text_of(argument.items[0])
        attribute = ".".join(_text(resolver, item, "Fn::GetAtt") for item in argument.items[1:])
    else:
        name, _, attribute = (text_of(argument) or "").partition(".")
    if not name or not attribute:
        raise Unresolved("bad-intrinsic", "Fn::GetAtt names a resource and one of its attributes", argument)
    return _made(resolver, resolver.scope.attribute(name, attribute, argument), argument)


def _sub(resolver: Resolver, argument: Node) -> Node:
    template, own = argument, None
    if isinstance(argument, Sequence):
        if len(argument.items) != 2 or not isinstance(argument.items[1], Table):
            raise Unresolved("bad-intrinsic", "Fn::Sub takes a text, or a list of a text and a mapping", argument)
        template, own = argument.items
    text = text_of(template)
    if text is None:
        raise Unresolved("bad-intrinsic", "Fn::Sub needs a text to substitute in", argument)
    values = [piece if isinstance(piece, str) else _named(resolver, piece, own, template) for piece in pieces(text)]
    made = _bounded(resolver, values, "", template)
    block = isinstance(template, Leaf) and template.block and made.count("\n") == text.count("\n")
    return Leaf(value=made, line=template.line, column=template.column, block=block)


def _named(resolver: Resolver, name: Name, own: Node | None, at: Node) -> str:
    given = part(own, name.text) if own is not None else None
    if given is not None:
        return _text(resolver, given, f"the value of {name.text} in Fn::Sub")
    resource, dot, attribute = name.text.partition(".")
    scope = resolver.scope
    value = scope.attribute(resource, attribute, at) if dot else scope.reference(name.text, at)
    text = text_of(node_of(value, at.line, at.column))
    if text is None:
        raise Unresolved("bad-intrinsic", f"{name.text} is no text, so it cannot be substituted", at)
    return text


def _join(resolver: Resolver, argument: Node) -> Node:
    delimiter, listed = _arguments(argument, "Fn::Join", "a delimiter and a list", 2)
    items = [_text(resolver, item, "Fn::Join") for item in _items(resolver, listed, "Fn::Join")]
    made = _bounded(resolver, items, text_of(delimiter) or "", argument)
    return Leaf(value=made, line=argument.line, column=argument.column)


def _split(resolver: Resolver, argument: Node) -> Node:
    delimiter, source = _arguments(argument, "Fn::Split", "a delimiter and a text", 2)
    separator = text_of(delimiter)
    if not separator:
        raise Unresolved("bad-intrinsic", "the delimiter of Fn::Split must not be empty", delimiter)
    return _made(resolver, _text(resolver, source, "Fn::Split").split(separator), argument)


def _select(resolver: Resolver, argument: Node) -> Node:
    index, listed = _arguments(argument, "Fn::Select", "an index and a list", 2)
    number, items = _text(resolver, index, "Fn::Select"), _items(resolver, listed, "Fn::Select")
    if not number.isascii() or not number.isdigit() or len(number) > 9 or int(number) >= len(items):
        raise Unresolved("bad-intrinsic", f"Fn::Select finds no item {number[:20]} in {len(items)}", argument)
    return items[int(number)]


def _if(resolver: Resolver, argument: Node) -> Node | None:
    name, yes, no = _arguments(argument, "Fn::If", "a condition's name and two values", 3)
    return resolver.resolve(yes if resolver.scope.condition(text_of(name) or "", name) else no)


def _find_in_map(resolver: Resolver, argument: Node) -> Node | None:
    items = argument.items if isinstance(argument, Sequence) else ()
    if len(items) not in {3, 4}:
        raise Unresolved("bad-intrinsic", "Fn::FindInMap takes a mapping's name and two keys", argument)
    mappings = resolver.scope.mappings
    keys = [_text(resolver, item, "Fn::FindInMap") for item in items[:3]]
    if keys[0] not in mappings:
        raise Unresolved("undefined-name", f"no mapping has the name {keys[0]!r}{nearest(keys[0], mappings)}", argument)
    found: Node = mappings[keys[0]]
    for key in keys[1:]:
        inner = part(found, key)
        if inner is None:
            default = part(items[3], "DefaultValue") if len(items) == 4 else None
            if default is not None:
                return resolver.resolve(default)
            known = found.entries if isinstance(found, Table) else ()
            text = f"the mapping {keys[0]} has no key {key!r}{nearest(key, known)}"
            raise Unresolved("undefined-name", text, argument)
        found = inner
    return _made(resolver, plain(found), argument)


def _base64(resolver: Resolver, argument: Node) -> Node:
    text = _text(resolver, argument, "Fn::Base64").encode("utf-8", "surrogatepass")
    return _made(resolver, base64.b64encode(text).decode("ascii"), argument)


def _import_value(resolver: Resolver, argument: Node) -> Node:
    name, exports = _text(resolver, argument, "Fn::ImportValue"), resolver.scope.exports
    if name not in exports:
        raise Unresolved("undefined-export", f"no stack exports {name!r}{nearest(name, exports)}", argument)
    return _made(resolver, exports[name], argument)


def _get_azs(resolver: Resolver, argument: Node) -> Node:
    region = _text(resolver, argument, "Fn::GetAZs") or resolver.scope.region
    return _made(resolver, [f"{region}{zone}" for zone in "abc"], argument)


def _length(resolver: Resolver, argument: Node) -> Node:
    return _made(resolver, len(_items(resolver, argument, "Fn::Length")), argument)


def _to_json_string(resolver: Resolver, argument: Node) -> Node:
    value = resolver.resolve(argument)
    text = json.dumps(None if value is None else plain(value), separators=(",", ":"), ensure_ascii=False)
    return _made(resolver, text, argument)


FUNCTIONS: Final[dict[str, Function]] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json_string,
}

UNSERVED: Final = frozenset({"Fn::Cidr", "Fn::ForEach", "Fn::GetStackOutput", "Fn::Transform"})


def _made(resolver: Resolver, value: object, at: Node) -> Node:
    if isinstance(value, str):
        _check_length(len(value), at)
        resolver.scope.spend(len(value), at)
        return Leaf(value=value, line=at.line, column=at.column)
    node = node_of(value, at.line, at.column)
    resolver.scope.spend(1 if isinstance(node, Leaf) else node.values, at)
    return node


def _bounded(resolver: Resolver, texts: list[str], delimiter: str, at: Node) -> str:
    length = sum(map(len, texts)) + len(delimiter) * max(len(texts) - 1, 0)
    _check_length(length, at)
    resolver.scope.spend(length, at)
    return delimiter.join(texts)


def _check_length(length: int, at: Node) -> None:
    if length > MOST_TEXT:
        raise Unresolved("too-large", f"the value would have more than {MOST_TEXT:,} characters", at)


def _text(resolver: Resolver, node: Node, where: str) -> str:
    value = resolver.resolve(node)
    text = text_of(value)
    if text is None:
        raise Unresolved("bad-intrinsic", f"{where} needs a text here", node)
    return text


def _items(resolver: Resolver, node: Node, where: str) -> tuple[Node, ...]:
    value = resolver.resolve(node)
    if isinstance(value, Leaf) and value.value == UNRESOLVED:
        raise Unresolved("", "", node)
    if not isinstance(value, Sequence):
        raise Unresolved("bad-intrinsic", f"{where} needs a list here", node)
    return value.items


def _arguments(argument: Node, function: str, wanted: str, count: int) -> tuple[Node, ...]:
    if not isinstance(argument, Sequence) or len(argument.items) != count:
        raise Unresolved("bad-intrinsic", f"{function} takes {wanted}", argument)
    return argument.items
