"""The functions that make texts of texts.

Source: CloudFormation, "Intrinsic function reference" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
TemplateReference/intrinsic-function-reference.html), each function's own page.
"""

import base64 as base_64
import json

from inferway.formats.cloudformation.arguments import Resolver, given, items_in, joined, operands, text_in
from inferway.formats.cloudformation.scope import PLACEHOLDER
from inferway.formats.cloudformation.substitution import Name, pieces
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Leaf, Node, Sequence, Table, node_of, plain


def sub(resolver: Resolver, argument: Node) -> Node:
    """Replace the names in a text by their values, those of a mapping beside it first."""
    template, own = argument, None
    if isinstance(argument, Sequence):
        if len(argument.items) != 2 or not isinstance(argument.items[1], Table):
            raise Unresolved("bad-intrinsic", "Fn::Sub takes a text, or a list of a text and a mapping", argument)
        template, own = argument.items
    text = text_of(template)
    if text is None:
        raise Unresolved("bad-intrinsic", "Fn::Sub needs a text to substitute in", argument)
    values = [piece if isinstance(piece, str) else _named(resolver, piece, own, template) for piece in pieces(text)]
    made = joined(resolver, values, "", template)
    block = isinstance(template, Leaf) and template.block and made.count("\n") == text.count("\n")
    return Leaf(value=made, line=template.line, column=template.column, block=block, file=template.file)


def _named(resolver: Resolver, name: Name, own: Node | None, at: Node) -> str:
    given_here = part(own, name.text) if own is not None else None
    if given_here is not None:
        return text_in(resolver, given_here, f"the value of {name.text} in Fn::Sub")
    resource, dot, attribute = name.text.partition(".")
    scope = resolver.scope
    value = scope.attribute(resource, attribute, at) if dot else scope.reference(name.text, at)
    text = text_of(node_of(value, at.line, at.column))
    if text is None:
        raise Unresolved("bad-intrinsic", f"{name.text} is no text, so it cannot be substituted", at)
    return text


def join(resolver: Resolver, argument: Node) -> Node:
    """Join the items of a list."""
    delimiter, listed = operands(argument, "Fn::Join", "a delimiter and a list", 2)
    items = [text_in(resolver, item, "Fn::Join") for item in items_in(resolver, listed, "Fn::Join")]
    made = joined(resolver, items, text_of(delimiter) or "", argument)
    return Leaf(value=made, line=argument.line, column=argument.column, file=argument.file)


def split(resolver: Resolver, argument: Node) -> Node:
    """Split a text into a list; a placeholder stays whole, to be told from what it stands for."""
    delimiter, source = operands(argument, "Fn::Split", "a delimiter and a text", 2)
    separator = text_of(delimiter)
    if not separator:
        raise Unresolved("bad-intrinsic", "the delimiter of Fn::Split must not be empty", delimiter)
    text = text_in(resolver, source, "Fn::Split")
    return given(resolver, [text] if text.startswith(PLACEHOLDER) else text.split(separator), argument)


def base64(resolver: Resolver, argument: Node) -> Node:
    """Encode a text."""
    text = text_in(resolver, argument, "Fn::Base64").encode("utf-8", "surrogatepass")
    return given(resolver, base_64.b64encode(text).decode("ascii"), argument)


def to_json_string(resolver: Resolver, argument: Node) -> Node:
    """Write a mapping or a list as JSON, without spaces."""
    resolver.scope.need_extensions("Fn::ToJsonString", argument)
    value = resolver.resolve(argument)
    if not isinstance(value, Table | Sequence):
        raise Unresolved("bad-intrinsic", "Fn::ToJsonString takes a mapping or a list", argument)
    return given(resolver, json.dumps(plain(value), separators=(",", ":"), ensure_ascii=False), argument)
