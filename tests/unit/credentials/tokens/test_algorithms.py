"""Published keys: those that verify, and those that are refused."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwk, jws

from inferway.credentials.tokens.algorithms import ALGORITHMS, UnusableKeyError, load_key


def key_for(algorithm: str) -> Any:
    if algorithm.startswith("ES"):
        return jwk.ECKey.generate_key({"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}[algorithm])
    if algorithm in ("EdDSA", "Ed25519"):
        return jwk.OKPKey.generate_key("Ed25519")
    return jwk.RSAKey.generate_key(2048)


def number(value: int, size: int = 0) -> str:
    data = value.to_bytes(size or max((value.bit_length() + 7) // 8, 1), "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", list(ALGORITHMS))
def test_another_library_s_signatures_verify_and_changed_ones_do_not(algorithm: str) -> None:
    key = key_for(algorithm)
    name = "Ed25519" if algorithm == "EdDSA" else algorithm  # RFC 9864 gives the same signature a name of its own
    signed = jws.serialize_compact({"alg": name}, b"payload", key, algorithms=[name]).encode()
    head, _, signature = signed.rpartition(b".")
    data = base64.urlsafe_b64decode(signature + b"=" * (-len(signature) % 4))
    verify = load_key(key.as_dict(private=False), algorithm)
    assert verify(data, head)
    assert not verify(data, head + b"x")
    assert not verify(data[:-1] + bytes([data[-1] ^ 1]), head)
    assert not verify(b"", head)
    assert not verify(data + b"\0", head)
    assert not verify(bytes(len(data)), head)


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "HS512", "RS1", "dir", "", "rs256"])
def test_no_other_algorithm_is_known(algorithm: str) -> None:
    with pytest.raises(UnusableKeyError):
        load_key(jwk.RSAKey.generate_key(2048).as_dict(private=False), algorithm)


def test_a_shared_secret_is_no_published_key() -> None:
    secret = {"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"}
    for algorithm in ALGORITHMS:
        with pytest.raises(UnusableKeyError):
            load_key(secret, algorithm)


@pytest.mark.parametrize("bits", [1024, 16384])
def test_rsa_keys_of_unfit_sizes_are_refused(bits: int) -> None:
    """RFC 7518, section 3.3: 2,048 bits or more; what is far beyond would cost every request dearly."""
    with pytest.raises(UnusableKeyError, match=r"bits|fit"):
        load_key({"kty": "RSA", "n": number((1 << bits) - 1), "e": "AQAB"}, "RS256")


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [
        (1, 65537),
        (0, 65537),
        (1 << 2047, 65537),
        ((1 << 2048) - 1, 1),
        ((1 << 2048) - 1, 2),
        ((1 << 2048) - 1, 2**33 + 1),
    ],
)
def test_rsa_numbers_that_cannot_be_right_are_refused(modulus: int, exponent: int) -> None:
    with pytest.raises(UnusableKeyError):
        load_key({"kty": "RSA", "n": number(modulus), "e": number(exponent)}, "RS256")


@pytest.mark.parametrize(
    "changes",
    [
        {"use": "enc"},
        {"use": 5},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"key_ops": ["sign"]},
        {"key_ops": "verify"},
        {"kty": "EC"},
        {"kty": None},
        {"n": "not base64!"},
        {"n": 5},
        {"n": ""},
        {"n": "ü"},
        {"e": "AQAB=="},
        {"n": "A" * 100_000},
    ],
)
def test_a_key_that_is_for_something_else_or_broken_is_refused(changes: dict[str, Any]) -> None:
    published = {**jwk.RSAKey.generate_key(2048).as_dict(private=False), **changes}
    with pytest.raises(UnusableKeyError):
        load_key(published, "RS256")


def test_a_point_off_its_curve_is_refused() -> None:
    published = jwk.ECKey.generate_key("P-256").as_dict(private=False)
    x = int.from_bytes(base64.urlsafe_b64decode(str(published["x"]) + "="), "big")
    for changes in (
        {"x": number(x ^ 1, 32)},
        {"x": number(0, 32), "y": number(0, 32)},
        {"x": number(1, 33)},
        {"y": "AQ"},
    ):
        with pytest.raises(UnusableKeyError):
            load_key({**published, **changes}, "ES256")


def test_a_curve_holds_for_its_own_algorithm_only() -> None:
    published = jwk.ECKey.generate_key("P-256").as_dict(private=False)
    with pytest.raises(UnusableKeyError):
        load_key(published, "ES384")
    with pytest.raises(UnusableKeyError):
        load_key({**published, "crv": "P-384"}, "ES384")


def test_the_largest_key_that_is_taken_verifies() -> None:
    # 3,072 bits stand for what issuers use beyond 2,048; generating 8,192 takes too long for a test.
    numbers = rsa.generate_private_key(public_exponent=65537, key_size=3072).public_key().public_numbers()
    published = json.loads(json.dumps({"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}))
    assert not load_key(published, "RS256")(bytes(384), b"x")
