"""How the backend's reply becomes the response: selection, templates, headers."""

import re
from typing import Any

import pytest


def answering(lab: Any, responses: dict[str, Any], **parts: Any) -> dict[str, Any]:
    document: dict[str, Any] = lab.document({"/t": {"get": lab.operation(lab.http(responses=responses), **parts)}})
    return document


def case(status: int, **parts: Any) -> dict[str, Any]:
    return {"statusCode": str(status), **parts}


def templates(**made: str) -> dict[str, Any]:
    return {"responseTemplates": {f"application/{name}": text for name, text in made.items()}}


SELECTION = {
    "200": case(201),
    "4\\d{2}": case(400),
    "5\\d": case(599),
    "50[0-3]|511": case(502),
    "default": case(299),
}


@pytest.mark.parametrize(
    ("status", "made"), [(200, 201), (404, 400), (499, 400), (500, 502), (511, 502), (504, 299), (204, 299), (302, 299)]
)
def test_a_selection_pattern_matches_the_whole_status(lab: Any, status: int, made: int) -> None:
    """Documented ("Set up an integration response"): a Java regular expression; `5\\d` matches no status of three."""
    body = b"" if status == 204 else b"{}"
    assert (
        lab.play(answering(lab, SELECTION), ("GET", "/t"), replies=(lab.reply(status, {}, body),)).answer.status == made
    )


def test_no_match_and_no_default_is_a_configuration_error(lab: Any) -> None:
    """Recorded (reference, "Mapping templates"); documented as API_CONFIGURATION_ERROR ("Gateway response types")."""
    answer = lab.play(answering(lab, {"200": case(200)}), ("GET", "/t"), replies=(lab.reply(404),)).answer
    assert (answer.status, answer.error) == (500, "InternalServerErrorException")
    assert answer.body == b'{"message": "Internal server error"}'


@pytest.mark.parametrize(
    ("declared", "status"), [(["200"], 200), (["default"], 200), (["201", "404"], 500), ([], 500), (["20"], 500)]
)
def test_a_status_that_the_method_does_not_declare_is_a_configuration_error(
    lab: Any, declared: list[str], status: int
) -> None:
    """Recorded: serverless-operations/serverless-apigateway-service-proxy issue 179, of a CloudFormation stack.

    That OpenAPI's `default` declares every status is assumed.
    """
    for integration in (lab.http(), lab.mock()):
        operation = lab.operation(integration) | {"responses": {name: {"description": ""} for name in declared}}
        answer = lab.play(lab.document({"/t": {"get": operation}}), ("GET", "/t")).answer
        assert answer.status == status
        if status == 500:
            assert answer.body == b'{"message": "Internal server error"}'
            assert answer.error == "InternalServerErrorException"


def test_without_templates_the_body_passes_as_json(lab: Any) -> None:
    """Documented ("Select a mapping template"; "important notes": by default, the content type is application/json)."""
    reply = lab.reply(200, {"Content-Type": "text/csv"}, b"1,2")
    answer = lab.play(answering(lab, {"default": case(200)}), ("GET", "/t"), replies=(reply,)).answer
    assert (answer.body, answer.headers["content-type"]) == (b"1,2", "application/json")


def test_a_mapped_content_type_replaces_the_default(lab: Any) -> None:
    """Documented ("Parameter mapping examples": integration.response.header)."""
    mapped = {"method.response.header.Content-Type": "integration.response.header.Content-Type"}
    reply = lab.reply(200, {"Content-Type": "text/csv"}, b"1,2")
    document = answering(lab, {"default": case(200, responseParameters=mapped)})
    answer = lab.play(document, ("GET", "/t"), replies=(reply,)).answer
    assert answer.headers["content-type"] == "text/csv"
    assert [name.lower() for name in answer.names].count("content-type") == 1


@pytest.mark.parametrize(
    ("made", "accept", "text", "content_type"),
    [
        ({"json": "j", "xml": "x"}, None, "j", "application/json"),
        ({"json": "j", "xml": "x"}, "application/xml", "x", "application/xml"),
        ({"json": "j", "xml": "x"}, "application/xml; q=0.9", "x", "application/xml"),
        ({"json": "j", "xml": "x"}, "application/xml, text/html", "x", "application/xml"),
        ({"json": "j", "xml": "x"}, "text/html, application/xml", "j", "application/json"),
        ({"json": "j", "xml": "x"}, "*/*", "j", "application/json"),
        ({"xml": "x"}, None, "x", "application/xml"),
        ({"xml": "x"}, "application/json", "x", "application/xml"),
    ],
)
def test_the_accept_header_selects_the_template(
    lab: Any, made: dict[str, str], accept: str | None, text: str, content_type: str
) -> None:
    """Documented ("Select a mapping template"); only the first type counts ("important notes")."""
    headers = {} if accept is None else {"Accept": accept}
    answer = lab.play(answering(lab, {"default": case(200, **templates(**made))}), ("GET", "/t", headers)).answer
    assert (answer.text, answer.headers["content-type"]) == (text, content_type)


def test_an_empty_template_returns_the_body_unmapped(lab: Any) -> None:
    """Documented ("Select a mapping template", its last example)."""
    document = answering(lab, {"default": case(200, **templates(json="", xml="x"))})
    answer = lab.play(document, ("GET", "/t"), replies=(lab.reply(200, {}, b"[1]"),)).answer
    assert answer.body == b"[1]"


def test_a_response_template_sees_the_reply_and_the_request_s_parameters(lab: Any) -> None:
    """Documented ("Mapping templates for REST APIs", integration response)."""
    template = '{"got": $input.json("$.a"), "q": "$input.params("q")"}'
    document = answering(lab, {"default": case(200, **templates(json=template))})
    answer = lab.play(document, ("GET", "/t?q=7"), replies=(lab.reply(200, {}, b'{"a": {"b": 1.0}}'),)).answer
    assert answer.text == '{"got": {"b":1.0}, "q": "7"}'


SOURCES = {
    "integration.response.header.X-From": "one",
    "integration.response.multivalueheader.X-From": "one",
    "integration.response.body": '{"redirect": {"url": "https://e.example/"}, "list": [1, 2]}',
    "integration.response.body.redirect.url": "https://e.example/",
    "integration.response.body.list": "[1,2]",
    "context.httpMethod": "GET",
    "context.stage": "prod",
    "'static'": "static",
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_response_header_is_mapped_from_every_source(lab: Any, source: str) -> None:
    """Documented ("Parameter mapping source reference for REST APIs", method response headers)."""
    document = answering(lab, {"default": case(200, responseParameters={"method.response.header.Made": source})})
    reply = lab.reply(200, {"x-from": "one"}, SOURCES["integration.response.body"].encode())
    assert lab.play(document, ("GET", "/t"), replies=(reply,)).answer.headers["made"] == SOURCES[source]


def test_a_header_without_a_value_is_left_out(lab: Any) -> None:
    """Assumed: a header that the backend does not send is not made."""
    mapped = {"method.response.header.Made": "integration.response.header.None"}
    answer = lab.play(answering(lab, {"default": case(200, responseParameters=mapped)}), ("GET", "/t")).answer
    assert "made" not in answer.headers


def test_a_custom_integration_keeps_the_backend_s_headers_back(lab: Any) -> None:
    """Documented ("Set up an integration response"): only what is mapped reaches the client."""
    reply = lab.reply(200, {"X-Own": "1", "Server": "s", "Set-Cookie": "a=b"})
    answer = lab.play(answering(lab, {"default": case(200)}), ("GET", "/t"), replies=(reply,)).answer
    assert set(answer.headers) == {"content-type", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"}
    assert re.fullmatch("Root=1-[0-9a-f]{8}-[0-9a-f]{24}", answer.headers["x-amzn-trace-id"])


def test_the_trace_of_a_response_is_the_one_that_the_backend_saw(lab: Any) -> None:
    """Recorded (public responses of custom integrations): X-Amzn-Trace-Id."""
    played = lab.play(answering(lab, {"default": case(200)}), ("GET", "/t"))
    assert played.answer.headers["x-amzn-trace-id"] == played.call.headers["x-amzn-trace-id"]


@pytest.mark.parametrize(
    "name", ["Connection", "Content-Length", "Date", "Server", "WWW-Authenticate", "x-amzn-RequestId"]
)
def test_a_header_that_the_service_keeps_for_itself_is_remapped(lab: Any, name: str) -> None:
    """Documented ("important notes", table of headers); Content-Length and x-amzn-RequestId recorded."""
    mapped = {f"method.response.header.{name}": "'mine'"}
    answer = lab.play(answering(lab, {"default": case(200, responseParameters=mapped)}), ("GET", "/t")).answer
    assert answer.headers[f"x-amzn-remapped-{name.lower()}"] == "mine"
    assert answer.headers.get(name.lower(), "") != "mine"


@pytest.mark.parametrize(
    "name", ["Transfer-Encoding", "TE", "Trailer", "Upgrade", "Host", "Expect", "Proxy-Authenticate"]
)
def test_a_header_of_the_connection_is_dropped(lab: Any, name: str) -> None:
    """Documented ("important notes", table of headers); the same by an override."""
    mapped = {f"method.response.header.{name}": "'mine'"}
    over = templates(json=f"#set($context.responseOverride.header.{name} = 'mine')")
    for made in ({"responseParameters": mapped}, over):
        answer = lab.play(answering(lab, {"default": case(200, **made)}), ("GET", "/t")).answer
        assert "mine" not in answer.headers.values()


def test_a_proxy_s_reply_goes_back_as_it_came(lab: Any) -> None:
    """Documented ("Set up HTTP integrations"): status, headers and body."""
    reply = lab.reply(418, {"Content-Type": "text/csv", "X-Own": "1", "ETag": '"e"', "Set-Cookie": "a=b"}, b"1,2")
    answer = lab.play(lab.document({"/t": {"get": lab.operation(lab.proxy())}}), ("GET", "/t"), replies=(reply,)).answer
    assert (answer.status, answer.body) == (418, b"1,2")
    assert {name: answer.headers[name] for name in ("content-type", "x-own", "etag", "set-cookie")} == {
        "content-type": "text/csv",
        "x-own": "1",
        "etag": '"e"',
        "set-cookie": "a=b",
    }


def test_what_a_proxy_s_backend_says_of_itself_is_remapped(lab: Any) -> None:
    """Recorded (public responses of HTTP proxies) and documented ("important notes", table of headers)."""
    reply = lab.reply(200, {"Server": "gunicorn", "Date": "then", "Connection": "keep-alive", "Via": "1.1 x"}, b"[1]")
    answer = lab.play(lab.document({"/t": {"get": lab.operation(lab.proxy())}}), ("GET", "/t"), replies=(reply,)).answer
    assert {"x-amzn-Remapped-Server", "x-amzn-Remapped-Date", "x-amzn-Remapped-Connection"} < set(answer.names)
    assert answer.headers["x-amzn-remapped-server"] == "gunicorn"
    assert answer.headers["x-amzn-remapped-date"] == "then"
    assert answer.headers["x-amzn-remapped-connection"] == "keep-alive"
    assert answer.headers["x-amzn-remapped-content-length"] == "3"
    assert not {"server", "date", "connection", "content-length", "via"} & set(answer.headers)


def test_a_proxy_s_reply_without_a_content_type_is_json(lab: Any) -> None:
    """Documented ("important notes"): a Content-Type header for all integration responses, by default JSON."""
    answer = lab.play(lab.document({"/t": {"get": lab.operation(lab.proxy())}}), ("GET", "/t")).answer
    assert answer.headers["content-type"] == "application/json"


def test_an_empty_reply_makes_an_empty_response(lab: Any) -> None:
    """Documented ("Select a mapping template"): without a template the payload passes."""
    answer = lab.play(answering(lab, {"default": case(200)}), ("GET", "/t"), replies=(lab.reply(200, {}, b""),)).answer
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"", "application/json")
