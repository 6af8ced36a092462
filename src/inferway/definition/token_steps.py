"""The step that asks for a token, and what it asks of it."""

from enum import StrEnum

import msgspec

from inferway.faults import FaultKind


class ClaimForm(StrEnum):
    """How a token's claims are handed on: as plain texts, or each as JSON."""

    PLAIN = "plain"
    JSON = "json"


class ExpectedClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that is a text and, where there are `values`, one of them; without `required` it may be missing."""

    name: str
    values: tuple[str, ...] = ()
    required: bool = False


class TrustedIssuer(msgspec.Struct, frozen=True, kw_only=True):
    """An issuer whose tokens are taken.

    `issuer` is its URL, in which `${stageVariables.x}` is settled at deployment. `key_path` is where its keys are,
    below that URL; "" where its discovery document says. `audiences` None is for any; () is for those that bindings
    name. The first of `audience_claims` that a token has is the one that counts. `is_declared` is for one that the
    definition itself declares, and that issues nothing unless it is bound.
    """

    issuer: str
    key_path: str = ""
    audiences: tuple[str, ...] | None = None
    audience_claims: tuple[str, ...] = ("aud",)
    claims: tuple[ExpectedClaim, ...] = ()
    is_declared: bool = False


class RequireToken(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Refuses a request without a JSON Web Token that a trusted issuer signed.

    The token stands in `header`, a lower-case name, possibly after `Bearer`. With `scopes` it has to have one of them.
    `audience_pattern`, a regular expression as Java has them, is held against its whole audience before anything else.
    `expired` and `unscoped` are what an expired token and one without a scope are refused as.
    """

    issuers: tuple[TrustedIssuer, ...]
    header: str = "authorization"
    algorithms: tuple[str, ...] = ("RS256",)
    scopes: tuple[str, ...] = ()
    audience_pattern: str = ""
    claim_form: ClaimForm = ClaimForm.PLAIN
    expired: FaultKind = FaultKind.UNAUTHORIZED
    unscoped: FaultKind = FaultKind.UNAUTHORIZED
