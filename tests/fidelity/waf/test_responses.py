"""What a client sees of a web ACL, and what goes on to the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Send = Callable[..., Any]
Inspects = Callable[..., dict[str, Any]]

EVERYTHING = {
    "SizeConstraintStatement": {
        "FieldToMatch": {"UriPath": {}},
        "ComparisonOperator": "GE",
        "Size": 0,
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }
}


def test_a_blocked_client_gets_403_forbidden(lab: Send) -> None:
    (answer,) = lab([{"Statement": EVERYTHING}], ("GET", "")).answers
    assert (answer.status, answer.body) == (403, b'{"message":"Forbidden"}')
    assert answer.headers["x-amzn-errortype"] == "ForbiddenException"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-amzn-requestid"]


def test_unknown_routes_are_filtered_too(lab: Send, inspects: Inspects) -> None:
    rule = {"Statement": inspects("UriPath", "/prod/nowhere", "EXACTLY")}
    blocked, free = lab([rule], ("GET", "/nowhere"), ("GET", "/elsewhere")).answers
    assert blocked.headers["x-amzn-errortype"] == "ForbiddenException"
    assert free.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


def test_the_gateway_response_for_it_can_be_customised(lab: Send) -> None:
    own = {
        "Type": "AWS::ApiGateway::GatewayResponse",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "ResponseType": "WAF_FILTERED",
            "StatusCode": "418",
            "ResponseTemplates": {"application/json": '{"said": $context.error.messageString}'},
        },
    }
    (answer,) = lab([{"Statement": EVERYTHING}], ("GET", ""), more={"Own": own}).answers
    assert (answer.status, answer.body) == (418, b'{"said": "Forbidden"}')


def test_the_default_action_may_block(lab: Send, inspects: Inspects) -> None:
    rule = {"Statement": inspects("Method", "GET", "EXACTLY"), "Action": {"Allow": {}}}
    assert lab([rule], ("GET", ""), ("PUT", ""), DefaultAction={"Block": {}}).statuses == [200, 403]


def test_a_custom_response_goes_out_as_it_is(lab: Send) -> None:
    custom = {
        "ResponseCode": 429,
        "CustomResponseBodyKey": "slow",
        "ResponseHeaders": [{"Name": "Retry-After", "Value": "60"}],
    }
    bodies = {"slow": {"ContentType": "TEXT_HTML", "Content": "<b>slower</b>"}}
    rule = {"Statement": EVERYTHING, "Action": {"Block": {"CustomResponse": custom}}}
    (answer,) = lab([rule], ("GET", ""), CustomResponseBodies=bodies).answers
    assert (answer.status, answer.body) == (429, b"<b>slower</b>")
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["retry-after"] == "60"


def test_a_custom_response_may_have_no_body(lab: Send) -> None:
    rule = {"Statement": EVERYTHING, "Action": {"Block": {"CustomResponse": {"ResponseCode": 599}}}}
    (answer,) = lab([rule], ("GET", "")).answers
    assert (answer.status, answer.body) == (599, b"")


def test_a_custom_response_cannot_say_how_long_it_is(lab: Send) -> None:
    given = {"Content-Length": "3", "transfer-encoding": "chunked", "Connection": "keep-alive", "X-Kept": "a\r\nX: b"}
    custom = {"ResponseCode": 429, "ResponseHeaders": [{"Name": key, "Value": value} for key, value in given.items()]}
    (answer,) = lab([{"Statement": EVERYTHING, "Action": {"Block": {"CustomResponse": custom}}}], ("GET", "")).answers
    assert answer.headers["x-kept"] == "a X: b"
    assert not {"content-length", "transfer-encoding", "connection", "x"} & set(answer.headers)


def inserted(name: str, value: str) -> dict[str, Any]:
    return {"CustomRequestHandling": {"InsertHeaders": [{"Name": name, "Value": value}]}}


def test_count_adds_headers_and_goes_on(lab: Send) -> None:
    rule = {"Statement": EVERYTHING, "Action": {"Count": inserted("audit", "seen")}}
    forged = {"x-amzn-waf-audit": "forged"}
    (answer,) = lab([rule], ("GET", "", forged)).answers
    assert json.loads(answer.body) == {"method": "GET", "audit": "seen"}


def test_the_default_action_adds_headers(lab: Send) -> None:
    (answer,) = lab([], ("GET", ""), DefaultAction={"Allow": inserted("default", "yes")}).answers
    assert json.loads(answer.body)["audit"] == "yes"


@pytest.mark.parametrize(("action", "status"), [("Captcha", 405), ("Challenge", 202)])
def test_puzzles_and_challenges_end_as_for_a_client_without_a_token(lab: Send, action: str, status: int) -> None:
    made = lab([{"Statement": EVERYTHING, "Action": {action: {}}}], ("GET", ""))
    (answer,) = made.answers
    assert (answer.status, answer.body) == (status, b"")
    assert answer.headers["x-amzn-waf-action"] == action.lower()
    assert any(f"[web-acl-{action.lower()}]" in finding for finding in made.findings)


def test_what_it_did_is_left_for_the_access_log(lab: Send, inspects: Inspects) -> None:
    rule = {"Statement": inspects("Method", "PUT", "EXACTLY")}
    passed, blocked = (answer.firewall for answer in lab([rule], ("GET", ""), ("PUT", "")).answers)
    assert (passed.action, passed.status, passed.error) == ("ALLOW", 200, "")
    assert (blocked.action, blocked.status) == ("BLOCK", 403)
    assert passed.web_acl.startswith("arn:aws:wafv2:us-east-1:000000000000:regional/webacl/acl/")
