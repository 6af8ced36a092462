"""on-error, `context.LastError`, and what a client gets. Source: "Error handling in API Management policies"."""

import re
from typing import Any

import pytest

Lab = Any

CALL = "/ml-model/predict"
FIELDS = ("Source", "Reason", "Message", "Scope", "Section", "Path", "PolicyId")


def telling(lab: Lab, inbound: str = "", outbound: str = "", backend: str = "") -> str:
    """The vendor's own example: an on-error section that tells all of the error in headers."""
    headers = "".join(
        f'<set-header name="Error{name}"><value>@(context.LastError.{name})</value></set-header>' for name in FIELDS
    )
    status = '<set-header name="ErrorStatusCode"><value>@(context.Response.StatusCode.ToString())</value></set-header>'
    policy: str = lab.policy(inbound, backend, outbound, headers + status)
    return policy


def told(answer: Any) -> dict[str, str]:
    return {name: answer.headers[f"error{name.lower()}"] for name in (*FIELDS, "StatusCode")}


def test_an_unauthorized_request(lab: Lab) -> None:
    service = lab.service(api_policy=telling(lab), api={"subscriptionRequired": True})
    answer = lab.ask(service).answer
    assert told(answer) == {
        "Source": "authorization",
        "Reason": "SubscriptionKeyNotFound",
        "Message": "Access denied due to missing subscription key. Make sure to include subscription key when making "
        "requests to an API.",
        "Scope": "",
        "Section": "inbound",
        "Path": "",
        "PolicyId": "",
        "StatusCode": "401",
    }
    assert answer.json["statusCode"] == 401
    assert "www-authenticate" in answer.headers


def test_a_failing_expression_is_a_500_that_says_nothing_of_it(lab: Lab) -> None:
    """The message as Log Analytics shows it ("Troubleshooting 4xx and 5xx Errors with Azure APIM services")."""
    policy = '<set-variable id="mine" name="x" value="@(context.User.Id)" />'
    answer = lab.ask(lab.service(api_policy=lab.policy(inbound=policy))).answer
    assert re.fullmatch(
        rb'\{"statusCode":500,"message":"Internal server error","activityId":"[0-9a-f-]{36}"\}', answer.body
    )
    told_of = told(lab.ask(lab.service(api_policy=telling(lab, inbound=policy))).answer)
    assert told_of == {
        "Source": "set-variable",
        "Reason": "ExpressionValueEvaluationFailure",
        "Message": "Expression evaluation failed. Object reference not set to an instance of an object.",
        "Scope": "api",
        "Section": "inbound",
        "Path": "set-variable",
        "PolicyId": "mine",
        "StatusCode": "500",
    }


def test_the_path_of_a_nested_policy(lab: Lab) -> None:
    inner = "<set-body>@(context.User.Id)</set-body>"
    choose = f'<choose><when condition="false" /><when condition="true">{inner}</when></choose>'
    answer = lab.ask(
        lab.service(api_policy=telling(lab, inbound=f"<choose><when condition='false'/></choose>{choose}"))
    ).answer
    assert told(answer)["Path"] == "choose[2]/when[2]/set-body"


def test_an_unreachable_backend(lab: Lab) -> None:
    answer = lab.ask(lab.service(api_policy=telling(lab)), lab.reply(0)).answer
    assert answer.json["message"] == "Internal server error"
    assert told(answer)["Reason"] == "BackendConnectionFailure"
    assert told(answer)["Source"] == "forward-request"
    assert told(answer)["Section"] == "backend"


def test_a_backend_that_takes_longer_than_its_timeout(lab: Lab) -> None:
    policy = telling(lab, backend='<forward-request timeout="1" />')
    answer = lab.ask(lab.service(api_policy=policy), lab.reply(-1)).answer
    assert answer.status == 500
    assert told(answer)["Reason"] == "Timeout"


@pytest.mark.parametrize(("status", "runs"), [(399, False), (400, True), (599, True)])
def test_fail_on_error_status_code(lab: Lab, status: int, runs: bool) -> None:
    backend = '<forward-request fail-on-error-status-code="true" />'
    answer = lab.ask(
        lab.service(api_policy=telling(lab, backend=backend)), lab.reply(status, {"x-own": "v"}, b"b")
    ).answer
    assert (answer.status, answer.body, answer.headers["x-own"]) == (status, b"b", "v")
    assert ("errorsource" in answer.headers) is runs


def test_on_error_can_replace_the_response(lab: Lab) -> None:
    policy = lab.policy(
        inbound='<set-variable name="x" value="@(context.User.Id)" />',
        on_error='<return-response><set-status code="503" /><set-body>@(context.LastError.Source)</set-body>'
        "</return-response>",
    )
    answer = lab.ask(lab.service(api_policy=policy)).answer
    assert (answer.status, answer.body) == (503, b"set-variable")


def test_an_error_in_on_error_is_a_plain_500(lab: Lab) -> None:
    policy = lab.policy(
        inbound="<set-body>@(context.User.Id)</set-body>", on_error="<set-body>@(context.User.Id)</set-body>"
    )
    answer = lab.ask(lab.service(api_policy=policy)).answer
    assert (answer.status, answer.message) == (500, "Internal server error")


def test_a_status_that_is_none_is_a_500(lab: Lab) -> None:
    policy = lab.policy(outbound='<set-status code="@("abc")" reason="" />')
    assert lab.ask(lab.service(api_policy=policy)).answer.status == 500
