"""Watches one request on its way: what each step did, how long it took, and what it changed.

A route is compiled a second time for it, on first use, so that a request that nobody watches costs nothing more.
"""

from collections.abc import Awaitable, Iterator, Mapping
from contextvars import ContextVar
from hashlib import sha256
from time import perf_counter
from typing import Any, Final

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.message_steps import Mark
from inferway.definition.steps import Pipeline, Step
from inferway.exchange import Call, Exchange, Headers, Reply, Response
from inferway.faults import Fault
from inferway.gateway.pipeline import STAGES, compile_step
from inferway.gateway.stage import SETTLED, Outcome, Parts, Stage

MOST_TEXT: Final = 65_536
"""Characters of a body or a value that are shown; the rest is cut."""

_NESTED: Final = (Pipeline, *STAGES)

_parent: ContextVar["StepRecord | None"] = ContextVar("parent", default=None)


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """An expression or template of a step, which can be edited under its `id` and sent again."""

    id: str
    place: str
    language: str
    text: str


class StepRecord(msgspec.Struct, kw_only=True):
    """What one step did; times are in milliseconds, `at` from the request's arrival.

    `changes` maps what changed to its new value: `call`, `reply`, `response`, `variables`, `caller`, `field call`,
    `field result`. `outcome` is "" where the pipeline went on.
    """

    step: str
    label: str
    section: str
    at: float
    took: float = 0.0
    outcome: str = ""
    changes: dict[str, object] = {}
    texts: tuple[Text, ...] = ()
    steps: list["StepRecord"] = []


class Trace(msgspec.Struct, kw_only=True):
    """One request from end to end."""

    request: dict[str, object]
    api: str = ""
    stage: str = ""
    route: str = ""
    parameters: dict[str, str] = {}
    steps: list[StepRecord] = []
    response: dict[str, object] = {}
    fault: dict[str, str] = {}
    took: float = 0.0


class Recorder:
    """Collects what the steps of one exchange did."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self._marked = ""
        self.steps: list[StepRecord] = []

    def elapsed(self) -> float:
        """Give the milliseconds since the request came."""
        return (perf_counter() - self._started) * 1000

    def mark(self, name: str) -> None:
        """Keep the definition's own word for the step that comes next."""
        self._marked = name

    def begin(self, step: Step, section: str) -> StepRecord:
        """Note that a step starts, inside the one that is running in this task."""
        marked, self._marked = self._marked, ""
        record = StepRecord(
            step=type(step).__name__,
            label=" ".join(part for part in (marked, _label(step)) if part),
            section=section,
            at=self.elapsed(),
            texts=tuple(_texts(step)),
            steps=[],
        )
        parent = _parent.get()
        (self.steps if parent is None else parent.steps).append(record)
        return record

    def end(self, record: StepRecord, outcome: object, before: dict[str, object], exchange: Exchange) -> None:
        """Note how a step ended, and what is different now."""
        record.took = self.elapsed() - record.at
        after = _state(exchange)
        record.changes = {name: value for name, value in after.items() if before.get(name) != value}
        if isinstance(outcome, Fault):
            record.outcome = f"fault: {outcome.kind.value}" + (f" ({outcome.cause})" if outcome.cause else "")
        elif isinstance(outcome, BaseException):
            record.outcome = f"failed: {outcome}"
        elif outcome is not None:
            record.outcome = type(outcome).__name__.lower()


def traced_parts(parts: Parts) -> Parts:
    """Give parts whose compile functions watch every step."""
    sections = {
        id(step): section
        for section in ("request", "invoke", "response", "error")
        for step in getattr(parts.route.pipeline, section)
    }

    def compile_steps(sequence: tuple[Step, ...], inner: Parts) -> tuple[Stage, ...]:
        return tuple(
            _watched(step, stage, sections.get(id(step), ""))
            for step in sequence
            for stage in compile_step(step, inner)
        )

    return msgspec.structs.replace(parts, compile_steps=compile_steps)


def edited(pipeline: Pipeline, edits: Mapping[str, str]) -> Pipeline:
    """Give a pipeline with the text of expressions replaced, by the `id` that each has in a trace."""
    if not edits:
        return pipeline
    changed: Pipeline = _edited(pipeline, edits)
    return changed


def _watched(step: Step, stage: Stage, section: str) -> Stage:
    def watched(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        recorder = exchange.trace
        if not isinstance(recorder, Recorder):
            return stage(exchange)
        if isinstance(step, Mark):
            recorder.mark(step.name)
            return stage(exchange)
        before = _state(exchange)
        record = recorder.begin(step, section)
        record.label = record.label or field_label(exchange)
        token = _parent.set(record)
        try:
            outcome = stage(exchange)
        except Exception as error:
            recorder.end(record, error, before, exchange)
            raise
        finally:
            _parent.reset(token)
        if outcome is None or type(outcome) in SETTLED:
            recorder.end(record, outcome, before, exchange)
            return outcome
        return _finish(outcome, recorder, record, before, exchange)  # type: ignore[arg-type]  # SETTLED tells mypy nothing

    return watched


async def _finish(
    awaited: Awaitable[Outcome], recorder: Recorder, record: StepRecord, before: dict[str, object], exchange: Exchange
) -> Outcome:
    token = _parent.set(record)
    try:
        outcome = await awaited
    except BaseException as error:
        recorder.end(record, error, before, exchange)
        raise
    finally:
        _parent.reset(token)
    recorder.end(record, outcome, before, exchange)
    return outcome


def field_label(exchange: Exchange) -> str:
    """Give the name of the field that is being made with its type's, "" outside of one."""
    field = exchange.frame.field
    return "" if field is None else f"{field.parent}.{field.name}"


def _label(step: Step) -> str:
    """Give what a step is about: its own name, else that of its target."""
    name = getattr(step, "name", "")
    if isinstance(name, str) and name:
        return name
    target = getattr(step, "target", None)
    return str(getattr(target, "name", "") or getattr(target, "url", ""))


def _state(exchange: Exchange) -> dict[str, object]:
    """Give what steps change, as plain data; what has not come to be yet is left out."""
    state: dict[str, object] = {}
    if exchange.call.headers or exchange.call.body or exchange.call.query or exchange.call.parameters:
        state["call"] = _call(exchange.call)
    if exchange.reply.status:
        state["reply"] = _message(exchange.reply)
    if exchange.response.status:
        state["response"] = _message(exchange.response)
    if exchange.variables:
        state["variables"] = {name: plain(value) for name, value in exchange.variables.items()}
    if exchange.key is not None:
        state["caller"] = exchange.key.name
    if exchange.frame.call is not None:
        state["field call"] = plain(exchange.frame.call)
    if exchange.frame.result is not None:
        state["field result"] = plain(exchange.frame.result)
    return state


def _call(call: Call) -> dict[str, object]:
    return {
        "method": call.method,
        "parameters": dict(call.parameters),
        "query": [list(pair) for pair in call.query],
        "headers": _headers(call.headers),
        "body": _text(call.body),
    }


def _message(message: Reply | Response) -> dict[str, object]:
    body = _text(message.body) if isinstance(message.body, bytes) else "(a stream)"
    return {"status": message.status, "headers": _headers(message.headers), "body": body}


def _headers(headers: Headers) -> list[list[str]]:
    return [[name.decode("latin-1"), value.decode("utf-8", "replace")] for name, value in headers]


def _text(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}… ({len(text)} characters)"


def plain(value: object) -> object:
    """Give a value as JSON can hold it; what no JSON holds by its text, what is too long cut."""
    try:
        text = msgspec.json.encode(value, enc_hook=_plainer)
    except (ValueError, TypeError, RecursionError):
        return _any_text(value)
    return msgspec.json.decode(text) if len(text) <= MOST_TEXT else _text(text)


def _plainer(value: object) -> object:
    """Give a language's own value as data where it can say it so, else its text."""
    said = getattr(value, "plain", None)
    return said() if callable(said) else str(value)


def _any_text(value: object) -> str:
    try:
        return str(value)[:MOST_TEXT]
    except (ValueError, RecursionError):  # an integer of more than 4,300 digits, a value that holds itself
        return f"({type(value).__name__})"


def describe(exchange: Exchange, response: Response, recorder: Recorder) -> Trace:
    """Give the whole of what was seen."""
    request = exchange.request
    fault = exchange.fault
    return Trace(
        request={
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": _headers(request.headers),
            "body": _text(request.body),
        },
        route=exchange.route,
        parameters=dict(exchange.parameters),
        steps=recorder.steps,
        response=_message(response),
        fault={"kind": fault.kind.value, "whose": fault.whose.value, "cause": fault.cause} if fault else {},
        took=recorder.elapsed(),
    )


def _texts(value: object) -> Iterator[Text]:
    """Give the expressions of a step itself, not those of the steps inside it."""
    if isinstance(value, Expression):
        yield Text(id=_id(value), place=str(value.place), language=value.language, text=value.text)
    elif isinstance(value, tuple):
        for item in value:
            if not isinstance(item, _NESTED):
                yield from _texts(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if not isinstance(inner, _NESTED):
                yield from _texts(inner)


def _id(expression: Expression) -> str:
    """Tell an expression from others, also from those that have the same place since only their whole has one."""
    return sha256(f"{expression.place}\0{expression.language}\0{expression.text}".encode()).hexdigest()[:12]


def _edited(value: Any, edits: Mapping[str, str]) -> Any:
    if isinstance(value, Expression):
        text = edits.get(_id(value))
        return value if text is None else msgspec.structs.replace(value, text=text)
    if isinstance(value, tuple):
        return tuple(_edited(item, edits) for item in value)
    if isinstance(value, msgspec.Struct):
        fields = {name: _edited(getattr(value, name), edits) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    return value
