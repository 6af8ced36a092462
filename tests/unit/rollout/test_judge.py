"""Rules: nothing before enough requests, a broken bound at once, a promotion after the bake time."""

import pytest

from inferway.definition.canary import Canary, RolloutRule
from inferway.rollout.judge import Outcome, judge
from inferway.rollout.tally import Tally

RULE = RolloutRule(errors=5.0, latency=100.0, percentile=90.0, requests=20, bake=60.0)


def seen(requests: int, errors: int = 0, milliseconds: float = 10.0) -> Tally:
    made = Tally()
    for index in range(requests):
        made.add(milliseconds, failed=index < errors)
    return made


def outcome(tally: Tally, seconds: float, rule: RolloutRule = RULE) -> Outcome | None:
    verdict = judge(rule, tally, seconds)
    return None if verdict is None else verdict.outcome


def test_nothing_is_judged_before_enough_requests() -> None:
    assert outcome(seen(19, errors=19), 1e6) is None
    assert outcome(seen(0), 1e6) is None


def test_too_many_errors_roll_back_at_once() -> None:
    verdict = judge(RULE, seen(20, errors=2), 1.0)
    assert verdict is not None
    assert verdict.outcome is Outcome.ROLLED_BACK
    assert verdict.reason == "2 of 20 requests failed, 10.0 %: more than 5 %"


def test_as_many_errors_as_the_bound_are_let_through() -> None:
    assert outcome(seen(20, errors=1), 1.0) is None
    assert outcome(seen(20, errors=1), 60.0) is Outcome.PROMOTED


def test_a_latency_over_its_bound_rolls_back_at_once() -> None:
    assert outcome(seen(20, milliseconds=110.0), 1.0) is Outcome.ROLLED_BACK


def test_the_percentile_leaves_the_slowest_out() -> None:
    made = seen(18)
    made.merge(seen(2, milliseconds=1e4))
    assert outcome(made, 1.0) is None
    made.merge(seen(1, milliseconds=1e4))
    assert outcome(made, 1.0) is Outcome.ROLLED_BACK


def test_a_promotion_waits_for_the_bake_time() -> None:
    assert outcome(seen(1000), 59.9) is None
    assert outcome(seen(1000), 60.0) is Outcome.PROMOTED


def test_a_bound_that_is_not_given_does_not_hold_back() -> None:
    assert outcome(seen(20, milliseconds=1e6), 60.0, RolloutRule(errors=5.0, requests=20, bake=60)) is Outcome.PROMOTED
    assert outcome(seen(20, errors=20), 60.0, RolloutRule(latency=100, requests=20, bake=60)) is Outcome.PROMOTED


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"errors": -1},
        {"errors": 100},
        {"latency": 0},
        {"latency": float("nan")},
        {"errors": 1, "percentile": 0},
        {"errors": 1, "percentile": 101},
        {"errors": 1, "requests": 0},
        {"errors": 1, "bake": -1},
        {"errors": 1, "bake": float("inf")},
    ],
)
def test_a_rule_that_could_not_be_judged_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"errors|latency|percentile|requests"):
        RolloutRule(**bad)  # type: ignore[arg-type]  # requests is a whole number


@pytest.mark.parametrize("percent", [-0.1, 100.1, float("nan")])
def test_a_share_is_a_percentage(percent: float) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        Canary(percent=percent)
