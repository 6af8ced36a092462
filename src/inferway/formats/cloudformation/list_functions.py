"""The functions on lists.

Source: CloudFormation, "Intrinsic function reference" (https://docs.aws.amazon.com/AWSCloudFormation/latest/
TemplateReference/intrinsic-function-reference.html), each function's own page.
"""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from inferway.formats.cloudformation.arguments import Resolver, given, is_placeholder, items_in, operands, text_in
from inferway.formats.cloudformation.scope import PLACEHOLDER
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Node

_MOST_BLOCKS: Final = 256
_USUAL_BITS: Final = 8


def select(resolver: Resolver, argument: Node) -> Node:
    """Give one item of a list; a placeholder that could not be split stands for any part of itself."""
    index, listed = operands(argument, "Fn::Select", "an index and a list", 2)
    number, items = text_in(resolver, index, "Fn::Select"), items_in(resolver, listed, "Fn::Select")
    if number.isascii() and number.isdigit() and len(number) < 10:
        if int(number) < len(items):
            return items[int(number)]
        if len(items) == 1 and is_placeholder(items[0]):
            return items[0]
    raise Unresolved("bad-intrinsic", f"Fn::Select finds no item {number[:20]} in {len(items)}", argument)


def length(resolver: Resolver, argument: Node) -> Node:
    """Count the items of a list."""
    resolver.scope.need_extensions("Fn::Length", argument)
    return given(resolver, len(items_in(resolver, argument, "Fn::Length")), argument)


def cidr(resolver: Resolver, argument: Node) -> Node:
    """Cut an address block into smaller ones of so many bits, and give the first of them."""
    parts = operands(argument, "Fn::Cidr", "an address block, a count and a number of bits", 2, 3)
    block = text_in(resolver, parts[0], "Fn::Cidr")
    count = _number(text_in(resolver, parts[1], "Fn::Cidr"))
    bits = _number(text_in(resolver, parts[2], "Fn::Cidr")) if len(parts) > 2 else _USUAL_BITS
    if not 1 <= count <= _MOST_BLOCKS:
        raise Unresolved("bad-intrinsic", f"Fn::Cidr makes 1 to {_MOST_BLOCKS} blocks", parts[1])
    if block.startswith(PLACEHOLDER):
        return given(resolver, [f"{block}::{number}" for number in range(count)], argument)
    try:
        network = ip_network(block, strict=False)
    except ValueError:
        raise Unresolved("bad-intrinsic", f"{block[:80]!r} is no block of addresses", parts[0]) from None
    return given(resolver, _blocks(network, count, bits, argument), argument)


def _blocks(network: IPv4Network | IPv6Network, count: int, bits: int, at: Node) -> list[str]:
    room = network.max_prefixlen - network.prefixlen - bits
    if bits < 1 or room < 0 or count > 1 << room:
        text = f"{network} has no room for {count} blocks of {bits} bits"
        raise Unresolved("bad-intrinsic", text, at)
    start = int(network.network_address)
    addresses = (network.network_address.__class__(start + (number << bits)) for number in range(count))
    return [f"{address}/{network.max_prefixlen - bits}" for address in addresses]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
