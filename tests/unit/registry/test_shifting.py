"""Shares of the calls, one after the other, and back where an alarm goes off.

Sources: SageMaker API reference, `TrafficRoutingConfig` (CanarySize at most 50 % of the fleet, LinearStepSize 10 to
50 %), `RollingUpdatePolicy` (MaximumBatchSize 5 to 50 %), `BlueGreenUpdatePolicy` (TerminationWaitInSeconds).
"""

import asyncio
from typing import Any

import pytest

from inferway.definition.canary import RolloutRule
from inferway.registry.errors import InvalidRequestError
from inferway.registry.shifting import Shift, check_alarms, shift_of, shift_traffic
from inferway.rollout.tally import Tally


def size(value: int, kind: str = "CAPACITY_PERCENT") -> dict[str, Any]:
    return {"Type": kind, "Value": value}


def blue_green(kind: str, **more: Any) -> dict[str, Any]:
    routing = {"Type": kind, "WaitIntervalInSeconds": 7, **more}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 9}}


def rolling(batch: dict[str, Any]) -> dict[str, Any]:
    return {"RollingUpdatePolicy": {"MaximumBatchSize": batch, "WaitIntervalInSeconds": 7}}


@pytest.mark.parametrize(
    ("config", "instances", "shares"),
    [
        ({}, 1, (1.0,)),
        (blue_green("ALL_AT_ONCE"), 1, (1.0,)),
        (blue_green("CANARY", CanarySize=size(5)), 1, (0.05, 1.0)),
        (blue_green("CANARY", CanarySize=size(1, "INSTANCE_COUNT")), 4, (0.25, 1.0)),
        (blue_green("LINEAR", LinearStepSize=size(25)), 1, (0.25, 0.5, 0.75, 1.0)),
        (blue_green("LINEAR", LinearStepSize=size(40)), 1, (0.4, 0.8, 1.0)),
        (rolling(size(50)), 1, (0.5, 1.0)),
        (rolling(size(1, "INSTANCE_COUNT")), 3, (1 / 3, 2 / 3, 1.0)),
    ],
)
def test_shares_by_the_kind_of_deployment(config: dict[str, Any], instances: int, shares: tuple[float, ...]) -> None:
    shift = shift_of(config, instances)
    assert shift.shares == pytest.approx(shares)
    assert shift.wait == (7 if config else 0)
    assert shift.termination == (9 if "BlueGreenUpdatePolicy" in config else 0)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (blue_green("CANARY"), "CanarySize is required"),
        (blue_green("LINEAR"), "LinearStepSize is required"),
        (blue_green("CANARY", CanarySize=size(51)), "between 0 and 50 percent"),
        (blue_green("CANARY", CanarySize=size(1, "INSTANCE_COUNT")), "between 0 and 50 percent of the fleet, not 100"),
        (blue_green("LINEAR", LinearStepSize=size(9)), "between 10 and 50 percent"),
        (rolling(size(4)), "between 5 and 50 percent"),
        ({**rolling(size(50)), **blue_green("ALL_AT_ONCE")}, "not both"),
    ],
)
def test_what_cannot_be_done_is_refused(config: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRequestError, match=said):
        shift_of(config, 1)


def test_an_alarm_has_to_be_bound() -> None:
    config = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "a"}, {"AlarmName": "b"}]}}
    shift = shift_of(config, 1)
    assert shift.alarms == ("a", "b")
    with pytest.raises(InvalidRequestError, match=r"The alarm b does not exist.*\[alarms\.b\]"):
        check_alarms(shift, {"a": RolloutRule(errors=1)})


def shifted(shift: Shift, seen: Tally, **alarms: RolloutRule) -> tuple[str, list[float]]:
    shares: list[float] = []
    return asyncio.run(shift_traffic(shift, shares.append, lambda: seen, alarms)), shares


def tally(good: int, bad: int = 0) -> Tally:
    made = Tally()
    for number in range(good + bad):
        made.add(10.0, failed=number < bad)
    return made


def test_every_share_is_given_where_nothing_goes_off() -> None:
    rule = RolloutRule(errors=10, requests=10)
    shift = Shift(shares=(0.1, 0.5, 1.0), alarms=("a", "gone"))
    for seen in (tally(9, 1), tally(0, 9), tally(0)):
        assert shifted(shift, seen, a=rule) == ("", [0.1, 0.5, 1.0])


def test_an_alarm_ends_it_at_the_share_that_is_given() -> None:
    rules = {"errors": RolloutRule(errors=10, requests=10), "slow": RolloutRule(latency=5, requests=10)}
    for name, seen in (("errors", tally(8, 2)), ("slow", tally(10))):
        said, shares = shifted(Shift(shares=(0.1, 1.0), wait=60, alarms=(name,)), seen, **rules)
        assert said.startswith(f"Alarm {name} went off while traffic was shifted: ")
        assert shares == [0.1]


def test_it_takes_no_longer_than_it_may() -> None:
    said, shares = shifted(Shift(shares=(0.1, 1.0), wait=60, most=0), tally(0))
    assert (said, shares) == ("The deployment took more than 0 seconds.", [0.1])
