"""Addresses of clients: where they are read from, and sets of them.

Source: AWS WAF Developer Guide, "IP set match rule statement", "Using forwarded IP addresses".
"""

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from inferway.definition.web_acl_statements import Forwarded, ForwardedPosition, Otherwise
from inferway.waf.inspection import Inspection

Number = tuple[int, int]
"""An address: the bits of its kind, 32 or 128, and its number."""

_MOST: Final = 10
"""Addresses of a header that are looked at, the last ones; "ForwardedIPPosition"."""

Contains = Callable[[Number], bool]


@lru_cache(maxsize=4096)
def number_of(text: str) -> Number | None:
    """Give the number of an address, None where it is none; an IPv4 address in IPv6's clothes is what it is."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return address.max_prefixlen, int(address)


def container(ranges: tuple[str, ...]) -> Contains:
    """Give what says whether an address is in one of the ranges; ValueError for what is no range.

    It costs one look-up for each length of prefix that there is.
    """
    by_bits: dict[int, dict[int, set[int]]] = {32: {}, 128: {}}
    for text in ranges:
        network = ip_network(text, strict=False)
        bits = network.max_prefixlen
        shift = bits - network.prefixlen
        by_bits[bits].setdefault(shift, set()).add(int(network.network_address) >> shift)
    flat = {bits: tuple(kept.items()) for bits, kept in by_bits.items()}

    def contains(number: Number) -> bool:
        bits, value = number
        for shift, starts in flat[bits]:  # noqa: SIM110 - any() with a generator costs twice as much
            if value >> shift in starts:
                return True
        return False

    return contains


def forwarded_addresses(view: Inspection, forwarded: Forwarded) -> list[str] | None:
    """Give the addresses of a header that count; None where the request has no such header."""
    lines = view.header(forwarded.header.encode("latin-1"))
    if not lines:
        return None
    addresses = [part.strip() for line in lines for part in line.split(",")]
    if forwarded.position is ForwardedPosition.ANY:
        return addresses[-_MOST:]
    return addresses[:1] if forwarded.position is ForwardedPosition.FIRST else addresses[-1:]


def where(forwarded: Forwarded | None, holds: Callable[[Inspection, str], bool]) -> Callable[[Inspection], bool]:
    """Give what says whether an address holds to something: the client's, or one that was forwarded."""
    if forwarded is None:
        return lambda view: holds(view, view.request.client)
    otherwise = forwarded.otherwise is Otherwise.MATCH

    def of_header(view: Inspection) -> bool:
        addresses = forwarded_addresses(view, forwarded)
        if addresses is None:
            return False
        valid = [address for address in addresses if number_of(address) is not None]
        return any(holds(view, address) for address in valid) if valid else otherwise

    return of_header
