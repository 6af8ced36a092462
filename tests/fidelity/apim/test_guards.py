"""Policies that check: check-header, ip-filter, validate-content, cors. Source: each policy's page."""

import json
from typing import Any

import pytest

Lab = Any

CALL = "/ml-model/predict"
SCHEMA = {
    "type": "object",
    "properties": {"user": {"type": "integer"}, "name": {"type": "string"}},
    "required": ["user"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("value", "ignore_case", "status"),
    [("good", "false", 200), ("GOOD", "false", 403), ("GOOD", "true", 200), ("bad", "true", 403), (None, "true", 403)],
)
def test_check_header(lab: Lab, value: str | None, ignore_case: str, status: int) -> None:
    policy = (
        f'<check-header name="X-Own" failed-check-httpcode="403" failed-check-error-message="Not authorized" '
        f'ignore-case="{ignore_case}"><value>good</value><value>better</value></check-header>'
    )
    headers = {} if value is None else {"X-Own": value}
    answer = lab.ask(lab.service(api_policy=lab.policy(inbound=policy)), headers=headers).answer
    assert answer.status == status
    if status != 200:
        assert answer.body == b'{ "statusCode": 403, "message": "Not authorized" }'


@pytest.mark.parametrize(
    ("action", "inside", "status"),
    [
        ("allow", "<address>192.0.2.7</address>", 200),
        ("allow", "<address>192.0.2.8</address>", 403),
        ("allow", '<address-range from="192.0.2.0" to="192.0.2.255" />', 200),
        ("forbid", '<address-range from="192.0.2.0" to="192.0.2.255" />', 403),
        ("forbid", "<address>2001:db8::1</address>", 200),
    ],
)
def test_ip_filter(lab: Lab, action: str, inside: str, status: int) -> None:
    policy = lab.policy(inbound=f'<ip-filter action="{action}">{inside}</ip-filter>')
    answer = lab.ask(lab.service(api_policy=policy)).answer
    assert answer.status == status
    if status != 200:
        said = "is blocked" if action == "forbid" else "192.0.2.7 is not allowed"
        assert answer.message == f"Caller IP address {said}. Access denied."


def validating(lab: Lab, content: str, section: str = "inbound", **attributes: str) -> Any:
    given = {
        "unspecified-content-type-action": "prevent",
        "max-size": "100",
        "size-exceeded-action": "prevent",
        "errors-variable-name": "errors",
        **attributes,
    }
    text = " ".join(f'{name}="{value}"' for name, value in given.items())
    policy = f"<validate-content {text}>{content}</validate-content>"
    schema = ("GlobalSchema", "schema", {"schemaId": "movie", "schemaType": "json", "value": json.dumps(SCHEMA)})
    return lab.service(schema, api_policy=lab.policy(**{section: policy}))


CONTENT = '<content type="application/json" validate-as="json" schema-id="movie" action="prevent" />'


def test_content_that_holds_passes(lab: Lab) -> None:
    assert lab.play(validating(lab, CONTENT), ("POST", CALL, {}, '{"user": 7}')).statuses == [200]


@pytest.mark.parametrize("body", ['{"user": "x"}', "{}", '{"user": 1, "more": 2}', "{", "[1]"])
def test_content_that_does_not_hold_is_a_400(lab: Lab, body: str) -> None:
    played = lab.play(validating(lab, CONTENT), ("POST", CALL, {}, body))
    assert played.answer.status == 400
    said = "Body of the request does not conform to the definition movie, which is associated with the content type"
    assert played.answer.message.startswith(f"{said} application/json. ")
    assert not played.calls


def test_content_that_is_too_large(lab: Lab) -> None:
    answer = lab.play(validating(lab, CONTENT), ("POST", CALL, {}, json.dumps({"user": 1, "name": "x" * 100}))).answer
    size = len(json.dumps({"user": 1, "name": "x" * 100}))
    said = f"Request's body is {size} bytes long and it exceeds the limit of 100 bytes."
    assert (answer.status, answer.message) == (400, said)


def test_content_of_an_unspecified_type(lab: Lab) -> None:
    asked = ("POST", CALL, {"Content-Type": "text/plain"}, "x")
    answer = lab.play(validating(lab, CONTENT), asked).answer
    assert (answer.status, answer.message) == (400, "Unspecified content type text/plain is not allowed.")
    ignoring = validating(lab, CONTENT, **{"unspecified-content-type-action": "ignore"})
    assert lab.play(ignoring, asked).statuses == [200]


def test_detected_errors_do_not_stop_the_request(lab: Lab) -> None:
    service = validating(lab, CONTENT.replace("prevent", "detect"))
    assert lab.play(service, ("POST", CALL, {}, "{}")).statuses == [200]


def test_content_of_a_response_is_a_502_that_tells_nothing(lab: Lab) -> None:
    reply = lab.reply(200, {"content-type": "application/json"}, b'{"secret": 1}')
    answer = lab.ask(validating(lab, CONTENT, section="outbound"), reply).answer
    said = "The request could not be processed due to an internal error. Contact the API owner."
    assert (answer.status, answer.message) == (502, said)


def test_mapped_content_types(lab: Lab) -> None:
    mapped = (
        '<content-type-map missing-content-type-value="application/json">'
        '<type from="application/hal+json" to="application/json" /></content-type-map>'
    )
    service = validating(lab, mapped + CONTENT)
    asked = [("POST", CALL, {"Content-Type": kind}, "{}") for kind in ("application/hal+json", "")]
    assert lab.play(service, *asked).statuses == [400, 400]


@pytest.mark.parametrize(("allowed", "status"), [("true", 200), ("false", 400)])
def test_additional_properties_can_be_overridden(lab: Lab, allowed: str, status: int) -> None:
    content = CONTENT.replace("/>", f'allow-additional-properties="{allowed}" />')
    assert lab.play(validating(lab, content), ("POST", CALL, {}, '{"user": 1, "x": 2}')).statuses == [status]


def test_a_schema_of_the_api_itself(lab: Lab) -> None:
    schema = {
        "schemaId": "own",
        "apiId": "ml-model",
        "contentType": "application/vnd.oai.openapi.components+json",
        "components": {"schemas": {"Movie": SCHEMA}},
    }
    represented = {"contentType": "application/json", "schemaId": "own", "typeName": "Movie"}
    policy = (
        '<validate-content unspecified-content-type-action="prevent" max-size="100" size-exceeded-action="prevent">'
        '<content type="application/json" validate-as="json" action="prevent" /></validate-content>'
    )
    service = lab.service(
        ("ApiSchema", "schema", schema),
        operation={"request": {"representations": [represented]}},
        api_policy=lab.policy(inbound=policy),
    )
    played = lab.play(service, ("POST", CALL, {}, '{"user": 1}'), ("POST", CALL, {}, "{}"))
    assert played.statuses == [200, 400]


CORS = (
    '<cors allow-credentials="true"><allowed-origins><origin>https://shelf.example</origin></allowed-origins>'
    '<allowed-methods preflight-result-max-age="300"><method>POST</method></allowed-methods>'
    "<allowed-headers><header>content-type</header></allowed-headers>"
    "<expose-headers><header>x-own</header></expose-headers></cors>"
)
ORIGIN = {"Origin": "https://shelf.example"}
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


def test_a_preflight_needs_no_key_and_runs_cors_alone(lab: Lab) -> None:
    policy = lab.policy(inbound=CORS + "<return-response />")
    service = lab.service(api_policy=policy, api={"subscriptionRequired": True})
    played = lab.play(service, ("OPTIONS", CALL, {**ORIGIN, **PREFLIGHT}))
    assert (played.answer.status, played.answer.body) == (200, b"")
    assert played.answer.headers == {
        "access-control-allow-origin": "https://shelf.example",
        "access-control-allow-credentials": "true",
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "content-type",
        "access-control-max-age": "300",
    }


def test_a_preflight_that_does_not_match_gets_an_empty_200(lab: Lab) -> None:
    service = lab.service(api_policy=lab.policy(inbound=CORS))
    asked = [
        ("OPTIONS", CALL, {"Origin": "https://evil.example", **PREFLIGHT}),
        ("OPTIONS", CALL, {**ORIGIN, **PREFLIGHT, "Access-Control-Request-Method": "DELETE"}),
        ("OPTIONS", CALL, {**ORIGIN, **PREFLIGHT, "Access-Control-Request-Headers": "x-secret"}),
    ]
    for answer in lab.play(service, *asked).answers:
        assert (answer.status, answer.headers, answer.body) == (200, {}, b"")


def test_an_options_request_that_is_no_preflight_is_not_found(lab: Lab) -> None:
    assert lab.play(lab.service(api_policy=lab.policy(inbound=CORS)), ("OPTIONS", CALL)).statuses == [404]


def test_an_allowed_origin_gets_its_headers_with_the_answer(lab: Lab) -> None:
    answer = lab.ask(lab.service(api_policy=lab.policy(inbound=CORS)), headers=ORIGIN).answer
    assert answer.headers["access-control-allow-origin"] == "https://shelf.example"
    assert answer.headers["access-control-expose-headers"] == "x-own"
