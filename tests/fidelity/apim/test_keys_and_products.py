"""Subscription keys, products, and what a caller without the right one gets.

Source of the bodies: recorded in public repositories (reference); of the rules: "Subscriptions in Azure API
Management", How API Management handles requests with or without subscription keys.
"""

from typing import Any

import pytest

Lab = Any

CALL = "/ml-model/predict"
MISSING = (
    b'{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include '
    b'subscription key when making requests to an API." }'
)
INVALID = (
    b'{ "statusCode": 401, "message": "Access denied due to invalid subscription key. Make sure to provide a valid '
    b'key for an active subscription." }'
)
HEADER = "Ocp-Apim-Subscription-Key"
CHALLENGE = (
    'AzureApiManagementKey realm="https://gateway.example/ml-model",name="Ocp-Apim-Subscription-Key",type="header"'
)
KEYED = {"subscriptionRequired": True}
KEYS = {"customer": ("right", "starter"), "stranger": ("other", "elsewhere")}


def protected(lab: Lab, *more: Any, **api: Any) -> Any:
    return lab.service(*lab.product(), *more, api={**KEYED, **api})


def test_a_missing_key_gets_the_recorded_body_and_challenge(lab: Lab) -> None:
    answer = lab.play(protected(lab), ("POST", CALL), keys=KEYS).answer
    assert (answer.status, answer.body) == (401, MISSING)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["www-authenticate"] == CHALLENGE


def test_the_challenge_names_the_url_that_was_asked(lab: Lab) -> None:
    answer = lab.play(protected(lab), ("POST", f"/svc{CALL}"), keys=KEYS).answer
    assert 'realm="https://gateway.example/svc/ml-model"' in answer.headers["www-authenticate"]


def test_a_bad_key_gets_the_recorded_body_and_challenge(lab: Lab) -> None:
    answer = lab.play(protected(lab), ("POST", CALL, {HEADER: "wrong"}), keys=KEYS).answer
    assert (answer.status, answer.body) == (401, INVALID)
    assert answer.headers["www-authenticate"] == CHALLENGE


def test_a_key_in_the_header_or_else_in_the_query(lab: Lab) -> None:
    played = lab.play(
        protected(lab),
        ("POST", CALL, {HEADER: "right"}),
        ("POST", f"{CALL}?subscription-key=right"),
        ("POST", f"{CALL}?subscription-key=right", {HEADER: "wrong"}),
        keys=KEYS,
    )
    assert played.statuses == [200, 200, 401]


def test_the_names_of_the_key_can_be_changed(lab: Lab) -> None:
    names = {"header": "X-Key", "query": "k"}
    played = lab.play(
        protected(lab, subscriptionKeyParameterNames=names),
        ("POST", CALL, {"X-Key": "right"}),
        ("POST", f"{CALL}?k=right"),
        ("POST", CALL, {HEADER: "right"}),
        keys=KEYS,
    )
    assert played.statuses == [200, 200, 401]
    assert played.answer.body == MISSING
    assert 'name="X-Key"' in played.answer.headers["www-authenticate"]


def test_the_key_goes_on_to_the_backend(lab: Lab) -> None:
    call = lab.play(protected(lab), ("POST", f"{CALL}?a=1&subscription-key=right", {HEADER: "right"}), keys=KEYS).call
    assert call.headers["ocp-apim-subscription-key"] == "right"
    assert call.target == "/predict?a=1&subscription-key=right"


def test_a_key_of_a_product_that_the_api_is_not_in_is_invalid(lab: Lab) -> None:
    elsewhere = lab.product("other-api", name="elsewhere")
    other = ("Api", "other", {"apiId": "other-api", "path": "other", "displayName": "x", "serviceUrl": lab.backend})
    service = protected(lab, *elsewhere, other)
    answer = lab.play(service, ("POST", CALL, {HEADER: "other"}), keys=KEYS, findings=True).answer
    assert answer.body == INVALID


def test_the_built_in_subscription_is_for_every_api(lab: Lab) -> None:
    assert lab.play(protected(lab), ("POST", CALL, {HEADER: lab.master}), keys=KEYS).statuses == [200]


def subscription(name: str, scope: str, **more: Any) -> Any:
    properties = {"sid": name, "displayName": name, "scope": scope, "state": "active", **more}
    return ("Subscription", name, {**properties, "primaryKey": f"{name}-1", "secondaryKey": f"{name}-2"})


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("/products/starter", 200),
        ("/subscriptions/x/resourceGroups/g/providers/Microsoft.ApiManagement/service/svc/products/starter", 200),
        ("/apis/ml-model", 200),
        ("/apis", 200),
        ("/apis/another", 401),
        ("/products/another", 401),
    ],
)
def test_a_declared_subscription_holds_within_its_scope(lab: Lab, scope: str, status: int) -> None:
    service = protected(lab, subscription("sub", scope))
    calls = (("POST", CALL, {HEADER: name}) for name in ("sub-1", "sub-2"))
    played = lab.play(service, *calls, findings=status == 401)
    assert played.statuses == [status, status]
    assert any("dangling-link" in finding for finding in lab.read(service)[1]) is (status == 401)


@pytest.mark.parametrize("state", ["suspended", "expired", "submitted", "rejected", "cancelled"])
def test_a_subscription_that_is_not_active_is_refused_and_reported(lab: Lab, state: str) -> None:
    service = protected(lab, subscription("sub", "/apis", state=state))
    answer = lab.play(service, ("POST", CALL, {HEADER: "sub-1"}), findings=True).answer
    assert answer.body == INVALID
    assert any("inactive-subscription" in finding and state in finding for finding in lab.read(service)[1])


def test_an_open_product_lets_callers_without_a_key_in_but_none_with_a_bad_one(lab: Lab) -> None:
    policy = lab.policy(outbound='<set-header name="X-Product"><value>starter</value></set-header>')
    service = lab.service(*lab.product(required=False, policy=policy), api=KEYED)
    played = lab.play(service, ("POST", CALL), ("POST", CALL, {HEADER: "wrong"}))
    assert played.statuses == [200, 401]
    assert played.answers[0].headers["x-product"] == "starter"


def test_an_api_that_requires_no_key_takes_none_but_no_bad_one(lab: Lab) -> None:
    service = lab.service(*lab.product(), api={"subscriptionRequired": False})
    played = lab.play(
        service, ("POST", CALL), ("POST", CALL, {HEADER: "wrong"}), ("POST", CALL, {HEADER: "right"}), keys=KEYS
    )
    assert played.statuses == [200, 401, 200]


def test_a_products_policy_runs_only_with_a_key_of_that_product(lab: Lab) -> None:
    policy = lab.policy(outbound='<set-header name="X-Product"><value>starter</value></set-header>')
    service = lab.service(*lab.product(policy=policy), api=KEYED)
    played = lab.play(service, ("POST", CALL, {HEADER: "right"}), ("POST", CALL, {HEADER: lab.master}), keys=KEYS)
    assert [answer.headers.get("x-product") for answer in played.answers] == ["starter", None]


def test_an_unknown_operation_is_not_found_without_asking_for_a_key(lab: Lab) -> None:
    played = lab.play(protected(lab), ("POST", "/ml-model/nothing"), ("GET", CALL), ("GET", "/svc/nothing"), keys=KEYS)
    for answer in played.answers:
        assert (answer.status, answer.body) == (404, b'{ "statusCode": 404, "message": "Resource not found" }')
    assert not played.calls
