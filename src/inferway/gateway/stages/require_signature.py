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
    headers, names = request.headers, request.names
    for index, (name, _) in enumerate(headers):
        if name == b"authorization":  # there is no other: a signature in two is refused
            headers = [*headers[:index], *headers[index + 1 :]]
            names = [*names[:index], *names[index + 1 :]] if names else names
            break
    return Request(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=headers,
        names=names,
        body=request.body,
        client=request.client,
        scheme=request.scheme,
        version=request.version,
        certificate=request.certificate,
    )
