"""How an endpoint's calls go over from one fleet to the next while it is updated, and back where an alarm goes off.

Sources: SageMaker, "Blue/Green Deployments" (https://docs.aws.amazon.com/sagemaker/latest/dg/
deployment-guardrails-blue-green.html), "Use rolling deployments", "Auto-Rollback Configuration and Monitoring"; API
reference, `DeploymentConfig`, `TrafficRoutingConfig`, `CapacitySize`, `RollingUpdatePolicy`, `AutoRollbackConfig`.
There is no CloudWatch here: an alarm is a rule of the bindings, held against what the new fleet has been seen to do.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from inferway.definition.canary import RolloutRule
from inferway.registry.errors import InvalidRequestError
from inferway.rollout.judge import Outcome, judge
from inferway.rollout.tally import Tally

Alarms = Mapping[str, RolloutRule]

_CANARY: Final = (0.0, 50.0)
_LINEAR: Final = (10.0, 50.0)
_ROLLING: Final = (5.0, 50.0)
"""Percentages of a fleet that a step may be: above the first (a canary) or from it on, to the second."""

_LOOK: Final = 0.25
"""Seconds between two looks at the alarms."""

_LONGEST: Final = 28_800


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """The shares of the calls that the new fleet gets, one after the other, each for `wait` seconds.

    The old fleet stays `termination` seconds longer; all of it takes `most` seconds at most. `alarms` are names.
    """

    shares: tuple[float, ...] = (1.0,)
    wait: float = 0.0
    termination: float = 0.0
    most: float = _LONGEST
    alarms: tuple[str, ...] = ()


def shift_of(config: Mapping[str, Any], instances: int) -> Shift:
    """Read a DeploymentConfig for a fleet of so many instances; raises InvalidRequestError for what cannot be done."""
    rolling, blue_green = config.get("RollingUpdatePolicy"), config.get("BlueGreenUpdatePolicy")
    if rolling and blue_green:
        raise InvalidRequestError("Specify either BlueGreenUpdatePolicy or RollingUpdatePolicy, not both.")
    listed = config.get("AutoRollbackConfiguration", {}).get("Alarms", ())
    alarms = tuple(alarm["AlarmName"] for alarm in listed if "AlarmName" in alarm)
    if rolling:
        # A batch of instances that is replaced is a share of the calls that goes over.
        step = _percent(rolling["MaximumBatchSize"], instances, "MaximumBatchSize", _ROLLING)
        return Shift(
            shares=_steps(step),
            wait=rolling["WaitIntervalInSeconds"],
            most=rolling.get("MaximumExecutionTimeoutInSeconds", _LONGEST),
            alarms=alarms,
        )
    policy = blue_green or {}
    routing = policy.get("TrafficRoutingConfiguration", {})
    return Shift(
        shares=_shares(routing, instances),
        wait=routing.get("WaitIntervalInSeconds", 0),
        termination=policy.get("TerminationWaitInSeconds", 0),
        most=policy.get("MaximumExecutionTimeoutInSeconds", _LONGEST),
        alarms=alarms,
    )


def _shares(routing: Mapping[str, Any], instances: int) -> tuple[float, ...]:
    kind = routing.get("Type", "ALL_AT_ONCE")
    if kind == "CANARY":
        return (_percent(routing.get("CanarySize"), instances, "CanarySize", _CANARY) / 100, 1.0)
    if kind == "LINEAR":
        return _steps(_percent(routing.get("LinearStepSize"), instances, "LinearStepSize", _LINEAR))
    return (1.0,)


def _steps(percent: float) -> tuple[float, ...]:
    count = int(100 / percent + 1e-9)
    shares = [percent * number / 100 for number in range(1, count + 1)]
    return tuple(shares if shares[-1] >= 1 else [*shares, 1.0])


def _percent(size: Mapping[str, Any] | None, instances: int, name: str, bounds: tuple[float, float]) -> float:
    if size is None:
        raise InvalidRequestError(f"{name} is required for this type of traffic routing.")
    value = float(size["Value"])
    percent = value if size["Type"] == "CAPACITY_PERCENT" else 100 * value / max(instances, 1)
    least, most = bounds
    if not (least <= percent if least else percent > 0) or percent > most:
        text = f"{name} must be between {least:g} and {most:g} percent of the fleet, not {percent:g}."
        raise InvalidRequestError(text)
    return percent


def check_alarms(shift: Shift, alarms: Alarms) -> None:
    """Raise InvalidRequestError for an alarm that nothing binds."""
    for name in shift.alarms:
        if name not in alarms:
            raise InvalidRequestError(f"The alarm {name} does not exist. (Inferway: bind it under [alarms.{name}])")


async def shift_traffic(shift: Shift, to: Callable[[float], None], seen: Callable[[], Tally], alarms: Alarms) -> str:
    """Give the new fleet its shares, and give "" when all are given; else why the calls have to go back.

    `to` sets a share, `seen` gives what the new fleet has done. Where an alarm is bound no longer, it does not go off.
    """
    watched = [(name, alarms[name]) for name in shift.alarms if name in alarms]
    deadline = time.monotonic() + shift.most
    for share in shift.shares:
        to(share)
        until = time.monotonic() + shift.wait
        while True:
            for name, rule in watched:
                verdict = judge(rule, seen(), 0.0)
                if verdict is not None and verdict.outcome is Outcome.ROLLED_BACK:
                    return f"Alarm {name} went off while traffic was shifted: {verdict.reason}."
            left = until - time.monotonic()
            if left <= 0:
                break
            if time.monotonic() > deadline:
                return f"The deployment took more than {shift.most:g} seconds."
            await asyncio.sleep(min(left, _LOOK))
    return ""
