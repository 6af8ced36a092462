"""What the service answers before, around and instead of GraphQL."""

from typing import Any

import pytest

from inferway.dialects.appsync.faults import AppSyncFaults
from inferway.exchange import Exchange, Request
from inferway.faults import Fault, FaultKind

UNAUTHORIZED = """{
  "errors" : [ {
    "errorType" : "UnauthorizedException",
    "message" : "%s"
  } ]
}"""


def malformed(message: str) -> dict[str, object]:
    return {"errors": [{"errorType": "MalformedHttpRequestException", "message": message}]}


def test_a_wrong_key_is_not_authorized(local: Any) -> None:
    answer = local('{"version": "2018-05-29"}').ask("{ f }", key="da2-wrong")
    assert answer.status == 401
    assert answer.body.decode() == UNAUTHORIZED % "You are not authorized to make this call."
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"


def test_no_key_is_a_missing_header(local: Any) -> None:
    answer = local('{"version": "2018-05-29"}').ask("{ f }", key=None)
    assert (answer.status, answer.body.decode()) == (401, UNAUTHORIZED % "Missing authorization header")


@pytest.mark.parametrize(
    "more",
    [{"authenticationType": "AWS_IAM"}, {"additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}]}],
)
def test_a_caller_of_a_mode_that_is_not_served_is_not_authorized(build: Any, serve: Any, more: Any) -> None:
    lab = serve(build.api("type Query { f: String }", **more), {})
    signed = [(b"authorization", b"AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/appsync/aws4_request")]
    answer = lab.send(b'{"query": "{ f }"}', key=None, headers=signed)
    assert (answer.status, answer.body.decode()) == (401, UNAUTHORIZED % "You are not authorized to make this call.")
    assert lab.codes() == ["unserved-authorization"]


def test_without_a_mode_that_is_served_no_key_lets_a_caller_in(build: Any, serve: Any) -> None:
    lab = serve(build.api("type Query { f: String }", authenticationType="AWS_LAMBDA"), {})
    answer = lab.ask("{ f }")
    assert (answer.status, answer.body.decode()) == (401, UNAUTHORIZED % "You are not authorized to make this call.")


def test_an_api_without_a_schema_fails_every_request_behind_its_authorization(build: Any, serve: Any) -> None:
    lab = serve(build.api(""), {})
    for answer in (lab.ask("{ f }"), lab.send(method="GET", query="query=%7Bf%7D")):
        assert answer.status == 400
        error = {"errorType": "GraphQLSchemaException", "message": "No schema definition exists."}
        assert answer.json == {"errors": [error]}
        assert answer.headers["x-amzn-errortype"] == "GraphQLSchemaException"
    assert lab.ask("{ f }", key="da2-wrong").status == 401


def test_an_empty_body_is_named(local: Any) -> None:
    answer = local('{"version": "2018-05-29"}').send(b"")
    assert (answer.status, answer.json) == (400, malformed("Request body is empty."))
    assert answer.headers["x-amzn-errortype"] == "MalformedHttpRequestException"


@pytest.mark.parametrize(
    "body", [b"meow", b"{}", b"{}}", b"[]", b'{"query": 1}', b'{"query": "{"}', b'{"query": "meow"}']
)
def test_what_is_no_query_is_not_parsed(local: Any, body: bytes) -> None:
    answer = local('{"version": "2018-05-29"}').send(body)
    assert (answer.status, answer.json) == (400, malformed("Unable to parse GraphQL query."))


def test_a_query_may_come_by_get(local: Any) -> None:
    lab = local('{"version": "2018-05-29", "payload": "$ctx.args.a"}')
    query = "query=query%20Q(%24a%3A%20String)%7Bf(a%3A%20%24a)%7D&variables=%7B%22a%22%3A%22b%22%7D&operationName=Q"
    answer = lab.send(method="GET", query=query)
    assert (answer.status, answer.json) == (200, {"data": {"f": "b"}})


def test_a_path_that_is_not_there_is_an_unknown_operation() -> None:
    exchange = Exchange(request=Request(method="GET", path="/x"), parameters={}, route="", id="1", started=0.0)
    response = AppSyncFaults().render(Fault(kind=FaultKind.UNKNOWN_ROUTE), exchange)
    assert response.body == (
        b'{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}'
    )


def test_a_browser_may_ask_from_anywhere(local: Any) -> None:
    lab = local('{"version": "2018-05-29", "payload": "x"}')
    preflight = lab.send(method="OPTIONS", key=None)
    assert (preflight.status, preflight.headers["access-control-allow-origin"]) == (200, "*")
    assert "x-api-key" in preflight.headers["access-control-allow-headers"]
    assert lab.ask("{ f }").headers["access-control-allow-origin"] == "*"


SCHEMA = """
type Query { f(a: String, n: Int, l: [String], i: In, e: Size): T  g(id: ID!): String }
input In { k: String!, s: Size }
enum Size { BIG SMALL }
type T { id: ID, t: T }
type U { id: ID }
"""


@pytest.fixture
def lab(build: Any, serve: Any) -> Any:
    resolver = build.resolver("Query.f", '{"version": "2018-05-29", "payload": {"id": 1}}')
    return serve([*build.api(SCHEMA), build.source("source", "NONE"), resolver], {})


def refusal(message: str, line: int, column: int) -> dict[str, object]:
    place = {"line": line, "column": column, "sourceName": None}
    return {"data": None, "errors": [{"path": None, "locations": [place], "message": message}]}


@pytest.mark.parametrize(
    ("query", "message", "column"),
    [
        ("{badfield}", "FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'", 2),
        ("{f{t{nope}}}", "FieldUndefined: Field 'nope' in type 'T' is undefined @ 'f/t/nope'", 6),
        ('{f(i: {k: "x", s: BIG, z: 1}){id}}', None, 0),
        (
            '{f(n: "x"){id}}',
            "WrongType: argument 'n' with value 'StringValue{value='x'}' is not a valid 'Int' @ 'f'",
            7,
        ),
        (
            "{f(e: HUGE){id}}",
            "WrongType: argument 'e' with value 'EnumValue{name='HUGE'}' is not a valid 'Size' @ 'f'",
            7,
        ),
        ("{f}", "SubSelectionRequired: Sub selection required for type T of field f @ 'f'", 2),
        ("{f{id{x}}}", "SubSelectionNotAllowed: Sub selection not allowed on leaf type ID of field id @ 'f/id'", 6),
        ("{f(owner: 1){id}}", "UnknownArgument: Unknown field argument owner @ 'f'", 4),
        ("{g}", "MissingFieldArgument: Missing field argument id @ 'g'", 2),
        ("query($a: String){g(id: $a)}", None, 0),
        ('query($t: AWSOther){g(id: "1")}', None, 0),
    ],
)
def test_a_query_that_does_not_fit_the_schema(lab: Any, query: str, message: str | None, column: int) -> None:
    answer = lab.ask(query)
    assert answer.status == 200
    if message is not None:
        assert answer.json == refusal(f"Validation error of type {message}", 1, column)
    else:
        assert answer.data is None
        assert all(error["message"].startswith("Validation error of type ") for error in answer.errors)


def messages(answer: Any) -> list[str]:
    return [error["message"] for error in answer.errors]


def test_a_variable_of_the_wrong_type_for_its_place(lab: Any) -> None:
    wrong = (
        "Validation error of type VariableTypeMismatch: Variable type 'String!' doesn't match expected type 'ID!' @ 'g'"
    )
    assert messages(lab.ask("query($a: String!){g(id: $a)}", {"a": "1"})) == [wrong]


def test_a_field_that_an_input_does_not_have(lab: Any) -> None:
    value = (
        "ObjectValue{objectFields=[ObjectField{name='k', value=StringValue{value='x'}}, "
        "ObjectField{name='z', value=IntValue{value=1}}]}"
    )
    wrong = (
        f"Validation error of type WrongType: argument 'i' with value '{value}' contains a field not in 'In': 'z' @ 'f'"
    )
    assert messages(lab.ask('{f(i: {k: "x", z: 1}){id}}')) == [wrong]


def test_an_unknown_type_of_a_variable(lab: Any) -> None:
    assert "Validation error of type UnknownType: Unknown type AWSOther" in messages(
        lab.ask('query($t: AWSOther){g(id: "1")}')
    )


def test_a_variable_that_must_not_be_null(lab: Any) -> None:
    query = "query($id: ID!){g(id: $id)}"
    assert lab.ask(query).json == refusal("Variable 'id' has coerced Null value for NonNull type 'ID!'", 1, 7)
    nested = lab.ask("query($input: In){f(i: $input){id}}", {"input": {}})
    assert messages(nested) == ["Variable 'input' has coerced Null value for NonNull type 'String!'"]


def test_a_variable_with_a_field_too_many(lab: Any) -> None:
    answer = lab.ask("query($input: In){f(i: $input){id}}", {"input": {"k": "x", "z": 1}})
    message = "The variables input contains a field that is not defined for input object type 'In'"
    assert answer.json == {"data": None, "errors": [{"path": None, "locations": None, "message": message}]}


def test_a_variable_that_is_no_enum_value(lab: Any) -> None:
    answer = lab.ask("query($e: Size){f(e: $e){id}}", {"e": "HUGE"})
    assert messages(answer) == [
        "Variable 'e' has an invalid value. Invalid input for Enum 'Size'. No value found for name 'HUGE'"
    ]


def test_introspection_that_is_off_leaves_its_fields_undefined(build: Any, serve: Any) -> None:
    lab = serve(build.api(SCHEMA, introspectionConfig="DISABLED"), {})
    assert "Field '__schema' in type 'Query' is undefined" in messages(lab.ask("{__schema{types{name}}}"))[0]
    assert lab.ask("{__typename}").data == {"__typename": "Query"}
    on = serve(build.api(SCHEMA), {})
    assert {"name": "Size"} in on.ask("{__schema{types{name}}}").data["__schema"]["types"]


def test_a_query_deeper_than_the_limit_is_refused(build: Any, serve: Any) -> None:
    lab = serve(build.api(SCHEMA, queryDepthLimit=2), {})
    assert lab.ask("{f{id}}").data == {"f": None}
    assert messages(lab.ask("{f{t{id}}}")) == ["Query depth limit exceeded. The limit is 2."]
    assert messages(lab.ask("{f{...A}} fragment A on T{t{id}}")) == ["Query depth limit exceeded. The limit is 2."]


def test_more_resolvers_than_the_limit_are_not_run(build: Any, serve: Any) -> None:
    resolver = build.resolver("Query.f", '{"version": "2018-05-29", "payload": {"id": 1}}')
    given = [*build.api(SCHEMA, resolverCountLimit=2), build.source("source", "NONE"), resolver]
    answer = serve(given, {}).ask("{a:f{id} b:f{id} c:f{id}}")
    assert answer.data == {"a": {"id": "1"}, "b": {"id": "1"}, "c": None}
    assert messages(answer) == ["Resolver count limit exceeded. The limit is 2."]


def test_several_operations_need_a_name(lab: Any) -> None:
    query = "query A{f{id}} query B{f{id}}"
    assert lab.ask(query, operationName="B").data == {"f": {"id": "1"}}
    assert messages(lab.ask(query)) == ["Must provide operation name if query contains multiple operations."]
    assert messages(lab.ask(query, operationName="C")) == ["Unknown operation named 'C'."]
