"""Overrides of parameters and of the status, from templates.

Source of what is documented: "Override your API's request and response parameters and status codes for REST APIs".
"""

from typing import Any

import pytest

JSON = {"Content-Type": "application/json"}


def overriding(lab: Any, template: str, **parts: Any) -> dict[str, Any]:
    integration = lab.http("/pets/{id}", requestTemplates={"application/json": template}, **parts)
    document: dict[str, Any] = lab.document({"/t": {"post": lab.operation(integration)}})
    return document


def test_a_request_template_overrides_path_query_and_headers(lab: Any) -> None:
    """Documented: `$context.requestOverride.path`, `.querystring` and `.header`."""
    template = (
        '#set($context.requestOverride.path.id = $input.path("$.id"))'
        '#set($context.requestOverride.querystring.q = "a b")'
        '#set($context.requestOverride.header.X-Made = "$context.httpMethod/x")'
        "#set($context.requestOverride.header['Accept'] = 'text/csv')"
        '$input.json("$")'
    )
    call = lab.play(overriding(lab, template), ("POST", "/t", JSON, '{"id": "7/8"}')).call
    assert (call.target, call.body) == ("/pets/7/8?q=a%20b", b'{"id":"7/8"}')
    assert (call.headers["x-made"], call.headers["accept"]) == ("POST/x", "text/csv")


def test_an_override_wins_over_a_mapping(lab: Any) -> None:
    """Documented: overrides come after the standard mappings."""
    mapped = {
        "integration.request.header.X-A": "'mapped'",
        "integration.request.querystring.b": "'mapped'",
        "integration.request.path.id": "'mapped'",
    }
    template = (
        "#set($context.requestOverride.header.X-A = 'over')#set($context.requestOverride.querystring.b = 'over')"
        "#set($context.requestOverride.path.id = 'over')"
    )
    call = lab.play(overriding(lab, template, requestParameters=mapped), ("POST", "/t", JSON, "{}")).call
    assert (call.target, call.headers["x-a"]) == ("/pets/over?b=over", "over")


@pytest.mark.parametrize(
    "twice",
    [
        "#set($context.requestOverride.header.a = '1')#set($context.requestOverride.header.a = '2')",
        "#set($context.requestOverride.querystring.a = '1')#set($context.requestOverride.querystring.a = '2')",
        "#set($context.requestOverride.path.id = '1')#set($context.requestOverride.path.id = '2')",
    ],
)
def test_overriding_a_parameter_twice_is_an_error(lab: Any, twice: str) -> None:
    """Documented: "an override may only be applied to each parameter once", else a 5XX response."""
    played = lab.play(overriding(lab, twice), ("POST", "/t", JSON, "{}"))
    assert (played.answer.status, played.answer.json) == (500, {"message": "Internal server error"})
    assert not played.calls


def test_a_response_template_overrides_status_and_headers(lab: Any) -> None:
    """Documented, example 1: the status by what the integration's body holds."""
    template = (
        "#set($inputRoot = $input.path('$'))$input.json('$')"
        '#if($inputRoot.toString().contains("error"))#set($context.responseOverride.status = 400)'
        "#set($context.responseOverride.header.X-Why = 'error')#end"
    )
    case = {"statusCode": "200", "responseTemplates": {"application/json": template}}
    document = lab.document({"/t": {"get": lab.operation(lab.http(responses={"default": case}))}})
    replies = (lab.reply(200, {}, b'{"errors": 1}'), lab.reply(200, {}, b'{"fine": 1}'))
    bad, good = lab.play(document, ("GET", "/t"), ("GET", "/t"), replies=replies).answers
    assert (bad.status, bad.json, bad.headers["x-why"]) == (400, {"errors": 1}, "error")
    assert (good.status, "x-why" in good.headers) == (200, False)


def test_a_response_override_wins_over_a_mapping_whatever_its_case(lab: Any) -> None:
    """Documented: the header is "returned instead of the Response header that is defined"."""
    case = {
        "statusCode": "200",
        "responseParameters": {"method.response.header.X-A": "'mapped'"},
        "responseTemplates": {"application/json": "#set($context.responseOverride.header.x-a = 'over')"},
    }
    document = lab.document({"/t": {"get": lab.operation(lab.mock(responses={"default": case}))}})
    assert lab.play(document, ("GET", "/t")).answer.headers["x-a"] == "over"


def test_the_content_type_can_be_overridden(lab: Any) -> None:
    """Documented: any response header."""
    template = "#set($context.responseOverride.header.Content-Type = 'text/html')<p>"
    answer = lab.play(lab.document({"/t": {"get": lab.rendering(template)}}), ("GET", "/t")).answer
    assert (answer.headers["content-type"], answer.text) == ("text/html", "<p>")


def test_overriding_a_response_header_twice_is_an_error(lab: Any) -> None:
    """Documented, as for requests."""
    template = "#set($context.responseOverride.header.a = '1')#set($context.responseOverride.header.a = '2')"
    assert lab.play(lab.document({"/t": {"get": lab.rendering(template)}}), ("GET", "/t")).answer.status == 500


def test_a_request_template_s_response_override_holds_on_mock(lab: Any) -> None:
    """Recorded (reference, item 8): overrides survive from the request to the response template on MOCK."""
    template = (
        "#set($context.responseOverride.status = 404)#set($context.responseOverride.header.a = 'b')"
        '{"statusCode": 200}'
    )
    case = {"statusCode": "200", "responseTemplates": {"application/json": "$context.responseOverride.header.a"}}
    document = lab.document({"/t": {"get": lab.operation(lab.mock(template, responses={"default": case}))}})
    answer = lab.play(document, ("GET", "/t")).answer
    assert (answer.status, answer.text, answer.headers["a"]) == (404, "b", "b")


@pytest.mark.parametrize(
    "template",
    [
        "#set($context.responseOverride.header['a-b'] = 'c')",
        "#set($context.responseOverride.header.a-b = 'c')",
        "$context.responseOverride.header.put('a-b', 'c')",
        "#set($h = {'a-b': 'c'})#set($context.responseOverride.header = $h)",
    ],
)
def test_every_way_to_assign_works(lab: Any, template: str) -> None:
    """Recorded (reference, item 8): dot, brackets and `put`; a whole map is assumed."""
    answer = lab.play(lab.document({"/t": {"get": lab.rendering(template)}}), ("GET", "/t")).answer
    assert answer.headers["a-b"] == "c"


def test_a_header_s_value_cannot_start_another_header(lab: Any) -> None:
    """Assumed (RFC 9110, 5.5): control characters become spaces."""
    template = '#set($context.responseOverride.header.a = $util.urlDecode("b%0D%0Ac: d"))'
    answer = lab.play(lab.document({"/t": {"get": lab.rendering(template)}}), ("GET", "/t")).answer
    assert answer.headers["a"] == "b c: d"
    assert "c" not in answer.headers


@pytest.mark.parametrize("kind", ["proxy", "function"])
def test_proxies_have_no_overrides(lab: Any, kind: str) -> None:
    """Recorded (reference): "not for proxy types"; such an integration has no template that could set one."""
    template = "#set($context.requestOverride.header.X-A = 'over')#set($context.responseOverride.status = 418)"
    case = {"statusCode": "200", "responseTemplates": {"application/json": template}}
    parts = {"requestTemplates": {"application/json": template}, "responses": {"default": case}}
    made = lab.proxy(**parts) if kind == "proxy" else lab.function(**parts)
    reply = lab.reply(200, {}, b"1" if kind == "proxy" else b'{"statusCode": 200, "body": "1"}')
    played = lab.play(lab.document({"/t": {"post": lab.operation(made)}}), ("POST", "/t", JSON, "{}"), replies=(reply,))
    assert (played.answer.status, played.answer.text, played.call.headers.get("x-a")) == (200, "1", None)
