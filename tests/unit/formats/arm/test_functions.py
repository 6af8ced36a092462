"""Functions of template expressions.

Expected values are those of the examples on the vendor's pages, "String functions", "Array functions", "Object
functions", "Numeric functions", "Date functions", "Lambda functions" and "Resource functions for ARM templates", unless
a test says otherwise.
"""

from typing import Any

import pytest

Templates = Any

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("base64('one, two, three')", "b25lLCB0d28sIHRocmVl"),
        ("base64ToString('b25lLCB0d28sIHRocmVl')", "one, two, three"),
        ("base64ToJson(base64('{''one'': ''a''}'))", None),
        ("concat('prefix', '-', 5)", "prefix-5"),
        ("contains('OneTwoThree', 'e')", True),
        ("contains('OneTwoThree', 'z')", False),
        ("dataUri('Hello')", "data:text/plain;charset=utf8;base64,SGVsbG8="),
        ("dataUriToString('data:;base64,SGVsbG8sIFdvcmxkIQ==')", "Hello, World!"),
        ("endsWith('abcdef', 'EF')", True),
        ("startsWith('abcdef', 'AB')", True),
        (
            "format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
            "Hello, User. Formatted number: 8,175,133",
        ),
        ("format('{{{0,4}|{1,-3}|{2:D4}}}', 'a', 'b', 7)", "{   a|b  |0007}"),
        ("indexOf('abcdef', 'CD')", 2),
        ("indexOf('abcdef', 'z')", -1),
        ("lastIndexOf('abcdef', 'AB')", 0),
        ("join(createArray('one', 'two', 'three'), ',')", "one,two,three"),
        ("length('One Two Three')", 13),
        ("padLeft('123', 10, '0')", "0000000123"),
        ("replace('123-123-1234', '-', '')", "1231231234"),
        ("skip('one two three', 4)", "two three"),
        ("take('one two three', 2)", "on"),
        ("split('one,two,three', ',')", ["one", "two", "three"]),
        ("split('one;two,three', createArray(',', ';'))", ["one", "two", "three"]),
        ("string(5)", "5"),
        ("string(true())", "True"),
        ("substring('one two three', 4, 3)", "two"),
        ("toLower('One Two Three')", "one two three"),
        ("toUpper('One Two Three')", "ONE TWO THREE"),
        ("trim('    one two three   ')", "one two three"),
        ("uri('http://contoso.org/firstpath', 'myscript.sh')", "http://contoso.org/myscript.sh"),
        ("uri('http://contoso.org/firstpath/', 'myscript.sh')", "http://contoso.org/firstpath/myscript.sh"),
        (
            "uriComponent('http://contoso.com/resources/nested/azuredeploy.json')",
            "http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json",
        ),
        ("uriComponentToString('http%3A%2F%2Fcontoso.com')", "http://contoso.com"),
        ("first('One Two Three')", "O"),
        ("last('One Two Three')", "e"),
        ("empty('')", True),
        ("'it''s'", "it's"),
    ],
)
def test_texts(templates: Templates, expression: str, value: object) -> None:
    if value is None:
        assert "is no JSON" in templates.error(expression)
    else:
        assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("array('efgh')", ["efgh"]),
        ("concat(createArray('1-1', '1-2'), createArray('2-1'))", ["1-1", "1-2", "2-1"]),
        ("contains(createArray('one', 'two'), 'two')", True),
        ("contains(createObject('one', 'a'), 'ONE')", True),
        ("createArray(1, 'a', true())", [1, "a", True]),
        (
            "createObject('intProp', 1, 'boolProp', true(), 'nullProp', null())",
            {"intProp": 1, "boolProp": True, "nullProp": None},
        ),
        ("empty(createArray())", True),
        ("first(createArray('one', 'two', 'three'))", "one"),
        ("last(createArray('one', 'two', 'three'))", "three"),
        ("flatten(createArray(createArray('one', 'two'), createArray('three')))", ["one", "two", "three"]),
        ("indexFromEnd(createArray('four', 'three', 'two', 'one'), 2)", "two"),
        ("tryIndexFromEnd(createArray(1), 5)", None),
        ("indexOf(createArray('one', 'two', 'three', 'two'), 'two')", 1),
        ("lastIndexOf(createArray('one', 'two', 'three', 'two'), 'two')", 3),
        ("intersection(createArray('one', 'two', 'three'), createArray('two', 'three'))", ["two", "three"]),
        (
            (
                'intersection(json(\'{"one": "a", "two": "b", "three": "c"}\'), '
                'json(\'{"one": "a", "two": "z", "three": "c"}\'))'
            ),
            {"one": "a", "three": "c"},
        ),
        ('items(json(\'{"b": 2, "a": 1}\'))', [{"key": "a", "value": 1}, {"key": "b", "value": 2}]),
        ("objectKeys(createObject('b', 1, 'a', 2))", ["a", "b"]),
        ("length(createArray('one', 'two', 'three'))", 3),
        ("max(createArray(0, 3, 2, 5, 4))", 5),
        ("min(0, 3, 2, 5, 4)", 0),
        ("range(5, 3)", [5, 6, 7]),
        ("skip(createArray('one', 'two', 'three'), 2)", ["three"]),
        ("take(createArray('one', 'two', 'three'), 2)", ["one", "two"]),
        ("union(createArray('one', 'two', 'three'), createArray('three', 'four'))", ["one", "two", "three", "four"]),
        (
            'union(json(\'{"one": "a", "c": {"x": 1}}\'), json(\'{"three": "c2", "c": {"y": 2}}\'))',
            {"one": "a", "c": {"x": 1, "y": 2}, "three": "c2"},
        ),
        ('shallowMerge(createArray(json(\'{"c": {"x": 1}}\'), json(\'{"c": {"y": 2}}\')))', {"c": {"y": 2}}),
        ("coalesce(null(), 'a', 'b')", "a"),
        ("tryGet(json('{\"a\": {\"b\": 1}}'), 'a', 'c')", None),
        ("tryGet(json('{\"a\": {\"b\": 1}}'), 'a', 'b')", 1),
        ("json('{\"a\": [1, 2]}').a[1]", 2),
        ("json('{\"Name\": 1}').name", 1),
        ("json('{}').?a.?b", None),
    ],
)
def test_collections(templates: Templates, expression: str, value: object) -> None:
    assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("map(createArray('Casper', 'Evie'), lambda('dog', toUpper(lambdaVariables('dog'))))", ["CASPER", "EVIE"]),
        (
            "map(createArray('a', 'b'), lambda('x', 'i', concat(lambdaVariables('x'), lambdaVariables('i'))))",
            ["a0", "b1"],
        ),
        ("filter(range(0, 10), lambda('i', greater(lambdaVariables('i'), 6)))", [7, 8, 9]),
        ("reduce(range(1, 4), 0, lambda('cur', 'next', add(lambdaVariables('cur'), lambdaVariables('next'))))", 10),
        ("sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))", [1, 2, 3]),
        (
            (
                "toObject(createArray('a', 'b'), lambda('x', lambdaVariables('x')), "
                "lambda('x', length(lambdaVariables('x'))))"
            ),
            {"a": 1, "b": 1},
        ),
        (
            "groupBy(createArray('foo', 'bar', 'baz'), lambda('x', substring(lambdaVariables('x'), 0, 1)))",
            {"f": ["foo"], "b": ["bar", "baz"]},
        ),
        ("mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))", {"a": 2}),
    ],
)
def test_lambdas(templates: Templates, expression: str, value: object) -> None:
    assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("add(5, 3)", 8),
        ("sub(7, 3)", 4),
        ("mul(5, 3)", 15),
        ("div(8, 3)", 2),
        ("div(-8, 3)", -2),
        ("mod(7, 3)", 1),
        ("int('4')", 4),
        ("bool('true')", True),
        ("bool(0)", False),
        ("and(bool('true'), bool('false'))", False),
        ("or(bool('true'), bool('false'))", True),
        ("not(bool('true'))", False),
        ("if(equals('a', 'a'), 'yes', 'no')", "yes"),
        ("if(true(), 'yes', div(1, 0))", "yes"),
        ("equals(1, 1)", True),
        ("equals('a', 'A')", False),
        ("equals(createArray('a'), createArray('a'))", True),
        ("greater(2, 1)", True),
        ("greaterOrEquals('B', 'A')", True),
        ("less(1, 2)", True),
        ("lessOrEquals(2, 1)", False),
    ],
)
def test_numbers_and_truths(templates: Templates, expression: str, value: object) -> None:
    assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y')", "2023-04-07T14:53:14Z"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', '-P9D', 'u')", "2020-03-29 14:53:14Z"),
        ("dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H', 'yyyy-MM-dd HH:mm')", "2020-04-07 15:53"),
        ("dateTimeAdd('2020-01-31T00:00:00Z', 'P1M', 'd')", "02/29/2020"),
        ("dateTimeToEpoch('1970-01-02T00:00:00Z')", 86_400),
        ("dateTimeFromEpoch(86400)", "1970-01-02T00:00:00Z"),
    ],
)
def test_dates(templates: Templates, expression: str, value: object) -> None:
    assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        # https://github.com/JasonWhall/go-azure-uniquestring; https://stackoverflow.com/questions/43295720
        ("uniqueString('hello', 'world')", "a7wkljktk6wne"),
        ("uniqueString('tyeth')", "zcztcwvu6iyg6"),
        # RFC 9562, 5.5: version 5 in the namespace that "String functions", guid, names
        ("guid('a', 'b', 'c')", "a98fa280-e03f-5afa-8d8e-92d0a9c201e8"),
    ],
)
def test_hashes(templates: Templates, expression: str, value: str) -> None:
    assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("resourceId('Test.Api/service', 'a')", f"{GROUP}/providers/Test.Api/service/a"),
        (
            "resourceId('Test.Api/service/apis', 'a', 'b')",
            f"{GROUP}/providers/Test.Api/service/a/apis/b",
        ),
        (
            "resourceId('other', 'Test.Api/service', 'a')",
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/other/providers/Test.Api/service/a",
        ),
        (
            "resourceId('sub', 'other', 'Test.Api/service', 'a')",
            "/subscriptions/sub/resourceGroups/other/providers/Test.Api/service/a",
        ),
        (
            "subscriptionResourceId('Test.Api/x', 'a')",
            "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Test.Api/x/a",
        ),
        ("tenantResourceId('Test.Api/x', 'a')", "/providers/Test.Api/x/a"),
        ("extensionResourceId('/base', 'Test.Api/x', 'a')", "/base/providers/Test.Api/x/a"),
        ("resourceGroup().id", GROUP),
        ("subscription().subscriptionId", "00000000-0000-0000-0000-000000000000"),
        ("environment().suffixes.storage", "core.windows.net"),
        ("deployment().name", "azuredeploy"),
    ],
)
def test_identifiers(templates: Templates, expression: str, value: str) -> None:
    assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("contact('a')", "there is no function contact (did you mean concat?) [unknown-function]"),
        ("toLower('a', 'b')", "toLower takes 1 arguments, not 2 [bad-argument]"),
        ("toLower(1)", "toLower: a string expected, a value of the type int found [bad-argument]"),
        ("add('a', 1)", "add: an int expected"),
        ("div(1, 0)", "div: a division by zero [bad-argument]"),
        ("substring('abc', 2, 5)", "substring(2, 5) of a text of 3 characters"),
        ("json('{')", "is no JSON"),
        ("json('{\"a\": 1}').b", "there is no property 'b'; there are: a [undefined-property]"),
        ("createArray(1)[3]", "there is no item 3 in a list of 1"),
        ("parameters('nmae')", "there is no parameter 'nmae' (did you mean name?) [undefined-name]"),
        ("variables('x')", "there is no variable 'x' [undefined-name]"),
        ("copyIndex()", "copyIndex stands in no such loop"),
        ("resourceId('Test.Api/service', 'a', 'b')", "has 1 parts, and 2 names are given"),
        ("reference('nothing')", "no resource has the name 'nothing'"),
        ("fail('no way')", "the template fails by itself: no way [failed]"),
        ("lambda('x', 1)", "a lambda stands as an argument"),
        ("concat('a'", "',' expected, the end found: [concat('a'] [bad-expression]"),
        ("concat('a)", "a text that does not end"),
        ("'a' 'b'", "after the end of the expression"),
        ("concat('a',, 'b')", "a name expected"),
        ("range(0, 100000)", "range gives 0 to 10,000 numbers"),
        ("cidrSubnet('10.0.0.0/16', 24, 0)", "the function cidrSubnet is not served [unserved-function]"),
    ],
)
def test_a_mistake_is_an_error_where_it_stands(templates: Templates, expression: str, said: str) -> None:
    finding = templates.error(expression, parameters={"name": {"type": "string", "defaultValue": "x"}})
    assert said in finding
    assert ": error: " in finding
    assert "azuredeploy.json:1" in finding
