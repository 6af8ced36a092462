"""Replies that are passed on: errors become faults, whole ones are as if they had never been streamed."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from inferway.backends.link import Link
from inferway.backends.passed_on import gathered, passed_on, whole
from inferway.body_stream import BodyStream, BrokenStreamError
from inferway.definition.api import Route
from inferway.definition.expression import Expression
from inferway.definition.steps import BodyTemplate, Invoke, MapResponse, Pipeline, ResponseCase
from inferway.definition.targets import HttpUrl
from inferway.exchange import Exchange, Reply, Request, Response
from inferway.faults import Fault, FaultKind, Place
from inferway.gateway.stages.invoke import compile_stage

HERE = Place(file="x", line=1, column=1)
BROKE = Fault(kind=FaultKind.BACKEND_TIMEOUT, cause="too late")


class Stream(BodyStream):
    def __init__(self, *pieces: bytes, breaks: bool = False) -> None:
        self.closed = 0
        self._pieces = list(pieces)
        self._breaks = breaks

    async def __anext__(self) -> bytes:
        if self._pieces:
            return self._pieces.pop(0)
        if self._breaks:
            raise BrokenStreamError(BROKE)
        raise StopAsyncIteration

    def close(self) -> None:
        self.closed += 1


def reply(stream: Stream | None) -> Reply:
    return Reply(200, [], b"" if stream else b"whole", None, stream)


def test_a_stream_is_made_whole_up_to_a_limit() -> None:
    stream, long = Stream(b"a", b"b"), Stream(b"abc", b"de")
    made = asyncio.run(gathered(reply(stream), 2))
    assert made is not None
    assert (made.body, made.stream, stream.closed) == (b"ab", None, 1)
    assert asyncio.run(gathered(reply(long), 4)) is None
    assert long.closed == 1
    assert asyncio.run(gathered(reply(None), 0)) == reply(None)


def test_what_is_no_longer_whole_is_a_fault() -> None:
    fault = asyncio.run(whole(reply(Stream(b"abc")), 2, "it"))
    assert isinstance(fault, Fault)
    assert (fault.kind, fault.cause) == (FaultKind.BACKEND_BROKE_PROTOCOL, "it: the reply's body exceeds 2 bytes")
    assert asyncio.run(whole(reply(Stream(b"a", breaks=True)), 9, "it")) is BROKE


def test_a_reply_that_the_transport_does_not_stream_stays() -> None:
    own = reply(Stream())
    assert passed_on(own, "it") is own


def link(*prefixes: str) -> Link:
    return Link(client=SimpleNamespace(), endpoints={}, urls={}, variables={}, event_streams=prefixes)  # type: ignore[arg-type]  # not called


@pytest.mark.parametrize(
    ("url", "passes"),
    [
        ("http://a.example/v1", True),
        ("http://a.example/v1/chat", True),
        ("http://a.example/v1?x=1", True),
        ("http://a.example/v10", False),
        ("http://a.example/", False),
        ("http://b.example/v1", False),
    ],
)
def test_bindings_name_prefixes_of_urls(url: str, passes: bool) -> None:
    assert link("http://a.example/v1/").passes_events(url) is passes
    assert link("http://a.example/v1").passes_events(url) is passes
    assert link().passes_events(url) is False


def stage(stream: Stream, response: tuple[Any, ...] = (), **step: Any) -> Callable[[Exchange], Any]:
    """Compile an Invoke whose backend gives this stream."""
    pipeline = Pipeline(response=response)

    class Backend:
        async def invoke(self, _: Any) -> Reply:
            return reply(stream)

    parts: Any = SimpleNamespace(
        connect=lambda target, timeout: Backend(),
        route=Route(method="GET", path="/", pipeline=pipeline, place=HERE),
    )
    (made,) = compile_stage(Invoke(target=HttpUrl(url="http://a.example", place=HERE), **step), parts)
    return made


def exchange() -> Exchange:
    return Exchange(request=Request(method="GET", path="/"), parameters={}, route="GET /", id="1", started=0.0)


FORWARD = MapResponse(forward=True)


def test_a_stream_that_became_the_response_stays_open() -> None:
    stream, under_way = Stream(b"x"), exchange()
    assert asyncio.run(stage(stream, (FORWARD,))(under_way)) is None
    under_way.response = Response(status=200, headers=[], body=stream)
    for finalize in under_way.finalizers:
        finalize(under_way)
    assert stream.closed == 0


def test_a_stream_that_something_took_the_place_of_is_closed() -> None:
    stream, under_way = Stream(b"x"), exchange()
    fault = asyncio.run(stage(stream, (FORWARD,), failing=200)(under_way))
    assert isinstance(fault, Fault)
    under_way.response = Response(status=500, headers=[], body=b"no")
    for finalize in under_way.finalizers:
        finalize(under_way)
    assert stream.closed == 1


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [("$input.body", True), ("", False)],
)
def test_a_reply_that_a_template_works_on_is_made_whole(text: str, is_whole: bool) -> None:
    template = BodyTemplate(content_type="a/b", template=Expression(language="vtl", text=text, place=HERE))
    mapping = MapResponse(cases=(ResponseCase(status=200, templates=(template,), place=HERE),))
    under_way = exchange()
    asyncio.run(stage(Stream(b"a", b"b"), (mapping,))(under_way))
    assert (under_way.reply.stream is None, under_way.reply.body) == (is_whole, b"ab" if is_whole else b"")


def test_where_nothing_maps_a_reply_is_made_whole() -> None:
    """Such as in the pipeline of a field, whose template sees the body."""
    under_way = exchange()
    asyncio.run(stage(Stream(b"a", b"b"))(under_way))
    assert under_way.reply.body == b"ab"
    broken = exchange()
    assert asyncio.run(stage(Stream(b"a", breaks=True))(broken)) is BROKE
