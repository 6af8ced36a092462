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
        ("base64ToJson(base64('{''one'': ''a'', ''two'': ''b''}'))", {"one": "a", "two": "b"}),
        ("json('{name: ''it\\''s \"so\"'', \"b\": \"c: ''d''\"}')", {"name": 'it\'s "so"', "b": "c: 'd'"}),
        ("json('null')", None),
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
    assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("pattern", "number", "written"),
    [  # .NET, "Standard numeric format strings" and "Custom numeric format strings"
        ("D4", -42, "-0042"),
        ("D", 42, "42"),
        ("x4", 255, "00ff"),
        ("N", 1234, "1,234.00"),
        ("F1", 5, "5.0"),
        ("000", 7, "007"),
    ],
)
def test_numbers_in_a_format(templates: Templates, pattern: str, number: int, written: str) -> None:
    assert templates.value(f"format('{{0:{pattern}}}', {number})") == written


@pytest.mark.parametrize(
    ("expression", "value"),
    [  # the examples of "CIDR functions for ARM templates"
        (
            "parseCidr('10.144.0.0/20')",
            {
                "network": "10.144.0.0",
                "netmask": "255.255.240.0",
                "broadcast": "10.144.15.255",
                "firstUsable": "10.144.0.1",
                "lastUsable": "10.144.15.254",
                "cidr": 20,
            },
        ),
        (
            "parseCidr('fdad:3236:5555::/48')",
            {
                "network": "fdad:3236:5555::",
                "netmask": "ffff:ffff:ffff::",
                "firstUsable": "fdad:3236:5555::",
                "lastUsable": "fdad:3236:5555:ffff:ffff:ffff:ffff:ffff",
                "cidr": 48,
            },
        ),
        ("cidrSubnet('10.144.0.0/20', 24, 4)", "10.144.4.0/24"),
        ("cidrSubnet('fdad:3236:5555::/48', 52, 3)", "fdad:3236:5555:3000::/52"),
        ("cidrHost('10.144.3.0/24', 0)", "10.144.3.1"),
        ("cidrHost('10.144.3.0/24', 4)", "10.144.3.5"),
        ("cidrHost('fdad:3236:5555:3000::/52', 0)", "fdad:3236:5555:3000::1"),
        # "Resource functions for ARM templates", pickZones: one zone where nothing is said of their number
        ("pickZones('Microsoft.Compute', 'virtualMachines', 'westus2')", ["1"]),
        ("pickZones('Microsoft.Compute', 'virtualMachines', 'westus2', 2, 1)", ["2", "3"]),
    ],
)
def test_networks(templates: Templates, expression: str, value: object) -> None:
    assert templates.value(expression) == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("and(false(), json('{}').a)", False),
        ("and(true(), true(), equals(1, 2))", False),
        ("or(true(), json('{}').a)", True),
        ("coalesce(null(), 'a', json('{}').a)", "a"),
        ("coalesce(null(), null())", None),
    ],
)
def test_what_is_not_needed_is_not_evaluated(templates: Templates, expression: str, value: object) -> None:
    """As templates rely on it: Azure/PSRule.Rules.Azure, issue 1026; MicrosoftDocs/azure-docs, issue 102383."""
    assert templates.value(expression) == value


@pytest.mark.parametrize("function", ["newGuid()", "utcNow()", "utcNow('d')"])
def test_what_changes_with_every_run_stands_in_defaults_only(templates: Templates, function: str) -> None:
    assert "may stand in the default of a parameter only [misplaced-function]" in templates.error(function)
    declared = {"x": {"type": "string", "defaultValue": f"[concat('a', {function})]"}}
    assert str(templates.value("parameters('x')", parameters=declared)).startswith("a")


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
        ("uri('http://[::1', 'x')", "uri: 'http://[::1' and 'x' make no URI [bad-argument]"),
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
        ("providers('Microsoft.Web', 'sites')", "the function providers is not served [unserved-function]"),
        ("cidrSubnet('10.0.0.0/16', 8, 0)", "a prefix of 16 to 32, not 8"),
        ("cidrSubnet('10.0.0.0/16', 24, 256)", "10.0.0.0/16 has 256 ranges of /24; there is no range 256"),
        ("cidrHost('10.0.0.0/30', 2)", "10.0.0.0/30 has no address for a host 2"),
        ("parseCidr('10.0.0/8')", "'10.0.0/8' is no range of addresses"),
        ("and('true')", "and: a bool expected, a value of the type string found [bad-argument]"),
        ("or()", "or takes at least 1 argument"),
        ("format('{0:C}', 5)", "the format 'C' of numbers is not served"),
    ],
)
def test_a_mistake_is_an_error_where_it_stands(templates: Templates, expression: str, said: str) -> None:
    finding = templates.error(expression, parameters={"name": {"type": "string", "defaultValue": "x"}})
    assert said in finding
    assert ": error: " in finding
    assert "azuredeploy.json:1" in finding
