"""Sampling; the headers themselves are in tests/fidelity/bodies/test_traces.py."""

from inferway.definition.tracing import RULE
from inferway.exchange import Exchange, Request
from inferway.trace_context import Sampler, begin_trace, sampler_of


def test_some_of_each_second_are_sampled() -> None:
    sampler = Sampler(2, 0.0)
    assert [sampler.decide(now) for now in (7.0, 7.1, 7.9, 8.0, 8.1, 8.2, 6.0)] == [
        True,
        True,
        False,
        True,
        True,
        False,
        True,
    ]


def test_the_vendor_s_rule_is_one_a_second_and_five_per_cent() -> None:
    sampler = sampler_of(RULE)
    assert sampler is sampler_of(RULE)
    decided = [Sampler(1, 0.05).decide(1.0)]
    other = Sampler(0, 0.05)
    decided += [other.decide(1.0) for _ in range(20_000)]
    assert decided[0]
    assert 700 < sum(decided) < 1_300


def test_a_trace_is_begun_once() -> None:
    request = Request(method="GET", path="/")
    exchange = Exchange(request=request, parameters={}, route="", id="0" * 36, started=0.0)
    begun = begin_trace(exchange, Sampler(0, 1.0))
    assert begun is begin_trace(exchange, Sampler(0, 0.0))
    assert begun.sampled
    assert len({begun.span, begun.call}) == 2
