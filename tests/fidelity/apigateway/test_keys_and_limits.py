"""API keys, usage plans, throttles and quotas."""

from typing import Any

import pytest

from inferway.definition.bindings import BoundPlan
from inferway.definition.stage import Period, Quota, RouteSettings, StageSettings, Throttle
from inferway.definition.usage import UsagePlan

KEYS = {"ann": "a" * 20, "bob": "b" * 20}
ANN, BOB = {"X-API-Key": KEYS["ann"]}, {"x-api-key": KEYS["bob"]}
DAY = 86_400


def keyed(lab: Any, template: str = "ok") -> dict[str, Any]:
    """Give an API whose /a and /b require a key, and whose /open does not."""
    security: dict[str, Any] = {"security": [{"api_key": []}]}
    item = {"get": lab.rendering(template, **security)}
    document: dict[str, Any] = lab.document(
        {"/a": item, "/b": item, "/open": {"get": lab.rendering(template)}},
        components={"securitySchemes": {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}},
    )
    return document


def plan(**parts: Any) -> dict[str, BoundPlan]:
    made = UsagePlan(id="plan", name="plan", keys=("ann", "bob"), **parts)
    return {"plan": BoundPlan(plan=made, stages=("lab:prod",))}


def statuses(played: Any) -> list[int]:
    return [answer.status for answer in played.answers]


@pytest.mark.parametrize("headers", [{}, {"x-api-key": ""}, {"x-api-key": "z" * 20}, {"x-api-key": KEYS["ann"] + " x"}])
def test_without_a_valid_key_a_call_is_forbidden(lab: Any, headers: dict[str, str]) -> None:
    """Recorded (reference, "Throttle, quota, keys")."""
    answer = lab.play(keyed(lab), ("GET", "/a", headers), keys=KEYS, plans=plan()).answer
    assert (answer.status, answer.error, answer.body) == (403, "ForbiddenException", b'{"message":"Forbidden"}')


def test_a_method_that_requires_no_key_takes_none(lab: Any) -> None:
    """Documented ("Set up API keys using the API Gateway console": per method)."""
    assert statuses(lab.play(keyed(lab), ("GET", "/open"), keys=KEYS, plans=plan())) == [200]


def test_a_key_outside_every_plan_of_the_stage_is_forbidden(lab: Any) -> None:
    """Documented ("Usage plans and API keys"): a plan gives access to its stages."""
    made = {"plan": BoundPlan(plan=UsagePlan(id="plan", name="plan", keys=("ann",)), stages=("lab:prod",))}
    assert statuses(lab.play(keyed(lab), ("GET", "/a", ANN), ("GET", "/a", BOB), keys=KEYS, plans=made)) == [200, 403]


def test_templates_see_the_key(lab: Any) -> None:
    """Documented ("$context variables": identity.apiKey, identity.apiKeyId; null where none is required)."""
    document = keyed(lab, "[$context.identity.apiKey|$context.identity.apiKeyId]")
    played = lab.play(document, ("GET", "/a", ANN), ("GET", "/open", ANN), keys=KEYS, plans=plan())
    assert [answer.text for answer in played.answers] == [f"[{KEYS['ann']}|ann]", "[|]"]


def test_a_plan_s_throttle_is_a_token_bucket_per_client(lab: Any, clock: Any) -> None:
    """Documented ("Throttle requests to your REST APIs"): a rate and a burst, per client; recorded answer."""

    def later(number: int) -> None:
        clock.now += {4: 0.5, 6: 10.0}.get(number, 0.0)

    asked = [("GET", "/a", ANN)] * 3 + [("GET", "/a", BOB)] + [("GET", "/a", ANN)] * 5
    limit = plan(throttle=Throttle(rate=2, burst=2))
    played = lab.play(keyed(lab), *asked, keys=KEYS, plans=limit, clock=clock, between=later)
    assert statuses(played) == [200, 200, 429, 200, 200, 429, 200, 200, 429]
    refused = played.answers[2]
    assert refused.body == b'{"message":"Too Many Requests"}'
    assert refused.error == "TooManyRequestsException"


def test_a_plan_s_throttle_is_shared_by_its_methods(lab: Any, clock: Any) -> None:
    """Documented: without a limit of its own a method draws on the plan's."""
    limit = plan(throttle=Throttle(rate=0, burst=1))
    played = lab.play(keyed(lab), ("GET", "/a", ANN), ("GET", "/b", ANN), keys=KEYS, plans=limit, clock=clock)
    assert statuses(played) == [200, 429]


def test_a_plan_s_throttle_of_a_method_is_the_method_s_own(lab: Any, clock: Any) -> None:
    """Documented: "per-client or per-method throttling limits ... as set in a usage plan"."""
    limit = plan(throttle=Throttle(rate=0, burst=3), routes={"/a/GET": Throttle(rate=0, burst=1)})
    asked = [("GET", "/a", ANN), ("GET", "/a", ANN), ("GET", "/b", ANN), ("GET", "/b", ANN)]
    assert statuses(lab.play(keyed(lab), *asked, keys=KEYS, plans=limit, clock=clock)) == [200, 429, 200, 200]


@pytest.mark.parametrize(
    ("period", "just_before", "after"),
    [
        # 2023-11-14 22:13:20 UTC, a Tuesday
        (Period.DAY, 6_399, 6_401),
        (Period.WEEK, 4 * DAY + 6_399, 4 * DAY + 6_401),
        (Period.MONTH, 16 * DAY + 6_399, 16 * DAY + 6_401),
    ],
)
def test_a_quota_holds_for_its_calendar_period(
    lab: Any, clock: Any, period: Period, just_before: int, after: int
) -> None:
    """Documented ("Usage plans": requests per day, week or month); in UTC and from Sunday, assumed."""
    start = clock.now

    def later(number: int) -> None:
        clock.now = start + {3: just_before, 4: after}.get(number, 0)

    limit = plan(quota=Quota(limit=2, period=period))
    asked = [("GET", "/a", ANN)] * 5
    played = lab.play(keyed(lab), *asked, keys=KEYS, plans=limit, clock=clock, between=later)
    assert statuses(played) == [200, 200, 429, 429, 200]
    assert played.answers[2].body == b'{"message":"Limit Exceeded"}'
    assert played.answers[2].error == "LimitExceededException"


def test_an_offset_shortens_the_first_period(lab: Any, clock: Any) -> None:
    """Documented (API reference, `QuotaSettings`, offset: requests subtracted in the initial time period)."""
    limit = plan(quota=Quota(limit=3, period=Period.DAY, offset=2))
    asked = [("GET", "/a", ANN)] * 2
    assert statuses(lab.play(keyed(lab), *asked, keys=KEYS, plans=limit, clock=clock)) == [200, 429]


def test_a_quota_counts_per_key(lab: Any, clock: Any) -> None:
    """Documented ("Usage plans and API keys")."""
    limit = plan(quota=Quota(limit=1, period=Period.DAY))
    asked = [("GET", "/a", ANN), ("GET", "/b", BOB), ("GET", "/b", ANN)]
    assert statuses(lab.play(keyed(lab), *asked, keys=KEYS, plans=limit, clock=clock)) == [200, 200, 429]


def test_the_throttle_goes_before_the_quota(lab: Any, clock: Any) -> None:
    """Assumed: a request that is throttled says so."""
    limit = plan(throttle=Throttle(rate=0, burst=1), quota=Quota(limit=1, period=Period.DAY))
    asked = [("GET", "/a", ANN)] * 2
    answer = lab.play(keyed(lab), *asked, keys=KEYS, plans=limit, clock=clock).answer
    assert answer.json == {"message": "Too Many Requests"}


def test_a_stage_s_throttle_of_a_method(lab: Any, clock: Any) -> None:
    """Documented ("Throttle requests": per-method limits of a stage, whoever calls)."""
    stage = StageSettings(name="prod", routes={"/open/GET": RouteSettings(throttle=Throttle(rate=0, burst=1))})
    played = lab.play(keyed(lab), ("GET", "/open"), ("GET", "/open"), stage=stage, clock=clock)
    assert statuses(played) == [200, 429]
    assert played.answer.body == b'{"message":"Too Many Requests"}'


def test_a_stage_s_throttle_of_all_methods_is_each_one_s_own(lab: Any, clock: Any) -> None:
    """Documented ("Set up a stage": the default method throttling applies to each method)."""
    every = {"*/*": RouteSettings(throttle=Throttle(rate=0, burst=1))}
    asked = [("GET", "/a", ANN), ("GET", "/open"), ("GET", "/open")]
    stage = StageSettings(name="prod", routes=every)
    assert statuses(lab.play(keyed(lab), *asked, stage=stage, keys=KEYS, plans=plan(), clock=clock)) == [200, 200, 429]


def test_the_account_s_throttle_holds_for_all(lab: Any, clock: Any) -> None:
    """Documented ("Amazon API Gateway quotas": a token bucket for the account and Region)."""
    asked = [("GET", "/open"), ("GET", "/a", ANN)]
    played = lab.play(keyed(lab), *asked, keys=KEYS, plans=plan(), account=Throttle(rate=0, burst=1), clock=clock)
    assert statuses(played) == [200, 429]


def test_a_key_is_asked_for_before_limits_and_validation(lab: Any, clock: Any) -> None:
    """Assumed (design: authorizer, API key, throttle and quota, validation, integration)."""
    stage = StageSettings(name="prod", routes={"*/*": RouteSettings(throttle=Throttle(rate=0, burst=0))})
    assert statuses(lab.play(keyed(lab), ("GET", "/a"), stage=stage, keys=KEYS, plans=plan(), clock=clock)) == [403]


def test_throttles_are_asked_in_the_vendor_s_order(lab: Any, clock: Any) -> None:
    """Recorded (reference): usage plan per client and method, stage method, account; who refuses takes of no later one.

    The plan gives each key one call, the stage two of `/a`, the account four in all.
    """
    keys = {**KEYS, "cid": "c" * 20, "dan": "d" * 20}
    made = UsagePlan(id="plan", name="plan", keys=tuple(keys), throttle=Throttle(rate=0, burst=1))
    stage = StageSettings(name="prod", routes={"/a/GET": RouteSettings(throttle=Throttle(rate=0, burst=2))})
    asked = [("GET", "/a", {"x-api-key": keys[name]}) for name in ("ann", "ann", "bob", "cid")]
    open_to_all = [("GET", "/open")] * 3
    played = lab.play(
        keyed(lab), *asked, *open_to_all, stage=stage, keys=keys, account=Throttle(rate=0, burst=4), clock=clock,
        plans={"plan": BoundPlan(plan=made, stages=("lab:prod",))},
    )  # fmt: skip
    assert statuses(played) == [200, 429, 200, 429, 200, 200, 429]
