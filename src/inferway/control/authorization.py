"""Who may call the control plane: signed requests of identities whose policies allow the action."""

from collections.abc import Callable
from typing import Final

from inferway.credentials.condition_keys import condition_keys
from inferway.credentials.policies import Decision, decide, read_policy
from inferway.credentials.verification import Verifier
from inferway.definition.identity import Identity
from inferway.exchange import Request
from inferway.faults import Fault, FaultKind

Authorize = Callable[[Request, str, str], Fault | None]
"""Takes a request, an IAM action and the ARN that it is for; gives the fault that stands in its way."""

_REASONS: Final = {
    Decision.IMPLICIT_DENY: "because no identity-based policy allows the {action} action",
    Decision.EXPLICIT_DENY: "with an explicit deny in an identity-based policy",
}


def signed_callers(identities: tuple[Identity, ...], *, service: str, region: str) -> Authorize:
    """Give what authorizes identities; raises PolicyError for a policy that IAM would not take.

    Source of the words: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    verifier = Verifier(identities, service=service)
    policies = {one.access_key: tuple(read_policy(text) for text in one.policies) for one in identities}

    def authorize(request: Request, action: str, resource: str) -> Fault | None:
        identity = verifier.verify(request)
        if isinstance(identity, Fault):
            return identity
        decision = decide(policies[identity.access_key], action, resource, condition_keys(request, identity, region))
        if decision is Decision.ALLOW:
            return None
        why = _REASONS[decision].format(action=action)
        message = f"User: {identity.arn} is not authorized to perform: {action} on resource: {resource} {why}"
        return Fault(kind=FaultKind.PERMISSION_DENIED, message=message)

    return authorize
