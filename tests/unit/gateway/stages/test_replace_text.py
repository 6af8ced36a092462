"""ReplaceText: what is replaced, and how large a body it may make."""

from typing import Any

from inferway.definition.message_steps import ReplaceText
from inferway.faults import Fault, FaultKind

Bench = Any


def test_each_occurrence_is_replaced(bench: Bench) -> None:
    exchange = bench.exchange(body=b"a-b-a")
    assert bench.run(ReplaceText(old=bench.text("a"), new=bench.text("long")), exchange) is None
    assert exchange.call.body == b"long-b-long"


def test_a_body_that_would_multiply_without_bound_is_a_fault_and_is_not_made(bench: Bench) -> None:
    sent = b"a" * 1_000_000
    exchange = bench.exchange(body=sent)
    outcome = bench.run(ReplaceText(old=bench.text("a"), new=bench.text("b" * 3000)), exchange)
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.MISCONFIGURED
    assert exchange.call.body == sent
