"""RequireSignature: refuses a request that no identity of this deployment signed."""

from inferway.credentials.verification import Verifier
from inferway.definition.identity import Identity
from inferway.definition.steps import RequireSignature
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: RequireSignature, parts: Parts) -> tuple[Stage, ...]:
    """Look identities up by their access key; a step that names no Region asks for the deployment's."""
    deployment = parts.deployment
    verifier = Verifier(deployment.identities, service=step.service, region=step.region or deployment.region)

    def require_signature(exchange: Exchange) -> Outcome:
        found = verifier.verify(exchange.request)
        if isinstance(found, Identity):
            exchange.identity = found
            return None
        return found

    return (require_signature,)
