"""Invoke: a target that an earlier step selected."""

from typing import Any

from inferway.definition.message_steps import SelectBackend
from inferway.definition.steps import Invoke
from inferway.definition.targets import HttpService, Selected
from inferway.exchange import Reply
from inferway.faults import Fault, FaultKind, Place

Bench = Any
HERE = Place(file="test")


def service(url: str) -> HttpService:
    return HttpService(url=url, place=HERE)


def test_the_selected_service_is_called_else_the_fallback(bench: Bench) -> None:
    step = Invoke(target=Selected(fallback=service("http://a")), timeout=5.0)
    exchange = bench.exchange()
    assert bench.run(step, exchange) is None
    assert bench.run(SelectBackend(services={"b": service("http://b")}), exchange) is None
    assert bench.run(step, exchange) is None
    assert bench.connected == [(service("http://a"), 5.0), (service("http://b"), 5.0)]


def test_without_any_service_the_definition_is_at_fault(bench: Bench) -> None:
    outcome = bench.run(Invoke(target=Selected()), bench.exchange())
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.MISCONFIGURED


def test_a_name_gives_a_service_or_a_url(bench: Bench) -> None:
    exchange = bench.exchange()
    services = {"b": service("http://b")}
    assert bench.run(SelectBackend(services=services, name=bench.text("b")), exchange) is None
    assert exchange.backend == service("http://b")
    assert bench.run(SelectBackend(name=bench.text("http://c")), exchange) is None
    assert exchange.backend == service("http://c")
    outcome = bench.run(SelectBackend(services=services, name=bench.text("none")), exchange)
    assert isinstance(outcome, Fault)


def test_urls_made_per_request_do_not_pile_up(bench: Bench) -> None:
    """The connections kept are bounded: the first of 257 services is connected anew."""
    stages = bench.parts().compile_steps((Invoke(target=Selected()),), bench.parts())
    for number in [*range(257), 0, 256]:
        exchange = bench.exchange()
        exchange.backend = service(f"http://h{number}")
        assert stages[0](exchange) is None
    assert [target.url for target, _ in bench.connected[-2:]] == ["http://h256", "http://h0"]


def test_a_status_from_which_on_a_reply_is_a_failure(bench: Bench) -> None:
    step = Invoke(target=Selected(fallback=service("http://a")), failing=400)
    bench.reply = Reply(status=404, headers=[], body=b"no")
    exchange = bench.exchange()
    outcome = bench.run(step, exchange)
    assert isinstance(outcome, Fault)
    assert (outcome.kind, exchange.reply.body) == (FaultKind.BACKEND_BROKE_PROTOCOL, b"no")


def test_the_kind_of_that_failure_is_the_step_s_to_say(bench: Bench) -> None:
    target = Selected(fallback=service("http://a"))
    step = Invoke(target=target, failing=300, failure=FaultKind.BACKEND_REFUSED)
    bench.reply = Reply(status=429, headers=[], body=b"")
    outcome = bench.run(step, bench.exchange())
    assert isinstance(outcome, Fault)
    assert (outcome.kind, outcome.details) == (FaultKind.BACKEND_REFUSED, (("status", "429"),))
