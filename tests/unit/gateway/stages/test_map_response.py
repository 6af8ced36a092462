"""MapResponse: the response that an expression gives, and patterns held against a function's error alone."""

from typing import Any

import pytest

from inferway.definition.steps import MapResponse, ResponseCase
from inferway.exchange import Reply
from inferway.faults import Fault, FaultKind, Place

Bench = Any
HERE = Place(file="test")


def case(status: int, pattern: str | None = None) -> ResponseCase:
    return ResponseCase(status=status, pattern=pattern, place=HERE)


@pytest.mark.parametrize(
    ("by_error", "error", "status"),
    [(False, None, 201), (False, "no", 400), (True, None, 200), (True, "no", 400), (True, "", 200)],
)
def test_patterns_are_held_against_the_status_or_an_error(
    bench: Bench, by_error: bool, error: str | None, status: int
) -> None:
    step = MapResponse(cases=(case(201, "200"), case(400, "n."), case(200)), by_error=by_error)
    exchange = bench.exchange()
    exchange.reply = Reply(status=200, headers=[], body=b"", error=error)
    assert bench.run(step, exchange) is None
    assert exchange.response.status == status


def test_a_pattern_that_takes_too_long_is_the_definition_s_fault(bench: Bench) -> None:
    step = MapResponse(cases=(case(201, r"(a+)+\1b"), case(200)), by_error=True)
    exchange = bench.exchange()
    exchange.reply = Reply(status=200, headers=[], body=b"", error="a" * 5_000)
    outcome = bench.run(step, exchange)
    assert isinstance(outcome, Fault)
    assert (outcome.kind, outcome.cause.partition(":")[0]) == (
        FaultKind.MISCONFIGURED,
        "the selection pattern '(a+)+\\\\1b'",
    )


def test_what_an_expression_gives_must_be_a_response(bench: Bench) -> None:
    outcome = bench.run(MapResponse(given=bench.text("no response")), bench.exchange())
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.TEMPLATE_FAILED
