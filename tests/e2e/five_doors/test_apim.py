"""The API Management door: its keys, its schema, its throttle and its policies, as a client sees them."""

import re
from pathlib import Path
from typing import Any

import pytest

ASKED = {"user_id": 321, "items": [101, 131]}
MISSING = (
    b'{ "statusCode": 401, "message": "Access denied due to missing subscription key. '
    b'Make sure to include subscription key when making requests to an API." }'
)
INVALID = (
    b'{ "statusCode": 401, "message": "Access denied due to invalid subscription key. '
    b'Make sure to provide a valid key for an active subscription." }'
)
"""The service's own bodies, to the letter."""

SEVERAL = ("7", "**1", "*****5")


@pytest.mark.parametrize(("key", "body"), [("", MISSING), ("0" * 32, INVALID)])
def test_a_key_that_is_missing_or_wrong(five: Any, key: str, body: bytes) -> None:
    answer = five.apim(ASKED, key=key)
    assert (answer.status, answer.body) == (401, body)
    assert answer.headers["content-type"] == "application/json"
    realm, _, rest = answer.headers["www-authenticate"].partition(",")
    assert realm == f'AzureApiManagementKey realm="{five.url}/ml-model"'
    assert rest == 'name="Ocp-Apim-Subscription-Key",type="header"'


def test_the_key_may_stand_in_the_query(five: Any) -> None:
    path = "/ml-model/predict?subscription-key=f1ed0025f1ed0025f1ed0025f1ed0025"
    assert five.post(path, {}, ASKED).status == 200


@pytest.mark.parametrize(
    "document",
    [
        {"items": [101]},
        {"user_id": 321},
        {"user_id": "321", "items": [101]},
        {"user_id": 0, "items": [101]},
        {"user_id": 321, "items": ["101"]},
        {"user_id": 321, "items": [1] * 101},
        [],
        '{"user_id": 321, "items": [101]',
    ],
    ids=lambda document: str(document)[:40],
)
def test_what_the_schema_forbids_does_not_reach_the_model(five: Any, document: Any) -> None:
    """validate-content with action="prevent": 400 inbound."""
    answer = five.apim(document)
    assert answer.status == 400
    assert answer.json["statusCode"] == 400
    assert "ratings" not in answer.json


def test_another_content_type_is_prevented(five: Any) -> None:
    headers = {"Ocp-Apim-Subscription-Key": "f1ed0025f1ed0025f1ed0025f1ed0025", "content-type": "text/plain"}
    assert five.post("/ml-model/predict", headers, "321").status == 400


def test_no_items_are_answered_without_the_model(five: Any) -> None:
    """return-response ends the pipeline: the outbound policies, which would add X-Model, do not run."""
    answer = five.apim({"user_id": 321, "items": []})
    assert (answer.status, answer.json) == (200, {"ratings": []})
    assert answer.headers["content-type"] == "application/json"
    assert "x-model" not in answer.headers


@pytest.mark.parametrize("masked", SEVERAL)
def test_the_user_is_masked_and_the_operation_named(five: Any, masked: str) -> None:
    user = int(masked.replace("*", "3"))
    answer = five.apim({"user_id": user, "items": [101]})
    assert answer.json["user_id"] == masked
    assert str(user) not in answer.body.decode() or user < 10
    assert answer.headers["x-model"] == "movies; operation=predict"
    assert int(answer.headers["x-remaining-calls"]) < 200


def test_an_operation_that_is_not_there(five: Any) -> None:
    answer = five.send("GET", "/ml-model/predict")
    assert (answer.status, answer.json) == (404, {"statusCode": 404, "message": "Resource not found"})


def test_a_subscription_s_throttle(start: Any, copied: Path) -> None:
    """rate-limit: 429 with the service's text and Retry-After; a refused body counts too, a refused key does not."""
    policy = copied / "apim" / "product-policy.xml"
    text = policy.read_text()
    assert 'calls="200" renewal-period="10"' in text
    policy.write_text(text.replace('calls="200" renewal-period="10"', 'calls="3" renewal-period="60"'))
    gateway = start(copied / "apim")
    assert gateway.apim(ASKED, key="wrong").status == 401
    answers = [gateway.apim(document) for document in (ASKED, {}, ASKED, ASKED)]
    assert [answer.status for answer in answers] == [200, 400, 200, 429]
    assert [answers[number].headers["x-remaining-calls"] for number in (0, 2)] == ["2", "0"]
    refused = answers[-1]
    seconds = int(refused.headers["retry-after"])
    assert 1 <= seconds <= 60
    said = re.fullmatch(r"Rate limit is exceeded\. Try again in ([0-9]+) seconds\.", refused.json["message"])
    assert said is not None
    assert int(said[1]) == seconds


def test_the_throttle_of_the_example_is_as_written(example: Path) -> None:
    """Two hundred calls in ten seconds, per subscription."""
    assert '<rate-limit calls="200" renewal-period="10"' in (example / "apim" / "product-policy.xml").read_text()
