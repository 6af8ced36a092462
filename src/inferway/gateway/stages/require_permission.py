"""RequirePermission: refuses an identity whose policies do not allow an action on a resource."""

from collections.abc import Callable
from typing import Final

from inferway.credentials.condition_keys import condition_keys
from inferway.credentials.policies import Decision, Policy, decide, read_policy
from inferway.definition.steps import RequirePermission
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage

ANONYMOUS: Final = "anonymous"
"""Who a caller is whom no step before has identified."""


def compile_stage(step: RequirePermission, parts: Parts) -> tuple[Stage, ...]:
    """Read each identity's policies once; what they do not say is denied, and so is a caller who is not identified."""
    deployment, action, region = parts.deployment, step.action, parts.deployment.region
    policies = {
        identity.access_key: tuple(read_policy(text) for text in identity.policies)
        for identity in deployment.identities
    }
    resource = _resource(step.resource, parts)

    def require_permission(exchange: Exchange) -> Outcome:
        asked, identity = resource(exchange), exchange.identity
        if identity is None:
            return _denied(ANONYMOUS, action, asked, Decision.IMPLICIT_DENY)
        held: tuple[Policy, ...] = policies.get(identity.access_key, ())
        decision = decide(held, action, asked, condition_keys(exchange.request, identity, region))
        return None if decision is Decision.ALLOW else _denied(identity.arn, action, asked, decision)

    return (require_permission,)


def _denied(arn: str, action: str, resource: str, decision: Decision) -> Fault:
    details = (("user", arn), ("action", action), ("resource", resource), ("decision", decision.value))
    return Fault(kind=FaultKind.PERMISSION_DENIED, cause=f"{decision} of {action} to {arn}", details=details)


def _resource(template: str, parts: Parts) -> Callable[[Exchange], str]:
    """Settle all of a resource's name but the method and the path.

    The path is made of the route's with its variables filled in, so that no way to write a request changes what the
    policies are asked about.
    """
    deployment = parts.deployment
    settled = (
        template.replace("{region}", deployment.region)
        .replace("{account}", deployment.account)
        .replace("{stage}", deployment.stage.name)
    )
    head, method, rest = settled.partition("{method}")
    between, path, tail = rest.partition("{path}") if method else head.partition("{path}")
    segments = parts.route.path.lstrip("/").split("/")

    def filled(exchange: Exchange) -> str:
        given = exchange.parameters
        return "/".join(given.get(part[1:-1].rstrip("+"), part) if part[:1] == "{" else part for part in segments)

    def resource(exchange: Exchange) -> str:
        if not method:
            return f"{between}{filled(exchange)}{tail}" if path else head
        return f"{head}{exchange.request.method}{between}{filled(exchange) if path else ''}{tail}"

    return resource
