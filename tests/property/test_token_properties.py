"""Whatever a client sends for a token is refused or verified; nothing else happens."""

import base64
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwk, jwt

from inferway.credentials.tokens.algorithms import ALGORITHMS, UnusableKeyError, load_key
from inferway.credentials.tokens.claim_texts import json_texts, plain_texts
from inferway.credentials.tokens.compact import MalformedTokenError, read_compact, read_header, read_object
from inferway.credentials.tokens.key_sets import FetchError, KeySet, KeySets, KeySource, read_keys
from inferway.credentials.tokens.verifier import Authority, Refusal, Token, TokenVerifier

KEY = jwk.RSAKey.generate_key(2048, {"kid": "one"})
ISSUER = "https://issuer.example"
NOW = 1_700_000_000
VERIFIER = TokenVerifier(
    (
        Authority(
            issuer=ISSUER,
            key_set=KeySets().of(KeySource(issuer=ISSUER, keys=json.dumps({"keys": [KEY.as_dict(private=False)]}))),
        ),
    ),
    algorithms=("RS256",),
    clock=lambda: float(NOW),
)
CLAIMS = {"iss": ISSUER, "sub": "ada", "exp": NOW + 60}
GOOD = jwt.encode({"alg": "RS256", "kid": "one"}, CLAIMS, KEY).encode()

VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def part(value: object) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_malformed(data: bytes) -> None:
    for read in (read_compact, read_header, read_object):
        try:
            read(data)
        except MalformedTokenError:
            continue


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_parts_are_refused(parts: list[bytes]) -> None:
    encoded = b".".join(base64.urlsafe_b64encode(one).rstrip(b"=") for one in parts)
    assert isinstance(VERIFIER.verify(encoded), Refusal)


@given(
    st.dictionaries(st.sampled_from(["alg", "kid", "crit", "typ", "jku"]), VALUES), st.dictionaries(st.text(), VALUES)
)
def test_any_header_and_claims_without_a_signature_are_refused(header: dict[str, Any], claims: dict[str, Any]) -> None:
    token = b".".join((part({"alg": "RS256", "kid": "one", **header}), part({**CLAIMS, **claims}), b"AAAA"))
    assert isinstance(VERIFIER.verify(token), Refusal | KeySet)


@given(st.integers(min_value=0, max_value=len(GOOD) - 1), st.integers(min_value=0, max_value=255))
def test_no_other_token_is_as_good(index: int, byte: int) -> None:
    """Each byte counts: a changed one is refused, also among the last bits of a part."""
    changed = GOOD[:index] + bytes([byte]) + GOOD[index + 1 :]
    found = VERIFIER.verify(changed)
    assert isinstance(found, Token) is (changed == GOOD)


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=5))
def test_json_that_is_written_plainly_is_read_back(value: dict[str, Any]) -> None:
    for text in (
        json.dumps(value),
        json.dumps(value, indent=1),
        json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    ):
        assert read_object(text.encode("utf-8", "surrogatepass")) == value


@given(st.dictionaries(st.sampled_from(["exp", "iat", "groups", "a", "é"]), VALUES))
def test_claims_become_texts(claims: dict[str, Any]) -> None:
    assert set(plain_texts(claims)) == {name for name, value in claims.items() if value is not None}
    assert {name: json.loads(text) for name, text in json_texts(claims).items()} == claims


@given(st.dictionaries(st.sampled_from(["kty", "n", "e", "crv", "x", "y", "use", "alg", "key_ops", "k"]), VALUES))
def test_any_key_is_loaded_or_unusable(published: dict[str, Any]) -> None:
    for changes in ({}, KEY.as_dict(private=False)):
        for algorithm in ALGORITHMS:
            try:
                load_key({**changes, **published}, algorithm)
            except UnusableKeyError:
                continue


@given(VALUES)
def test_any_document_is_a_key_set_or_none(value: Any) -> None:
    for document in (value, {"keys": value}):
        try:
            read_keys(json.dumps(document))
        except FetchError:
            continue
