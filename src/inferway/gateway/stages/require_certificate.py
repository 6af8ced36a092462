"""RequireCertificate: refuses a request to a domain of mutual TLS whose connection has no certificate for it."""

from typing import Final

from inferway.definition.guard_steps import RequireCertificate
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage

_REFUSED: Final = Fault(
    kind=FaultKind.ACCESS_DENIED,
    message="Forbidden",
    cause="the domain's clients have to show a certificate, and this connection has none for it",
)


def compile_stage(step: RequireCertificate, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - a step's form
    """Look at the Host header, since a connection that was opened to one domain can name another (RFC 9110, 7.4)."""
    exact = frozenset(domain for domain in step.domains if not domain.startswith("*."))
    families = tuple(domain[1:] for domain in step.domains if domain.startswith("*."))

    def require_certificate(exchange: Exchange) -> Outcome:
        request = exchange.request
        host = (request.header(b"host") or b"").decode("latin-1").partition(":")[0].lower().rstrip(".")
        if host not in exact and not (families and host.endswith(families)):
            return None
        shown = request.certificate
        # A domain with settings of its own is none of its family: the family's clients are not its clients.
        wanted = host if host in exact else f"*.{host.partition('.')[2]}"
        return None if shown is not None and shown.domain == wanted else _REFUSED

    return (require_certificate,)
