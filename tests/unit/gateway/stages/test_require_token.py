"""RequireToken over one exchange: where the token stands, what is left behind, and what a refusal is."""

import asyncio
import json
import time
from functools import cache
from typing import Any

import msgspec
import pytest
from joserfc import jwk, jwt

from inferway.caller import Authorized
from inferway.credentials.tokens.key_sets import FetchError, KeySets
from inferway.definition.issuer import Issuer
from inferway.definition.token_steps import ClaimForm, RequireToken, TrustedIssuer
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.pipeline import compile_steps
from inferway.gateway.stage import Outcome, run

ISSUER = "https://issuer.example"


@cache
def key(name: str) -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": name})


def published(*keys: jwk.RSAKey) -> str:
    return json.dumps({"keys": [one.as_dict(private=False) for one in keys or (key("one"),)]})


def token(name: str = "one", **claims: Any) -> str:
    now = int(time.time())
    made = {"iss": ISSUER, "sub": "ada", "aud": "app", "exp": now + 600, "iat": now, **claims}
    return jwt.encode({"alg": "RS256", "kid": name}, made, key(name))


def play(
    bench: Any,
    step: RequireToken,
    exchange: Exchange,
    *,
    key_sets: KeySets | None = None,
    variables: Any = None,
    **bound: Any,
) -> Outcome:
    issuer = Issuer(**{"name": ISSUER, "keys": published(), **bound})
    parts = bench.parts()
    stage = msgspec.structs.replace(parts.deployment.stage, variables=variables or {})
    deployment = msgspec.structs.replace(parts.deployment, issuers=(issuer,), stage=stage)
    parts = msgspec.structs.replace(parts, deployment=deployment, key_sets=key_sets or KeySets())
    outcome: Outcome = asyncio.run(run(compile_steps((step,), parts), exchange))
    return outcome


def step(**settings: Any) -> RequireToken:
    trusted = {name: settings.pop(name) for name in ("audiences", "key_path", "issuer") if name in settings}
    return RequireToken(issuers=(TrustedIssuer(**{"issuer": ISSUER, **trusted}),), **settings)


def sent(bench: Any, *values: str, name: str = "authorization") -> Exchange:
    exchange: Exchange = bench.exchange(headers=[(name.encode(), value.encode()) for value in values])
    return exchange


def kind(outcome: Outcome) -> FaultKind:
    assert isinstance(outcome, Fault), outcome
    return outcome.kind


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer ", "BEARER   "])
def test_a_token_stands_alone_or_after_bearer(bench: Any, prefix: str) -> None:
    exchange = sent(bench, prefix + token())
    assert play(bench, step(), exchange) is None
    assert isinstance(exchange.authorizer, Authorized)
    assert (exchange.authorizer.principal, exchange.authorizer.claims["aud"]) == ("ada", "app")
    assert exchange.request.header(b"authorization") is not None


@pytest.mark.parametrize("values", [(), ("",), ("Bearer",), ("Bearer ",), ("Basic YTpi",), ("x", "y"), ("Bearer x y",)])
def test_no_token_or_several_is_unauthorized(bench: Any, values: tuple[str, ...]) -> None:
    exchange = sent(bench, *values)
    assert kind(play(bench, step(), exchange)) is FaultKind.UNAUTHORIZED
    assert exchange.authorizer is None


def test_two_tokens_are_none(bench: Any) -> None:
    assert kind(play(bench, step(), sent(bench, token(), token()))) is FaultKind.UNAUTHORIZED


def test_another_header_may_have_it(bench: Any) -> None:
    assert play(bench, step(header="x-token"), sent(bench, token(), name="x-token")) is None
    assert kind(play(bench, step(header="x-token"), sent(bench, token()))) is FaultKind.UNAUTHORIZED


def test_claims_go_on_in_the_form_that_is_asked_for(bench: Any) -> None:
    for form, text in ((ClaimForm.PLAIN, "a,b"), (ClaimForm.JSON, '["a","b"]')):
        exchange = sent(bench, token(groups=["a", "b"]))
        assert play(bench, step(claim_form=form), exchange) is None
        assert exchange.authorizer is not None
        assert exchange.authorizer.claims["groups"] == text
        assert exchange.authorizer.json_claims is (form is ClaimForm.JSON)


def test_a_refusal_is_what_the_step_says(bench: Any) -> None:
    asking = step(scopes=("read",), expired=FaultKind.EXPIRED_TOKEN, unscoped=FaultKind.ACCESS_DENIED)
    assert kind(play(bench, asking, sent(bench, token(exp=1)))) is FaultKind.EXPIRED_TOKEN
    assert kind(play(bench, asking, sent(bench, token(scope="write")))) is FaultKind.ACCESS_DENIED
    assert kind(play(bench, asking, sent(bench, token("two", scope="read")))) is FaultKind.UNAUTHORIZED
    assert play(bench, asking, sent(bench, token(scope="read"))) is None


def test_bindings_say_who_issues_here_and_for_whom(bench: Any) -> None:
    here = "http://127.0.0.1:9300"
    assert play(bench, step(), sent(bench, token(iss=here)), issuer=here) is None
    assert kind(play(bench, step(), sent(bench, token()), issuer=here)) is FaultKind.UNAUTHORIZED
    assert kind(play(bench, step(), sent(bench, token()), audiences=("other",))) is FaultKind.UNAUTHORIZED
    assert kind(play(bench, step(audiences=()), sent(bench, token()))) is FaultKind.UNAUTHORIZED
    assert play(bench, step(audiences=()), sent(bench, token()), audiences=("app",)) is None
    assert play(bench, step(), sent(bench, token(exp=int(time.time()) - 60)), leeway=120.0) is None


def test_a_stage_variable_names_the_issuer(bench: Any) -> None:
    named = step(issuer="https://${stageVariables.host}")
    assert play(bench, named, sent(bench, token()), variables={"host": "issuer.example"}) is None
    assert kind(play(bench, named, sent(bench, token()))) is FaultKind.UNAUTHORIZED


def test_a_pattern_holds_for_the_whole_audience_and_never_takes_long(bench: Any) -> None:
    assert play(bench, step(audience_pattern="a.*"), sent(bench, token())) is None
    assert kind(play(bench, step(audience_pattern="ap"), sent(bench, token()))) is FaultKind.UNAUTHORIZED
    catastrophic = step(audience_pattern="(a*)*(a*)*(a|aa)+(?=b)")
    assert kind(play(bench, catastrophic, sent(bench, token(aud="a" * 5000)))) is FaultKind.UNAUTHORIZED


def test_a_pattern_that_is_none_is_told_at_deployment(bench: Any) -> None:
    with pytest.raises(ValueError, match="pattern of an audience"):
        play(bench, step(audience_pattern="("), sent(bench, token()))


def test_keys_are_fetched_where_the_issuer_has_them(bench: Any) -> None:
    asked = []

    async def fetch(url: str) -> bytes:
        asked.append(url)
        return published().encode()

    key_sets = KeySets(fetch)
    assert play(bench, step(key_path="/keys"), sent(bench, token()), key_sets=key_sets, keys="") is None
    assert play(bench, step(key_path="/keys"), sent(bench, token()), key_sets=key_sets, keys="") is None
    assert asked == [f"{ISSUER}/keys"]
    assert kind(play(bench, step(key_path="/keys"), sent(bench, token("two")), key_sets=key_sets, keys="")) is (
        FaultKind.UNAUTHORIZED
    )
    assert asked == [f"{ISSUER}/keys"]


def test_an_issuer_that_is_away_is_no_fault_of_the_client(bench: Any) -> None:
    async def fetch(url: str) -> bytes:
        raise FetchError(f"{url} is away")

    outcome = play(bench, step(), sent(bench, token()), key_sets=KeySets(fetch), keys="")
    assert kind(outcome) is FaultKind.AUTHORIZER_FAILED
    assert isinstance(outcome, Fault)
    assert "is away" in outcome.cause
