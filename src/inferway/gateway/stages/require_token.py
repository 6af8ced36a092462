"""RequireToken: refuses a request without a token that a trusted issuer signed."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from inferway.caller import Authorized
from inferway.credentials.tokens.claim_texts import ClaimTexts, json_texts, plain_texts
from inferway.credentials.tokens.key_sets import KeySet, KeySource
from inferway.credentials.tokens.verifier import (
    Authority,
    Reason,
    Refusal,
    Token,
    TokenVerifier,
    without_key,
)
from inferway.definition.issuer import Issuer
from inferway.definition.token_steps import ClaimForm, RequireToken, TrustedIssuer
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.languages.regex import RegexCostError, RegexError, compile_java

_STAGE_VARIABLE: Final = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_BEARER: Final = b"bearer "
_STEPS: Final = 20_000
"""Of holding a pattern against an audience, which anybody may write: some milliseconds."""


def compile_stage(step: RequireToken, parts: Parts) -> tuple[Stage, ...]:
    """Connect the step with its issuers' key sets. Raises ValueError for a pattern that is none."""
    verifier = TokenVerifier(
        tuple(_authority(trusted, step, parts) for trusted in step.issuers),
        algorithms=step.algorithms,
        scopes=step.scopes,
    )
    header = step.header.encode("ascii")
    kinds = {Reason.EXPIRED: step.expired, Reason.SCOPE: step.unscoped, Reason.KEYS: FaultKind.AUTHORIZER_FAILED}
    form = json_texts if step.claim_form is ClaimForm.JSON else plain_texts
    is_json = step.claim_form is ClaimForm.JSON

    def settle(found: Token | Refusal, exchange: Exchange) -> Fault | None:
        if isinstance(found, Refusal):
            return Fault(kind=kinds.get(found.reason, FaultKind.UNAUTHORIZED), cause=found.cause)
        exchange.authorizer = Authorized(
            principal=found.subject, claims=ClaimTexts(found.claims, form), json_claims=is_json
        )
        return None

    async def look_again(key_set: KeySet, token: bytes, exchange: Exchange) -> Outcome:
        found: Token | Refusal | KeySet = key_set
        if await key_set.look_again():
            found = verifier.verify(token)
        return settle(without_key(key_set) if isinstance(found, KeySet) else found, exchange)

    def require_token(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        token = _token(exchange, header)
        if not token:
            return Fault(kind=FaultKind.UNAUTHORIZED, cause=f"no token in the header {step.header}")
        found = verifier.verify(token)
        return look_again(found, token, exchange) if isinstance(found, KeySet) else settle(found, exchange)

    return (require_token,)


def _token(exchange: Exchange, header: bytes) -> bytes:
    """Give the token in a header, b"" where there is none, or where the header stands there twice."""
    values = [value for name, value in exchange.request.headers if name == header]
    if len(values) != 1:
        return b""
    value = values[0]
    return value[len(_BEARER) :].lstrip(b" ") if value[: len(_BEARER)].lower() == _BEARER else value


def _authority(trusted: TrustedIssuer, step: RequireToken, parts: Parts) -> Authority:
    variables = parts.deployment.stage.variables
    name = _STAGE_VARIABLE.sub(lambda match: variables.get(match[1], ""), trusted.issuer)
    bound = next((one for one in parts.deployment.issuers if one.name == name), Issuer(name=name))
    issuer = bound.issuer or name
    return Authority(
        issuer=issuer,
        key_set=parts.key_sets.of(_source(bound, issuer, trusted.key_path)),
        audiences=_audiences(trusted, bound),
        audience_claims=trusted.audience_claims,
        fits=_pattern(step.audience_pattern) if step.audience_pattern else None,
        claims=trusted.claims,
        leeway=bound.leeway,
    )


def _source(bound: Issuer, issuer: str, key_path: str) -> KeySource:
    """Give where the keys are: where the bindings say, else where its discovery document does, or a fixed path."""
    if bound.keys or bound.key_set:
        return KeySource(issuer=issuer, url=bound.key_set, keys=bound.keys)
    return KeySource(issuer=issuer, url=f"{issuer}{key_path}" if key_path and not bound.issuer else "")


def _audiences(trusted: TrustedIssuer, bound: Issuer) -> frozenset[str] | None:
    if bound.audiences:
        return frozenset(bound.audiences)
    return None if trusted.audiences is None else frozenset(trusted.audiences)


def _pattern(text: str) -> Callable[[str], bool]:
    try:
        pattern = compile_java(text, budget=_STEPS)
    except (RegexError, RegexCostError) as error:
        raise ValueError(f"the pattern of an audience, {text!r}: {error}") from error

    def fits(value: str) -> bool:
        try:
            return pattern.matches(value)
        except RegexCostError:
            return False

    return fits
