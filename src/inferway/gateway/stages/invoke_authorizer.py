"""InvokeAuthorizer: asks a function who the caller is, and keeps what it says for callers of the same identity."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final
from weakref import WeakKeyDictionary

import msgspec

from inferway.backends.backend import Backend
from inferway.caller import Authorized
from inferway.credentials.authorizer_call import AUTHORIZER_CALL, REPLY, AuthorizerCall, call_of, called
from inferway.credentials.method_arn import compile_arn
from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.dialects.dialect import Evaluate, Scope
from inferway.exchange import NO_REPLY, Call, Exchange, Reply
from inferway.faults import Fault, FaultKind
from inferway.gateway.authorizer_results import AuthorizerResults, Found, Key
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.languages.regex import JavaPattern, RegexCostError, compile_java

_STEPS: Final = 20_000
"""What a look at a caller's identity, which anybody may write, may cost (`compile_java`): some 15 ms at worst."""

_SPECIAL: Final = frozenset("*?$")
"""What is more than itself in a policy's resource: wildcards, and the sign of a variable."""

_SUCCEEDED: Final = 200
_FAILED: Final = 500

_NOT_IDENTIFIED: Final = Fault(kind=FaultKind.UNAUTHORIZED, cause="the request lacks a part of the caller's identity")
_NO_MATCH: Final = Fault(kind=FaultKind.UNAUTHORIZED, cause="the identity does not match the authorizer's expression")
_ENDLESS: Final = Fault(kind=FaultKind.UNAUTHORIZED, cause="the authorizer's expression takes too long on the identity")

_KEPT: Final = AuthorizerCall(status=_SUCCEEDED)

_results: Final[WeakKeyDictionary[Scope, dict[InvokeAuthorizer, AuthorizerResults]]] = WeakKeyDictionary()
"""What authorizers have said, by the deployment's scope: routes of a deployment share it, and it ends with them."""


def compile_stage(step: InvokeAuthorizer, parts: Parts) -> tuple[Stage, ...]:
    """Connect the function at deployment; the same step on several routes keeps what it says once."""
    compiled = tuple(parts.scope.compile(part) for part in step.identity)
    pattern = compile_java(step.pattern, budget=_STEPS) if step.pattern else None
    authorizer = _Authorizer(step, parts)
    results = _results_of(step, parts) if step.ttl else None
    arn, longest = compile_arn(step.resource, parts.deployment), step.longest

    def invoke_authorizer(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        key = tuple(_values(part(exchange)) for part in compiled)
        refused = _refused(key, pattern)
        if refused is None and longest and len(arn(exchange).encode()) > longest:
            refused = Fault(kind=FaultKind.URI_TOO_LONG, message="Request URI too long", cause="the method's ARN")
        if refused is not None:
            return refused
        if results is None:
            return _when_asked(exchange, authorizer.ask(exchange))
        kept = results.get(key)
        if kept is not None:
            exchange.variables[AUTHORIZER_CALL] = _KEPT
            exchange.authorizer = kept
            return None
        if _is_pattern(exchange):
            return _when_asked(exchange, authorizer.ask(exchange))
        return _when_asked(exchange, results.ask(key, lambda: authorizer.ask(exchange)))

    return (invoke_authorizer,)


def _is_pattern(exchange: Exchange) -> bool:
    """Say whether the ARN that the function is told would stand for others in a policy.

    Most functions allow the very ARN that they are told. Kept, such an answer to `/users/*` would let its caller into
    `/users/7`, about which nobody was asked.
    """
    return any(not _SPECIAL.isdisjoint(value) for value in exchange.parameters.values())


class _Authorizer:
    """A function that is asked."""

    __slots__ = ("_backend", "_event", "_read")

    def __init__(self, step: InvokeAuthorizer, parts: Parts) -> None:
        self._backend: Backend = parts.connect(step.target, step.timeout)
        self._event: Evaluate = parts.scope.compile(step.event)
        self._read: Callable[[Exchange], object] = parts.scope.compile(step.result)

    async def ask(self, exchange: Exchange) -> Found:
        """Ask it about one request."""
        event = self._event(exchange)
        replied = self._backend.invoke(Call(method="POST", body=event if isinstance(event, bytes) else b"{}"))
        if not isinstance(replied, Reply | Fault):
            replied = await replied
        if isinstance(replied, Fault):
            return _unanswered(replied)
        exchange.variables[AUTHORIZER_CALL] = called(replied)
        if exchange.trace is not None:
            exchange.variables[REPLY] = replied
        exchange.reply = replied
        try:
            found = self._read(exchange)
        finally:
            exchange.reply = NO_REPLY  # of the integration there is none yet
        return found if isinstance(found, Authorized | Fault) else _NOT_IDENTIFIED


def _results_of(step: InvokeAuthorizer, parts: Parts) -> AuthorizerResults:
    kept = _results.setdefault(parts.scope, {})
    return kept.setdefault(step, AuthorizerResults(step.ttl))


def _values(value: object) -> tuple[str, ...]:
    """Give every value of a part: a function sees one of several, and another caller could send another one."""
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _refused(key: Key, pattern: JavaPattern | None) -> Fault | None:
    if not all(values and all(values) for values in key):
        return _NOT_IDENTIFIED
    if pattern is None or not key:
        return None
    try:
        return None if pattern.matches(key[0][-1]) else _NO_MATCH
    except RegexCostError:
        return _ENDLESS


async def _when_asked(exchange: Exchange, asking: Awaitable[Found]) -> Outcome:
    began = perf_counter()
    found = await asking
    call = call_of(exchange) or AuthorizerCall()
    took = round((perf_counter() - began) * 1000)
    if isinstance(found, Fault):
        call = msgspec.structs.replace(call, status=call.status or _FAILED, latency=took, error=found.cause)
        exchange.variables[AUTHORIZER_CALL] = call
        return found
    exchange.variables[AUTHORIZER_CALL] = msgspec.structs.replace(call, status=_SUCCEEDED, latency=took)
    exchange.authorizer = found
    return None


def _unanswered(fault: Fault) -> Fault:
    """Give the fault of an authorizer that did not answer: in time, it failed; at all, it is not set up."""
    late = fault.kind is FaultKind.BACKEND_TIMEOUT
    kind = FaultKind.AUTHORIZER_FAILED if late else FaultKind.AUTHORIZER_MISCONFIGURED
    return Fault(kind=kind, cause=fault.cause)
