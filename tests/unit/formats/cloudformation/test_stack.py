"""Expected values: CloudFormation, "Template sections" and the pages of its functions."""

import json
from collections.abc import Callable
from typing import Any

import pytest

ReadTemplate = Callable[..., Any]

THING = "{Type: 'AWS::Known::Thing'}"


def test_resources_come_after_what_they_refer_to(read_template: ReadTemplate) -> None:
    read = read_template("""\
Resources:
  A: {Type: 'AWS::Known::Thing', Properties: {V: !Ref B}}
  B: {Type: 'AWS::Known::Thing', Properties: {V: !Sub '${C.Arn}'}}
  C: {Type: 'AWS::Known::Thing', DependsOn: D}
  D: {Type: 'AWS::Known::Thing', DependsOn: [E]}
  E: {Type: 'AWS::Known::Thing'}
""")
    assert read.codes == []
    assert [resource.name for resource in read.graph.resources] == ["E", "D", "C", "B", "A"]
    assert [resource.id for resource in read.graph.resources][-1] == "id-A"
    assert read.value("A") == "id-B"


def test_provisioning_sees_resolved_properties(read_template: ReadTemplate) -> None:
    read = read_template("""\
Resources:
  A: {Type: 'AWS::Known::Thing', Properties: {V: !Ref B}}
  B: {Type: 'AWS::Known::Thing'}
Outputs:
  Seen: {Value: !GetAtt A.Seen}
""")
    assert json.loads(read.outputs()["Seen"]) == {"V": "id-B"}


def test_a_circular_reference_names_the_cycle_with_its_places(read_template: ReadTemplate) -> None:
    read = read_template("""\
Resources:
  A: {Type: 'AWS::Known::Thing', Properties: {V: !Ref B}}
  B: {Type: 'AWS::Known::Thing', Properties: {V: !GetAtt C.Arn}}
  C: {Type: 'AWS::Known::Thing', Properties: {V: !Sub '${A}'}}
  D: {Type: 'AWS::Known::Thing', Properties: {V: !Ref A}}
  Own: {Type: 'AWS::Known::Thing', DependsOn: Own}
""")
    assert read.codes == ["circular-reference", "circular-reference"]
    first, second = read.findings
    assert first.text == "A → B → C → A refer to each other (A in line 2, B in line 3, C in line 4)"
    assert first.place.line == 2
    assert second.text.startswith("Own → Own")
    assert [resource.name for resource in read.graph.resources] == ["D"]


def test_conditions_choose_resources_and_outputs(read_template: ReadTemplate) -> None:
    read = read_template(
        """\
Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition IsProd]
  Both: !And [!Condition NotProd, !Equals [1, '1']]
  Either: !Or [!Condition IsProd, {Condition: Both}]
Resources:
  P: {Type: 'AWS::Known::Thing', Condition: IsProd}
  D: {Type: 'AWS::Known::Thing', Condition: Either, DependsOn: P}
  E: {Type: 'AWS::Known::Thing', Properties: {V: !If [IsProd, !Ref P, !Ref D]}}
Outputs:
  OnlyProd: {Value: !Ref P, Condition: IsProd}
  Always: {Value: !Ref D, Export: {Name: !Sub '${AWS::StackName}-d'}}
"""
    )
    assert read.codes == []
    assert [resource.name for resource in read.graph.resources] == ["D", "E"]
    assert read.value("E") == "id-D"
    assert read.outputs() == {"Always": "id-D"}


def test_a_parameter_that_is_given_turns_a_condition(read_template: ReadTemplate) -> None:
    text = f"""\
Parameters: {{Stage: {{Type: String, Default: dev, AllowedValues: [dev, prod]}}}}
Conditions: {{IsProd: !Equals [!Ref Stage, prod]}}
Resources: {{A: {THING}, P: {{Type: 'AWS::Known::Thing', Condition: IsProd}}}}
"""
    assert len(read_template(text).graph.resources) == 1
    assert len(read_template(text, parameters={"Stage": "prod"}).graph.resources) == 2
    read = read_template(text, parameters={"Stage": "test"})
    assert read.codes == ["bad-parameter-value"]
    assert read.findings[0].text == "the parameter Stage is one of dev, prod, not 'test'"


def test_a_reference_to_what_its_condition_leaves_out(read_template: ReadTemplate) -> None:
    read = read_template(f"""\
Conditions: {{No: !Equals [a, b]}}
Resources:
  A: {{Type: 'AWS::Known::Thing', Condition: No}}
  B: {{Type: 'AWS::Known::Thing', Properties: {{V: !Ref A}}}}
  C: {THING}
""")
    assert read.codes == ["undefined-name"]
    assert "left out by its condition" in read.findings[0].text


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("yes", "bad-condition"),
        ("{'Fn::Nor': []}", "bad-condition"),
        ("!Not [a, b]", "bad-condition"),
        ("!And [!Equals [a, a]]", "bad-condition"),
        ("!Equals [a]", "bad-condition"),
        ("!Condition Other", "undefined-condition"),
        ("!Equals [!Ref Q, a]", "undefined-name"),
        ("!Not [!Condition C]", "circular-reference"),
    ],
)
def test_a_condition_that_is_none(read_template: ReadTemplate, condition: str, code: str) -> None:
    read = read_template(f"Conditions:\n  C: {condition}\nResources:\n  A: {THING}\n")
    assert read.codes == [code]
    assert read.findings[0].place.line == 2


@pytest.mark.parametrize(
    ("parameter", "code"),
    [
        ("{Type: String}", "no-parameter-value"),
        ("text", "bad-parameter"),
        ("{Type: Number, Default: many}", "bad-parameter-value"),
        ("{Type: Number, Default: 5, MaxValue: 4}", "bad-parameter-value"),
        ("{Type: Number, Default: 5, MinValue: 6}", "bad-parameter-value"),
        ("{Type: String, Default: abc, MinLength: 4}", "bad-parameter-value"),
        ("{Type: String, Default: abc, MaxLength: 2}", "bad-parameter-value"),
    ],
)
def test_a_parameter_without_a_value_it_may_have(read_template: ReadTemplate, parameter: str, code: str) -> None:
    read = read_template(f"Parameters:\n  P: {parameter}\nResources:\n  A: {THING}\n")
    assert read.codes == [code]
    assert read.findings[0].place.line == 2


def test_a_parameter_of_the_parameter_store_is_given_under_its_name_there(read_template: ReadTemplate) -> None:
    text = """\
Parameters:
  P: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}
  L: {Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: /list}
Resources: {R: {Type: 'AWS::Known::Thing', Properties: {V: [!Ref P, !Join ['+', !Ref L]]}}}
"""
    read = read_template(text, parameters={"/a/b": "stored", "/list": "x,y"})
    assert (read.codes, read.value()) == ([], ["stored", "x+y"])
    read = read_template(text, parameters={"/list": "x"})
    assert (read.codes, read.value()) == (["unserved-parameter-store"], ["local::P", "x"])


def test_outputs_that_come_of_secrets_are_secret(read_template: ReadTemplate) -> None:
    read = read_template(f"""\
Parameters: {{P: {{Type: String, Default: a, NoEcho: true}}}}
Resources: {{A: {THING}}}
Outputs:
  Key: {{Value: !Sub 'x${{A.Key}}'}}
  Parameter: {{Value: !Ref P}}
  Open: {{Value: !GetAtt A.Arn}}
""")
    assert [(output.name, output.secret) for output in read.graph.outputs] == [
        ("Key", True),
        ("Parameter", True),
        ("Open", False),
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Transform: AWS::Serverless-2016-10-31\n", "serverless-transform", 1),
        ("Transform: [Mine, {Name: Yours}]\n", "unserved-transform", 1),
        ("Transform: AWS::CodeDeployBlueGreen\n", "transform-without-effect", 1),
        ("Rules: {R: {Assertions: []}}\n", "bad-rule", 1),
        ("Resorces: {}\n", "unknown-section", 1),
        ("Outputs: []\n", "bad-section", 1),
        ("Outputs: {O: {Description: x}}\n", "bad-output", 1),
        ("Outputs: {O: {Value: x, Condition: C}}\n", "undefined-condition", 1),
        ("Mappings: {M: 1}\n", "bad-mapping", 1),
        ("Hooks: {}\n", "unserved-hooks", 1),
        ("AWSTemplateFormatVersion: 2010-09-10\n", "bad-version", 1),
    ],
)
def test_what_is_not_read_of_a_template_is_reported(
    read_template: ReadTemplate, text: str, code: str, line: int
) -> None:
    read = read_template(f"{text}Resources: {{A: {THING}}}\n")
    assert set(read.codes) == {code}
    assert read.findings[0].place.line == line
    assert len(read.graph.resources) == 1


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ("{Properties: {}}", "no-type"),
        ("text", "no-type"),
        ("{Type: 'AWS::Known::Thing', Propertes: {}}", "unknown-attribute"),
        ("{Type: 'AWS::Known::Thing', Properties: []}", "bad-properties"),
        ("{Type: 'AWS::Known::Thing', Condition: C}", "undefined-condition"),
        ("{Type: 'AWS::Known::Thing', DependsOn: Q}", "undefined-name"),
        ("{Type: 'AWS::Known::Thing', DependsOn: {a: b}}", "bad-depends-on"),
    ],
)
def test_what_is_not_read_of_a_resource_is_reported(read_template: ReadTemplate, resource: str, code: str) -> None:
    read = read_template(f"Resources:\n  R: {resource}\n")
    assert read.codes == [code]
    assert read.findings[0].place.line == 2


def test_the_cdks_own_rule_and_metadata_are_passed_over(read_template: ReadTemplate) -> None:
    read = read_template(
        "Rules: {CheckBootstrapVersion: {}}\nResources: {CDKMetadata: {Type: 'AWS::CDK::Metadata'}}\nMetadata: {a: b}\n"
    )
    assert (read.codes, read.graph.resources) == ([], ())


def test_exports_have_names_of_their_own(read_template: ReadTemplate) -> None:
    read = read_template(f"""\
AWSTemplateFormatVersion: 2010-09-09
Resources: {{A: {THING}}}
Outputs:
  One: {{Value: a, Export: {{Name: x}}}}
  Two: {{Value: b, Export: {{Name: !Sub 'x'}}}}
""")
    assert (read.codes, read.findings[0].place.line) == (["duplicate-export"], 5)


def test_attributes_of_resources_that_change_nothing_here(read_template: ReadTemplate) -> None:
    read = read_template("""\
Transform: AWS::LanguageExtensions
Parameters: {Policy: {Type: String, Default: Retain}}
Resources:
  A:
    Type: AWS::Known::Thing
    DeletionPolicy: !Ref Policy
    UpdateReplacePolicy: Delete
    CreationPolicy: {}
    UpdatePolicy: {}
    Metadata: {a: b}
  H: {Type: 'AWS::CloudFormation::WaitConditionHandle'}
  W: {Type: 'AWS::CloudFormation::WaitCondition', Properties: {Handle: !Ref H}}
""")
    assert (read.codes, [resource.name for resource in read.graph.resources]) == ([], ["A"])


def test_json_is_read_as_yaml_is(read_template: ReadTemplate) -> None:
    template = {
        "Resources": {
            "R": {"Type": "AWS::Known::Thing", "Properties": {"V": {"Fn::Join": ["", [{"Ref": "AWS::Region"}, "!"]]}}}
        }
    }
    assert read_template(json.dumps(template), "t.json").value() == "us-east-1!"
    assert read_template(json.dumps(template), "t.template").value() == "us-east-1!"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-document"),
        ("- a\n", "not-cloudformation"),
        ("a: b\n", "not-cloudformation"),
        ("Resources: {", "yaml-syntax"),
        ("Resources: {A: !Nonsense x}", "unknown-tag"),
        ("Resources: {A: !<tag:yaml.org,2002:python/object:x> x}", "unknown-tag"),
    ],
)
def test_a_file_that_is_no_template(read_template: ReadTemplate, text: str, code: str) -> None:
    read = read_template(text)
    assert (read.codes, read.graph.resources) == ([code], ())


def grown(levels: int) -> str:
    """Give substitutions in one another, each of which doubles its text."""
    value: Any = "x" * 8
    for _ in range(levels):
        value = {"Fn::Sub": ["${a}${a}", {"a": value}]}
    return json.dumps({"Resources": {"R": {"Type": "AWS::Known::Thing", "Properties": {"V": value}}}})


def test_substitutions_that_double_are_stopped(read_template: ReadTemplate) -> None:
    assert read_template(grown(5), "t.json").codes == []
    # 2 ** 33 characters would be no matter of seconds.
    assert set(read_template(grown(30), "t.json").codes) == {"too-large"}


def test_splits_that_double_are_stopped(read_template: ReadTemplate) -> None:
    text = ",".join("x" * 300_000)
    value = [{"Fn::Split": [",", text]}] * 5
    template = {"Resources": {"R": {"Type": "AWS::Known::Thing", "Properties": {"V": value}}}}
    assert "too-many-values" in read_template(json.dumps(template), "t.json").codes


def test_nesting_too_deep_is_a_finding(read_template: ReadTemplate) -> None:
    for depth in (90, 5_000):
        value = '{"Fn::Join":["",[' * depth + '"x"' + "]]}" * depth
        text = f'{{"Resources":{{"R":{{"Type":"AWS::Known::Thing","Properties":{{"V":{value}}}}}}}}}'
        assert read_template(text, "t.json").codes == ["too-deep"]
        assert read_template("Resources: {R: " + "!Not [" * depth + "x" + "]" * depth + "}").codes == ["too-deep"]


def test_a_file_too_large_is_a_finding(read_template: ReadTemplate) -> None:
    assert read_template("#" * (10 * 1024 * 1024)).codes == ["file-too-large"]


def test_a_long_chain_of_references_is_resolved(read_template: ReadTemplate) -> None:
    resources = {
        f"R{n}": {"Type": "AWS::Known::Thing", "Properties": {"V": {"Ref": f"R{n + 1}"}}} for n in range(4_000)
    }
    resources["R4000"] = {"Type": "AWS::Known::Thing", "Properties": {}}
    conditions: dict[str, Any] = {f"C{n}": {"Fn::Not": [{"Condition": f"C{n + 1}"}]} for n in range(3_000)}
    conditions["C3000"] = {"Fn::Equals": ["a", "a"]}
    read = read_template(json.dumps({"Conditions": conditions, "Resources": resources}), "t.json")
    assert read.codes == ["too-many-resources"]
    assert read.graph.resources[0].name == "R4000"


def test_a_template_with_many_findings_is_given_up(read_template: ReadTemplate) -> None:
    things = {f"R{n}": {"Type": "AWS::Known::Thing", "Properties": {"V": {"Ref": f"Q{n}"}}} for n in range(5_000)}
    codes = read_template(json.dumps({"Resources": things}), "t.json").codes
    assert len(codes) == 201
    assert codes[-1] == "too-many-findings"


def test_many_circles_are_found_in_bounded_time(read_template: ReadTemplate) -> None:
    resources = {
        f"R{n}": {"Type": "AWS::Known::Thing", "Properties": {"V": [{"Ref": "R0"}, {"Ref": f"R{(n + 1) % 5_000}"}]}}
        for n in range(5_000)
    }
    read = read_template(json.dumps({"Resources": resources}), "t.json")
    assert set(read.codes) == {"circular-reference", "too-many-resources"}


def test_too_many_resources_are_not_read(read_template: ReadTemplate) -> None:
    read = read_template(json.dumps({"Resources": {f"R{n}": {"Type": "A::B::C"} for n in range(5_001)}}), "t.json")
    assert [finding.severity for finding in read.findings] == ["warning", "error"]
    assert read.graph.resources == ()


def test_the_value_of_an_output_is_a_text(read_template: ReadTemplate) -> None:
    """CloudFormation, "Outputs": values are texts; numbers of mappings and truth values become such."""
    read = read_template(
        """Mappings: {M: {a: {k: 1}}}
Resources: {R: {Type: 'AWS::Known::Thing'}}
Outputs:
  Number: {Value: !FindInMap [M, a, k], Export: {Name: n}}
  Truth: {Value: true}
"""
    )
    assert read.outputs() == {"Number": "1", "Truth": "true"}
