"""Resolvers: their versions, errors, early returns, and pipelines."""

import json
import re
from typing import Any

import pytest

PLACE = [{"line": 1, "column": 3, "sourceName": None}]
OLD = '{"version": "2017-02-28", "operation": "Invoke", "payload": {}}'
NEW = '{"version": "2018-05-29", "operation": "Invoke", "payload": {}}'
RERAISE = "#if($ctx.error) $util.error($ctx.error.message, $ctx.error.type) #end $util.toJson($ctx.result)"
SCHEMA = "type Query { f(a: String, n: Int): String } type Mutation { m(n: Int): Int }"


def error(message: str, kind: str | None, data: object = None, info: object = None) -> dict[str, object]:
    return {
        "path": ["f"],
        "data": data,
        "errorType": kind,
        "errorInfo": info,
        "locations": PLACE,
        "message": message,
    }


@pytest.fixture
def function(build: Any, serve: Any) -> Any:
    """One field over a function that gives, or fails with, this."""

    def make(request: str | None, response: str | None, value: object, failure: str | None = None) -> Any:
        given = [*build.api(SCHEMA), build.function_source(), build.resolver("Query.f", request, response)]
        return serve(given, {"f": build.replying(value, error=failure)})

    return make


FAILED = {"errorMessage": "I fail. always", "errorType": "Error"}


def test_a_later_version_leaves_a_failure_to_the_response_template(function: Any) -> None:
    lab = function(NEW, "$util.toJson($ctx.result)", FAILED, "I fail. always")
    assert lab.ask("{ f }").json == {"data": {"f": None}}


def test_a_failure_raised_again(function: Any) -> None:
    lab = function(NEW, RERAISE, FAILED, "I fail. always")
    assert lab.ask("{ f }").json == {"data": {"f": None}, "errors": [error("I fail. always", "Lambda:Unhandled")]}


def test_a_failure_appended_beside_the_data(function: Any) -> None:
    response = '$util.appendError($ctx.error.message, $ctx.error.type) "default"'
    lab = function(NEW, response, FAILED, "no")
    assert lab.ask("{ f }").json == {"data": {"f": "default"}, "errors": [error("no", "Lambda:Unhandled")]}


def test_the_first_version_raises_a_failure_itself_with_the_template_s_value_as_its_data(function: Any) -> None:
    lab = function(OLD, '"from the template"', FAILED, "no")
    assert lab.ask("{ f }").json == {
        "data": {"f": None},
        "errors": [error("no", "Lambda:Unhandled", "from the template")],
    }


def test_the_first_version_skips_the_response_template_for_null(function: Any) -> None:
    assert function(OLD, '"from the template"', None).ask("{ f }").json == {"data": {"f": None}}
    assert function(NEW, '"from the template"', None).ask("{ f }").json == {"data": {"f": "from the template"}}


def test_a_function_without_templates_gets_the_whole_context(function: Any) -> None:
    lab = function(None, None, "x")
    assert lab.ask("query Q($a: String) { f(a: $a) }", {"a": "b"}).json == {"data": {"f": "x"}}
    sent = json.loads(lab.calls[0].body)
    assert sent["arguments"] == {"a": "b"}
    assert sent["info"] == {
        "fieldName": "f",
        "parentTypeName": "Query",
        "variables": {"a": "b"},
        "selectionSetList": [],
        "selectionSetGraphQL": "",
    }
    assert sent["identity"] is None
    assert sent["request"]["headers"]["x-api-key"] == "da2-test"
    assert sent["prev"] == {"result": None}


def test_a_function_without_templates_that_fails(function: Any) -> None:
    lab = function(None, None, FAILED, "I fail. always")
    assert lab.ask("{ f }").errors == [error("I fail. always", "Lambda:Unhandled")]


def test_a_batch_goes_to_the_function_as_a_list(function: Any) -> None:
    request = '{"version": "2018-05-29", "operation": "BatchInvoke", "payload": {"a": 1}}'
    lab = function(request, RERAISE, ["x"])
    assert lab.ask("{ f }").json == {"data": {"f": "x"}}
    assert json.loads(lab.calls[0].body) == [{"a": 1}]


@pytest.mark.parametrize(
    ("request_template", "message"),
    [
        ('{"version": "2018-05-29"}', "Value for field '$[operation]' not found."),
        ("#set($x = 1)", "Template transformation yielded an empty response."),
    ],
)
def test_a_document_that_a_function_cannot_follow(function: Any, request_template: str, message: str) -> None:
    answer = function(request_template, RERAISE, "x").ask("{ f }")
    assert answer.json == {"data": {"f": None}, "errors": [error(message, "MappingTemplate")]}


def test_a_response_that_is_no_json(function: Any) -> None:
    answer = function(NEW, "# one pound sign", "x").ask("{ f }")
    assert answer.errors == [error("Unable to convert # one pound sign to Object.", "MappingTemplate")]


def test_a_document_may_hold_a_comma_too_many(local: Any) -> None:
    """github.com/pulumi/examples, aws-py-appsync; little-bear-labs/aws-utils#107: "trailing commas are fine"."""
    document = '{"version": "2018-05-29", "payload": {"a": [1, 2, ], "b": "x,] \\\\",\n},}'
    assert local(document).ask("{ f }").errors == []


def test_a_document_that_is_no_json(local: Any) -> None:
    answer = local('{"version": "2018-05-29", payload: 1}').ask("{ f }")
    assert answer.errors[0]["errorType"] == "MappingTemplate"
    assert answer.errors[0]["message"].startswith("Unable to parse the JSON document: ")


def test_a_method_that_throws_names_its_place(local: Any) -> None:
    answer = local('{"version": "2018-05-29", "payload": "$ctx.args.l.get(3)"}').ask('{ f(l: ["a"]) }')
    assert answer.errors[0]["errorType"] == "MappingTemplate"
    assert re.search(r" at velocity\[line 1, column \d+\]$", answer.errors[0]["message"])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('$util.error("no")', error("no", None)),
        ('$util.error("no", "Mine")', error("no", "Mine")),
        ('$util.error("no", "Mine", "data")', error("no", "Mine", "data")),
        ('$util.error("no", "Mine", "data", {"a": 1})', error("no", "Mine", "data", {"a": 1})),
        ('$util.validate(false, "no")', error("no", "CustomTemplateException")),
        ('$util.validate(false, "no", "Mine", "data")', error("no", "Mine", "data")),
        ("$util.unauthorized()", error("Not Authorized to access f on type String", "Unauthorized")),
    ],
)
def test_a_template_s_own_error_ends_the_field(local: Any, call: str, expected: dict[str, object]) -> None:
    answer = local(f'{call} {{"version": "2018-05-29"}}').ask("{ f }")
    assert answer.json == {"data": {"f": None}, "errors": [expected]}


def test_the_data_of_an_error_holds_only_what_is_selected(local: Any) -> None:
    request = '$util.error("no", "Mine", {"id": 1, "hidden": 2}, {"id": 1, "hidden": 2}) {}'
    lab = local(request, returns="T", more="type T { id: ID, hidden: Int }")
    (found,) = lab.ask("{ f { id } }").errors
    assert (found["data"], found["errorInfo"]) == ({"id": 1}, {"id": 1, "hidden": 2})


def test_a_condition_that_holds_is_silent(local: Any) -> None:
    lab = local('$util.validate(true, "no") {"version": "2018-05-29", "payload": "yes"}')
    assert lab.ask("{ f }").json == {"data": {"f": "yes"}}


def test_returning_early_skips_the_data_source(function: Any) -> None:
    lab = function('#return("early")' + NEW, '"late"', "x")
    assert lab.ask("{ f }").json == {"data": {"f": "early"}}
    assert lab.calls == []
    assert function("#return" + NEW, '"late"', "x").ask("{ f }").json == {"data": {"f": None}}


def step(name: str) -> str:
    return f'{{"operation": "Invoke", "payload": {{"{name}": $util.toJson($ctx.prev.result)}}}}'


def test_a_pipeline_hands_results_on_and_shares_a_stash(build: Any, serve: Any) -> None:
    given = [
        *build.api(SCHEMA),
        build.function_source(),
        build.function("one", step("one"), '$util.qr($ctx.stash.put("seen", $ctx.result)) "from one"'),
        build.function("two", step("two")),
        build.pipeline("Query.f", '"before"', '"$ctx.stash.seen, $ctx.prev.result, $ctx.result"', "one", "two"),
    ]
    lab = serve(given, {"f": build.replying("x")})
    assert lab.ask("{ f }").json == {"data": {"f": "x, x, x"}}
    assert [json.loads(call.body) for call in lab.calls] == [{"one": None}, {"two": "from one"}]


def test_a_function_that_returns_early_is_skipped_alone(build: Any, serve: Any) -> None:
    given = [
        *build.api(SCHEMA),
        build.function_source(),
        build.function("one", '#return("early")' + step("one")),
        build.function("two", step("two"), '"$ctx.prev.result and two"'),
        build.pipeline("Query.f", "{}", "$util.toJson($ctx.result)", "one", "two"),
    ]
    lab = serve(given, {"f": build.replying("x")})
    assert lab.ask("{ f }").json == {"data": {"f": "early and two"}}
    assert len(lab.calls) == 1


def test_an_error_in_a_function_ends_the_pipeline(build: Any, serve: Any) -> None:
    given = [
        *build.api(SCHEMA),
        build.function_source(),
        build.function("one", step("one"), RERAISE),
        build.function("two", step("two")),
        build.pipeline("Query.f", "{}", '"after"', "one", "two"),
    ]
    lab = serve(given, {"f": build.replying(FAILED, error="no")})
    assert lab.ask("{ f }").json == {"data": {"f": None}, "errors": [error("no", "Lambda:Unhandled")]}
    assert len(lab.calls) == 1


def test_mutations_run_one_after_the_other_queries_at_once(build: Any, serve: Any) -> None:
    request = '{"version": "2018-05-29", "operation": "Invoke", "payload": $util.toJson($ctx.args.n)}'
    given = [
        *build.api(SCHEMA),
        build.function_source(),
        build.resolver("Mutation.m", request),
        build.resolver("Query.f", request),
    ]
    order: list[str] = []

    def replier(call: Any) -> Any:
        order.append(call.body.decode())
        return build.replying(7)(call)

    lab = serve(given, {"f": replier})
    assert lab.ask("mutation { a: m(n: 1) b: m(n: 2) c: m(n: 3) }").data == {"a": 7, "b": 7, "c": 7}
    assert order == ["1", "2", "3"]
    assert lab.ask("{ a: f(n: 4) b: f(n: 5) }").data == {"a": "7", "b": "7"}


def test_what_is_selected_below_a_field(local: Any) -> None:
    request = '{"version": "2018-05-29", "payload": $util.toJson($util.toJson($ctx.info.selectionSetList))}'
    more = "type T { id: ID, t: T, paths: String }"
    lab = local(request, '{"paths": $util.toJson($ctx.result)}', returns="T", more=more)
    answer = lab.ask("{ f { paths other: t { id ...A } } } fragment A on T { again: id }")
    assert json.loads(answer.data["f"]["paths"]) == ["paths", "other", "other/id", "other/again"]


def test_headers_that_a_template_adds(local: Any) -> None:
    lab = local('$util.http.addResponseHeader("x-mine", 5) {"version": "2018-05-29", "payload": "x"}')
    assert lab.ask("{ f }").headers["x-mine"] == "5"
    refused = local('$util.http.addResponseHeader("Content-Length", 5) {"version": "2018-05-29", "payload": "x"}')
    assert "content-length" not in refused.ask("{ f }").headers
