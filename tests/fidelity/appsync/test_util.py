"""`$util`, by what the vendor's guide says of each function."""

import re
from typing import Any

import pytest


def rendered(local: Any, expression: str, setup: str = "", arguments: str = "") -> Any:
    template = f'{setup}{{"version": "2018-05-29", "payload": $util.toJson({expression})}}'
    answer = local(template, returns="AWSJSON").ask(f"{{ f{arguments} }}")
    assert answer.errors == [], answer.errors
    return answer.data["f"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('$util.dynamodb.toDynamoDB("foo")', '{"S":"foo"}'),
        ("$util.dynamodb.toDynamoDB(12345)", '{"N":12345}'),
        ("$util.dynamodb.toDynamoDB(true)", '{"BOOL":true}'),
        (
            '$util.dynamodb.toDynamoDB(["foo", 123, {"bar": "baz"}])',
            '{"L":[{"S":"foo"},{"N":123},{"M":{"bar":{"S":"baz"}}}]}',
        ),
        ('$util.dynamodb.toString("foo")', '{"S":"foo"}'),
        ('$util.dynamodb.toStringSet(["foo", "bar", "baz"])', '{"SS":["foo","bar","baz"]}'),
        ("$util.dynamodb.toNumber(12345)", '{"N":12345}'),
        ("$util.dynamodb.toNumberSet([1, 23, 4.56])", '{"NS":[1,23,4.56]}'),
        ('$util.dynamodb.toBinary("foo")', '{"B":"foo"}'),
        ('$util.dynamodb.toBinarySet(["foo", "bar"])', '{"BS":["foo","bar"]}'),
        ("$util.dynamodb.toBoolean(true)", '{"BOOL":true}'),
        ("$util.dynamodb.toNull()", '{"NULL":null}'),
        ('$util.dynamodb.toList(["foo", 123])', '{"L":[{"S":"foo"},{"N":123}]}'),
        (
            '$util.dynamodb.toMap({"foo": "bar", "beep": ["boop"]})',
            '{"M":{"foo":{"S":"bar"},"beep":{"L":[{"S":"boop"}]}}}',
        ),
        ('$util.dynamodb.toMapValues({"foo": "bar", "baz": 1234})', '{"foo":{"S":"bar"},"baz":{"N":1234}}'),
        ('$util.parseJson($util.dynamodb.toMapValuesJson({"foo": "bar"}))', '{"foo":{"S":"bar"}}'),
        ('$util.map.copyAndRetainAllKeys({"a": 1, "b": 2}, ["a", "c"])', '{"a":1}'),
        ('$util.map.copyAndRemoveAllKeys({"a": 1, "b": 2}, ["a", "c"])', '{"b":2}'),
        ("$util.list.copyAndRetainAll([1, 2, 3], [2, 3, 4])", "[2,3]"),
        ("$util.list.copyAndRemoveAll([1, 2, 3], [2])", "[1,3]"),
        ('$util.list.sortList([{"a": 2}, {"a": 1}], false, "a")', '[{"a":1},{"a":2}]'),
        ('$util.list.sortList(["b", "a", "c"], true, "any")', '["c","b","a"]'),
        ("$util.parseJson('{\"a\": [1, 2.5, null]}')", '{"a":[1,2.5,null]}'),
        (
            '$util.parseJson($util.transform.toDynamoDBFilterExpression({"n": {"between": [1, 2]}})).expression',
            '"#n BETWEEN :n_between_1 AND :n_between_2"',
        ),
        ("$util.isNull($nothing)", "true"),
        ('$util.isNullOrEmpty("")', "true"),
        ('$util.isNullOrBlank("  ")', "true"),
        ('$util.isNullOrBlank("x")', "false"),
        ('$util.matches("a*b", "aaaaab")', "true"),
        ('$util.matches("a*b", "aaaaabc")', "false"),
        ("$util.isMap({})", "true"),
        ("$util.isList({})", "false"),
        ("$util.isNumber(1.5)", "true"),
        ("$util.isBoolean(false)", "true"),
        ("$util.math.roundNum(3.7)", "4"),
        ("$util.math.minVal(1.0, 2.0)", "1.0"),
        ("$util.math.maxVal(1.0, 2.0)", "2.0"),
        ("$util.time.epochMilliSecondsToSeconds(1517943695750)", "1517943695"),
        ('$util.time.parseISO8601ToEpochMilliSeconds("2018-02-01T17:21:05.180+08:00")', "1517476865180"),
        (
            '$util.time.parseFormattedToEpochMilliSeconds("2018-02-01 01:19:15+0800", "yyyy-MM-dd HH:mm:ssZ")',
            "1517419155000",
        ),
        (
            "$util.time.parseFormattedToEpochMilliSeconds('2018-02-01 01:19:15', 'yyyy-MM-dd HH:mm:ss', '+08:00')",
            "1517419155000",
        ),
    ],
)
def test_values(local: Any, expression: str, value: str) -> None:
    assert rendered(local, expression) == value


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('$util.urlEncode("hello world&a~")', "hello+world%26a%7E"),
        ('$util.urlDecode("hello+world%26")', "hello world&"),
        ('$util.base64Encode("hello")', "aGVsbG8="),
        ('$util.base64Encode("hello".getBytes())', None),
        ('$util.base64Decode("aGVsbG8=")', "hello"),
        ("$util.typeOf($nothing)", "Null"),
        ("$util.typeOf(1)", "Number"),
        ('$util.typeOf("x")', "String"),
        ("$util.typeOf({})", "Map"),
        ("$util.typeOf([])", "List"),
        ("$util.typeOf(true)", "Boolean"),
        ('$util.defaultIfNull($nothing, "x")', "x"),
        ('$util.defaultIfNullOrEmpty("", "x")', "x"),
        ('$util.defaultIfNullOrBlank(" ", "x")', "x"),
        ('$util.str.toUpper("Text")', "TEXT"),
        ('$util.str.toLower("Text")', "text"),
        ('$util.str.toReplace("hello world", "hello", "mellow")', "mellow world"),
        ("$util.time.epochMilliSecondsToISO8601(1517943695750)", "2018-02-06T19:01:35.750Z"),
        ('$util.time.epochMilliSecondsToFormatted(1517943695750, "yyyy-MM-dd HH:mm:ssZ")', "2018-02-06 19:01:35+0000"),
        (
            '$util.time.epochMilliSecondsToFormatted(1517943695750, "yyyy-MM-dd HH:mm:ssZ", "Australia/Perth")',
            "2018-02-07 03:01:35+0800",
        ),
        ("$util.authType()", "API Key Authorization"),
    ],
)
def test_texts(local: Any, expression: str, text: str | None) -> None:
    if text is None:
        assert rendered(local, "$encoded", '#set($s = "hello")#set($encoded = $util.base64Encode($s.getBytes()))') == (
            '"aGVsbG8="'
        )
    else:
        assert rendered(local, expression) == f'"{text}"'


def test_javascript_escapes(local: Any) -> None:
    lab = local('{"version": "2018-05-29", "payload": $util.toJson($util.escapeJavaScript($ctx.args.a))}')
    assert lab.ask("query($a: String){f(a: $a)}", {"a": 'it\'s "a/b"\n\u00e9'}).data["f"] == (
        'it\\\'s \\"a\\/b\\"\\n\\u00E9'
    )


@pytest.mark.parametrize(
    ("expression", "form"),
    [
        ("$util.autoId()", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"),
        ("$util.autoUlid()", r"[0-7][0-9A-HJKMNP-TV-Z]{25}"),
        ("$util.autoKsuid()", r"[0-9A-Za-z]{27}"),
        ("$util.time.nowISO8601()", r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z"),
        ('$util.time.nowFormatted("yyyy-MM-dd")', r"\d{4}-\d{2}-\d{2}"),
        ('$util.time.nowFormatted("HH:mm", "Australia/Perth")', r"\d{2}:\d{2}"),
    ],
)
def test_what_differs_each_time(local: Any, expression: str, form: str) -> None:
    one, other = (rendered(local, expression).strip('"') for _ in range(2))
    assert re.fullmatch(form, one)
    assert re.fullmatch(form, other)


def test_seconds_and_milliseconds_are_numbers(local: Any) -> None:
    assert int(rendered(local, "$util.time.nowEpochSeconds()")) > 1_700_000_000
    assert int(rendered(local, "$util.time.nowEpochMilliSeconds()")) > 1_700_000_000_000


def test_quiet_calls_print_nothing(local: Any) -> None:
    setup = '#set($m = {})$util.qr($m.put("a", 1))$util.quiet($m.put("b", 2))$util.log.info("seen {}", $m)'
    assert rendered(local, "$m", setup) == '{"a":1,"b":2}'


def test_a_reference_without_a_value_prints_itself(local: Any) -> None:
    lab = local('{"version": "2018-05-29", "payload": "$ctx.args.a"}')
    assert lab.ask("{ f }").data == {"f": "$ctx.args.a"}


def test_both_names_of_util_and_of_the_context(local: Any) -> None:
    lab = local('{"version": "2018-05-29", "payload": $utils.toJson("$ctx.args.a$context.arguments.a")}')
    assert lab.ask('{ f(a: "x") }').data == {"f": "xx"}


@pytest.mark.parametrize(
    "expression",
    [
        '$util.parseJson("{")',
        '$util.base64Decode("%%%")',
        '$util.matches("(", "x")',
        '$util.time.nowFormatted("QQQ")',
        '$util.time.nowFormatted("HH", "Nowhere/Town")',
        '$util.time.parseISO8601ToEpochMilliSeconds("yesterday")',
        '$util.dynamodb.toStringSet("x")',
        '$util.transform.toDynamoDBFilterExpression({"a": {"like": 1}})',
    ],
)
def test_a_function_that_fails_is_a_template_s_error(local: Any, expression: str) -> None:
    answer = local(f'{{"version": "2018-05-29", "payload": $util.toJson({expression})}}').ask("{ f }")
    assert answer.data == {"f": None}
    assert answer.errors[0]["errorType"] == "MappingTemplate"
