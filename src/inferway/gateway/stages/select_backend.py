"""SelectBackend: settles where the call goes."""

from inferway.definition.message_steps import SelectBackend
from inferway.definition.targets import HttpService
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: SelectBackend, parts: Parts) -> tuple[Stage, ...]:
    """A service that is known now is settled now."""
    services = step.services
    if step.name is None:
        (only,) = services.values()

        def select_the_only(exchange: Exchange) -> Outcome:
            exchange.backend = only
            return None

        return (select_the_only,)
    evaluate, place = parts.scope.compile(step.name), step.name.place

    def select_backend(exchange: Exchange) -> Outcome:
        name = str(evaluate(exchange))
        if not services:
            exchange.backend = HttpService(url=name, place=place)
            return None
        service = services.get(name)
        if service is None:
            return Fault(kind=FaultKind.MISCONFIGURED, cause=f"there is no backend {name[:100]!r}")
        exchange.backend = service
        return None

    return (select_backend,)
