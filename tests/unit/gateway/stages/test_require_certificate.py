"""RequireCertificate: whose certificate counts for which domain."""

from typing import Any

import pytest

from inferway.caller import ClientCertificate
from inferway.definition.guard_steps import RequireCertificate
from inferway.faults import Fault

Bench = Any
DOMAINS = ("api.example.com", "*.example.com")


def shown(domain: str) -> ClientCertificate:
    return ClientCertificate(
        domain=domain, pem="", subject="CN=ada", issuer="CN=ca", serial="01", not_before="", not_after=""
    )


@pytest.mark.parametrize(
    ("host", "domain", "passes"),
    [
        ("api.example.com", "api.example.com", True),
        ("API.example.com:8443", "api.example.com", True),
        ("api.example.com", "", False),
        ("shop.example.com", "*.example.com", True),
        ("shop.example.com", "", False),
        # A connection opened to one domain and used for another: each domain trusts its own authorities.
        ("api.example.com", "*.example.com", False),
        ("shop.example.com", "api.example.com", False),
        ("a.shop.example.com", "*.example.com", False),
        ("other.example.org", "", True),
        ("api.example.com.", "", False),
    ],
)
def test_a_certificate_counts_for_the_domain_that_it_was_shown_to(
    bench: Bench, host: str, domain: str, passes: bool
) -> None:
    certificate = shown(domain) if domain else None
    exchange = bench.exchange(headers=[(b"host", host.encode())], certificate=certificate)
    outcome = bench.run(RequireCertificate(domains=DOMAINS), exchange)
    assert outcome is None if passes else isinstance(outcome, Fault)
