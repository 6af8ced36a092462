"""Tests of conditions (DynamoDB developer guide, "Condition and filter expressions, operators, and functions")."""

from typing import Any

import pytest

from inferway.languages.dynamodb.conditions import holds
from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.nodes import Names
from inferway.languages.dynamodb.parser import Parser

ITEM: dict[str, dict[str, Any]] = {
    "n": {"N": "5"},
    "s": {"S": "héllo"},
    "b": {"B": "AAEC"},
    "set": {"NS": ["1", "5"]},
    "l": {"L": [{"S": "x"}, {"M": {"deep": {"BOOL": True}}}]},
    "nothing": {"NULL": True},
}
VALUES: dict[str, dict[str, Any]] = {
    ":n": {"N": "5.0"},
    ":five": {"N": "5"},
    ":ten": {"N": "10"},
    ":s": {"S": "hé"},
    ":x": {"S": "x"},
    ":b": {"B": "AAE="},
    ":type": {"S": "NS"},
    ":odd": {"S": "QS"},
    ":yes": {"BOOL": True},
    ":set": {"NS": ["1", "5"]},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n = :five", True),
        ("n <> :five", False),
        ("n < :ten AND n <= :five AND :ten > n AND n >= :five", True),
        ("n = :s", False),
        ("n <> :s", True),
        ("n < :s", False),
        ("#set = :set", True),
        ("n BETWEEN :five AND :ten", True),
        ("n IN (:ten, :five)", True),
        ("n IN (:ten, :s)", False),
        ("absent = :five", False),
        ("absent <> :five", True),  # what is not there is not equal
        ("NOT absent < :five", True),
        ("attribute_exists(l[1].deep) AND attribute_not_exists(l[2])", True),
        ("attribute_exists(n.deep)", False),
        ("attribute_type(#set, :type)", True),
        ("begins_with(s, :s) AND begins_with(b, :b)", True),
        ("begins_with(n, :s)", False),
        ("contains(s, :s) AND contains(#set, :five) AND contains(l, :x) AND contains(b, :b)", True),
        ("contains(#set, :ten)", False),
        ("size(s) = :five AND size(l) < :five AND size(b) < :five AND size(#set) < :five", True),
        ("size(n) < :ten", False),
        ("l[1].deep = :yes", True),
        ("n = :ten OR n = :five AND s = :s", False),  # AND before OR
        ("(n = :ten OR n = :five) AND NOT s = :s", True),
        ("NOT n = :ten AND n = :five", True),  # NOT before AND
    ],
)
def test_a_condition_is_decided(text: str, expected: bool) -> None:
    assert holds(Parser(text, "ConditionExpression", Names({"#set": "set"}, VALUES)).condition(), ITEM) is expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The expression can not be empty;"),
        ("n = ", 'Syntax error; token: "<EOF>", near: "="'),
        ("n = :five :ten", 'Syntax error; token: ":ten", near: ":five :ten"'),
        ("n ! :five", 'Syntax error; token: "!", near: "n ! :five"'),
        ("name = :s", "Attribute name is a reserved keyword; reserved keyword: name"),
        ("#q = :s", "An expression attribute name used in the document path is not defined; attribute name: #q"),
        ("fly(n)", "Invalid function name; function: fly"),
        (
            "size(n, s) = :n",
            "Incorrect number of operands for operator or function; operator or function: size, number of operands: 2",
        ),
        (
            "n < :yes",
            "Incorrect operand type for operator or function; operator or function: <, operand type: BOOL",
        ),
        (
            "attribute_type(n, :odd)",
            "Invalid attribute type name found; type: QS, valid types: {S,N,B,NULL,BOOL,L,M,SS,NS,BS}",
        ),
        ("list_append(l, l)", "The function is not allowed in a condition expression; function: list_append"),
    ],
)
def test_a_condition_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        Parser(text, "ConditionExpression", Names({}, VALUES)).condition()
    assert str(error.value) == f"Invalid ConditionExpression: {message}"
