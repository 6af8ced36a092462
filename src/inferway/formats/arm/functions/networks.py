"""Functions on ranges of addresses, and on the zones of a region, of which there are three here.

Source: Azure Resource Manager, "CIDR functions" and "Resource functions for ARM templates", pickZones and its kin
(https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-cidr, -resource).
"""

import ipaddress
from typing import Final

from inferway.formats.arm.functions.arguments import a_text, an_integer
from inferway.formats.arm.values import Unresolved, Value

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_ZONES: Final = ("1", "2", "3")


def _network(value: Value) -> _Network:
    try:
        return ipaddress.ip_network(a_text(value), strict=False)
    except ValueError:
        raise Unresolved("bad-argument", f"{value[:60]!r} is no range of addresses, such as 10.0.0.0/16") from None


def _usable(network: _Network) -> tuple[int, int]:
    """Give the first and the last address for hosts: an IPv4 range keeps its first and last for itself."""
    first, last = int(network.network_address), int(network.broadcast_address)
    return (first + 1, last - 1) if network.version == 4 and network.num_addresses > 2 else (first, last)


def _address(network: _Network, number: int) -> str:
    return str(ipaddress.IPv4Address(number) if network.version == 4 else ipaddress.IPv6Address(number))


def parse_cidr(value: Value) -> Value:
    """`parseCidr`."""
    network = _network(value)
    first, last = _usable(network)
    made: dict[str, Value] = {"network": str(network.network_address), "netmask": str(network.netmask)}
    if network.version == 4:
        made["broadcast"] = str(network.broadcast_address)
    made |= {"firstUsable": _address(network, first), "lastUsable": _address(network, last)}
    return made | {"cidr": network.prefixlen}


def cidr_subnet(value: Value, prefix: Value, index: Value) -> Value:
    """`cidrSubnet`: the range of that index among those of the longer prefix."""
    network, length, at = _network(value), an_integer(prefix), an_integer(index)
    if not network.prefixlen <= length <= network.max_prefixlen:
        raise Unresolved("bad-argument", f"a prefix of {network.prefixlen} to {network.max_prefixlen}, not {length}")
    count = 1 << (length - network.prefixlen)
    if not 0 <= at < count:
        raise Unresolved("bad-argument", f"{network} has {count} ranges of /{length}; there is no range {at}")
    size = 1 << (network.max_prefixlen - length)
    return f"{_address(network, int(network.network_address) + at * size)}/{length}"


def cidr_host(value: Value, index: Value) -> Value:
    """`cidrHost`: index 0 is the address after the range's own."""
    network, at = _network(value), an_integer(index)
    number = int(network.network_address) + 1 + at
    if at < 0 or number > _usable(network)[1]:
        raise Unresolved("bad-argument", f"{network} has no address for a host {at}")
    return _address(network, number)


def pick_zones(
    provider: Value,  # noqa: ARG001 - the function's form; every type and region has zones here
    type_name: Value,  # noqa: ARG001 - as above
    location: Value,  # noqa: ARG001 - as above
    count: Value = 1,
    offset: Value = 0,
) -> Value:
    """`pickZones`: so many zones behind so many others."""
    start = max(0, an_integer(offset))
    return list(_ZONES[start : start + max(0, an_integer(count))])


def same_zone(subscription: Value, location: Value, zone: Value) -> Value:  # noqa: ARG001 - the function's form
    """`toLogicalZone` and its kin: a zone has one name here."""
    return zone
