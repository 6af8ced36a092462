"""Expected values: CloudFormation, "Parameters"."""

from collections.abc import Callable
from typing import Any

import pytest

ReadTemplate = Callable[..., Any]

RESOURCES = "Resources: {R: {Type: 'AWS::Known::Thing', Properties: {V: !Ref P}}}\n"


def parameter(text: str) -> str:
    return f"Parameters:\n  P: {text}\n{RESOURCES}"


@pytest.mark.parametrize(
    ("declared", "given", "expected"),
    [
        ("{Type: String, Default: MyUserName}", {}, "MyUserName"),
        ("{Type: Number}", {"P": "8888"}, "8888"),
        ("{Type: Number, Default: 1.5}", {}, "1.5"),
        ("{Type: List<Number>}", {"P": "80,20"}, ["80", "20"]),
        ("{Type: CommaDelimitedList}", {"P": "test, dev ,prod"}, ["test", "dev", "prod"]),
        ("{Type: List<String>, Default: a}", {}, ["a"]),
        ("{Type: 'AWS::EC2::VPC::Id'}", {"P": "vpc-a123baa3"}, "vpc-a123baa3"),
        ("{Type: 'List<AWS::EC2::Subnet::Id>'}", {"P": "subnet-1, subnet-2"}, ["subnet-1", "subnet-2"]),
        ("{Type: 'AWS::SSM::Parameter::Name', Default: /a}", {}, "/a"),
        ("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}", {"/a": "stored"}, "stored"),
        ("{Type: 'AWS::SSM::Parameter::Value<CommaDelimitedList>', Default: /a}", {"/a": "x,y"}, ["x", "y"]),
        ("{Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /a}", {"/a": "ami-1"}, "ami-1"),
        ("{Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Image::Id>>', Default: a}", {"P": "/b", "/b": "i"}, ["i"]),
        ("{Type: String, AllowedPattern: '[A-Za-z0-9]+', Default: aB1}", {}, "aB1"),
        ("{Type: String, AllowedPattern: '^[a-z]+$', Default: a}", {}, "a"),
        ("{Type: CommaDelimitedList, AllowedPattern: '[a-z]', Default: 'a,b'}", {}, ["a", "b"]),
        ("{Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'b,a'}", {}, ["b", "a"]),
    ],
)
def test_a_parameter_has_its_value(
    read_template: ReadTemplate, declared: str, given: dict[str, str], expected: object
) -> None:
    read = read_template(parameter(declared), parameters=given)
    assert (read.codes, read.value()) == ([], expected)


@pytest.mark.parametrize(
    ("declared", "code", "said"),
    [
        ("{Type: Strng, Default: a}", "bad-parameter", "did you mean String?"),
        ("{Type: 'List<AWS::SSM::Parameter::Value<String>>', Default: a}", "bad-parameter", "List<AWS::SSM"),
        ("{Default: a}", "bad-parameter", "needs a Type"),
        ("{Type: String, Default: [a]}", "bad-parameter", "must be a text"),
        ("{Type: String}", "no-parameter-value", "--param P=…"),
        ("{Type: Number, Default: a}", "bad-parameter-value", "is a number"),
        ("{Type: Number, Default: NaN}", "bad-parameter-value", "is a number"),
        ("{Type: List<Number>, Default: '1,a'}", "bad-parameter-value", "not 'a'"),
        ("{Type: String, AllowedValues: [a, b], Default: c}", "bad-parameter-value", "one of a, b"),
        ("{Type: CommaDelimitedList, AllowedValues: [a, b], Default: 'a,c'}", "bad-parameter-value", "not 'c'"),
        ("{Type: String, AllowedPattern: '[A-Za-z0-9]+', Default: a-b}", "bad-parameter-value", "[A-Za-z0-9]+"),
        ("{Type: String, AllowedPattern: '[a-z]', Default: 'ab'}", "bad-parameter-value", "must match"),
        ("{Type: CommaDelimitedList, AllowedPattern: '[a-z]', Default: 'a,B'}", "bad-parameter-value", "'B' does not"),
        (
            "{Type: String, AllowedPattern: '[a-z]', Default: A, ConstraintDescription: must be small}",
            "bad-parameter-value",
            ": must be small",
        ),
        ("{Type: String, AllowedPattern: '[a-z', Default: a}", "unserved-pattern", "no regular expression"),
        (
            "{Type: String, AllowedPattern: '(a*)*\\1b', Default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}",
            "unserved-pattern",
            "too long",
        ),
    ],
)
def test_a_parameter_that_does_not_fit(read_template: ReadTemplate, declared: str, code: str, said: str) -> None:
    read = read_template(parameter(declared))
    assert read.codes[0] == code
    assert said in read.texts
    assert read.findings[0].place.line == 2


def test_a_name_that_is_no_parameters_is_told_from_the_nearest(read_template: ReadTemplate) -> None:
    text = "Parameters:\n  StageName: {Type: String, Default: a}\nResources: {R: {Type: 'AWS::Known::Thing'}}\n"
    read = read_template(text, parameters={"StgeName": "b", "/store/name": "c"})
    assert read.codes == ["unknown-parameter"]
    assert "no parameter 'StgeName' (did you mean StageName?)" in read.texts
    assert str(read.findings[0].severity) == "warning"
    assert read_template("Resources: {}", parameters={"A": "b"}).codes == ["unknown-parameter"]


def test_a_value_that_a_reference_asks_for_is_no_mistake(read_template: ReadTemplate) -> None:
    text = "Resources: {R: {Type: 'AWS::Known::Thing', Properties: {V: '{{resolve:ssm:Access:2}}'}}}\n"
    read = read_template(text, parameters={"Access": "Private"})
    assert (read.codes, read.value()) == ([], "Private")
    text = f"Parameters: {{P: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: Access}}}}\n{RESOURCES}"
    read = read_template(text, parameters={"Access": "Private"})
    assert (read.codes, read.value()) == ([], "Private")


def test_what_refers_to_a_parameter_without_a_value_is_not_reported_once_more(read_template: ReadTemplate) -> None:
    """It is declared: "nothing has the name" would be false, and a second finding says nothing new."""
    read = read_template(
        """Parameters: {Stage: {Type: String}, Zones: {Type: CommaDelimitedList}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  R:
    Type: AWS::Known::Thing
    Properties:
      V: !Sub "${Stage}-x"
      W: !ImportValue {Fn::Sub: "${Stage}-exported"}
      X: !Select [0, !Ref Zones]
      Y: !If [IsProd, a, b]
"""
    )
    assert [(finding.code, finding.place.line) for finding in read.findings] == [
        ("no-parameter-value", 1),
        ("no-parameter-value", 1),
    ]
