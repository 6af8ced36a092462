"""Counts of one side of a release."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inferway.rollout.tally import Tally


def tally(latencies: list[float], failed: int = 0) -> Tally:
    made = Tally()
    for index, milliseconds in enumerate(latencies):
        made.add(milliseconds, failed=index < failed)
    return made


def test_errors_are_a_share_of_the_requests() -> None:
    assert tally([1.0] * 40, failed=3).error_rate == 7.5
    assert Tally().error_rate == 0.0


@pytest.mark.parametrize(("percent", "exact"), [(50, 50), (90, 90), (99, 99), (100, 100), (1, 1)])
def test_a_percentile_is_told_to_within_five_percent(percent: float, exact: float) -> None:
    """Nearest-rank percentiles of 1, 2, … 100."""
    told = tally([float(n) for n in range(1, 101)]).percentile(percent)
    assert exact <= told <= exact * math.exp(1 / 20)


def test_without_requests_a_percentile_is_nothing() -> None:
    assert Tally().percentile(99) == 0.0


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=200), st.floats(0.1, 100))
def test_a_percentile_is_never_below_the_exact_one(latencies: list[float], percent: float) -> None:
    exact = sorted(latencies)[math.ceil(len(latencies) * percent / 100) - 1]
    assert exact * 0.999999 <= tally(latencies).percentile(percent) <= exact * 1.06


@given(st.lists(st.floats(0, 1e6)), st.lists(st.floats(0, 1e6)))
def test_what_two_have_seen_is_what_one_would_have(first: list[float], second: list[float]) -> None:
    merged = tally(first)
    merged.merge(tally(second))
    assert merged == tally(first + second)


def test_a_median_of_many_is_near_the_exact_one() -> None:
    latencies = [1.05**n for n in range(200)]
    assert tally(latencies).percentile(50) == pytest.approx(statistics.median_low(latencies), rel=0.06)
