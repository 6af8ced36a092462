"""Expected values: CloudFormation, "Intrinsic function reference", each function's own page."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

ReadValue = Callable[..., Any]

MAPPINGS = """\
Transform: AWS::LanguageExtensions
Mappings:
  Regions:
    us-east-1: {Size: big, Many: [a, b]}
    eu-west-1: {Size: small}
Parameters:
  P: {Type: String, Default: given}
  L: {Type: CommaDelimitedList, Default: 'x, y,z'}
  N: {Type: Number, Default: 7}
  Z: {Type: String, Default: ze}
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
        ("!FindInMap [!Join ['', [Reg, ions]], !Ref 'AWS::Region', !Sub 'Si${Z}']", "big"),
        ("!FindInMap [Regions, nowhere, Size, {DefaultValue: none}]", "none"),
        ("!FindInMap [Regions, us-east-1, Weight, {DefaultValue: !Ref P}]", "given"),
        ("!FindInMap [Nowhere, us-east-1, Size, {DefaultValue: [a, !Ref P]}]", ["a", "given"]),
        ("!FindInMap [Regions, us-east-1, Size, {DefaultValue: none}]", "big"),
        ("{a: !FindInMap [Regions, nowhere, Size, {DefaultValue: !Ref 'AWS::NoValue'}]}", {}),
        ("!Base64 'a ä'", base64.b64encode("a ä".encode()).decode()),
        ("{'Fn::Base64': !Sub '${P}'}", base64.b64encode(b"given").decode()),
        ("!If [Yes, a, b]", "a"),
        ("!If [No, a, {c: !Ref P}]", {"c": "given"}),
        ("[1, !If [No, a, !Ref 'AWS::NoValue'], 2]", [1, 2]),
        ("{a: !Ref 'AWS::NoValue', b: 1}", {"b": 1}),
        ("!GetAZs ''", ["us-east-1a", "us-east-1b", "us-east-1c"]),
        ("{'Fn::Length': !Ref L}", 3),
        ("{'Fn::Length': !Split ['|', 'a|b|c']}", 3),
        ("{'Fn::Length': [1, !Ref P, 3]}", 3),
        ("{'Fn::ToJsonString': {key1: value1, key2: !Ref P}}", '{"key1":"value1","key2":"given"}'),
        ("{'Fn::ToJsonString': [{key1: value1, key2: !Ref P}]}", '[{"key1":"value1","key2":"given"}]'),
        ("!Cidr ['192.168.0.0/24', 6, 5]", [f"192.168.0.{32 * number}/27" for number in range(6)]),
        ("!Cidr ['192.168.0.0/24', '6', '5']", [f"192.168.0.{32 * number}/27" for number in range(6)]),
        ("!Select [1, !Cidr ['10.0.0.0/16', 2, 8]]", "10.0.1.0/24"),
        ("!Select [2, !Cidr ['2001:db8:1234:1a00::/56', 3, 64]]", "2001:db8:1234:1a02::/64"),
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
        ("!Equals [a, a]", "bad-intrinsic", "conditions and rules only"),
        ("!ValueOf [P, Tags.x]", "bad-intrinsic", "conditions and rules only"),
        ("!Cidr [a, 1, 2]", "bad-intrinsic", "no block of addresses"),
        ("!Cidr ['10.0.0.0/24', 0, 4]", "bad-intrinsic", "1 to 256"),
        ("!Cidr ['10.0.0.0/24', 257, 1]", "bad-intrinsic", "1 to 256"),
        ("!Cidr ['10.0.0.0/24', 17, 4]", "bad-intrinsic", "no room for 17"),
        ("!Cidr ['10.0.0.0/24', 1, 9]", "bad-intrinsic", "no room"),
        ("!Cidr ['10.0.0.0/24', 1, 0]", "bad-intrinsic", "no room"),
        ("!Transform {Name: 'AWS::Include'}", "bad-include", "needs a Location"),
        ("!Transform {Name: Mine}", "unserved-transform", "the macro Mine"),
        ("{'Fn::ForEach::L': [a]}", "bad-loop", "takes an identifier"),
        ("{'Fn::ToJsonString': !Ref P}", "bad-intrinsic", "a mapping or a list"),
        ("!GetStackOutput {StackName: other, OutputName: o}", "undefined-stack", "'other'"),
        ("!GetStackOutput {StackName: other}", "bad-intrinsic", "OutputName"),
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
    assert (str(finding.severity), finding.place.line) == ("error", 7)
    assert [resource.name for resource in read.graph.resources] == ["A", "U", "R"]


def test_one_part_that_fails_leaves_the_others(read_value: ReadValue) -> None:
    read = read_value("{a: !Ref Q, b: !Ref A}")
    assert read.value() == {"a": "local::unresolved", "b": "id-A"}


def test_what_fails_within_a_function_is_reported_once(read_value: ReadValue) -> None:
    assert read_value("!Join ['', !Split [',', !Ref Q]]").codes == ["undefined-name"]
    assert read_value("!Join ['', !If [Maybe, [], []]]").codes == ["undefined-condition"]


def test_an_attribute_without_a_model_is_a_placeholder_with_a_warning(read_value: ReadValue) -> None:
    for written, expected in (("!GetAtt A.Colour", "local::A::Colour"), ("!GetAtt U.Arn", "local::U::Arn")):
        read = read_value(written)
        assert read.value() == expected
        assert [(finding.severity, finding.code) for finding in read.findings] == [("warning", "unmodelled-attribute")]
        assert read.findings[0].place.line == 7


def test_an_attribute_that_is_misspelt_is_told_from_the_one_that_is_meant(read_value: ReadValue) -> None:
    assert "no model here (did you mean Arn?)" in read_value("!GetAtt A.Ar").texts
    assert "did you mean" not in read_value("!GetAtt A.Colour").texts


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("!Select [4, !Split [':', !GetAtt U.Arn]]", "local::U::Arn"),
        ("!Select [4, !Split ['/', !GetAtt U.Url]]", "local::U::Url"),
        ("!Join [',', !GetAtt U.List]", "local::U::List"),
        ("!Cidr [!GetAtt U.CidrBlock, 2, 8]", ["local::U::CidrBlock::0", "local::U::CidrBlock::1"]),
    ],
)
def test_placeholders_pass_through_functions(read_value: ReadValue, written: str, expected: object) -> None:
    read = read_value(written)
    assert read.codes == ["unmodelled-attribute"]
    assert read.value() == expected


@pytest.mark.parametrize(
    "written", ["{'Fn::Length': [a]}", "{'Fn::ToJsonString': []}", "!FindInMap [A, b, c, {DefaultValue: d}]"]
)
def test_functions_of_the_language_extensions_ask_for_their_transform(read_value: ReadValue, written: str) -> None:
    read = read_value(written)
    assert read.codes == ["no-language-extensions"]
    assert "AWS::LanguageExtensions" in read.texts


def test_outputs_of_other_stacks(read_value: ReadValue) -> None:
    stacks = {"network": {"VpcId": "vpc-1"}}
    written = "{'Fn::GetStackOutput': {StackName: network, OutputName: VpcId, Region: us-east-1}}"
    assert read_value(written, stack_references=stacks).value() == "vpc-1"
    assert (
        read_value("!GetStackOutput {StackName: network, OutputName: VpcId}", stack_references=stacks).value()
        == "vpc-1"
    )
    read = read_value("!GetStackOutput {StackName: network, OutputName: VpcID}", stack_references=stacks)
    assert (read.codes, "did you mean VpcId?" in read.texts) == (["undefined-name"], True)


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
