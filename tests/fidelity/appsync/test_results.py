"""Values that fit their fields' types, and values that do not."""

from typing import Any

import pytest


def outcome(lab: Any, query: str = "{ f }") -> tuple[Any, list[tuple[Any, Any, str]]]:
    answer = lab.ask(query)
    return answer.data, [(error["path"], error["locations"], error["message"]) for error in answer.errors]


def giving(local: Any, value: str, returns: str, more: str = "") -> Any:
    return local(f'{{"version": "2018-05-29", "payload": {value}}}', returns=returns, more=more)


def test_null_where_the_schema_has_none_goes_up_to_the_next_field_that_may_be_null(local: Any) -> None:
    lab = giving(local, '{"items": [{"id": 1}, {}]}', "C", "type C { items: [T!] } type T { id: ID! }")
    message = "Cannot return null for non-nullable type: 'ID' within parent 'T' (/f/items[1]/id)"
    assert outcome(lab, "{f{items{id}}}") == ({"f": {"items": None}}, [(["f", "items", 1, "id"], None, message)])


def test_a_list_that_is_null_has_no_name(local: Any) -> None:
    lab = giving(local, "{}", "C", "type C { items: [ID!]! }")
    message = "Cannot return null for non-nullable type: 'null' within parent 'C' (/f/items)"
    assert outcome(lab, "{f{items}}") == ({"f": None}, [(["f", "items"], None, message)])


def test_null_at_the_root_is_no_data_at_all(local: Any) -> None:
    assert outcome(giving(local, "null", "String!"))[0] is None


def test_what_is_no_list_where_one_is_due(local: Any) -> None:
    message = "Can't resolve value (/f) : type mismatch error, expected type LIST"
    assert outcome(giving(local, '{"a": 1}', "[String]")) == ({"f": None}, [(["f"], None, message)])


@pytest.mark.parametrize(
    ("returns", "value", "wrong"),
    [
        ("Int", '""', "Expected type 'Int' but was 'String'."),
        ("Boolean", '{"a": 1}', "Expected type 'Boolean' but was 'LinkedHashMap'."),
        ("AWSDateTime", '"None"', "Unable to serialize `None` as a valid DateTime Object."),
        ("AWSDateTime", '"2026-05-06T00:00:00.000"', None),
        ("AWSTimestamp", '"2026-01-22T17:48:30.032Z"', None),
    ],
)
def test_what_does_not_serialize(local: Any, returns: str, value: str, wrong: str | None) -> None:
    words = wrong or f"Unable to serialize `{value.strip(chr(34))}` as a valid " + (
        "timestamp." if returns == "AWSTimestamp" else "DateTime Object."
    )
    expected = ({"f": None}, [(["f"], None, f"Can't serialize value (/f) : {words}")])
    assert outcome(giving(local, value, returns)) == expected


@pytest.mark.parametrize(
    ("returns", "value", "written"),
    [
        ("Int", '"3600"', 3600),
        ("Int", "2.0", 2),
        ("Float", "1", 1.0),
        ("String", "5", "5"),
        ("String", "true", "true"),
        ("String", '{"a": [1, "b"]}', "{a=[1, b]}"),
        ("ID", "7", "7"),
        ("Boolean", '"true"', True),
        ("AWSJSON", '{"a": 1}', '{"a":1}'),
        ("AWSDate", '"1970-01-01Z"', "1970-01-01Z"),
        ("AWSDate", '"1970-01-01-07:00"', "1970-01-01-07:00"),
        ("AWSTime", '"12:30:24-07:00"', "12:30:24-07:00"),
        ("AWSDateTime", '"1930-01-01T16:00:00-07:00"', "1930-01-01T16:00:00-07:00"),
        ("AWSTimestamp", "1714567890", 1714567890),
        ("AWSEmail", '"username@example.com"', "username@example.com"),
        ("AWSURL", '"https://www.amazon.com/"', "https://www.amazon.com/"),
        ("AWSPhone", '"+1 555 0100"', "+1 555 0100"),
        ("AWSIPAddress", '"123.12.34.56/16"', "123.12.34.56/16"),
        ("AWSIPAddress", '"::1"', "::1"),
    ],
)
def test_what_serializes(local: Any, returns: str, value: str, written: object) -> None:
    assert outcome(giving(local, value, returns)) == ({"f": written}, [])


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("AWSJSON", '{"a": [1]}', '{"a":[1]}'),
        ("AWSDate", "2024-02-30", None),
        ("AWSTime", "25:00", None),
        ("AWSDateTime", "2024-01-01T00:00:00", None),
        ("AWSEmail", "nobody", None),
        ("AWSURL", "nowhere", None),
        ("AWSPhone", "call me", None),
        ("AWSIPAddress", "1.2.3", None),
        ("AWSJSON", "{a}", None),
    ],
)
def test_what_comes_in(build: Any, serve: Any, kind: str, value: str, seen: str | None) -> None:
    schema = f"type Query {{ f(v: {kind}): AWSJSON }}"
    template = '{"version": "2018-05-29", "payload": $util.toJson($ctx.args.v)}'
    lab = serve([*build.api(schema), build.source("source", "NONE"), build.resolver("Query.f", template)], {})
    answer = lab.ask(f"query($v: {kind}) {{ f(v: $v) }}", {"v": value})
    if seen is not None:
        assert answer.json == {"data": {"f": seen}}
    else:
        assert answer.data is None
        assert answer.errors[0]["message"].startswith("Variable 'v' has an invalid value. Unable to parse `")


def test_a_field_without_a_resolver_reads_its_source(local: Any) -> None:
    lab = giving(local, '{"id": 1, "t": {"id": 2}}', "T", "type T { id: ID, t: T }")
    assert outcome(lab, "{f{id t{id t{id}}}}") == ({"f": {"id": "1", "t": {"id": "2", "t": None}}}, [])


def test_an_abstract_type_is_told_by_its_typename(local: Any) -> None:
    lab = giving(
        local, '{"__typename": "B", "b": "x"}', "U", "union U = A | B type A { a: String } type B { b: String }"
    )
    assert outcome(lab, "{f{... on A{a} ... on B{b}}}") == ({"f": {"b": "x"}}, [])


def test_a_field_that_only_other_modes_may_read(build: Any, serve: Any) -> None:
    schema = """
    type Query { open: String  closed: String @aws_iam  both: T }
    type T @aws_iam @aws_api_key { id: ID  own: ID @aws_cognito_user_pools }
    """
    given = [
        *build.api(schema),
        build.source("source", "NONE"),
        build.resolver("Query.both", '{"version": "2018-05-29", "payload": {"id": 1, "own": 2}}'),
    ]
    answer = serve(given, {}).ask("{ open closed both { id own } }")
    assert answer.data == {"open": None, "closed": None, "both": {"id": "1", "own": None}}
    assert [(error["errorType"], error["message"]) for error in answer.errors] == [
        ("Unauthorized", "Not Authorized to access closed on type Query"),
        ("Unauthorized", "Not Authorized to access own on type T"),
    ]
