"""Expected values: CloudFormation, "Intrinsic function reference", each function's own page."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

ReadValue = Callable[..., Any]

MAPPINGS = """\
Mappings:
  Regions:
    us-east-1: {Size: big, Many: [a, b]}
    eu-west-1: {Size: small}
Parameters:
  P: {Type: String, Default: given}
  L: {Type: CommaDelimitedList, Default: 'x, y,z'}
  N: {Type: Number, Default: 7}
Conditions:
  Yes: !Equals [a, a]
  No: !Equals [a, b]
"""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("!Ref P", "given"),
        ("{Ref: P}", "given"),
        ("!Ref A", "id-A"),
        ("!Ref L", ["x", "y", "z"]),
        ("!Ref N", "7"),
        ("!Ref U", "local::U"),
        ("!Ref AWS::Region", "us-east-1"),
        ("!Ref AWS::AccountId", "000000000000"),
        ("!Ref AWS::Partition", "aws"),
        ("!Ref AWS::StackName", "dev"),
        ("!Ref AWS::URLSuffix", "amazonaws.com"),
        ("!GetAtt A.Arn", "arn:us-east-1:A"),
        ("{'Fn::GetAtt': [A, Arn]}", "arn:us-east-1:A"),
        ("{'Fn::GetAtt': A.Arn}", "arn:us-east-1:A"),
        ("!GetAtt A.A.B", "nested"),
        ("!GetAtt [A, A.B]", "nested"),
        ("!GetAtt U.Arn", "local::U::Arn"),
        ("!Sub 'x-${P}-${A}-${A.Arn}-${AWS::Region}'", "x-given-id-A-arn:us-east-1:A-us-east-1"),
        ("!Sub '${!P} ${P}'", "${P} given"),
        ("!Sub ['${P}/${Own}', {Own: !Ref A}]", "given/id-A"),
        ("!Sub ['${P}', {P: mine}]", "mine"),
        ("!Sub ''", ""),
        ("!Sub '$P $ {P} ${'", "$P $ {P} ${"),
        ("!Join ['-', [a, !Ref P, 3]]", "a-given-3"),
        ("!Join [',', !Ref L]", "x,y,z"),
        ("!Join [',', !GetAtt A.List]", "l1,l2"),
        ("!Split ['|', 'a|b||c']", ["a", "b", "", "c"]),
        ("!Select [1, [a, b, c]]", "b"),
        ("!Select ['2', !Ref L]", "z"),
        ("!Select [0, !Split [':', !GetAtt A.Arn]]", "arn"),
        ("!FindInMap [Regions, !Ref 'AWS::Region', Size]", "big"),
        ("!FindInMap [Regions, us-east-1, Many]", ["a", "b"]),
        ("!FindInMap [Regions, nowhere, Size, {DefaultValue: none}]", "none"),
        ("!Base64 'a ä'", base64.b64encode("a ä".encode()).decode()),
        ("{'Fn::Base64': !Sub '${P}'}", base64.b64encode(b"given").decode()),
        ("!If [Yes, a, b]", "a"),
        ("!If [No, a, {c: !Ref P}]", {"c": "given"}),
        ("[1, !If [No, a, !Ref 'AWS::NoValue'], 2]", [1, 2]),
        ("{a: !Ref 'AWS::NoValue', b: 1}", {"b": 1}),
        ("!GetAZs ''", ["us-east-1a", "us-east-1b", "us-east-1c"]),
        ("{'Fn::Length': !Ref L}", 3),
        ("{'Fn::ToJsonString': {a: !Ref P}}", '{"a":"given"}'),
        ("{Condition: {StringEquals: {x: y}}}", {"Condition": {"StringEquals": {"x": "y"}}}),
        ("{Condition: Yes}", {"Condition": "Yes"}),
    ],
)
def test_a_function_gives_its_value(read_value: ReadValue, written: str, expected: object) -> None:
    read = read_value(written, MAPPINGS)
    assert read.codes == []
    assert read.value() == expected


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ("!Ref Q", "undefined-name", "nothing has the name 'Q'"),
        ("!Ref p", "undefined-name", "did you mean P?"),
        ("!GetAtt Aa.Arn", "undefined-name", "'Aa'"),
        ("!Sub '${AWS::Regon}'", "undefined-name", "did you mean AWS::Region?"),
        ("!Sub '${Q.Arn}'", "undefined-name", "'Q'"),
        ("!Sub '${L}'", "bad-intrinsic", "no text"),
        ("!Sub [a]", "bad-intrinsic", "Fn::Sub"),
        ("!GetAtt A", "bad-intrinsic", "Fn::GetAtt"),
        ("!Join [a]", "bad-intrinsic", "Fn::Join"),
        ("!Join ['', text]", "bad-intrinsic", "needs a list"),
        ("!Join ['', [{a: b}]]", "bad-intrinsic", "needs a text"),
        ("!Split ['', abc]", "bad-intrinsic", "delimiter"),
        ("!Select [3, [a, b, c]]", "bad-intrinsic", "no item 3 in 3"),
        ("!Select [-1, [a]]", "bad-intrinsic", "no item"),
        ("!FindInMap [Region, a, b]", "undefined-name", "did you mean Regions?"),
        ("!FindInMap [Regions, us-east-2, Size]", "undefined-name", "no key 'us-east-2' (did you mean us-east-1?)"),
        ("!ImportValue Nowhere", "undefined-export", "'Nowhere'"),
        ("!If [Maybe, a, b]", "undefined-condition", "'Maybe'"),
        ("!Equals [a, a]", "bad-intrinsic", "conditions only"),
        ("!Cidr [a, 1, 2]", "unserved-intrinsic", "not served yet"),
        ("!Transform {Name: 'AWS::Include'}", "unserved-intrinsic", "Fn::Transform"),
        ("{'Fn::Jion': ['', []]}", "unknown-intrinsic", "did you mean Fn::Join?"),
        ("{Ref: A, Other: b}", "beside-intrinsic", "beside Ref"),
    ],
)
def test_a_function_that_cannot_be_resolved_is_reported_at_its_place(
    read_value: ReadValue, written: str, code: str, said: str
) -> None:
    read = read_value(written, MAPPINGS)
    assert read.codes == [code]
    (finding,) = read.findings
    assert said in finding.text
    assert (finding.severity, finding.place.line) == ("error", 7)
    assert [resource.name for resource in read.graph.resources] == ["A", "U", "R"]


def test_one_part_that_fails_leaves_the_others(read_value: ReadValue) -> None:
    read = read_value("{a: !Ref Q, b: !Ref A}")
    assert read.value() == {"a": "local::unresolved", "b": "id-A"}


def test_what_fails_within_a_function_is_reported_once(read_value: ReadValue) -> None:
    assert read_value("!Join ['', !Split [',', !Ref Q]]").codes == ["undefined-name"]
    assert read_value("!Join ['', !If [Maybe, [], []]]").codes == ["undefined-condition"]


def test_an_unmodelled_attribute_is_a_placeholder_with_a_note(read_value: ReadValue) -> None:
    read = read_value("!GetAtt A.Colour")
    assert read.value() == "local::A::Colour"
    assert [(finding.severity, finding.code) for finding in read.findings] == [("note", "unmodelled-attribute")]


def test_a_dynamic_reference_stays_with_a_warning(read_value: ReadValue) -> None:
    read = read_value("'{{resolve:ssm:/a/b:1}}'")
    assert read.value() == "{{resolve:ssm:/a/b:1}}"
    assert read.codes == ["unserved-dynamic-reference"]


def test_exports_of_other_stacks_are_imported(read_value: ReadValue) -> None:
    read = read_value("!ImportValue {'Fn::Sub': '${AWS::StackName}-url'}", stack_references={"o": {"dev-url": "http"}})
    assert read.value() == "http"


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [("cn-north-1", "aws-cn", "amazonaws.com.cn"), ("us-gov-west-1", "aws-us-gov", "amazonaws.com")],
)
def test_the_partition_is_the_regions(read_value: ReadValue, region: str, partition: str, suffix: str) -> None:
    assert read_value("!Sub '${AWS::Partition} ${AWS::URLSuffix}'", region=region).value() == f"{partition} {suffix}"


def test_the_place_of_a_resolved_value_is_that_of_its_function(read_value: ReadValue) -> None:
    written = "{a: [x, !Ref A], b: !If [Yes, {c: !Sub '${A}'}, d]}"
    read = read_value(written, MAPPINGS)
    places = read.graph.resources[-1].places
    start = len("      V: ") + 1
    for path, function in ((("a", 1), "!Ref A"), (("b", "c"), "!Sub")):
        place = places.find("V", *path)
        assert (place.line, place.column) == (7, start + written.index(function))


def test_lines_of_a_substituted_block_are_lines_of_the_file(read_value: ReadValue) -> None:
    read = read_value("!Sub |\n        one\n        two ${A}\n        three")
    assert read.value() == "one\ntwo id-A\nthree\n"
    place = read.graph.resources[-1].places.inside(3, 1, "V")
    assert (place.line, place.column) == (10, 9)
