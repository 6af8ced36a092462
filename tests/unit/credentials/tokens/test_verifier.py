"""Whose a token is, whether it is signed, and whether it says what is asked for."""

import asyncio
import base64
import hmac
import json
from typing import Any

import pytest

from inferway.credentials.tokens.algorithms import load_key
from inferway.credentials.tokens.key_sets import STALE, FetchError, KeySet, KeySets, KeySource
from inferway.credentials.tokens.verifier import Authority, Reason, Refusal, Token, TokenVerifier, without_key
from inferway.definition.token_steps import ExpectedClaim


def verifier(signer: Any, *keys: Any, **settings: Any) -> TokenVerifier:
    authority = Authority(issuer=signer.issuer, key_set=signer.key_set(*keys), **settings.pop("authority", {}))
    return TokenVerifier((authority,), **{"algorithms": ("RS256",), "clock": signer.clock, **settings})


def encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def part(value: object) -> bytes:
    return encoded(json.dumps(value).encode())


def why(found: object) -> Reason:
    assert isinstance(found, Refusal), found
    return found.reason


def test_a_token_of_the_issuer_is_taken(signer: Any) -> None:
    found = verifier(signer).verify(signer.token())
    assert isinstance(found, Token)
    assert (found.subject, found.claims["aud"]) == ("ada", "app")


def test_a_token_without_a_subject_is_about_nobody(signer: Any) -> None:
    found = verifier(signer).verify(signer.token(sub=...))
    assert isinstance(found, Token)
    assert found.subject == ""


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE"])
def test_an_unsigned_token_is_refused(signer: Any, name: str) -> None:
    header = part({"alg": name, "kid": "one"})
    for signature in (b"", b"YQ"):
        token = b".".join((header, part(signer.claims()), signature))
        assert why(verifier(signer).verify(token)) is Reason.ALGORITHM
    with_all = TokenVerifier((), algorithms=("RS256", name), clock=signer.clock)
    assert why(with_all.verify(b".".join((header, part(signer.claims()), b"")))) is Reason.ISSUER


def test_a_public_key_is_no_shared_secret(signer: Any) -> None:
    """Key confusion: the published key's text as the secret of an HS256 signature (RFC 8725, section 2.1)."""
    for secret in (signer.key.as_pem(private=False), signer.published().encode()):
        signed = part({"alg": "HS256", "kid": "one"}) + b"." + part(signer.claims())
        forged = signed + b"." + encoded(hmac.digest(secret, signed, "sha256"))
        assert why(verifier(signer).verify(forged)) is Reason.ALGORITHM
        lax = verifier(signer, algorithms=("RS256", "HS256"))
        assert why(lax.verify(forged)) is Reason.UNKNOWN_KEY


@pytest.mark.parametrize("pointer", ["jku", "x5u", "jwk"])
def test_a_token_cannot_bring_its_own_key(signer: Any, pointer: str) -> None:
    other = signer.another()
    value = other.as_dict(private=False) if pointer == "jwk" else "https://evil.example/keys"
    forged = signer.token({"kid": "one", pointer: value}, key=other)
    assert why(verifier(signer).verify(forged)) is Reason.SIGNATURE
    assert isinstance(verifier(signer).verify(signer.token({pointer: value})), Token)


@pytest.mark.parametrize("kid", ["two", "../one", "one\0", "' OR 1=1", "/dev/null", "ONE", ""])
def test_a_key_that_the_set_does_not_have_asks_the_set(signer: Any, kid: str) -> None:
    found = verifier(signer).verify(signer.token({"kid": kid}))
    assert isinstance(found, KeySet)
    assert without_key(found).reason is Reason.UNKNOWN_KEY


def test_a_token_that_names_no_key_may_be_of_any_of_a_few(signer: Any) -> None:
    nameless = signer.token({"kid": ...})
    assert isinstance(verifier(signer).verify(nameless), Token)
    assert isinstance(verifier(signer, signer.another(), signer.key).verify(nameless), Token)
    assert isinstance(verifier(signer, signer.another()).verify(nameless), KeySet)
    many = [signer.sized(2048 + 8 * number) for number in range(4)]
    assert why(verifier(signer, signer.key, *many).verify(nameless)) is Reason.UNKNOWN_KEY
    assert isinstance(TokenVerifier((), algorithms=("RS256",)).verify(nameless), Refusal)


def test_a_set_that_never_came_is_the_issuer_s_failure(signer: Any) -> None:
    key_set = KeySets().of(KeySource(issuer=signer.issuer))
    assert without_key(key_set).reason is Reason.KEYS


def test_another_key_s_signature_and_a_changed_token_are_refused(signer: Any) -> None:
    assert why(verifier(signer).verify(signer.token({"kid": "one"}, key=signer.another()))) is Reason.SIGNATURE
    header, _, signature = signer.token().split(b".")
    other = signer.token(sub="eve").split(b".")[1]
    assert why(verifier(signer).verify(b".".join((header, other, signature)))) is Reason.SIGNATURE


def test_an_algorithm_is_the_verifier_s_choice_not_the_token_s(signer: Any) -> None:
    assert why(verifier(signer).verify(signer.token({"alg": "RS512"}))) is Reason.ALGORITHM
    assert isinstance(verifier(signer, algorithms=("RS512",)).verify(signer.token({"alg": "RS512"})), Token)


@pytest.mark.parametrize("cut", [1, 10, 100, 300, 500])
def test_a_truncated_token_is_refused(signer: Any, cut: int) -> None:
    assert isinstance(verifier(signer).verify(signer.token()[:-cut]), Refusal)


def test_a_token_of_another_issuer_is_refused_before_any_key_is_looked_for(signer: Any) -> None:
    for issuer in ("https://issuer.example/", "https://ISSUER.example", "https://evil.example", 5, None, ["x"], ...):
        assert why(verifier(signer).verify(signer.token({"kid": "unknown"}, iss=issuer))) is Reason.ISSUER


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": -1}, Reason.EXPIRED),
        ({"exp": 0}, Reason.EXPIRED),
        ({"exp": ...}, Reason.CLAIM),
        ({"exp": "soon"}, Reason.CLAIM),
        ({"exp": True}, Reason.CLAIM),
        ({"exp": None}, Reason.CLAIM),
        ({"exp": 10**400}, Reason.CLAIM),
        ({"exp": -(10**400)}, Reason.CLAIM),
        ({"exp": 1e308}, None),
        ({"nbf": 60}, Reason.EARLY),
        ({"iat": 60}, Reason.EARLY),
        ({"nbf": "now"}, Reason.EARLY),
        ({"nbf": 0, "iat": 0}, None),
    ],
)
def test_a_token_holds_for_its_time(signer: Any, claims: dict[str, Any], reason: Reason | None) -> None:
    """RFC 7519, sections 4.1.4 to 4.1.6; whole numbers are seconds from now."""
    moved = {
        name: signer.now + value if isinstance(value, int) and not isinstance(value, bool) else value
        for name, value in claims.items()
    }
    found = verifier(signer).verify(signer.token(**moved))
    assert isinstance(found, Token) if reason is None else why(found) is reason


def test_the_leeway_holds_at_both_ends(signer: Any) -> None:
    lenient = verifier(signer, authority={"leeway": 30.0})
    assert isinstance(lenient.verify(signer.token(exp=signer.now - 29, iat=signer.now + 30)), Token)
    assert why(lenient.verify(signer.token(exp=signer.now - 30))) is Reason.EXPIRED
    assert why(lenient.verify(signer.token(nbf=signer.now + 31))) is Reason.EARLY


@pytest.mark.parametrize(
    ("claims", "taken"),
    [
        ({"aud": "app"}, True),
        ({"aud": ["x", "app"]}, True),
        ({"aud": "App"}, False),
        ({"aud": ["x"]}, False),
        ({"aud": []}, False),
        ({"aud": {"app": 1}}, False),
        ({"aud": ...}, False),
        ({"aud": ..., "client_id": "app"}, False),
    ],
)
def test_the_audience_is_the_one_asked_for(signer: Any, claims: dict[str, Any], taken: bool) -> None:
    strict = verifier(signer, authority={"audiences": frozenset(("app", "other"))})
    found = strict.verify(signer.token(**claims))
    assert isinstance(found, Token) if taken else why(found) is Reason.AUDIENCE


def test_a_client_counts_where_there_is_no_audience(signer: Any) -> None:
    """API Gateway, "Troubleshooting issues with HTTP API JWT authorizers": `client_id` only without `aud`."""
    either = verifier(signer, authority={"audiences": frozenset(("app",)), "audience_claims": ("aud", "client_id")})
    assert isinstance(either.verify(signer.token(aud=..., client_id="app")), Token)
    assert why(either.verify(signer.token(aud="x", client_id="app"))) is Reason.AUDIENCE


def test_a_pattern_is_asked_about_the_audience_of_what_the_issuer_signed(signer: Any) -> None:
    fitting = verifier(signer, authority={"fits": lambda audience: audience == "app"})
    assert isinstance(fitting.verify(signer.token()), Token)
    assert why(fitting.verify(signer.token(aud="x"))) is Reason.AUDIENCE
    assert why(fitting.verify(signer.token(aud=...))) is Reason.AUDIENCE


def test_nobody_but_the_issuer_has_a_pattern_tried(signer: Any) -> None:
    """A token that anybody made up named 250 audiences, each of which took the pattern to its bound: 5 s of CPU."""
    asked: list[str] = []
    fitting = verifier(signer, authority={"fits": asked.append})
    made_up = signer.token({"kid": "one"}, key=signer.another(), aud=["a" * 40] * 250)
    assert why(fitting.verify(made_up)) is Reason.SIGNATURE
    assert isinstance(fitting.verify(signer.token({"kid": "unknown"}, aud=["a"] * 250)), KeySet)
    assert asked == []


@pytest.mark.parametrize(
    ("value", "taken"), [("id", True), ("access", False), (..., True), (None, True), (5, False), (["id"], False)]
)
def test_a_claim_may_be_missing_but_not_different(signer: Any, value: object, taken: bool) -> None:
    asking = verifier(signer, authority={"claims": (ExpectedClaim(name="token_use", values=("id",)),)})
    found = asking.verify(signer.token(token_use=value))
    assert isinstance(found, Token) if taken else why(found) is Reason.CLAIM


def test_a_required_claim_may_not_be_missing(signer: Any) -> None:
    asking = verifier(signer, authority={"claims": (ExpectedClaim(name="tenant", required=True),)})
    assert why(asking.verify(signer.token())) is Reason.CLAIM
    assert isinstance(asking.verify(signer.token(tenant="any")), Token)


@pytest.mark.parametrize(
    ("claims", "taken"),
    [
        ({"scope": "items/read"}, True),
        ({"scope": "openid items/write"}, True),
        ({"scope": "items"}, False),
        ({"scope": ""}, False),
        ({"scope": 5}, False),
        ({}, False),
        ({"scp": ["items/read"]}, True),
        ({"scp": "items/read openid"}, True),
    ],
)
def test_one_of_the_scopes_is_enough(signer: Any, claims: dict[str, Any], taken: bool) -> None:
    asking = verifier(signer, scopes=("items/read", "items/write"))
    found = asking.verify(signer.token(**claims))
    assert isinstance(found, Token) if taken else why(found) is Reason.SCOPE


def test_a_wrong_signature_is_told_before_an_expired_token(signer: Any) -> None:
    """Else anybody could write a token that is told apart from nonsense."""
    forged = signer.token({"kid": "one"}, key=signer.another(), exp=signer.now - 10)
    assert why(verifier(signer).verify(forged)) is Reason.SIGNATURE


def test_a_signature_that_held_is_not_checked_again_but_all_else_is(
    signer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[bytes] = []

    def counting(key: Any, algorithm: str) -> Any:
        check = load_key(key, algorithm)

        def verify(signature: bytes, signed: bytes) -> bool:
            checked.append(signed)
            return bool(check(signature, signed))

        return verify

    monkeypatch.setattr("inferway.credentials.tokens.verifier.load_key", counting)
    now = [signer.clock()]
    one = verifier(signer, clock=lambda: now[0], scopes=("read",))
    token = signer.token(scope="read")
    for _ in range(4):
        assert isinstance(one.verify(token), Token)
    assert len(checked) == 2
    key_set = one._authorities[signer.issuer].key_set

    def another(**settings: Any) -> TokenVerifier:
        authority = Authority(issuer=signer.issuer, key_set=key_set, **settings.pop("authority", {}))
        return TokenVerifier((authority,), **{"algorithms": ("RS256",), "clock": signer.clock, **settings})

    assert why(another(algorithms=("ES256",)).verify(token)) is Reason.ALGORITHM
    assert why(another(scopes=("write",)).verify(token)) is Reason.SCOPE
    assert why(another(authority={"audiences": frozenset(("other",))}).verify(token)) is Reason.AUDIENCE
    assert why(another(authority={"fits": lambda _: False}).verify(token)) is Reason.AUDIENCE
    assert len(checked) == 2
    now[0] += 600
    assert why(one.verify(token)) is Reason.EXPIRED
    now[0] -= 600
    head, _, signature = token.split(b".")
    for _ in range(2):
        assert why(one.verify(token[: -len(signature)] + encoded(bytes(256)))) is Reason.SIGNATURE
        assert why(one.verify(b".".join((head, part(signer.claims(sub="eve")), signature)))) is Reason.SIGNATURE
    assert len(checked) == 6


def test_what_is_known_of_tokens_goes_with_the_keys_and_is_bounded(
    signer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inferway.credentials.tokens.signed_tokens.MOST", 2)
    one = verifier(signer)
    signed = one._authorities[signer.issuer].key_set.signed
    for name, known in (("ada", 1), ("bob", 2), ("eve", 1)):
        token = signer.token(sub=name)
        for _ in range(2):
            assert isinstance(one.verify(token), Token)
        assert len(signed) == known
    for name in ("once", "twice", "thrice"):
        assert isinstance(one.verify(signer.token(sub=name)), Token)
    assert len(signed) == 1
    long = signer.token(note="x" * 5000)
    for _ in range(2):
        assert isinstance(one.verify(long), Token)
    assert len(signed) == 1
    key_set = one._authorities[signer.issuer].key_set
    key_set._take(())
    assert len(signed) == 0
    assert one.verify(signer.token(sub="eve")) is key_set


def test_a_remembered_token_is_refused_where_its_keys_went_unconfirmed_for_a_day(signer: Any) -> None:
    async def scenario() -> None:
        pages: list[bytes] = [signer.published().encode()]
        now = [0.0]

        async def fetch(url: str) -> bytes:
            if not pages:
                raise FetchError(url)
            return pages.pop()

        source = KeySource(issuer=signer.issuer, url="https://keys.example/set.json")
        key_set = KeySets(fetch, lambda: now[0]).of(source)
        authority = Authority(issuer=signer.issuer, key_set=key_set)
        one = TokenVerifier((authority,), algorithms=("RS256",), clock=signer.clock)
        assert await key_set.look_again()
        token = signer.token()
        for _ in range(3):
            assert isinstance(one.verify(token), Token)
        now[0] = STALE + 1
        assert one.verify(token) is key_set
        assert await key_set.look_again()
        assert why(without_key(key_set)) is Reason.KEYS

    asyncio.run(scenario())


def test_each_issuer_has_its_own_keys(signer: Any) -> None:
    other = signer.another()
    second = KeySets().of(KeySource(issuer="https://second.example", keys=signer.published(other)))
    both = TokenVerifier(
        (
            Authority(issuer=signer.issuer, key_set=signer.key_set()),
            Authority(issuer="https://second.example", key_set=second),
        ),
        algorithms=("RS256",),
        clock=signer.clock,
    )
    assert isinstance(both.verify(signer.token()), Token)
    assert isinstance(both.verify(signer.token(key=other, iss="https://second.example")), Token)
    assert both.verify(signer.token(iss="https://second.example")) is second


def test_what_is_kept_of_headers_is_bounded(signer: Any) -> None:
    checking = verifier(signer)
    for number in range(600):
        assert isinstance(checking.verify(signer.token({"kid": "one", "cty": str(number)})[:-3]), Refusal)
    assert len(checking._headers) <= 256


def test_a_refusal_says_whose_the_token_is_and_for_whom(signer: Any) -> None:
    """A slash at the end of an issuer is what is most often amiss."""
    refused = verifier(signer).verify(signer.token(iss=f"{signer.issuer}/"))
    assert isinstance(refused, Refusal)
    assert refused.cause == f"the token is of the issuer '{signer.issuer}/'; trusted: '{signer.issuer}'"
    long = verifier(signer).verify(signer.token(iss="x" * 5000))
    assert isinstance(long, Refusal)
    assert len(long.cause) < 500
