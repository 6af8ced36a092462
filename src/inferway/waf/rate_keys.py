"""What rate-based rules count requests by.

Source: AWS WAF Developer Guide, "Aggregating rate-based rules in AWS WAF"; a request that misses one of the parts is
neither counted nor limited.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from ipaddress import IPV4LENGTH, IPv4Address, IPv6Address
from typing import Final

from inferway.definition.web_acl_statements import Forwarded, Otherwise, RateKey, RateKeyKind
from inferway.waf.addresses import Number, forwarded_addresses, number_of
from inferway.waf.inspection import Inspection
from inferway.waf.places import Places
from inferway.waf.transformations import Transform, chain

Part = Callable[[Inspection], str | None]
Key = Callable[[Inspection], tuple[str, ...] | None]
"""The parts of a request's key, None where it misses one."""

_LONGEST: Final = 64
_ANYWAY: Final = "no address"
"""A part by which a request matches whatever was counted: this very text, not one that a client could send."""

MATCH_ANYWAY: Final[tuple[str, ...]] = (_ANYWAY,)
"""The key of a request whose forwarded address is none and whose rule says that it matches then."""


def compile_keys(keys: tuple[RateKey, ...], forwarded: Forwarded | None, prefix: str, places: Places) -> Key:
    """Compile the parts of a key."""
    parts = tuple(_part(key, forwarded, prefix, places) for key in keys)

    def key_of(view: Inspection) -> tuple[str, ...] | None:
        values = []
        for part in parts:
            value = part(view)
            if value is None:
                return None
            if value is _ANYWAY:
                return MATCH_ANYWAY
            values.append(value)
        return tuple(values)

    return key_of


def text_of(values: tuple[str, ...]) -> str:
    """Give a key as one text, of which no two keys have the same; a long one by its digest."""
    text = values[0] if len(values) == 1 else "".join(f"{len(value)}:{value}" for value in values)
    return text if len(text) <= _LONGEST else sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _part(key: RateKey, forwarded: Forwarded | None, prefix: str, places: Places) -> Part:
    transform = chain(key.transformations)
    if key.kind is RateKeyKind.FORWARDED_IP or (key.kind is RateKeyKind.ASN and forwarded is not None):
        address = _forwarded(forwarded or Forwarded(header="x-forwarded-for"))
        return address if key.kind is RateKeyKind.FORWARDED_IP else _network(address, places)
    if key.kind is RateKeyKind.ASN:
        return _network(lambda view: view.request.client, places)
    if key.kind is RateKeyKind.LABEL_NAMESPACE:
        namespace = key.name if key.name.startswith("awswaf:") else prefix + key.name
        return lambda view: "\n".join(sorted(label for label in view.labels if label.startswith(namespace))) or None
    return _transformed(_PARTS[key.kind](key.name), transform)


def _forwarded(forwarded: Forwarded) -> Part:
    otherwise = _ANYWAY if forwarded.otherwise is Otherwise.MATCH else None

    def address(view: Inspection) -> str | None:
        addresses = forwarded_addresses(view, forwarded)
        if addresses is None:
            return None
        number = number_of(addresses[0])
        return otherwise if number is None else _written(number)

    return address


def _written(number: Number) -> str:
    """Give an address as it is written everywhere, so that it counts as one however a client writes it."""
    bits, value = number
    return str(IPv4Address(value) if bits == IPV4LENGTH else IPv6Address(value))


def _network(address: Part, places: Places) -> Part:
    def number(view: Inspection) -> str | None:
        found = address(view)
        known = places.network(found) if found and found is not _ANYWAY else 0
        return str(known) if known else None

    return number


def _transformed(part: Part, transform: Transform | None) -> Part:
    if transform is None:
        return part

    def made(view: Inspection) -> str | None:
        value = part(view)
        return None if value is None else transform(value)

    return made


def _header(name: str) -> Part:
    wanted = name.lower().encode("latin-1")
    return lambda view: ", ".join(view.header(wanted)) or None


def _cookie(name: str) -> Part:
    wanted = name.lower()
    return lambda view: next((value for key, value in view.cookies()[0] if key.lower() == wanted), None)


def _argument(name: str) -> Part:
    wanted = name.lower()
    return lambda view: next((value for key, value in view.arguments() if key == wanted), None)


_PARTS: Final[Mapping[RateKeyKind, Callable[[str], Part]]] = {
    RateKeyKind.HEADER: _header,
    RateKeyKind.COOKIE: _cookie,
    RateKeyKind.QUERY_ARGUMENT: _argument,
    RateKeyKind.QUERY_STRING: lambda _: lambda view: view.request.query or None,
    RateKeyKind.METHOD: lambda _: lambda view: view.request.method,
    RateKeyKind.URI_PATH: lambda _: lambda view: view.uri,
    RateKeyKind.IP: lambda _: lambda view: view.request.client or None,
}
