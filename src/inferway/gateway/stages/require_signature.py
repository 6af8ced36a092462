"""RequireSignature: refuses a request that no identity of this deployment signed."""

from inferway.credentials.verification import Verifier
from inferway.definition.identity import Identity
from inferway.definition.steps import RequireSignature
from inferway.exchange import Exchange, Request
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: RequireSignature, parts: Parts) -> tuple[Stage, ...]:
    """Look identities up by their access key; a step that names no Region asks for the deployment's."""
    deployment = parts.deployment
    verifier = Verifier(deployment.identities, service=step.service, region=step.region or deployment.region)

    def require_signature(exchange: Exchange) -> Outcome:
        found = verifier.verify(exchange.request)
        if not isinstance(found, Identity):
            return found
        exchange.identity = found
        exchange.request = _without_signature(exchange.request)
        return None

    return (require_signature,)


def _without_signature(request: Request) -> Request:
    """Give a request without its Authorization, which nobody behind the gateway could use but to send it again."""
    kept = [index for index, (name, _) in enumerate(request.headers) if name != b"authorization"]
    return Request(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=[request.headers[index] for index in kept],
        names=[request.names[index] for index in kept] if request.names else (),
        body=request.body,
        client=request.client,
        scheme=request.scheme,
        version=request.version,
    )
