"""Policies that change messages and decide what runs. Source: "API Management policy reference", each policy's page."""

import json
from typing import Any

import pytest

Lab = Any

CALL = "/ml-model/predict"


def test_without_any_policy_the_request_is_forwarded(lab: Lab) -> None:
    played = lab.play(
        lab.service(), ("POST", f"{CALL}?x=1&x=2", {"X-Own": "v", "Connection": "X-Own2", "X-Own2": "v"}, '{"a":1}')
    )
    call = played.call
    assert (call.method, call.target, call.body) == ("POST", "/predict?x=1&x=2", b'{"a":1}')
    assert call.headers["x-own"] == "v"
    assert "x-own2" not in call.headers
    assert call.headers["host"].startswith("127.0.0.1")
    assert played.answer.status == 200


def test_the_backends_answer_goes_back_as_it_is(lab: Lab) -> None:
    reply = lab.reply(418, {"content-type": "text/tea", "x-own": "v"}, b"short and stout")
    answer = lab.ask(lab.service(), reply).answer
    assert (answer.status, answer.body) == (418, b"short and stout")
    assert answer.headers == {"content-type": "text/tea", "x-own": "v"}


def test_base_stands_for_the_parents_policies_in_their_order(lab: Lab) -> None:
    def add(value: str) -> str:
        return f'<set-header name="X-Order" exists-action="append"><value>{value}</value></set-header>'

    document = "<policies><inbound>{}<base />{}</inbound></policies>"
    service = lab.service(
        *lab.product(policy=document.format(add("product-1"), add("product-2")), required=False),
        global_policy=f"<policies><inbound>{add('global')}</inbound><backend><forward-request /></backend></policies>",
        api_policy=document.format(add("api-1"), add("api-2")),
        operation_policy=document.format(add("operation-1"), add("operation-2")),
    )
    expected = "operation-1,api-1,product-1,global,product-2,api-2,operation-2"
    assert lab.ask(service).call.headers["x-order"] == expected


def test_without_base_the_parents_policies_are_skipped(lab: Lab) -> None:
    service = lab.service(
        api_policy=lab.policy(inbound='<set-header name="X-Api"><value>1</value></set-header>'),
        operation_policy="<policies><inbound /><backend><base /></backend></policies>",
    )
    assert "x-api" not in lab.ask(service).call.headers


def test_without_forward_request_there_is_an_empty_200(lab: Lab) -> None:
    policy = (
        '<policies><backend /><outbound><set-header name="X-Out"><value>1</value></set-header></outbound></policies>'
    )
    played = lab.ask(lab.service(api_policy=policy))
    assert (played.answer.status, played.answer.body) == (200, b"")
    assert played.answer.headers["x-out"] == "1"
    assert not played.calls


@pytest.mark.parametrize(
    ("action", "values", "expected"),
    [
        ("override", "<value>b</value>", "b"),
        ("override", "<value>b</value><value>c</value>", "b,c"),
        ("skip", "<value>b</value>", "a"),
        ("append", "<value>b</value>", "a,b"),
        ("delete", "", None),
    ],
)
def test_set_header_does_what_exists_action_says(lab: Lab, action: str, values: str, expected: str | None) -> None:
    policy = lab.policy(inbound=f'<set-header name="X-Own" exists-action="{action}">{values}</set-header>')
    headers = lab.ask(lab.service(api_policy=policy), headers={"X-Own": "a"}).call.headers
    assert headers.get("x-own") == expected


def test_set_header_keeps_some_headers_in_lines_of_their_own(lab: Lab) -> None:
    """ "Set header", usage notes: Set-Cookie's values are not concatenated."""
    policy = lab.policy(outbound='<set-header name="Set-Cookie"><value>a=1</value><value>b=2</value></set-header>')
    assert lab.ask(lab.service(api_policy=policy)).answer.headers["set-cookie"] == "a=1, b=2"


def test_set_query_parameter(lab: Lab) -> None:
    policy = lab.policy(
        inbound='<set-query-parameter name="a"><value>2</value></set-query-parameter>'
        '<set-query-parameter name="b" exists-action="skip"><value>9</value></set-query-parameter>'
        '<set-query-parameter name="c" exists-action="append"><value>4 &amp; 5</value></set-query-parameter>'
        '<set-query-parameter name="d" exists-action="delete" />'
    )
    target = lab.play(lab.service(api_policy=policy), ("POST", f"{CALL}?a=1&b=2&c=3&d=4")).call.target
    assert target == "/predict?b=2&c=3&a=2&c=4%20%26%205"


def test_set_method_and_body(lab: Lab) -> None:
    call = lab.ask(
        lab.service(api_policy=lab.policy(inbound="<set-method>PUT</set-method><set-body>Hello world!</set-body>"))
    ).call
    assert (call.method, call.body) == ("PUT", b"Hello world!")


def test_set_body_may_hold_xml(lab: Lab) -> None:
    policy = lab.policy(inbound='<set-body><a xmlns="u">1 &amp; <b/></a></set-body>')
    assert lab.ask(lab.service(api_policy=policy)).call.body == b'<a xmlns="u">1 &amp; <b/></a>'


def test_set_status_in_outbound(lab: Lab) -> None:
    policy = lab.policy(outbound='<set-status code="202" reason="Accepted" />')
    assert lab.ask(lab.service(api_policy=policy)).answer.status == 202


def test_find_and_replace_in_the_response(lab: Lab) -> None:
    policy = lab.policy(outbound='<find-and-replace from="notebook" to="laptop" />')
    answer = lab.ask(lab.service(api_policy=policy), lab.reply(200, {}, b"a notebook, the notebook")).answer
    assert answer.body == b"a laptop, the laptop"


GET = {"method": "GET", "urlTemplate": "/get?a={b}"}


@pytest.mark.parametrize(
    ("policy", "target"),
    [
        ('<rewrite-uri template="/put" />', "/put?c=d"),
        ('<rewrite-uri template="/put" copy-unmatched-params="false" />', "/put"),
        ('<rewrite-uri template="/put/{b}?x={b}" copy-unmatched-params="false" />', "/put/b?x=b"),
    ],
)
def test_rewrite_uri_drops_what_the_template_matched(lab: Lab, policy: str, target: str) -> None:
    """The examples of "Rewrite URL"."""
    service = lab.service(operation=GET, api_policy=lab.policy(inbound=policy))
    assert lab.play(service, ("GET", "/ml-model/get?a=b&c=d")).call.target == target


def test_rewrite_uri_fills_path_parameters(lab: Lab) -> None:
    service = lab.service(
        operation={"method": "GET", "urlTemplate": "/{store}/{order}"},
        api_policy=lab.policy(inbound='<rewrite-uri template="/v2/US/hardware/{store}&amp;{order}?City=city" />'),
    )
    call = lab.play(service, ("GET", "/ml-model/a%20b/c")).call
    assert call.target == "/v2/US/hardware/a%20b&c?City=city"


def test_a_path_parameter_cannot_climb_out_of_the_backends_path(lab: Lab) -> None:
    service = lab.service(
        operation={"method": "GET", "urlTemplate": "/items/{id}"}, api={"serviceUrl": f"{lab.backend}/public"}
    )
    played = lab.play(service, ("GET", "/ml-model/items/%2e%2e"), ("GET", "/ml-model/items/a"))
    assert played.statuses == [400, 200]
    assert [call.target for call in played.calls] == ["/public/items/a"]


def test_set_backend_service_by_url_and_by_id(lab: Lab) -> None:
    backend = ("Backend", "b", {"backendId": "my-backend", "url": f"{lab.backend}/two/", "protocol": "http"})
    by_url = lab.policy(inbound=f'<set-backend-service base-url="{lab.backend}/one" />')
    by_id = lab.policy(inbound='<set-backend-service backend-id="my-backend" />')
    assert lab.ask(lab.service(api_policy=by_url)).call.target == "/one/predict"
    assert lab.ask(lab.service(backend, api_policy=by_id)).call.target == "/two/predict"


def test_a_backends_credentials_are_sent(lab: Lab) -> None:
    credentials = {
        "header": {"x-key": ["secret"]},
        "query": {"code": ["c"]},
        "authorization": {"scheme": "Basic", "parameter": "p"},
    }
    backend = ("Backend", "b", {"backendId": "b", "url": lab.backend, "protocol": "http", "credentials": credentials})
    service = lab.service(backend, api_policy=lab.policy(inbound='<set-backend-service backend-id="b" />'))
    call = lab.ask(service, headers={"X-Key": "client's"}).call
    assert (call.headers["x-key"], call.headers["authorization"]) == ("secret", "Basic p")
    assert call.target == "/predict?code=c"


def test_named_values_stand_in_a_backends_credentials_too(lab: Lab) -> None:
    """As the service writes the key of a Function App that is imported: `{{app-key}}`."""
    backend = {"backendId": "b", "url": "{{place}}", "credentials": {"header": {"x-functions-key": ["{{app-key}}"]}}}
    service = lab.service(
        ("Backend", "b", backend),
        ("NamedValue", "k", {"namedValueId": "k", "displayName": "app-key", "value": "s3cret", "secret": True}),
        ("NamedValue", "p", {"namedValueId": "p", "displayName": "place", "value": lab.backend}),
        api_policy=lab.policy(inbound='<set-backend-service backend-id="b" />'),
    )
    assert lab.ask(service).call.headers["x-functions-key"] == "s3cret"


def test_a_part_of_a_backend_can_be_bound_elsewhere(lab: Lab) -> None:
    played = lab.play(lab.service(), ("POST", CALL), urls={f"{lab.backend}/predict": "/invocations"})
    assert played.call.target == "/invocations"


def test_return_response_ends_the_pipeline(lab: Lab) -> None:
    """The example of "Return response"; its default is 200 without a body."""
    policy = lab.policy(
        inbound='<return-response><set-status code="401" reason="Unauthorized"/><set-header name="WWW-Authenticate" '
        'exists-action="override"><value>Bearer error="invalid_token"</value></set-header></return-response>',
        outbound='<set-header name="X-Out"><value>1</value></set-header>',
    )
    played = lab.ask(lab.service(api_policy=policy))
    assert (played.answer.status, played.answer.body) == (401, b"")
    assert played.answer.headers == {"www-authenticate": 'Bearer error="invalid_token"'}
    assert not played.calls
    plain = lab.ask(lab.service(api_policy=lab.policy(inbound="<return-response />"))).answer
    assert (plain.status, plain.body) == (200, b"")


def test_mock_response_gives_the_operations_example(lab: Lab) -> None:
    example = {"contentType": "application/json", "examples": {"default": {"value": {"ratings": [1]}}}}
    service = lab.service(
        operation={"responses": [{"statusCode": 201, "representations": [example]}]},
        api_policy=lab.policy(inbound='<mock-response status-code="201" content-type="application/json" />'),
    )
    answer = lab.ask(service).answer
    assert (answer.status, answer.json) == (201, {"ratings": [1]})
    assert answer.headers["content-type"] == "application/json"


def test_trace_changes_nothing(lab: Lab) -> None:
    policy = lab.policy(inbound='<trace source="x" severity="error"><message>said</message></trace>')
    assert lab.ask(lab.service(api_policy=policy)).answer.status == 200


def test_named_values_are_put_in_before_the_policy_is_read(lab: Lab) -> None:
    value = ("NamedValue", "v", {"namedValueId": "v", "displayName": "own-header", "value": "X-Own", "secret": True})
    policy = lab.policy(inbound='<set-header name="{{own-header}}"><value>{{ own-header }}!</value></set-header>')
    assert lab.ask(lab.service(value, api_policy=policy)).call.headers["x-own"] == "X-Own!"


def test_operations_of_an_openapi_document(lab: Lab) -> None:
    document = {"openapi": "3.0.1", "paths": {"/items/{id}": {"get": {"operationId": "item", "responses": {}}}}}
    service = lab.service(api={"format": "openapi+json", "value": json.dumps(document)})
    assert lab.play(service, ("GET", "/ml-model/items/7")).call.target == "/items/7"


@pytest.mark.parametrize(("template", "path"), [("/*", "/a/b"), ("/files/{*path}", "/files/a/b")])
def test_a_wildcard_takes_the_rest(lab: Lab, template: str, path: str) -> None:
    service = lab.service(operation={"method": "GET", "urlTemplate": template})
    assert lab.play(service, ("GET", f"/ml-model{path}")).call.target == path
