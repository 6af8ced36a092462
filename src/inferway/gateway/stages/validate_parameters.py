"""ValidateParameters: required parameters must be there and not blank."""

from collections.abc import Callable

from inferway.definition.steps import Parameter, ParameterIn, ValidateParameters
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage

_Present = Callable[[Exchange], bool]


def compile_stage(step: ValidateParameters, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Name all that are missing, in the order in which they are declared."""
    if not step.required:
        return ()
    checks = tuple((parameter.name, _PRESENT[parameter.location](parameter)) for parameter in step.required)

    def validate_parameters(exchange: Exchange) -> Outcome:
        for _, present in checks:
            if not present(exchange):
                missing = ", ".join(name for name, there in checks if not there(exchange))
                return Fault(kind=FaultKind.BAD_PARAMETERS, message=f"Missing required request parameters: [{missing}]")
        return None

    return (validate_parameters,)


def _in_path(parameter: Parameter) -> _Present:
    name = parameter.name

    def present(exchange: Exchange) -> bool:
        value = exchange.parameters.get(name, "")
        return value != "" and not value.isspace()

    return present


def _in_query(parameter: Parameter) -> _Present:
    name = parameter.name

    def present(exchange: Exchange) -> bool:
        for value in exchange.request.arguments().get(name, ()):  # noqa: SIM110 - any() costs a generator per request
            if value and not value.isspace():
                return True
        return False

    return present


def _in_header(parameter: Parameter) -> _Present:
    name = parameter.name.lower().encode("latin-1", "replace")
    return lambda exchange: bool((exchange.request.header(name) or b"").strip())


_PRESENT: dict[ParameterIn, Callable[[Parameter], _Present]] = {
    ParameterIn.PATH: _in_path,
    ParameterIn.QUERY: _in_query,
    ParameterIn.HEADER: _in_header,
}
