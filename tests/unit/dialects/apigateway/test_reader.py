"""Expected values: API Gateway's developer guide, "OpenAPI extensions for API Gateway" and the pages it links."""

from collections.abc import Callable

import pytest

from inferway.definition.api import ApiDefinition, RequestLimits
from inferway.definition.expression import Expression
from inferway.dialects.apigateway.reader import read, slug_of
from inferway.faults import Finding, Severity
from inferway.formats.resources import ResourceGraph

Read = Callable[[str], tuple[ApiDefinition, list[Finding]]]

MOCK = "{type: mock, requestTemplates: {application/json: '{}'}, responses: {default: {statusCode: 200}}}"
OPERATION = f"{{responses: {{200: {{}}}}, x-amazon-apigateway-integration: {MOCK}}}"


def path(name: str, *methods: str) -> str:
    return f"  {name}: {{{', '.join(f'{method}: {OPERATION}' for method in methods)}}}\n"


def routes(api: ApiDefinition) -> list[tuple[str, str]]:
    return [(route.method, route.path) for route in api.routes]


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_graph_without_documents_has_no_apis() -> None:
    assert read(ResourceGraph(resources=())) == ((), ())


def test_the_api_has_the_documents_title_and_the_vendors_limits(read_document: Read) -> None:
    api, findings = read_document("paths: {}")
    assert (api.dialect, api.name, api.slug) == ("apigateway", "T", "t")
    assert api.limits == RequestLimits(url=10_240, headers=10_240, body=10_485_760)
    assert findings == []


@pytest.mark.parametrize(
    ("title", "slug"), [("Movie Ratings (v2)", "movie-ratings-v2"), ("--A__b--", "a-b"), ("映画", "api"), ("x", "x")]
)
def test_a_slug_is_lower_case_with_hyphens(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_document_without_a_title_is_an_error(read_document: Read) -> None:
    _, findings = read_document("swagger: '2.0'\npaths: {}")
    assert codes(findings) == ["no-title"]


def test_methods_and_any(read_document: Read) -> None:
    api, findings = read_document(
        "paths:\n" + path("/", "get", "head", "options") + path("/a/{b}", "x-amazon-apigateway-any-method", "post")
    )
    assert routes(api) == [("GET", "/"), ("HEAD", "/"), ("OPTIONS", "/"), ("ANY", "/a/{b}"), ("POST", "/a/{b}")]
    assert codes(findings) == []


def test_a_slash_at_the_end_is_no_part_of_a_path(read_document: Read) -> None:
    api, findings = read_document("paths:\n" + path("/a/", "get"))
    assert routes(api) == [("GET", "/a")]
    assert findings == []


@pytest.mark.parametrize(
    ("paths", "code", "served"),
    [
        (["/a/{x}", "/a/{y}/b"], "sibling-variable", ["/a/{x}"]),
        (["/a/{x}", "/a/{proxy+}"], "sibling-variable", ["/a/{x}"]),
        (["/{proxy+}/a"], "greedy-not-last", []),
        (["/a", "/a/"], "duplicate-path", ["/a"]),
        (["a"], "bad-path", []),
        (["/a//b"], "bad-path", []),
        (["/a{x}"], "bad-path", []),
        (["/a/{}"], "bad-path", []),
        (["/a b"], "bad-path", []),
    ],
)
def test_paths_that_the_service_refuses(read_document: Read, paths: list[str], code: str, served: list[str]) -> None:
    api, findings = read_document("paths:\n" + "".join(path(f'"{name}"', "get") for name in paths))
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    assert codes(errors) == [code]
    assert errors[0].place.line == 3 + len(paths)
    assert [route.path for route in api.routes] == served


def test_the_same_variable_may_have_siblings_that_are_literal(read_document: Read) -> None:
    api, findings = read_document("paths:\n" + path("/a/{x}", "get") + path("/a/b", "get") + path("/a/{x}/{y+}", "get"))
    assert len(api.routes) == 3
    assert findings == []


def test_more_resources_than_the_quota(read_document: Read) -> None:
    api, findings = read_document("paths:\n" + "".join(path(f"/a/b{n}", "get") for n in range(299)))
    assert len(api.routes) == 299
    assert codes(findings) == ["too-many-resources"]
    assert "301 resources" in findings[0].text


def test_an_operation_without_an_integration_is_refused_and_not_served(read_document: Read) -> None:
    api, findings = read_document("paths:\n  /a:\n    get: {responses: {200: {}}}\n")
    assert api.routes == ()
    assert [(f.severity, f.code, f.place.line) for f in findings] == [(Severity.ERROR, "no-integration", 5)]


def test_an_unknown_method(read_document: Read) -> None:
    _, findings = read_document("paths:\n" + path("/a", "trace"))
    assert codes(findings) == ["unknown-method"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x-amazon-apigateway-policy: {Version: '2012-10-17', Statement: []}", []),
        ("x-amazon-apigateway-binary-media-types: [image/png]", []),
        ("x-amazon-apigateway-binary-media-types: []", []),
        ("x-amazon-apigateway-minimum-compression-size: 0", []),
        ("x-amazon-apigateway-minimum-compression-size: 10485761", [("error", "bad-compression-size")]),
        ("x-amazon-apigateway-minimum-compression-size: -1", [("error", "bad-compression-size")]),
        ("x-amazon-apigateway-minimum-compression-size: much", [("error", "bad-compression-size")]),
        ("x-amazon-apigateway-endpoint-configuration: {types: [REGIONAL]}", [("note", "unserved-extension")]),
        ("x-amazon-apigateway-endpoint-configuration: {types: [PRIVATE]}",
         [("note", "unserved-extension"), ("warning", "private-without-policy")]),
        ("x-amazon-apigateway-documentation: {version: 1}", []),
        ("x-amazon-apigateway-cors: {allowOrigins: ['*']}", [("warning", "unserved-extension")]),
        ("x-amazon-apigateway-security-policy: SecurityPolicy_TLS13", [("note", "unserved-extension")]),
        ("x-amazon-apigateway-teleport: 1", [("warning", "unknown-extension")]),
        ("x-other: 1", []),
        ("components: {x-amazon-apigateway-integrations: {a: {}}}", [("warning", "unserved-extension")]),
        ("servers: [{url: 'https://a.example.com/{basePath}', variables: {basePath: {default: /prod}}}]",
         [("note", "ignored-base-path")]),
        ("servers: [{url: 'https://a.example.com/v1'}]", [("note", "ignored-base-path")]),
        ("servers: [{url: 'https://a.example.com/'}, {url: 'http://[broken'}]", []),
        ("servers: [{url: /, x-amazon-apigateway-endpoint-configuration: {vpcEndpointIds: [v]}}]",
         [("note", "unserved-extension")]),
        ("x-amazon-apigateway-api-key-source: HEADER", []),
    ],
)  # fmt: skip
def test_nothing_of_the_vendors_is_ignored_silently(
    read_document: Read, text: str, expected: list[tuple[str, str]]
) -> None:
    _, findings = read_document(f"paths: {{}}\n{text}\n")
    assert [(finding.severity.value, finding.code) for finding in findings] == expected


def test_swaggers_base_path_is_ignored_with_a_note(read_document: Read) -> None:
    _, findings = read_document("swagger: '2.0'\ninfo: {title: T}\nbasePath: /v1\npaths: {}\n")
    assert codes(findings) == ["ignored-base-path"]


def test_extensions_of_operations_and_paths(read_document: Read) -> None:
    _, findings = read_document(
        f"paths:\n  /a:\n    x-amazon-apigateway-nothing: 1\n    get:\n      x-amazon-apigateway-something: 1\n"
        f"      responses: {{200: {{}}}}\n      x-amazon-apigateway-integration: {MOCK}\n"
    )
    assert [(finding.code, finding.place.line) for finding in findings] == [
        ("unknown-extension", 5),
        ("unknown-extension", 7),
    ]


def test_gateway_responses(read_document: Read) -> None:
    """The example of "x-amazon-apigateway-gateway-responses.gatewayResponse object"."""
    api, findings = read_document("""\
paths: {}
x-amazon-apigateway-gateway-responses:
  INVALID_API_KEY:
    statusCode: "456"
    responseParameters:
      gatewayresponse.header.api-key: method.request.header.api-key
      gatewayresponse.header.who: "'me'"
    responseTemplates:
      application/json: '{"message": "$context.error.message" #if }'
""")
    assert findings == []
    (response,) = api.error_responses
    assert (response.kind, response.status) == ("INVALID_API_KEY", 456)
    assert [(made.name, made.value.language, made.value.text) for made in response.headers] == [
        ("api-key", "mapping", "method.request.header.api-key"),
        ("who", "mapping", "'me'"),
    ]
    (body,) = response.templates
    assert isinstance(body.template, Expression)
    assert (body.content_type, body.template.language) == ("application/json", "substitution")
    assert body.template.place.line == 11


def test_a_response_has_no_path_and_no_query_string(read_document: Read) -> None:
    """The service takes them ("x-amazon-apigateway-gateway-responses.responseParameters object")."""
    api, findings = read_document("""\
paths: {}
x-amazon-apigateway-gateway-responses:
  THROTTLED:
    responseParameters:
      gatewayresponse.header.a: "'1'"
      gatewayresponse.path.b: "'2'"
      gatewayresponse.querystring.c: method.request.querystring.c
""")
    said = [(found.severity, found.code, found.place.line) for found in findings if found.code == "inert-mapping"]
    assert [line for _, _, line in said] == [8, 9]
    assert {severity for severity, _, _ in said} == {Severity.NOTE}
    assert "invalid-mapping" not in codes(findings)
    assert [made.name for made in api.error_responses[0].headers] == ["a"]


@pytest.mark.parametrize(
    ("response", "code"),
    [
        ("NOT_A_KIND: {}", "unknown-gateway-response"),
        ("REQUEST_TOO_LARGE: {}", "fixed-gateway-response"),
        ("THROTTLED: {statusCode: 42}", "bad-status"),
        ("THROTTLED: {statusCode: x}", "wrong-type"),
        ("THROTTLED: {responseParameters: {header.x: \"'1'\"}}", "invalid-mapping"),
        ("THROTTLED: {responseParameters: {gatewayresponse.header.x: y}}", "invalid-mapping"),
        ("THROTTLED: []", "wrong-type"),
    ],
)
def test_gateway_responses_that_are_not_right(read_document: Read, response: str, code: str) -> None:
    _, findings = read_document(f"paths: {{}}\nx-amazon-apigateway-gateway-responses: {{{response}}}\n")
    assert code in codes(findings)
