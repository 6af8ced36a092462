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
        _take_off(exchange.request)
        return None

    return (require_signature,)


def _take_off(request: Request) -> None:
    """Take the Authorization off a request: nobody behind the gateway could use it but to send it again."""
    headers, names = request.headers, request.names
    for index, (name, _) in enumerate(headers):
        if name == b"authorization":  # there is no other: a signature in two is refused
            request.headers = [*headers[:index], *headers[index + 1 :]]
            if names:
                request.names = [*names[:index], *names[index + 1 :]]
            return
