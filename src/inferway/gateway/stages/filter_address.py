"""FilterAddress: refuses clients by their address."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from inferway.definition.guard_steps import FilterAddress
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: FilterAddress, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Read the addresses; ValueError where one is none."""
    ranges = tuple((_number(ip_address(span.first)), _number(ip_address(span.last))) for span in step.ranges)
    allow = step.allow

    def filter_address(exchange: Exchange) -> Outcome:
        client = exchange.request.client
        try:
            number = _number(ip_address(client))
        except ValueError:
            return _refuse("unknown", "Failed to establish IP address for the caller. Access denied.")
        inside = any(first <= number <= last for first, last in ranges)
        if inside is allow:
            return None
        if allow:
            return _refuse("not allowed", f"Caller IP address {client} is not allowed. Access denied.")
        return _refuse("blocked", "Caller IP address is blocked. Access denied.")

    return (filter_address,)


def _number(address: IPv4Address | IPv6Address) -> tuple[int, int]:
    """Give an address so that it compares; an IPv4 address in IPv6's clothes counts as what it is (RFC 4291, 2.5.5)."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    plain = mapped or address
    return plain.version, int(plain)


def _refuse(reason: str, cause: str) -> Fault:
    return Fault(kind=FaultKind.ACCESS_DENIED, cause=cause, details=(("status", "403"), ("reason", reason)))
