"""Whether a caller may do what it asks for, by its own policies and the policy of what it asks for.

Source: API Gateway, "How API Gateway resource policies affect authorization workflow".
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec

from inferway.caller import Authorized
from inferway.credentials.condition_keys import Network, condition_keys
from inferway.credentials.conditions import Context
from inferway.credentials.method_arn import compile_arn
from inferway.credentials.outcomes import CROSS_ACCOUNT, SAME_ACCOUNT
from inferway.credentials.policies import (
    Decision,
    Policy,
    PolicyError,
    decide,
    decide_for,
    narrowed,
    read_policy,
    read_resource_policy,
)
from inferway.credentials.principals import ANONYMOUS, Caller, Reach, caller_of
from inferway.definition.identity import Identity
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Parts

NOBODY: Final = "anonymous"
"""Who a caller is whom no step before has identified."""

IDENTITY, RESOURCE = "identity", "resource"
"""Whose policy it is that refuses."""

_SHORT: Final = 4096
"""Characters of a policy."""

Permission = Callable[[Exchange], Fault | None]
"""Gives the fault that stands in a caller's way."""

_ResourceSays = Callable[[Caller, str, Context], tuple[Decision, Reach]]


class _Holder(msgspec.Struct, frozen=True, kw_only=True):
    """An identity as policies see it; `crosses` where its account is not the resource's."""

    caller: Caller
    policies: tuple[Policy, ...]
    crosses: bool


def compile_permission(action: str, resource: str, policy: str, parts: Parts) -> Permission:
    """Read all policies once; what they do not say is denied, and so is a caller who is not identified."""
    deployment = parts.deployment
    region, account, network = deployment.region, deployment.account, network_of(parts)
    arn, says = compile_arn(resource, deployment), compile_resource_policy(action, resource, policy, parts)
    holders = {one.access_key: _holder(one, action, account) for one in deployment.identities}

    def permission(exchange: Exchange) -> Fault | None:
        identity, asked = exchange.identity, arn(exchange)
        context = condition_keys(exchange.request, identity, region, network)
        if identity is not None:
            holder = holders.get(identity.access_key) or _holder(identity, action, account)
            own = decide(holder.policies, action, asked, context)
            return _signed(identity, holder, own, action, asked, says(holder.caller, asked, context))
        if exchange.authorizer is None:
            return denied(NOBODY, action, asked, Decision.IMPLICIT_DENY, IDENTITY)
        return _authorized(exchange.authorizer, action, asked, context, says(ANONYMOUS, asked, context))

    return permission


def compile_resource_policy(action: str, resource: str, policy: str, parts: Parts) -> _ResourceSays:
    """Give what a resource's policy says of an action; nothing where there is none."""
    if not policy:
        return lambda caller, asked, context: (Decision.IMPLICIT_DENY, Reach.NONE)  # noqa: ARG005 - it has no say
    deployment = parts.deployment
    base = resource.partition("/")[0].replace("{region}", deployment.region).replace("{account}", deployment.account)
    (read,) = narrowed((read_resource_policy(policy, base),), action)
    return lambda caller, asked, context: decide_for(caller, read, action, asked, context)


def network_of(parts: Parts) -> Network:
    """Say where a stage's requests come from, as its settings have it."""
    return Network(vpc=parts.deployment.stage.vpc, endpoint=parts.deployment.stage.vpc_endpoint)


def denied(user: str, action: str, resource: str, decision: Decision, whose: str) -> Fault:
    """Give the fault for a caller who may not; `whose` policy decides how it is said."""
    details = (
        ("user", user),
        ("action", action),
        ("resource", resource),
        ("decision", decision.value),
        ("policy", whose),
    )
    return Fault(kind=FaultKind.PERMISSION_DENIED, cause=f"{decision} of {action} to {user}", details=details)


def _holder(identity: Identity, action: str, account: str) -> _Holder:
    caller = caller_of(identity)
    policies = narrowed(tuple(read_policy(text) for text in identity.policies), action)
    return _Holder(caller=caller, policies=policies, crosses=caller.account != account)


def _signed(
    identity: Identity, holder: _Holder, own: Decision, action: str, asked: str, said: tuple[Decision, Reach]
) -> Fault | None:
    theirs, reach = said
    if theirs is Decision.ALLOW and reach is Reach.ACCOUNT and not holder.crosses:
        theirs = Decision.IMPLICIT_DENY  # the account's own policies are to grant it
    decision = (CROSS_ACCOUNT if holder.crosses else SAME_ACCOUNT)[own, theirs]
    if decision is Decision.ALLOW:
        return None
    explicit = decision is Decision.EXPLICIT_DENY
    whose = IDENTITY if own is (Decision.EXPLICIT_DENY if explicit else Decision.IMPLICIT_DENY) else RESOURCE
    return denied(identity.arn, action, asked, decision, whose)


def _authorized(
    authorizer: Authorized, action: str, asked: str, context: Context, said: tuple[Decision, Reach]
) -> Fault | None:
    own = Decision.ALLOW
    if authorizer.policies is not None:
        try:
            own = decide(tuple(_returned(text, action) for text in authorizer.policies), action, asked, context)
        except PolicyError as error:
            return Fault(kind=FaultKind.AUTHORIZER_MISCONFIGURED, cause=f"the authorizer's policy: {error}")
    decision = SAME_ACCOUNT[own, said[0]]
    if decision is Decision.ALLOW:
        return None
    if said[0] is Decision.EXPLICIT_DENY:
        return denied(NOBODY, action, asked, decision, RESOURCE)
    cause = f"{decision} of {action} to {authorizer.principal}"
    return Fault(kind=FaultKind.AUTHORIZER_DENIED, cause=cause, details=(("decision", decision.value),))


def _returned(text: str, action: str) -> Policy:
    """Read what an authorizer returned; the same text comes again while its result is kept."""
    return (_short if len(text) <= _SHORT else _long)(text, action)


def _read(text: str, action: str) -> Policy:
    (policy,) = narrowed((read_policy(text),), action)
    return policy


_short = lru_cache(maxsize=1024)(_read)
_long = lru_cache(maxsize=32)(_read)
"""Read policies: of long ones fewer are kept, since each takes twenty times its text."""
