"""Signed requests: an identity, a time, and requests as clients send them."""

from collections.abc import Mapping
from typing import Any

import pytest

from inferway.credentials.verification import Verifier
from inferway.definition.identity import Identity
from inferway.exchange import Request

NOW = 1_440_938_160.0
"""2015-08-30T12:36:00Z, the time of the vendor's published examples."""


class Post:
    """Makes identities, requests and verifiers that agree with each other."""

    now = NOW
    access_key = "AKIDEXAMPLE"
    secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

    def identity(self, **fields: Any) -> Identity:
        given = {"name": "ada", "access_key": self.access_key, "secret": self.secret}
        return Identity(**{**given, "arn": "arn:aws:iam::123456789012:user/ada", **fields})

    def verifier(self, *identities: Identity, now: float = NOW, **settings: Any) -> Verifier:
        given = {"service": "execute-api", "region": "us-east-1", **settings}
        return Verifier(identities or (self.identity(),), clock=lambda: now, **given)

    def request(
        self,
        method: str = "GET",
        target: str = "/prod/321",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Request:
        path, _, query = target.partition("?")
        sent = {"Host": "api.example.com", **(headers or {})}
        pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()]
        return Request(method=method, path=path, query=query, headers=pairs, body=body)

    def with_headers(self, request: Request, headers: list[tuple[bytes, bytes]], **changes: Any) -> Request:
        """Give the request with headers instead of those of the same names, and other changes."""
        names = {name for name, _ in headers}
        kept = [pair for pair in request.headers if pair[0] not in names]
        given = {"method": request.method, "path": request.path, "query": request.query, "body": request.body}
        return Request(**{**given, "headers": kept + headers, **changes})


@pytest.fixture
def post() -> Post:
    return Post()
