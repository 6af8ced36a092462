"""Invoke: sends the call to its target and keeps the reply."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from functools import partial
from typing import Final

from inferway.backends.backend import Backend
from inferway.backends.passed_on import whole
from inferway.body_stream import BodyStream, holds
from inferway.definition.steps import Invoke, MapResponse, Pipeline
from inferway.definition.targets import HttpService, HttpUrl, Selected
from inferway.exchange import Exchange, Reply
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage

_MOST_CONNECTED: Final = 256
"""Services that an Invoke of a selected target stays connected with; a URL can be made anew for each request."""

_Failing = tuple[int, FaultKind]
"""From which status on a reply is a fault, 0 for none, and of which kind."""

_MOST_WHOLE: Final = 10_485_760
"""Bytes of a reply that a later step works on (the vendor's limit of a payload)."""

_CLOSING: Final[set[asyncio.Future[None]]] = set()
"""Streams that are being closed; a loop holds its tasks by weak references only."""

_NONE_SELECTED: Final = Fault(kind=FaultKind.MISCONFIGURED, cause="no backend is set")


def compile_stage(step: Invoke, parts: Parts) -> tuple[Stage, ...]:
    """Connect the target at deployment; a selected one when it is first called."""
    if isinstance(step.target, Selected):
        return (_invoke_selected(step, step.target, parts),)
    call_backend, failing = parts.connect(step.target, step.timeout).invoke, (step.failing, step.failure)
    wants_whole = isinstance(step.target, HttpUrl) and not _may_stream(parts.route.pipeline)

    def invoke(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        replied = call_backend(exchange.call)
        if isinstance(replied, Reply | Fault):
            return _keep(exchange, replied, failing)
        return _when_replied(exchange, replied, failing, wants_whole=wants_whole)

    return (invoke,)


def _may_stream(pipeline: Pipeline) -> bool:
    """Say whether what makes the response works on no body: it passes on what came, or leaves it as it is."""
    mappings = [step for step in pipeline.response if isinstance(step, MapResponse)]
    return bool(mappings) and not any(
        made.template.text for step in mappings for case in step.cases for made in case.templates
    )


def _invoke_selected(step: Invoke, target: Selected, parts: Parts) -> Stage:
    connected: dict[HttpService, Backend] = {}
    fallback, failing = target.fallback, (step.failing, step.failure)

    def invoke_selected(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        chosen = exchange.backend
        service = chosen if isinstance(chosen, HttpService) else fallback
        if service is None:
            return _NONE_SELECTED
        backend = connected.get(service)
        if backend is None:
            if len(connected) >= _MOST_CONNECTED:
                del connected[next(iter(connected))]
            backend = connected[service] = parts.connect(service, step.timeout)
        replied = backend.invoke(exchange.call)
        if isinstance(replied, Reply | Fault):
            return _keep(exchange, replied, failing)
        return _when_replied(exchange, replied, failing)

    return invoke_selected


async def _when_replied(
    exchange: Exchange, replying: Awaitable[Reply | Fault], failing: _Failing, *, wants_whole: bool = False
) -> Outcome:
    replied = await replying
    if wants_whole and isinstance(replied, Reply) and replied.stream is not None:
        replied = await whole(replied, _MOST_WHOLE, "the backend")
    return _keep(exchange, replied, failing)


def _keep(exchange: Exchange, replied: Reply | Fault, failing: _Failing) -> Outcome:
    if isinstance(replied, Fault):
        return replied
    exchange.reply = replied
    if replied.stream is not None:
        exchange.finalizers.append(partial(_close_unless_passed_on, replied.stream))
    lowest, failure = failing
    if lowest and replied.status >= lowest:
        cause = f"the backend answered {replied.status}"
        return Fault(kind=failure, cause=cause, details=(("status", str(replied.status)),))
    return None


def _close_unless_passed_on(stream: AsyncGenerator[bytes, None], exchange: Exchange) -> None:
    """End a streamed reply that did not become the response, such as one that a fault took the place of."""
    if holds(exchange.response.body, stream):
        return
    if isinstance(stream, BodyStream):
        stream.close()
    else:
        task = asyncio.ensure_future(stream.aclose())
        _CLOSING.add(task)
        task.add_done_callback(_CLOSING.discard)
