"""The signature algorithms of tokens, and the published keys that verify them.

Sources: RFC 7518 (JWA), sections 3.1 to 3.5 and 6; RFC 8037 and RFC 9864 (Ed25519). Only public keys are read: an
algorithm with a shared secret is not among them, so that no published key can serve as one (RFC 8725, section 2.1).
"""

from collections.abc import Callable, Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from inferway.credentials.tokens.compact import MalformedTokenError, Verify, decode

LEAST_BITS: Final = 2048
"""Of an RSA key (RFC 7518, section 3.3)."""
MOST_BITS: Final = 8192
"""Of an RSA key: the time that verifying takes grows with the square of it."""
_LARGEST_EXPONENT: Final = 2**32

_CURVES: Final[dict[str, tuple[type[ec.EllipticCurve], int]]] = {
    "P-256": (ec.SECP256R1, 32),
    "P-384": (ec.SECP384R1, 48),
    "P-521": (ec.SECP521R1, 66),
}
"""Each curve with how many bytes a coordinate has."""


class UnusableKeyError(ValueError):
    """A published key that cannot verify signatures of an algorithm, with the reason."""


def load_key(jwk: Mapping[str, object], algorithm: str) -> Verify:
    """Load a published key (RFC 7517) for one algorithm. Raises UnusableKeyError."""
    loader = ALGORITHMS.get(algorithm)
    if loader is None:
        raise UnusableKeyError(f"there is no algorithm {algorithm!r}")
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", algorithm) != algorithm:
        raise UnusableKeyError(f"the key is not for signatures with {algorithm}")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise UnusableKeyError("the key is not for verifying")
    try:
        return loader(jwk)
    except (MalformedTokenError, ValueError, TypeError) as error:
        raise UnusableKeyError(str(error)) from error


def _bytes(jwk: Mapping[str, object], name: str, most: int) -> bytes:
    value = jwk.get(name)
    if not isinstance(value, str) or not value.isascii() or not 0 < len(value) <= most * 4 // 3 + 2:
        raise UnusableKeyError(f"the key has no fit {name!r}")
    return decode(value.encode("ascii"))


def _rsa_key(jwk: Mapping[str, object]) -> rsa.RSAPublicKey:
    if jwk.get("kty") != "RSA":
        raise UnusableKeyError("the key is not of the type RSA")
    modulus = int.from_bytes(_bytes(jwk, "n", MOST_BITS // 8 + 1), "big")
    exponent = int.from_bytes(_bytes(jwk, "e", 8), "big")
    if not LEAST_BITS <= modulus.bit_length() <= MOST_BITS:
        raise UnusableKeyError(f"an RSA key has {LEAST_BITS} to {MOST_BITS} bits")
    if exponent < 3 or exponent % 2 == 0 or exponent > _LARGEST_EXPONENT or modulus % 2 == 0:
        raise UnusableKeyError("the numbers of the RSA key cannot be right")
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _rsa(scheme: AsymmetricPadding, digest: hashes.HashAlgorithm) -> Callable[[Mapping[str, object]], Verify]:
    def load(jwk: Mapping[str, object]) -> Verify:
        key = _rsa_key(jwk)

        def verify(signature: bytes, signed: bytes) -> bool:
            try:
                key.verify(signature, signed, scheme, digest)
            except InvalidSignature:
                return False
            return True

        return verify

    return load


def _pkcs1(digest: hashes.HashAlgorithm) -> Callable[[Mapping[str, object]], Verify]:
    return _rsa(padding.PKCS1v15(), digest)


def _pss(digest: hashes.HashAlgorithm) -> Callable[[Mapping[str, object]], Verify]:
    return _rsa(padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size), digest)


def _ecdsa(curve: str, digest: hashes.HashAlgorithm) -> Callable[[Mapping[str, object]], Verify]:
    kind, size = _CURVES[curve]
    method = ec.ECDSA(digest)

    def load(jwk: Mapping[str, object]) -> Verify:
        if jwk.get("kty") != "EC" or jwk.get("crv") != curve:
            raise UnusableKeyError(f"the key is not on the curve {curve}")
        x, y = _bytes(jwk, "x", size), _bytes(jwk, "y", size)
        if len(x) != size or len(y) != size:
            raise UnusableKeyError(f"a coordinate on {curve} has {size} bytes")
        # A point that is not on the curve is refused here.
        key = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), kind()).public_key()

        def verify(signature: bytes, signed: bytes) -> bool:
            if len(signature) != 2 * size:
                return False
            r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
            try:
                key.verify(encode_dss_signature(r, s), signed, method)
            except InvalidSignature:
                return False
            return True

        return verify

    return load


def _ed25519(jwk: Mapping[str, object]) -> Verify:
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
        raise UnusableKeyError("the key is not on the curve Ed25519")
    key = ed25519.Ed25519PublicKey.from_public_bytes(_bytes(jwk, "x", 32))

    def verify(signature: bytes, signed: bytes) -> bool:
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True

    return verify


ALGORITHMS: Final[dict[str, Callable[[Mapping[str, object]], Verify]]] = {
    "RS256": _pkcs1(hashes.SHA256()),
    "RS384": _pkcs1(hashes.SHA384()),
    "RS512": _pkcs1(hashes.SHA512()),
    "PS256": _pss(hashes.SHA256()),
    "PS384": _pss(hashes.SHA384()),
    "PS512": _pss(hashes.SHA512()),
    "ES256": _ecdsa("P-256", hashes.SHA256()),
    "ES384": _ecdsa("P-384", hashes.SHA384()),
    "ES512": _ecdsa("P-521", hashes.SHA512()),
    "EdDSA": _ed25519,
    "Ed25519": _ed25519,
}
"""How each algorithm loads a key."""
