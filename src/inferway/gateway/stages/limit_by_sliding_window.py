"""LimitBySlidingWindow: at most so many calls within any stretch of time, per key."""

from collections.abc import Awaitable
from math import ceil

import msgspec

from inferway.definition.guard_steps import LimitByFixedWindow, LimitBySlidingWindow
from inferway.dialects.dialect import Evaluate, EvaluationError
from inferway.exchange import Exchange, Finalizer, header_name
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.stores.protocols import Allowance, Window


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Which headers of the response and which variables say how much is left, or how long to wait."""

    kind: FaultKind
    calls: int
    wait_header: str = "Retry-After"
    wait_variable: str = ""
    left_header: str = ""
    left_variable: str = ""
    total_header: str = ""


def compile_stage(step: LimitBySlidingWindow, parts: Parts) -> tuple[Stage, ...]:
    """Compile the key; steps with the same counter share its counts."""
    window = parts.counters.sliding_window(step.counter, step.calls, step.seconds)
    told = Told(
        kind=FaultKind.THROTTLED,
        calls=step.calls,
        wait_header=step.wait_header,
        wait_variable=step.wait_variable,
        left_header=step.left_header,
        left_variable=step.left_variable,
        total_header=step.total_header,
    )
    return (limit(step, parts, window, told),)


def limit(step: LimitBySlidingWindow | LimitByFixedWindow, parts: Parts, window: Window, told: Told) -> Stage:
    """Give the stage that takes a call from a window; with a condition it counts once the response is known."""
    key_of = parts.scope.compile(step.key)
    condition = parts.scope.compile(step.condition) if step.condition is not None else None

    def limit_by_window(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        key = key_of(exchange)
        if key is None or key == "":
            return None
        text = str(key)
        if condition is not None:
            exchange.finalizers.append(_count(window, text, condition))
        taken = window.take(text, 0 if condition is not None else 1)
        return _answer(taken, exchange, told) if isinstance(taken, Allowance) else _when_taken(taken, exchange, told)

    return limit_by_window


def _count(window: Window, key: str, condition: Evaluate) -> Finalizer:
    def count(exchange: Exchange) -> None:
        if exchange.fault is None and _holds(condition, exchange):
            window.take(key)

    return count


def _holds(condition: Evaluate, exchange: Exchange) -> bool:
    """Whether a call counts: also where that cannot be said, as a limit that forgets calls is none."""
    try:
        return condition(exchange) is True
    except EvaluationError:
        return True


async def _when_taken(taking: Awaitable[Allowance], exchange: Exchange, told: Told) -> Outcome:
    return _answer(await taking, exchange, told)


def _answer(taken: Allowance, exchange: Exchange, told: Told) -> Outcome:
    wait = max(1, ceil(taken.wait)) if taken.wait >= 0 else 0
    if told.left_variable:
        exchange.variables[told.left_variable] = taken.left
    if told.left_header or told.total_header:
        exchange.finalizers.append(_tell(told, taken.left))
    if taken.allowed:
        return None
    if told.wait_variable:
        exchange.variables[told.wait_variable] = wait
    details = (("wait", str(wait)), ("wait header", told.wait_header))
    return Fault(kind=told.kind, cause=f"more than {told.calls} calls", retryable=True, details=details)


def _tell(told: Told, left: int) -> Finalizer:
    names = ((told.left_header, left), (told.total_header, told.calls))
    headers = [(header_name(name), str(value).encode("ascii")) for name, value in names if name]

    def tell(exchange: Exchange) -> None:
        exchange.response.headers += headers

    return tell
