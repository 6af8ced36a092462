"""Expected values: API Gateway's "x-amazon-apigateway-integration object" and "Parameter mapping source reference".

Refusals as recorded on imports ("Invalid mapping expression specified", "... parameter specified").
"""

from collections.abc import Callable

import pytest

from inferway.definition.api import ApiDefinition
from inferway.definition.steps import Invoke, LookUpCache, MapRequest, MapResponse, Passthrough, Payload, StoreInCache
from inferway.definition.targets import HttpUrl, Mock, SageMakerEndpoint, Unserved
from inferway.faults import Finding, Severity

Read = Callable[[str], tuple[ApiDefinition, list[Finding]]]

RESPONSES = "responses: {default: {statusCode: 200}}"
INVOCATIONS = "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints"


def http(rest: str = "") -> str:
    return f"{{type: http, httpMethod: POST, uri: 'http://m.example.com/x', {RESPONSES}{', ' if rest else ''}{rest}}}"


def request_of(api: ApiDefinition) -> MapRequest:
    (step,) = (step for step in api.routes[0].pipeline.request if isinstance(step, MapRequest))
    return step


def invoke_of(api: ApiDefinition) -> Invoke:
    (step,) = api.routes[0].pipeline.invoke
    assert isinstance(step, Invoke)
    return step


def response_of(api: ApiDefinition) -> MapResponse:
    step, store = api.routes[0].pipeline.response
    assert isinstance(step, MapResponse)
    assert store == StoreInCache()
    return step


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.severity.value, finding.code) for finding in findings]


@pytest.mark.parametrize(
    ("kind", "forward"), [("http", False), ("HTTP", False), ("http_proxy", True), ("HTTP_PROXY", True)]
)
def test_http(read_method: Read, kind: str, forward: bool) -> None:
    api, findings = read_method(f"{{type: {kind}, httpMethod: put, uri: 'https://m.example.com/x?y=z', {RESPONSES}}}")
    assert findings == []
    target = invoke_of(api).target
    assert isinstance(target, HttpUrl)
    assert (target.url, target.place.line) == ("https://m.example.com/x?y=z", 11)
    assert (request_of(api).method, request_of(api).forward, response_of(api).forward) == ("PUT", forward, forward)


def test_mock(read_method: Read) -> None:
    api, findings = read_method(f"{{type: MOCK, requestTemplates: {{application/json: '{{}}'}}, {RESPONSES}}}")
    assert findings == []
    assert invoke_of(api).target == Mock()


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        (f"{INVOCATIONS}/movies/invocations", "movies"),
        ("arn:aws:apigateway:us-east-1:runtime.sagemaker:path//endpoints/movies/invocations", "movies"),
        ("arn:aws-cn:apigateway:cn-north-1:runtime.sagemaker:path/endpoints/m-1/invocations", "m-1"),
        (f"{INVOCATIONS}/${{stageVariables.endpoint}}/invocations", "${stageVariables.endpoint}"),
        (f"{INVOCATIONS}/m-{{id}}/invocations", "m-{id}"),
    ],
)
def test_sagemaker(read_method: Read, uri: str, name: str) -> None:
    mapping = "requestParameters: {integration.request.path.id: method.request.path.id}"
    role = "credentials: 'arn:aws:iam::123456789012:role/r'"
    api, findings = read_method(f"{{type: AWS, httpMethod: POST, uri: '{uri}', {role}, {mapping}, {RESPONSES}}}")
    assert findings == []
    target = invoke_of(api).target
    assert isinstance(target, SageMakerEndpoint)
    assert target.name == name
    assert not request_of(api).forward


FUNCTION = "arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:aws:lambda:r:1:function:f/invocations"


@pytest.mark.parametrize(
    ("kind", "uri"),
    [
        ("aws", "arn:aws:apigateway:us-east-1:s3:path/bucket/key"),
        ("aws", "arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue"),
        ("aws", "arn:aws:apigateway:us-east-1:states:action/StartExecution"),
        ("aws", "arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/f/response-streaming-invocations"),
        ("aws_proxy", "arn:aws:apigateway:us-east-1:dynamodb:action/GetItem"),
        ("aws", f"{INVOCATIONS}/m/other-invocations"),
        ("aws", "arn:aws:apigateway:us-east-1:runtime.sagemaker:action/InvokeEndpoint"),
        ("aws_proxy", f"{INVOCATIONS}/m/invocations"),
    ],
)
def test_services_that_are_not_served(read_method: Read, kind: str, uri: str) -> None:
    api, findings = read_method(f"{{type: {kind}, httpMethod: POST, uri: '{uri}', {RESPONSES}}}")
    assert codes(findings) == [("warning", "unserved-target")]
    target = invoke_of(api).target
    assert isinstance(target, Unserved)
    assert target.what == uri


@pytest.mark.parametrize(
    ("integration", "code"),
    [
        (f"{{type: http, httpMethod: GET, {RESPONSES}}}", "no-uri"),
        (f"{{type: http, httpMethod: GET, uri: 'ftp://x', {RESPONSES}}}", "bad-uri"),
        (f"{{type: http, httpMethod: GET, uri: 'm.example.com', {RESPONSES}}}", "bad-uri"),
        (f"{{type: aws, httpMethod: POST, uri: 'http://x', {RESPONSES}}}", "bad-uri"),
        (f"{{type: http, uri: 'http://x', {RESPONSES}}}", "integration-method"),
        (f"{{type: http, httpMethod: FLY, uri: 'http://x', {RESPONSES}}}", "integration-method"),
        (http("timeoutInMillis: 49"), "bad-timeout"),
        (http("timeoutInMillis: soon"), "wrong-type"),
        (http("passthroughBehavior: maybe"), "bad-passthrough"),
        (http("cacheKeyParameters: [method.request.querystring.none]"), "bad-cache-key"),
        (http("cacheKeyParameters: [q]"), "bad-cache-key"),
        (http("requestTemplates: {application/json: 1, text/x: []}"), "wrong-type"),
        ("[]", "integration-type"),
        ("{}", "integration-type"),
        ("{type: magic}", "integration-type"),
        ("null", "integration-type"),
    ],
)
def test_integrations_that_the_service_refuses(read_method: Read, integration: str, code: str) -> None:
    _, findings = read_method(integration)
    assert ("error", code) in codes(findings)
    assert all(finding.place.line == 11 for finding in findings)


def test_a_method_with_an_integration_of_no_known_type_is_not_served(read_method: Read) -> None:
    api, _ = read_method("{type: magic}")
    assert api.routes == ()


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        ("connectionType: VPC_LINK, connectionId: v", "unserved-integration"),
        ("tlsConfig: {serverName: model}", "unknown-property"),
        ("payloadFormatVersion: '2.0'", "unserved-integration"),
        ("timeoutInMillis: 29001", "long-timeout"),
        ("integrationSubtype: x", "unknown-property"),
    ],
)
def test_what_is_served_otherwise_is_a_warning(read_method: Read, rest: str, code: str) -> None:
    _, findings = read_method(http(rest))
    assert codes(findings) == [("warning", code)]


def test_what_makes_no_difference_is_silent(read_method: Read) -> None:
    rest = "connectionType: INTERNET, responseTransferMode: BUFFERED, tlsConfig: {insecureSkipVerification: false}"
    _, findings = read_method(http(f"{rest}, payloadFormatVersion: '1.0', credentials: r"))
    assert findings == []


@pytest.mark.parametrize("mode", ["BUFFERED", "STREAM"])
def test_a_backend_s_certificate_may_be_of_any_authority(read_method: Read, mode: str) -> None:
    for given, taken in (("true", True), ("'true'", True), ("false", False)):
        rest = f"tlsConfig: {{insecureSkipVerification: {given}}}, responseTransferMode: {mode}"
        api, findings = read_method(f"{{type: http_proxy, httpMethod: GET, uri: 'https://a', {rest}}}")
        assert findings == []
        target = invoke_of(api).target
        assert isinstance(target, HttpUrl)
        assert target.any_authority is taken


@pytest.mark.parametrize(("text", "seconds"), [("50", 0.05), ("'1500'", 1.5), ("29000", 29.0)])
def test_a_timeout_is_in_milliseconds(read_method: Read, text: str, seconds: float) -> None:
    api, findings = read_method(http(f"timeoutInMillis: {text}"))
    assert findings == []
    assert invoke_of(api).timeout == seconds


def test_defaults(read_method: Read) -> None:
    api, _ = read_method(http())
    assert invoke_of(api).timeout == 29.0
    assert request_of(api).passthrough is Passthrough.WHEN_NO_MATCH
    (cache,) = (step for step in api.routes[0].pipeline.request if isinstance(step, LookUpCache))
    assert cache == LookUpCache(namespace="/a/{id}", key_parameters=())


def test_the_cache_key(read_method: Read) -> None:
    keys = "[method.request.path.id, method.request.querystring.q, method.request.header.X-H]"
    api, findings = read_method(http(f"cacheNamespace: shared, cacheKeyParameters: {keys}"))
    assert findings == []
    (cache,) = (step for step in api.routes[0].pipeline.request if isinstance(step, LookUpCache))
    assert (cache.namespace, [key.name for key in cache.key_parameters]) == ("shared", ["id", "q", "X-H"])


MAPPINGS = [
    "method.request.path.id",
    "method.request.querystring.q",
    "method.request.multivaluequerystring.q",
    "method.request.header.X-H",
    "method.request.multivalueheader.X-H",
    "method.request.body",
    "method.request.body.a.b[0]",
    "stageVariables.name",
    "context.requestId",
    "context.identity.sourceIp",
    "'static value'",
    "''",
]


@pytest.mark.parametrize("mapping", MAPPINGS)
@pytest.mark.parametrize("where", ["path", "querystring", "header"])
def test_request_mappings(read_method: Read, mapping: str, where: str) -> None:
    api, findings = read_method(http(f'requestParameters: {{integration.request.{where}.X: "{mapping}"}}'))
    assert findings == []
    step = request_of(api)
    assigned = {"path": step.path, "querystring": step.query, "header": step.headers}[where]
    (made,) = (assignment for assignment in assigned if assignment.value.language != "gateway")
    assert (made.name, made.value.language, made.value.text) == ("X", "mapping", mapping)
    assert made.value.place.line == 11


@pytest.mark.parametrize(
    ("mapping", "text"),
    [
        ("integration.request.header.X: plain", "Invalid mapping expression specified: plain"),
        ("integration.request.header.X: \"'a',b\"", "Invalid mapping expression specified: 'a',b"),
        ("integration.request.header.X: method.request.cookie.q", "specified: method.request.cookie.q"),
        ("integration.request.header.X: method.request.header.None",
         "Invalid mapping expression parameter specified: method.request.header.None"),
        ("integration.request.header.X: integration.response.header.q", "specified: integration.response.header.q"),
        ("integration.request.header.X: 'method.request.body.$['", "specified: method.request.body.$["),
        ("integration.request.header.X: ''", "Invalid mapping expression specified: "),
        ("integration.request.body.X: \"'a'\"", "Invalid mapping expression specified: integration.request.body.X"),
        ("X: \"'a'\"", "Invalid mapping expression specified: X"),
    ],
)  # fmt: skip
def test_request_mappings_that_the_service_refuses(read_method: Read, mapping: str, text: str) -> None:
    _, (finding,) = read_method(http(f"requestParameters: {{{mapping}}}"))
    assert finding.severity is Severity.ERROR
    assert text in finding.text


def test_an_uri_parameter_without_a_value(read_method: Read) -> None:
    _, findings = read_method(
        f"{{type: http_proxy, httpMethod: ANY, uri: 'http://m.example.com/{{proxy}}', {RESPONSES}}}"
    )
    assert codes(findings) == [("warning", "unbound-placeholder")]


def cases(text: str) -> str:
    return f"{{type: http, httpMethod: GET, uri: 'http://m.example.com', responses: {{{text}}}}}"


@pytest.mark.parametrize(
    "mapping",
    [
        "integration.response.header.Y",
        "integration.response.multivalueheader.Y",
        "integration.response.body",
        "integration.response.body.a.b",
        "stageVariables.x",
        "context.requestId",
        "'*'",
    ],
)
def test_response_mappings(read_method: Read, mapping: str) -> None:
    text = f'default: {{statusCode: "200", responseParameters: {{method.response.header.X-A: "{mapping}"}}}}'
    api, findings = read_method(cases(text))
    assert findings == []
    (case,) = response_of(api).cases
    assert (case.status, case.pattern) == (200, None)
    assert [(made.name, made.value.text) for made in case.headers] == [("X-A", mapping)]


def test_cases_keep_their_patterns_and_order(read_method: Read) -> None:
    api, findings = read_method(cases("'5\\d{2}': {statusCode: 500}, default: {statusCode: 200}"))
    assert findings == []
    assert [(case.pattern, case.status) for case in response_of(api).cases] == [("5\\d{2}", 500), (None, 200)]


@pytest.mark.parametrize(
    ("text", "severity", "code"),
    [
        ("default: {}", "error", "bad-status"),
        ("default: {statusCode: 99}", "error", "bad-status"),
        ("default: {statusCode: 404}", "warning", "no-method-response"),
        ("default: {statusCode: 200, contentHandling: CONVERT_TO_NOTHING}", "error", "bad-content-handling"),
        ("'(': {statusCode: 200}", "error", "bad-selection-pattern"),
        ("default: {statusCode: 200, responseParameters: {method.response.header.X-B: \"'x'\"}}",
         "warning", "undeclared-header"),
        ("default: {statusCode: 200, responseParameters: {method.response.header.X-A: method.request.path.id}}",
         "error", "invalid-mapping"),
        ("default: {statusCode: 200, responseParameters: {X-A: \"'x'\"}}", "error", "invalid-mapping"),
        ("default: {statusCode: 200, responseTemplates: {application/json: '#if('}}", "warning", "bad-template"),
        ("", "warning", "no-integration-response"),
    ],
)  # fmt: skip
def test_responses_that_are_not_right(read_method: Read, text: str, severity: str, code: str) -> None:
    _, findings = read_method(cases(text))
    assert codes(findings) == [(severity, code)]


BLOCK = """
        type: http
        httpMethod: POST
        uri: http://m.example.com/x
        requestTemplates:
          application/json: |
            {"a": 1}
            #set($x = )
          text/plain: "$input.body"
        responses: {default: {statusCode: 200}}
"""


def test_a_template_that_does_not_compile_is_found_in_its_line_of_the_file(read_method: Read) -> None:
    api, (finding,) = read_method(BLOCK)
    assert (finding.severity, finding.code, finding.place.line) == (Severity.WARNING, "bad-template", 18)
    assert [template.content_type for template in request_of(api).templates] == ["application/json", "text/plain"]


def test_a_templates_place_is_its_first_line(read_method: Read) -> None:
    api, findings = read_method(BLOCK.replace("#set($x = )", "#set($x = 1)"))
    assert findings == []
    template = request_of(api).templates[0].template
    assert (template.language, template.place.line, template.place.column) == ("vtl", 17, 13)
    assert template.text == '{"a": 1}\n#set($x = 1)\n'


def test_a_template_past_the_quota(read_method: Read) -> None:
    _, findings = read_method(http(f"requestTemplates: {{application/json: '{'x' * (300 * 1024 + 1)}'}}"))
    assert codes(findings) == [("error", "template-too-large")]


def test_a_proxy_ignores_templates_and_response_mappings(read_method: Read) -> None:
    api, findings = read_method(
        "{type: http_proxy, httpMethod: GET, uri: 'http://m.example.com', requestTemplates: {application/json: '#if('},"
        " responses: {default: {statusCode: 200, responseTemplates: {application/json: x}}}}"
    )
    assert codes(findings) == [("note", "ignored-by-proxy")] * 2
    assert request_of(api).templates == ()
    assert response_of(api) == MapResponse(forward=True, payload=Payload())
