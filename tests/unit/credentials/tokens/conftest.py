"""An issuer's keys and tokens, made by joserfc."""

import json
import time
from functools import cache
from typing import Any

import pytest
from joserfc import jwk, jwt

from inferway.credentials.tokens.key_sets import KeySet, KeySets, KeySource

ISSUER = "https://issuer.example"
NOW = 1_700_000_000


@cache
def rsa_key(name: str, bits: int = 2048) -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(bits, {"kid": name})


class Signer:
    """Signs tokens with one key."""

    issuer = ISSUER
    now = NOW

    def __init__(self) -> None:
        self.key: Any = rsa_key("one")

    def claims(self, **changes: Any) -> dict[str, Any]:
        made = {"iss": ISSUER, "sub": "ada", "aud": "app", "exp": NOW + 600, "iat": NOW - 5, **changes}
        return {name: value for name, value in made.items() if value is not ...}

    def token(self, header: dict[str, Any] | None = None, key: Any = None, **changes: Any) -> bytes:
        """Give a signed token; a claim that is `...` is left out."""
        signing = key or self.key
        alg = (header or {}).get("alg", "RS256")
        given = {"alg": alg, "kid": signing.kid or "one", **(header or {})}
        given = {name: value for name, value in given.items() if value is not ...}
        return jwt.encode(given, self.claims(**changes), signing, algorithms=[alg]).encode()

    def published(self, *keys: Any) -> str:
        return json.dumps({"keys": [key.as_dict(private=False) for key in keys or (self.key,)]})

    def key_set(self, *keys: Any) -> KeySet:
        return KeySets().of(KeySource(issuer=ISSUER, keys=self.published(*keys)))

    def another(self) -> Any:
        return rsa_key("two")

    def sized(self, bits: int) -> Any:
        return rsa_key("sized", bits)

    def clock(self) -> float:
        return float(NOW)

    def really_now(self) -> int:
        return int(time.time())


@pytest.fixture
def signer() -> Signer:
    return Signer()
