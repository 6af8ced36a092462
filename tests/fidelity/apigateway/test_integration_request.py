"""How a request becomes the call to the backend: templates, passthrough, parameters and headers."""

import re
from typing import Any

import pytest

from inferway.definition.stage import StageSettings

JSON = {"Content-Type": "application/json"}


def declared(*names: str) -> list[dict[str, Any]]:
    """Declare parameters as `query.a`, `header.b` or `path.c`."""
    return [
        {"name": name.partition(".")[2], "in": name.partition(".")[0], "required": name.startswith("path")}
        | {"schema": {"type": "string"}}
        for name in names
    ]


def one(lab: Any, integration: dict[str, Any], *parameters: str, path: str = "/t") -> dict[str, Any]:
    operation = lab.operation(integration, parameters=declared(*parameters))
    document: dict[str, Any] = lab.document({path: {"x-amazon-apigateway-any-method": operation}})
    return document


PASSTHROUGH = [
    # templates, Content-Type, then what happens under WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER
    ("json", None, "template", "template", "template"),
    ("json", "application/json", "template", "template", "template"),
    ("json", "application/json; charset=UTF-8", "template", "template", "template"),
    ("json", "application/xml", "as is", 415, 415),
    ("xml", None, "as is", 415, 415),
    ("xml", "application/json", "as is", 415, 415),
    ("xml", "application/xml", "template", "template", "template"),
    ("none", None, "as is", "as is", 415),
    ("none", "application/json", "as is", "as is", 415),
    ("none", "application/xml", "as is", "as is", 415),
]


@pytest.mark.parametrize("behaviour", ["when_no_match", "when_no_templates", "never"])
@pytest.mark.parametrize("row", PASSTHROUGH, ids=lambda row: f"{row[0]}-{row[1]}")
def test_the_passthrough_behaviour_decides_on_bodies_without_a_template(lab: Any, behaviour: str, row: Any) -> None:
    """Documented ("Integration passthrough behaviors"), the three tables of examples."""
    kind, content_type, *outcomes = row
    templates = {} if kind == "none" else {f"application/{kind}": "templated"}
    integration = lab.http(requestTemplates=templates, passthroughBehavior=behaviour)
    headers = {} if content_type is None else {"Content-Type": content_type}
    played = lab.play(one(lab, integration), ("POST", "/t", headers, "body"))
    outcome = outcomes[["when_no_match", "when_no_templates", "never"].index(behaviour)]
    if outcome == 415:
        assert (played.answer.status, played.answer.error) == (415, "BadRequestException")
        assert played.answer.body == b'{"message": "Unsupported Media Type"}'
        assert not played.calls
    else:
        assert played.call.body == (b"templated" if outcome == "template" else b"body")


def test_when_no_match_is_the_default(lab: Any) -> None:
    """Documented (API reference, `PutIntegration`, `passthroughBehavior`)."""
    integration = lab.http(requestTemplates={"application/json": "templated"})
    assert lab.play(one(lab, integration), ("POST", "/t", {"Content-Type": "text/csv"}, "1,2")).call.body == b"1,2"


def test_an_empty_template_leaves_the_body_as_it_is(lab: Any) -> None:
    """Documented for responses ("Select a mapping template"); assumed for requests."""
    integration = lab.http(requestTemplates={"application/json": ""}, passthroughBehavior="never")
    assert lab.play(one(lab, integration), ("POST", "/t", JSON, '{"a":1}')).call.body == b'{"a":1}'


def test_a_custom_http_integration_sends_headers_of_its_own_only(lab: Any) -> None:
    """Recorded in execution logs ("Endpoint request headers"): the client's headers stay unless they are mapped."""
    client = {"Accept": "text/html", "User-Agent": "curl", "X-Own": "1", "Cookie": "a=b", "Authorization": "Bearer x"}
    call = lab.play(one(lab, lab.http()), ("GET", "/t", client)).call
    found = {name: value for name, value in call.headers.items() if name not in ("host", "content-length")}
    api = found["x-amzn-apigateway-api-id"]
    assert re.fullmatch("[a-z0-9]{10}", api)
    assert re.fullmatch("Root=1-[0-9a-f]{8}-[0-9a-f]{24}", found.pop("x-amzn-trace-id"))
    assert found == {
        "accept": "application/json",
        "user-agent": f"AmazonAPIGateway_{api}",
        "x-amzn-apigateway-api-id": api,
    }
    assert call.headers["host"].startswith("127.0.0.1:")


@pytest.mark.parametrize("content_type", ["application/json", "text/csv", "application/json; charset=utf-8"])
def test_a_custom_http_integration_passes_the_content_type_with_a_body(lab: Any, content_type: str) -> None:
    """Documented ("important notes", table of headers: Content-Type, passthrough)."""
    call = lab.play(one(lab, lab.http()), ("POST", "/t", {"Content-Type": content_type}, "x")).call
    assert call.headers["content-type"] == content_type


def test_a_body_without_a_content_type_is_json(lab: Any) -> None:
    """Documented ("Select a mapping template": its default value is application/json)."""
    assert lab.play(one(lab, lab.http()), ("POST", "/t", {}, "{}")).call.headers["content-type"] == "application/json"


def test_mapped_headers_replace_those_of_the_service(lab: Any) -> None:
    """Documented ("Parameter mapping examples for REST APIs")."""
    mapped = {
        "integration.request.header.Accept": "'text/csv'",
        "integration.request.header.User-Agent": "method.request.header.User-Agent",
        "integration.request.header.x-copy": "method.request.header.X-Own",
    }
    integration = lab.http(requestParameters=mapped)
    document = one(lab, integration, "header.User-Agent", "header.X-Own")
    call = lab.play(document, ("GET", "/t", {"User-Agent": "curl", "x-own": "7"})).call
    assert [call.headers[name] for name in ("accept", "user-agent", "x-copy")] == ["text/csv", "curl", "7"]


SOURCES = {
    "method.request.path.p": "P/x",
    "method.request.querystring.q": "2",
    "method.request.header.h": "H",
    "method.request.body": '{"a": {"b": [1, {"c": "deep"}]}, "n": 5.0}',
    "method.request.body.a.b[1].c": "deep",
    "method.request.body.a.b": '[1,{"c":"deep"}]',
    "method.request.body.n": "5.0",
    "stageVariables.v": "stage",
    "context.httpMethod": "POST",
    "context.identity.sourceIp": "192.0.2.7",
    "'static, value'": "static, value",
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_parameter_is_mapped_from_every_source(lab: Any, source: str) -> None:
    """Documented ("Parameter mapping source reference for REST APIs"); of several values the last one counts."""
    integration = lab.http(requestParameters={"integration.request.header.x-made": source})
    document = one(lab, integration, "path.p", "query.q", "header.h", path="/t/{p}")
    body = SOURCES["method.request.body"]
    stage = StageSettings(name="beta", variables={"v": "stage"})
    call = lab.play(document, ("POST", "/t/P%2Fx?q=1&q=2", {"H": "H", **JSON}, body), stage=stage).call
    assert call.headers["x-made"] == SOURCES[source]


def test_a_mapping_without_a_value_sends_nothing(lab: Any) -> None:
    """Assumed: a parameter that the client does not send is left out of the integration request."""
    mapped = {
        "integration.request.header.x-a": "method.request.header.a",
        "integration.request.querystring.b": "method.request.querystring.b",
        "integration.request.header.x-c": "method.request.body.nothing",
    }
    call = lab.play(
        one(lab, lab.http(requestParameters=mapped), "header.a", "query.b"), ("POST", "/t", JSON, "{}")
    ).call
    assert call.target == "/"
    assert not {"x-a", "x-c"} & set(call.headers)


def test_multi_value_sources_send_every_value(lab: Any) -> None:
    """Documented ("Parameter mapping source reference": multivaluequerystring, multivalueheader)."""
    mapped = {
        "integration.request.querystring.all": "method.request.multivaluequerystring.q",
        "integration.request.querystring.last": "method.request.querystring.q",
    }
    document = one(lab, lab.http(requestParameters=mapped), "query.q")
    assert lab.play(document, ("GET", "/t?q=1&q=b%20c")).call.target == "/?all=1&all=b%20c&last=b%20c"


def test_the_client_s_query_is_not_sent_by_a_custom_integration(lab: Any) -> None:
    """Documented ("Set up HTTP integrations in API Gateway"): only what is mapped goes on."""
    assert lab.play(one(lab, lab.http("/fixed?k=1")), ("GET", "/t?q=1")).call.target == "/fixed?k=1"


def test_path_parameters_fill_the_uri(lab: Any) -> None:
    """Documented ("Parameter mapping examples"): `{name}` in the URI is `integration.request.path.name`."""
    mapped = {"integration.request.path.to": "method.request.path.id"}
    document = one(lab, lab.http("/pets/{to}/info", requestParameters=mapped), "path.id", path="/t/{id}")
    assert lab.play(document, ("GET", "/t/a%20b")).call.target == "/pets/a%20b/info"


def test_stage_variables_stand_in_the_uri(lab: Any) -> None:
    """Documented ("Amazon API Gateway stage variables reference", HTTP integration URIs)."""
    document = one(lab, lab.http("/${stageVariables.version}/x"))
    stage = StageSettings(name="beta", variables={"version": "v2"})
    assert lab.play(document, ("GET", "/t"), stage=stage).call.target == "/v2/x"


@pytest.mark.parametrize(("integration", "asked", "sent"), [("POST", "GET", "POST"), ("ANY", "PUT", "PUT")])
def test_the_integration_s_method_is_its_own(lab: Any, integration: str, asked: str, sent: str) -> None:
    """Documented ("x-amazon-apigateway-integration object", httpMethod)."""
    assert lab.play(one(lab, lab.http(method=integration)), (asked, "/t")).call.method == sent


def test_a_proxy_passes_the_request_on(lab: Any) -> None:
    """Documented ("Set up HTTP integrations": the entire request; "important notes", table of headers).

    Recorded of the query: ustayready/fireprox issue 44 (slash), repost.aws, question QUlwoyl28tTkyboWbiyDwn1Q.
    """
    client = {
        "Accept": "text/html",
        "User-Agent": "curl/8",
        "Cookie": "a=b",
        "Authorization": "Bearer x",
        "X-Own": "1",
        "Content-Type": "text/csv",
        "Referer": "r",
        "Range": "bytes=0-1",
    }
    call = lab.play(one(lab, lab.proxy("/base")), ("PUT", "/t?b=2&a=1&a=%C3%A9%2F%3B", client, "1,2")).call
    assert (call.method, call.target, call.body) == ("PUT", "/base?b=2&a=1&a=%C3%A9/;", b"1,2")
    assert {name: call.headers[name.lower()] for name in client} == client
    assert call.headers["x-forwarded-for"] == "192.0.2.7"
    assert call.headers["x-forwarded-proto"] == "http"
    assert call.headers["x-forwarded-port"] == "80"
    assert re.fullmatch("Root=1-[0-9a-f]{8}-[0-9a-f]{24}", call.headers["x-amzn-trace-id"])
    assert re.fullmatch("[a-z0-9]{10}", call.headers["x-amzn-apigateway-api-id"])


def test_a_proxy_keeps_back_what_is_the_connection_s(lab: Any) -> None:
    """Documented ("important notes", table of headers: dropped in HTTP proxy requests; Host overwritten)."""
    client = {
        "Connection": "keep-alive, X-Hop",
        "X-Hop": "1",
        "Content-MD5": "x",
        "Expect": "nothing",
        "Max-Forwards": "1",
        "Proxy-Authenticate": "x",
        "Server": "x",
        "TE": "trailers",
        "Trailer": "x",
        "Upgrade": "x",
        "Via": "x",
        "WWW-Authenticate": "x",
    }
    call = lab.play(one(lab, lab.proxy()), ("GET", "/t", client)).call
    assert not {name.lower() for name in client} & set(call.headers)
    assert call.headers["host"].startswith("127.0.0.1:")


def test_a_proxy_adds_the_client_to_those_it_was_forwarded_for(lab: Any) -> None:
    """Recorded (reference to RFC 7239's forerunner; public logs of the service show `client, proxy`)."""
    headers = {"X-Forwarded-For": "198.51.100.1", "X-Amzn-Trace-Id": "Root=1-00000000-000000000000000000000000"}
    call = lab.play(one(lab, lab.proxy()), ("GET", "/t", headers)).call
    assert call.headers["x-forwarded-for"] == "198.51.100.1, 192.0.2.7"
    assert call.headers["x-amzn-trace-id"] == headers["X-Amzn-Trace-Id"]


def test_a_proxy_resource_sends_its_path_on(lab: Any) -> None:
    """Documented ("Set up a proxy integration with a proxy resource")."""
    mapped = {"integration.request.path.proxy": "method.request.path.proxy"}
    document = one(lab, lab.proxy("/v1/{proxy}", requestParameters=mapped), "path.proxy", path="/t/{proxy+}")
    assert lab.play(document, ("GET", "/t/a/b%20c?x=1")).call.target == "/v1/a/b%20c?x=1"


def test_a_proxy_s_mappings_replace_what_the_client_sent(lab: Any) -> None:
    """Documented ("Set up HTTP integrations"): an HTTP proxy integration may map parameters; a name is sent once."""
    mapped = {
        "integration.request.querystring.a": "'fixed'",
        "integration.request.header.X-Own": "'fixed'",
        "integration.request.header.Host": "'elsewhere'",
    }
    call = lab.play(one(lab, lab.proxy(requestParameters=mapped)), ("GET", "/t?a=1&b=2", {"x-own": "1"})).call
    assert call.target == "/?b=2&a=fixed"
    assert call.headers["x-own"] == "fixed"


def test_a_proxy_ignores_templates(lab: Any) -> None:
    """Documented ("Integration passthrough behaviors"): a proxy passes the entire request through."""
    integration = lab.proxy(requestTemplates={"application/json": "templated"}, passthroughBehavior="never")
    assert lab.play(one(lab, integration), ("POST", "/t", {"Content-Type": "text/csv"}, "x")).call.body == b"x"


def test_a_backend_that_cannot_be_reached_is_a_network_error(lab: Any) -> None:
    """Documented ("Gateway response types": INTEGRATION_FAILURE, 504); recorded message."""
    integration = lab.http() | {"uri": "http://127.0.0.1:9/"}
    answer = lab.play(one(lab, integration), ("GET", "/t")).answer
    assert (answer.status, answer.json) == (504, {"message": "Network error communicating with endpoint"})


def test_a_host_that_does_not_exist_is_a_configuration_error(lab: Any) -> None:
    """Documented ("Gateway response types": API_CONFIGURATION_ERROR for an invalid endpoint address)."""
    integration = lab.http() | {"uri": "http://nowhere.invalid/"}
    answer = lab.play(one(lab, integration), ("GET", "/t")).answer
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})
