"""What mapping templates see: `$input`, `$context`, `$stageVariables` and `$util`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from inferway.definition.stage import StageSettings
from inferway.dialects.apigateway.scope import template_context
from inferway.languages.vtl import VtlError, compile_template

JSON = {"Content-Type": "application/json"}
CASES = Path(__file__).parents[1] / "vtl" / "cases" / "aws_input.jsonl"


@pytest.mark.parametrize(
    "case", [json.loads(line) for line in CASES.read_text("utf-8").splitlines()], ids=lambda case: str(case["name"])
)
def test_the_dialect_s_own_scope_renders_as_the_java_model_does(case: dict[str, Any]) -> None:
    """Differential: `expected_aws` was made with Apache Velocity 1.7 and Jayway json-path."""
    whole = template_context(body=case["body"], params=case["params"])
    context = {"input": whole["input"], "util": whole["util"], **case["context"]}
    expected = case["expected_aws"]
    if isinstance(expected, str):
        assert compile_template(case["template"], profile="apigateway").render(context) == expected
    else:
        with pytest.raises(VtlError) as caught:
            compile_template(case["template"], profile="apigateway").render(context)
        assert (caught.value.line, caught.value.column) == (expected["line"], expected["column"])


@pytest.mark.parametrize(
    ("template", "body", "made"),
    [
        ("$input.body", '{"a": [1, 2]}', '{"a": [1, 2]}'),
        ("$input.json('$')", '{"a": [1, 2.50, 1e2, null, true, "é"]}', '{"a":[1,2.5,100.0,null,true,"é"]}'),
        ("$input.json('$.a')", '{"a": "text"}', '"text"'),
        ("$input.json('$.missing')", "{}", '""'),
        ("$input.path('$.missing')", "{}", ""),
        ("$input.path('$.a')", '{"a": {"b": "c"}}', "{b=c}"),
        ("$input.path('$.a')", '{"a": [1, "x"]}', '[1,"x"]'),
        ("$input.path('$.a[1].b')", '{"a": [0, {"b": 7}]}', "7"),
        ("#foreach($x in $input.path('$'))$x;#end", "[1, 2]", "1;2;"),
        ("$input.path('$.a').size()", '{"a": [1, 2, 3]}', "3"),
    ],
)
def test_input_reads_the_body(lab: Any, template: str, body: str, made: str) -> None:
    """Recorded (reference, "API Gateway, recorded on the real service") and documented ("$input variables")."""
    assert lab.send(template, "POST", "/t", JSON, body) == made


@pytest.mark.parametrize(
    ("template", "made"),
    [("$input.body", "{}"), ("$input.json('$')", "{}"), ("[$input.path('$.a')]", "[]"), ("$input.json('$.a')", '""')],
)
def test_an_empty_body_is_an_empty_object(lab: Any, template: str, made: str) -> None:
    """Recorded: `$input.body` (reference), `"body-json": {}` (public logs, method request passthrough template)."""
    assert lab.send(template, "GET", "/t") == made
    assert lab.render(template) == made


def test_bodies_are_utf_8(lab: Any) -> None:
    """Documented ("Content type conversions"): text payloads are UTF-8."""
    assert lab.send("$input.path('$.a')", "POST", "/t", JSON, '{"a": "日本 é 😀"}') == "日本 é 😀"


def test_a_parameter_is_looked_for_in_path_then_query_then_headers(lab: Any) -> None:
    """Documented ("$input variables", `$input.params(x)`)."""
    template = "$input.params('id')|$input.params('q')|$input.params('h')|$input.params('none')"
    paths = {"/t/{id}": {"get": lab.rendering(template)}}
    asked = ("GET", "/t/path?id=query&q=query", {"id": "header", "q": "header", "h": "header"})
    assert lab.play(lab.document(paths), asked).answer.text == "path|query|header|"


def test_parameters_are_decoded_and_the_last_of_several_counts(lab: Any) -> None:
    """Documented ("important notes": decoded); assumed: the last of several values."""
    assert lab.render("$input.params('q')", "GET", "/t?q=1&q=a%20b%2Bc") == "a b+c"


def test_all_parameters_come_in_a_map_of_maps(lab: Any) -> None:
    """Documented ("$input variable template examples", the method request passthrough); recorded order and names."""
    template = (
        "#set($all = $input.params())#foreach($type in $all.keySet())$type: "
        "#foreach($name in $all.get($type).keySet())$name=$util.escapeJavaScript($all.get($type).get($name));#end/#end"
    )
    text = lab.render(template, "GET", "/t?b=2&a=1", {"X-Own": "o'k", "accept": "*/*", "Connection": "close"})
    trace = re.search("Root=1-[0-9a-f]{8}-[0-9a-f]{24}", text)
    assert trace is not None
    added = f"X-Amzn-Trace-Id={trace[0]};X-Forwarded-For=192.0.2.7;X-Forwarded-Port=80;X-Forwarded-Proto=http"
    headers = f"Host=lab.example;{added};X-Own=o\\'k;accept=*\\/*;"
    assert text == f"path: /querystring: b=2;a=1;/header: {headers}/"


@pytest.mark.parametrize(
    ("variable", "made"),
    [
        ("accountId", "[0-9]{12}"),
        ("apiId", "[a-z0-9]{10}"),
        ("domainName", "lab[.]example"),
        ("domainPrefix", "lab"),
        ("extendedRequestId", "[A-Za-z0-9_-]{15}="),
        ("httpMethod", "GET"),
        ("path", "/prod/t"),
        ("protocol", "HTTP/1.1"),
        ("requestId", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("requestTime", "[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9]{2}:[0-9]{2}:[0-9]{2} [+]0000"),
        ("requestTimeEpoch", "[0-9]{13}"),
        ("resourceId", "[a-z0-9]{6}"),
        ("resourcePath", "/t"),
        ("stage", "prod"),
        ("identity.sourceIp", "192[.]0[.]2[.]7"),
        ("identity.userAgent", "curl/8"),
        ("identity.apiKey", ""),
        ("identity.caller", ""),
        ("authorizer.principalId", ""),
        ("nothing", ""),
        ("identity", ""),
    ],
)
def test_context_variables(lab: Any, variable: str, made: str) -> None:
    """Documented ("$context variables for data models"), printed as recorded (reference: nested maps and nulls)."""
    text = lab.render(f"$context.{variable}", "GET", "/t", {"User-Agent": "curl/8"})
    assert re.fullmatch(made, text), text


def test_the_request_s_identifiers_are_those_of_the_response(lab: Any) -> None:
    """Documented ("$context variables": requestId, extendedRequestId); recorded headers."""
    paths = {"/t": {"get": lab.rendering("$context.requestId $context.extendedRequestId")}}
    answer = lab.play(lab.document(paths), ("GET", "/t")).answer
    assert answer.text == f"{answer.headers['x-amzn-requestid']} {answer.headers['x-amz-apigw-id']}"


@pytest.mark.parametrize(("given", "taken"), [("12345678", True), ("", False), ("a b", False), ("x" * 129, False)])
def test_a_client_may_name_its_request(lab: Any, given: str, taken: bool) -> None:
    """Recorded: 12345678 comes back (awsdocs/amazon-api-gateway-developer-guide issue 71), of an unknown method there.

    Documented ("$context variables": requestId); what is no name is assumed.
    """
    document = lab.document({"/t": {"get": lab.rendering("$context.requestId")}})
    headers = {"x-amzn-RequestId": given}
    rendered, unknown = lab.play(document, ("GET", "/t", headers), ("GET", "/none", headers)).answers
    assert rendered.text == rendered.headers["x-amzn-requestid"]
    assert (rendered.text == given, unknown.headers["x-amzn-requestid"] == given) == (taken, taken)


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("$stageVariables.model", "v1"),
        ("$stageVariables['model']", "v1"),
        ("${stageVariables['model']}", "v1"),
        ('$stageVariables.get("model")', "v1"),
        ("$stageVariables.none", ""),
        ("#foreach($k in $stageVariables.keySet())$k#end", "model"),
    ],
)
def test_stage_variables(lab: Any, template: str, made: str) -> None:
    """Documented ("Amazon API Gateway stage variables reference")."""
    assert lab.render(template, stage=StageSettings(name="beta", variables={"model": "v1"})) == made


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ('$util.escapeJavaScript("it\'s")', "it\\'s"),
        ("$util.urlEncode('a b/c?é')", "a+b%2Fc%3F%C3%A9"),
        ("$util.urlDecode('a+b%2Fc')", "a b/c"),
        ("$util.base64Encode('héllo')", "aMOpbGxv"),
        ("$util.base64Decode('aMOpbGxv')", "héllo"),
        ("$util.parseJson('{\"a\": [1, 2]}').a[1]", "2"),
    ],
)
def test_util(lab: Any, template: str, made: str) -> None:
    """Documented ("Functions in $util"); the escapes are those of commons-lang and java.net (differential)."""
    assert lab.render(template) == made


@pytest.mark.parametrize("template", ["Hello $", "$util.base64Decode('%')", "$util.parseJson('{')"])
def test_a_template_that_fails_is_an_internal_error(lab: Any, template: str) -> None:
    """Recorded for `Hello $` at the end of a template (reference, item 10); assumed for functions that throw."""
    paths = {"/t": {"get": lab.rendering(template)}}
    answer = lab.play(lab.document(paths), ("GET", "/t")).answer
    assert (answer.status, answer.error) == (500, "InternalServerErrorException")
    assert answer.body == b'{"message": "Internal server error"}'
