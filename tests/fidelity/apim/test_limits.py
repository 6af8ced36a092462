"""Rates and quotas.

Source: "Limit call rate by subscription", "Limit call rate by key", "Set usage quota by subscription", "… by key".
"""

from typing import Any

import pytest

Lab = Any
Clock = Any

CALL = "/ml-model/predict"
KEYS = {"one": ("k1", "starter"), "two": ("k2", "starter")}


def ask(key: str = "k1") -> Any:
    return ("POST", f"{CALL}?subscription-key={key}")


def keyed(lab: Lab, policy: str, *more: Any, **parts: Any) -> Any:
    return lab.service(
        *lab.product(policy=lab.policy(inbound=policy)), *more, api={"subscriptionRequired": True}, **parts
    )


def test_a_rate_above_its_limit_gets_the_recorded_answer(lab: Lab, clock: Clock) -> None:
    played = lab.play(keyed(lab, '<rate-limit calls="2" renewal-period="90" />'), *[ask()] * 3, keys=KEYS, clock=clock)
    assert played.statuses == [200, 200, 429]
    assert played.answer.body == (
        b'{ "statusCode": 429, "message": "Rate limit is exceeded. Try again in 90 seconds." }'
    )
    assert played.answer.headers["retry-after"] == "90"


def test_the_window_of_a_rate_slides(lab: Lab, clock: Clock) -> None:
    moments = {1: 40.0, 2: 10.0, 3: 39.5, 4: 0.5, 5: 0.0}
    start = clock.now

    def move(number: int) -> None:
        clock.now += moments.get(number, 0.0)

    policy = '<rate-limit calls="2" renewal-period="90" />'
    played = lab.play(keyed(lab, policy), *[ask()] * 6, keys=KEYS, clock=clock, between=move)
    assert clock.now == start + 90
    assert played.statuses == [200, 200, 429, 429, 200, 429]
    assert played.answers[2].headers["retry-after"] == "40"
    assert played.answers[5].headers["retry-after"] == "40"


def test_a_rate_is_per_subscription_and_does_nothing_without_a_key(lab: Lab, clock: Clock) -> None:
    policy = '<rate-limit calls="1" renewal-period="10" />'
    played = lab.play(keyed(lab, policy), ask("k1"), ask("k2"), ask("k1"), keys=KEYS, clock=clock)
    assert played.statuses == [200, 200, 429]
    service = lab.service(*lab.product(policy=lab.policy(inbound=policy), required=False))
    assert lab.play(service, *[("POST", CALL)] * 3, clock=clock).statuses == [200, 200, 200]


def test_the_headers_and_variables_of_a_rate(lab: Lab, clock: Clock) -> None:
    policy = (
        '<rate-limit calls="2" renewal-period="10" retry-after-header-name="X-Wait" '
        'remaining-calls-header-name="X-Left" remaining-calls-variable-name="left" total-calls-header-name="X-Total" />'
    )
    outbound = '<set-header name="X-Left-Variable"><value>@(context.Variables["left"].ToString())</value></set-header>'
    service = keyed(lab, policy, api_policy=lab.policy(outbound=outbound))
    played = lab.play(service, *[ask()] * 3, keys=KEYS, clock=clock)
    first, _, last = played.answers
    assert (first.headers["x-left"], first.headers["x-total"], first.headers["x-left-variable"]) == ("1", "2", "1")
    assert (last.headers["x-left"], last.headers["x-total"], last.headers["x-wait"]) == ("0", "2", "10")
    assert "retry-after" not in last.headers


def test_limits_of_an_api_and_of_an_operation_hold_beside_the_products(lab: Lab, clock: Clock) -> None:
    policy = (
        '<rate-limit calls="9" renewal-period="10"><api id="ml-model" calls="9" renewal-period="10">'
        '<operation name="Predict" calls="1" renewal-period="10" /></api>'
        '<api id="other" calls="1" renewal-period="10" /></rate-limit>'
    )
    other = ("ApiOperation", "o", {"apiId": "ml-model", "operationId": "o", "method": "GET", "urlTemplate": "/o"})
    service = keyed(lab, policy, other)
    get = ("GET", "/ml-model/o?subscription-key=k1")
    played = lab.play(service, ask(), ask(), get, get, keys=KEYS, clock=clock)
    assert played.statuses == [200, 429, 200, 200]


def test_a_product_shares_its_rate_among_its_apis(lab: Lab, clock: Clock) -> None:
    other = ("Api", "other", {"apiId": "other", "path": "other", "displayName": "O", "serviceUrl": lab.backend})
    operation = ("ApiOperation", "o", {"apiId": "other", "operationId": "o", "method": "POST", "urlTemplate": "/o"})
    product = lab.product("ml-model", "other", policy=lab.policy(inbound='<rate-limit calls="1" renewal-period="9" />'))
    service = lab.service(*product, other, operation, api={"subscriptionRequired": True})
    played = lab.play(service, ask(), ("POST", "/other/o?subscription-key=k1"), keys=KEYS, clock=clock)
    assert played.statuses == [200, 429]


def test_a_rate_by_key(lab: Lab, clock: Clock) -> None:
    policy = (
        '<rate-limit-by-key calls="1" renewal-period="10" '
        'counter-key="@(context.Request.Headers.GetValueOrDefault("X-User", ""))" />'
    )
    service = lab.service(api_policy=lab.policy(inbound=policy))
    asked = [("POST", CALL, {"X-User": user}) for user in ("a", "b", "a")]
    assert lab.play(service, *asked, clock=clock).statuses == [200, 200, 429]


def test_a_rate_by_key_counts_what_its_condition_says_of_the_response(lab: Lab, clock: Clock) -> None:
    policy = (
        '<rate-limit-by-key calls="1" renewal-period="10" counter-key="x" '
        'increment-condition="@(context.Response.StatusCode == 200)" />'
    )
    service = lab.service(api_policy=lab.policy(inbound=policy))
    replies = (lab.reply(404), lab.reply(404), lab.reply(200), lab.reply(200))
    assert lab.play(service, *[("POST", CALL)] * 4, replies=replies, clock=clock).statuses == [404, 404, 200, 429]


@pytest.mark.parametrize("limit", ['rate-limit-by-key renewal-period="10"', 'quota-by-key renewal-period="300"'])
def test_a_call_whose_condition_fails_is_answered_and_counts(lab: Lab, clock: Clock, limit: str) -> None:
    condition = '@(context.Response.Headers["X-Not-There"][0] == "1")'
    policy = f'<{limit} calls="1" counter-key="x" increment-condition="{condition}" />'
    service = lab.service(api_policy=lab.policy(inbound=policy))
    first, second = lab.play(service, ("POST", CALL), ("POST", CALL), clock=clock).statuses
    assert first == 200
    assert second in (403, 429)


def test_a_quota_gets_the_recorded_answer_and_starts_anew(lab: Lab, clock: Clock) -> None:
    def move(number: int) -> None:
        clock.now += {2: 100.0, 3: 200.0}.get(number, 0.0)

    policy = '<quota calls="2" renewal-period="300" />'
    played = lab.play(keyed(lab, policy), *[ask()] * 4, keys=KEYS, clock=clock, between=move)
    assert played.statuses == [200, 200, 403, 200]
    refused = played.answers[2]
    assert refused.body == (
        b'{ "statusCode": 403, "message": "Out of call volume quota. Quota will be replenished in 00:03:20." }'
    )
    assert refused.headers["retry-after"] == "200"


def test_a_long_quota_says_its_days(lab: Lab, clock: Clock) -> None:
    policy = '<quota calls="1" renewal-period="604800" />'
    played = lab.play(keyed(lab, policy), ask(), ask(), keys=KEYS, clock=clock)
    assert played.answer.message == "Out of call volume quota. Quota will be replenished in 7.00:00:00."


def test_a_quota_by_key_counts_from_its_first_period(lab: Lab, clock: Clock) -> None:
    """Periods of an hour from midnight: the clock stands at 22:13:20, so 46:40 are left."""
    policy = '<quota-by-key calls="1" renewal-period="3600" counter-key="@(context.Request.IpAddress)" />'
    played = lab.play(lab.service(api_policy=lab.policy(inbound=policy)), *[("POST", CALL)] * 2, clock=clock)
    assert played.statuses == [200, 403]
    assert played.answer.message == "Out of call volume quota. Quota will be replenished in 00:46:40."
