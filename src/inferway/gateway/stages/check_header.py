"""CheckHeader: refuses a request without a header, or with another value than those allowed."""

from inferway.definition.guard_steps import CheckHeader
from inferway.exchange import Exchange, header_name
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: CheckHeader, parts: Parts) -> tuple[Stage, ...]:
    """Compile the values; the header is the call's, which earlier steps may have changed."""
    name = header_name(step.name.lower())
    values, text = tuple(parts.scope.compile(value) for value in step.values), parts.scope.compile(step.text)
    ignore_case, status = step.ignore_case, str(step.status)

    def refuse(exchange: Exchange, reason: str, cause: str) -> Fault:
        details = (("status", status), ("reason", reason))
        return Fault(kind=FaultKind.ACCESS_DENIED, message=str(text(exchange)), cause=cause, details=details)

    def check_header(exchange: Exchange) -> Outcome:
        found = [value.decode("latin-1").strip() for key, value in exchange.call.headers if key == name]
        if not found or not any(found):
            return refuse(exchange, "missing", f"Header {step.name} was not found in the request. Access denied.")
        if not values:
            return None
        allowed = {_folded(str(value(exchange)), ignore_case) for value in values}
        if allowed.isdisjoint(_folded(value, ignore_case) for value in found):
            shown = ",".join(found)[:200]
            cause = f"Header {step.name} value of {shown} is not allowed. Access denied."
            return refuse(exchange, "value", cause)
        return None

    return (check_header,)


def _folded(text: str, ignore_case: bool) -> str:
    return text.casefold() if ignore_case else text
