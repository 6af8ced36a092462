"""What an authorizer hands on: to templates, mappings, functions, usage plans and access logs.

Sources: API Gateway, "Output from an API Gateway Lambda authorizer" (values come as texts), "Variables for data
transformations", "Variables for access logging", "x-amazon-apigateway-api-key-source property". RECORDED: members of
`requestContext.authorizer` in events that users of the service published (March 2021, August 2022).
"""

import json
from typing import Any

import pytest

from inferway.definition.bindings import BoundPlan
from inferway.definition.stage import Throttle
from inferway.definition.usage import UsagePlan

CALLER = {"Authorization": "Bearer one"}
ASKED = ("GET", "/t", CALLER)
CONTEXT = {"text": "value", "number": 1, "half": 0.5, "yes": True, "no": False, "nothing": None}
KEY = "a-key-of-twenty-characters"
FORBIDDEN = (403, '{"message":"Forbidden"}', "ForbiddenException")


def rendered(lab: Any, guard: Any, template: str, **members: Any) -> str:
    text: str = lab.play(guard.api(template), ASKED, replies=(guard.result(**members),)).answer.text
    return text


def test_templates_see_the_context_as_texts(lab: Any, guard: Any) -> None:
    """Documented: `stringKey`, `numberKey` and `booleanKey` are "value", "1", "true"."""
    template = " ".join(f"$context.authorizer.{name}" for name in ("principalId", *list(CONTEXT)[:5]))
    assert rendered(lab, guard, template, context=CONTEXT) == "ada value 1 0.5 true false"
    assert rendered(lab, guard, "#if($context.authorizer.number == '1')text#end", context=CONTEXT) == "text"


def test_a_template_can_walk_over_the_context(lab: Any, guard: Any) -> None:
    """Documented for `$context.authorizer`'s properties; that null is left out is assumed."""
    template = "#foreach($name in $context.authorizer.keySet())$name#if($foreach.hasNext),#end#end"
    names = rendered(lab, guard, template, context=CONTEXT).split(",")
    assert set(names) == {*CONTEXT, "principalId", "integrationLatency"} - {"nothing"}


def test_a_name_that_is_not_there_is_as_any(lab: Any, guard: Any) -> None:
    """Documented: a variable without a value; without an authorizer there is none at all."""
    assert rendered(lab, guard, "[$!context.authorizer.other]") == "[]"
    assert lab.render("[$!context.authorizer.principalId]") == "[]"


def test_the_principal_is_no_name_of_the_context(lab: Any, guard: Any) -> None:
    """Assumed: a context's `principalId` does not stand for the principal."""
    assert rendered(lab, guard, "$context.authorizer.principalId", context={"principalId": "eve"}) == "ada"


def test_mappings_take_from_the_context(lab: Any, guard: Any) -> None:
    """Documented: `context.authorizer.NAME` is a mapping's source."""
    parameters = {
        "integration.request.header.X-Who": "context.authorizer.principalId",
        "integration.request.header.X-Number": "context.authorizer.number",
        "integration.request.header.X-Other": "context.authorizer.other",
    }
    integration = lab.http(requestParameters=parameters)
    operation = lab.operation(integration)
    document = guard.api(operation=operation)
    played = lab.play(document, ASKED, replies=(guard.result(context=CONTEXT), guard.raw("{}")))
    sent = played.call.headers
    assert (sent["x-who"], sent["x-number"], "x-other" in sent) == ("ada", "1", False)


def test_functions_see_it_in_their_event(lab: Any, guard: Any) -> None:
    """RECORDED: `"authorizer": {"principalId": "user", "integrationLatency": 14}`, and the context's names beside."""
    function = lab.operation(lab.function())
    document = guard.api(operation=function)
    replies = (guard.result(context=CONTEXT), guard.raw(json.dumps({"statusCode": 200})))
    played = lab.play(document, ASKED, ASKED, replies=replies)
    made = json.loads(played.calls[1].body)["requestContext"]["authorizer"]
    latency = made.pop("integrationLatency")
    texts = {"text": "value", "number": "1", "half": "0.5", "yes": "true", "no": "false"}
    assert made == {"principalId": "ada", **texts}
    assert isinstance(latency, int)
    kept = json.loads(played.calls[2].body)["requestContext"]["authorizer"]
    assert kept == {"principalId": "ada", "integrationLatency": 0, **texts}


def keyed(lab: Any, guard: Any, template: str = "in", **operation: Any) -> dict[str, Any]:
    """An API whose keys come from its authorizer."""
    top = {
        "x-amazon-apigateway-api-key-source": "AUTHORIZER",
        "schemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}},
    }
    security: dict[str, Any] = {"security": [{"guard": [], "key": []}]}
    document: dict[str, Any] = guard.api(template, operation={**security, **operation}, top=top)
    return document


@pytest.mark.parametrize(
    ("members", "header", "passes"),
    [
        ({"usageIdentifierKey": KEY}, {}, True),
        ({"usageIdentifierKey": KEY}, {"x-api-key": "another"}, True),
        ({"usageIdentifierKey": "unknown-key-of-20-characters"}, {"x-api-key": KEY}, False),
        ({}, {"x-api-key": KEY}, False),
        ({"usageIdentifierKey": None}, {}, False),
        ({"usageIdentifierKey": ""}, {}, False),
    ],
)
def test_the_authorizer_names_the_key(
    lab: Any, guard: Any, members: dict[str, Any], header: dict[str, str], passes: bool
) -> None:
    """Documented: with the source AUTHORIZER `usageIdentifierKey` is the key, whatever the client sends."""
    asked = ("GET", "/t", {**CALLER, **header})
    answer = lab.play(keyed(lab, guard), asked, replies=(guard.result(**members),), keys={"k": KEY}).answer
    assert (answer.status == 200) is passes
    assert passes or (answer.status, answer.text, answer.error) == FORBIDDEN


def test_with_keys_of_the_client_the_authorizer_s_counts_for_nothing(lab: Any, guard: Any) -> None:
    """Documented: with the source HEADER the key is the client's."""
    document = keyed(lab, guard)
    document["x-amazon-apigateway-api-key-source"] = "HEADER"
    reply = guard.result(usageIdentifierKey=KEY)
    played = lab.play(document, ASKED, ("GET", "/t", {**CALLER, "x-api-key": KEY}), replies=(reply,), keys={"k": KEY})
    assert [answer.status for answer in played.answers] == [403, 200]


def test_a_method_without_an_authorizer_has_no_key(lab: Any, guard: Any) -> None:
    """Assumed: nobody names one, so that every call is refused."""
    document = keyed(lab, guard, security=[{"key": []}])
    answer = lab.play(document, ("GET", "/t", {"x-api-key": KEY}), keys={"k": KEY}).answer
    assert (answer.status, answer.text, answer.error) == FORBIDDEN


def test_usage_plans_count_the_authorizer_s_key(lab: Any, guard: Any) -> None:
    """Documented: the key's usage plan limits the caller; `$context.identity.apiKey` is the key."""
    throttle = Throttle(rate=0.0, burst=1)
    plan = BoundPlan(stages=("lab:prod",), plan=UsagePlan(id="p", name="p", keys=("k",), throttle=throttle))
    template = "$context.identity.apiKey $context.identity.apiKeyId"
    document, reply = keyed(lab, guard, template), guard.result(usageIdentifierKey=KEY)
    played = lab.play(document, ASKED, ASKED, replies=(reply,), keys={"k": KEY}, plans={"p": plan})
    assert [answer.status for answer in played.answers] == [200, 429]
    assert played.answers[0].text == f"{KEY} k"
