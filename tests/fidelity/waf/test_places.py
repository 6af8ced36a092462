"""Countries and autonomous systems, by databases in MaxMind's format that are written here (its specification 2.0)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Send = Callable[..., Any]

US, DE, LOST = "192.0.2.7", "198.51.100.7", "203.0.113.7"
COUNTRIES = {
    US: {"country": {"iso_code": "US"}, "subdivisions": [{"iso_code": "CA"}]},
    DE: {"country": {"iso_code": "DE"}},
}
NETWORKS = {US: {"autonomous_system_number": 64500}, DE: {"autonomous_system_number": 64501}}


def encoded(value: Any) -> bytes:
    """Give a value as the data section has it."""
    if isinstance(value, str):
        return bytes([0x40 | len(value)]) + value.encode()
    if isinstance(value, int):
        digits = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return bytes([0xC0 | len(digits)]) + digits
    if isinstance(value, list):
        return bytes([len(value), 0x04]) + b"".join(map(encoded, value))
    return bytes([0xE0 | len(value)]) + b"".join(encoded(key) + encoded(item) for key, item in value.items())


def database(records: dict[str, Any], kind: str) -> bytes:
    """Give a database of single IPv4 addresses."""
    nodes: list[list[int | None]] = [[None, None]]
    data, offsets = b"", {}
    for address, record in records.items():
        offsets[address] = len(data)
        data += encoded(record)
        bits = "".join(f"{int(part):08b}" for part in address.split("."))
        node = 0
        for bit in map(int, bits[:-1]):
            following = nodes[node][bit]
            if following is None:
                nodes.append([None, None])
                following = nodes[node][bit] = len(nodes) - 1
            node = following
        nodes[node][int(bits[-1])] = -1 - offsets[address]
    count = len(nodes)
    tree = b"".join(
        (count if child is None else child if child >= 0 else count + 16 + (-1 - child)).to_bytes(3, "big")
        for node_children in nodes
        for child in node_children
    )
    metadata = {
        "node_count": count,
        "record_size": 24,
        "ip_version": 4,
        "database_type": kind,
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1,
        "description": {"en": kind},
        "languages": ["en"],
    }
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + encoded(metadata)


@pytest.fixture(autouse=True)
def bound(tmp_path: Path) -> None:
    (tmp_path / "countries.mmdb").write_bytes(database(COUNTRIES, "Test-Country"))
    (tmp_path / "networks.mmdb").write_bytes(database(NETWORKS, "Test-ASN"))
    geo = '[geo]\ndatabase = "countries.mmdb"\nnetworks = "networks.mmdb"\n'
    (tmp_path / "inferway.toml").write_text(f'[waf]\nlog = "waf.log"\n{geo}')


def test_countries_match_and_label(lab: Send) -> None:
    rule = {"Statement": {"GeoMatchStatement": {"CountryCodes": ["US", "FR"]}}}
    made = lab([rule], *(("GET", "", {}, b"", client) for client in (US, DE, LOST)))
    assert made.findings == []
    assert made.statuses == [403, 200, 200]
    labels = [[each["name"].removeprefix("awswaf:clientip:geo:") for each in entry["labels"]] for entry in made.log]
    assert labels == [
        ["country:US", "region:US-CA"],
        ["country:DE", "region:DE-XX"],
        ["country:XX", "region:XX-XX"],
    ]
    assert made.log[0]["httpRequest"]["country"] == "US"


def test_forwarded_addresses_have_countries(lab: Send) -> None:
    config = {"HeaderName": "X-Forwarded-For", "FallbackBehavior": "MATCH"}
    outside = {
        "NotStatement": {"Statement": {"GeoMatchStatement": {"CountryCodes": ["DE"], "ForwardedIPConfig": config}}}
    }
    asked: Any = [("GET", "", {"x-forwarded-for": f"{client}, 10.0.0.1"}) for client in (DE, US)]
    made = lab([{"Statement": outside}], *asked)
    assert made.statuses == [200, 403]
    assert made.log[0]["labels"][0]["name"] == "awswaf:forwardedip:geo:country:DE"


def test_autonomous_systems_match(lab: Send) -> None:
    rule = {"Statement": {"AsnMatchStatement": {"AsnList": [64500]}}}
    assert lab([rule], *(("GET", "", {}, b"", client) for client in (US, DE, LOST))).statuses == [403, 200, 200]
