"""Expected values: CloudFormation Template Reference, "AWS::CloudFormation::Stack"."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.formats import cloudformation
from inferway.formats.cloudformation.reader import read_stack
from inferway.formats.resources import Environment, Provisioned, Resource

ReadTemplate = Callable[..., Any]

CHILD = """\
Parameters: {Name: {Type: String}, Size: {Type: Number, Default: 1}, Word: {Type: String, Default: none, NoEcho: true}}
Resources:
  Thing: {Type: 'AWS::Known::Thing', Properties: {V: !Sub '${Name}-${Size}'}}
  Other: {Type: 'AWS::Known::Thing', Properties: {V: !Ref Thing}}
Outputs:
  Arn: {Value: !GetAtt Thing.Arn, Export: {Name: !Sub '${Name}-arn'}}
  Word: {Value: !Ref Word}
"""


def parent(properties: str, rest: str = "") -> str:
    return f"Resources:\n  Nested:\n    Type: AWS::CloudFormation::Stack\n    Properties: {properties}\n{rest}"


def test_a_nested_stack_is_read_with_its_parameters(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "child.yaml").write_text(CHILD, "utf-8")
    read = read_template(
        parent(
            "{TemplateURL: ./stacks/child.yaml, Parameters: {Name: !Ref A, Size: 5}}",
            "  A: {Type: 'AWS::Known::Thing'}\n"
            "  R: {Type: 'AWS::Known::Thing', Properties: {V: !GetAtt Nested.Outputs.Arn}}\n"
            "  S: {Type: 'AWS::Known::Thing', Properties: {V: !Ref Nested}}\n"
            "  T: {Type: 'AWS::Known::Thing', DependsOn: Nested, Properties: {V: !ImportValue id-A-arn}}\n"
            "Outputs: {Arn: {Value: !GetAtt [Nested, Outputs.Arn]}, Word: {Value: !Sub '${Nested.Outputs.Word}'}}\n",
        )
    )
    assert read.codes == []
    assert [resource.name for resource in read.graph.resources] == ["A", "Nested.Thing", "Nested.Other", "R", "S", "T"]
    assert read.value("Nested.Thing") == "id-A-5"
    assert read.value("Nested.Other") == "id-Nested.Thing"
    assert read.value("R") == read.value("T") == "arn:us-east-1:Nested.Thing"
    assert read.value("S").startswith("arn:aws:cloudformation:us-east-1:000000000000:stack/dev-Nested-")
    assert [(output.name, output.value, output.secret) for output in read.graph.outputs] == [
        ("Arn", "arn:us-east-1:Nested.Thing", False),
        ("Word", "none", True),
    ]
    assert [path.name for path in read.graph.files] == ["t.yaml", "child.yaml"]
    child = str(tmp_path / "stacks" / "child.yaml")
    assert read.graph.resources[1].places.find("V").file == child


def test_a_nested_stack_knows_its_own_names_only(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text(
        "Resources: {R: {Type: 'AWS::Known::Thing', Properties: {V: !Ref A}}}\n", "utf-8"
    )
    read = read_template(parent("{TemplateURL: child.yaml}", "  A: {Type: 'AWS::Known::Thing'}\n"))
    assert read.codes == ["undefined-name"]
    assert read.findings[0].place.file == str(tmp_path / "child.yaml")


def test_a_parameter_on_the_command_line_is_none_of_a_nested_stacks(
    read_template: ReadTemplate, tmp_path: Path
) -> None:
    (tmp_path / "child.yaml").write_text(CHILD, "utf-8")
    text = "Parameters: {Size: {Type: Number}}\n" + parent("{TemplateURL: child.yaml, Parameters: {Name: x}}")
    read = read_template(text, parameters={"Size": "7"})
    assert (read.codes, read.value("Nested.Thing")) == ([], "x-1")


def test_what_a_nested_stack_asks_for_is_no_mistake(read_template: ReadTemplate, tmp_path: Path) -> None:
    child = "Resources: {R: {Type: 'AWS::Known::Thing', Properties: {V: '{{resolve:ssm:Access:2}}'}}}\n"
    (tmp_path / "child.yaml").write_text(child, "utf-8")
    read = read_template(parent("{TemplateURL: child.yaml}"), parameters={"Access": "Private"})
    assert (read.codes, read.value("Nested.R")) == ([], "Private")


def test_a_secret_that_is_handed_on_stays_secret(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text(CHILD + "  Name: {Value: !Ref Name}\n", "utf-8")
    read = read_template(
        "Parameters: {P: {Type: String, Default: p, NoEcho: true}}\n"
        + parent(
            "{TemplateURL: child.yaml, Parameters: {Name: !Ref P}}",
            "Outputs: {N: {Value: !GetAtt Nested.Outputs.Name}}\n",
        )
    )
    assert [(output.value, output.secret) for output in read.graph.outputs] == [("p", True)]


def test_stacks_in_stacks(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(
        "Resources: {R: {Type: 'AWS::Known::Thing'}}\nOutputs: {O: {Value: !Ref R}}\n", "utf-8"
    )
    inner = parent("{TemplateURL: inner.yaml}", "Outputs: {O: {Value: !GetAtt Nested.Outputs.O}}\n")
    (tmp_path / "middle.yaml").write_text(inner, "utf-8")
    read = read_template(parent("{TemplateURL: middle.yaml}", "Outputs: {O: {Value: !GetAtt Nested.Outputs.O}}\n"))
    assert (read.codes, read.outputs()) == ([], {"O": "id-Nested.Nested.R"})
    assert [path.name for path in read.graph.files] == ["t.yaml", "middle.yaml", "inner.yaml"]


@pytest.mark.parametrize(
    ("properties", "rest", "code", "severity"),
    [
        ("{TemplateURL: 'https://s3.amazonaws.com/b/x.yaml'}", "", "unserved-nested-stack", "warning"),
        ("{}", "", "unserved-nested-stack", "warning"),
        (
            "{TemplateURL: 'https://s3.amazonaws.com/b/x.yaml'}",
            "  R: {Type: 'AWS::Known::Thing', DependsOn: Nested}\n",
            "unserved-nested-stack",
            "warning",
        ),
        (
            "{TemplateURL: 'https://s3.amazonaws.com/b/x.yaml'}",
            "  R: {Type: 'AWS::Known::Thing', Properties: {V: !GetAtt Nested.Outputs.O}}\n",
            "unserved-nested-stack",
            "error",
        ),
        (
            "{TemplateURL: 's3://b/x.yaml'}",
            "Outputs: {O: {Value: !GetAtt Nested.Outputs.O}}\n",
            "unserved-nested-stack",
            "error",
        ),
        ("{TemplateURL: nowhere.yaml}", "", "no-such-file", "error"),
        ("{TemplateURL: t.yaml}", "", "circular-stack", "error"),
        ("{TemplateURL: list.yaml}", "", "not-cloudformation", "error"),
        ("{TemplateURL: broken.yaml}", "", "yaml-syntax", "error"),
        ("{TemplateURL: child.yaml}", "", "no-parameter-value", "error"),
        ("{TemplateURL: child.yaml, Parameters: {Name: x, Nmae: y}}", "", "unknown-parameter", "error"),
        ("{TemplateURL: child.yaml, Parameters: {Name: [x]}}", "", "bad-parameter-value", "error"),
        ("{TemplateURL: child.yaml, Parameters: {Name: {x: y}}}", "", "bad-parameter-value", "error"),
        (
            "{TemplateURL: child.yaml, Parameters: {Name: x}}",
            "Outputs: {O: {Value: !GetAtt Nested.Outputs.Anr}}\n",
            "undefined-name",
            "error",
        ),
    ],
)
def test_a_nested_stack_that_cannot_be_read(
    read_template: ReadTemplate, tmp_path: Path, properties: str, rest: str, code: str, severity: str
) -> None:
    (tmp_path / "child.yaml").write_text(CHILD, "utf-8")
    (tmp_path / "list.yaml").write_text("- a\n", "utf-8")
    (tmp_path / "broken.yaml").write_text("a: [\n", "utf-8")
    read = read_template(parent(properties, rest))
    assert (read.codes[0], str(read.findings[0].severity)) == (code, severity)


def test_stacks_that_nest_in_one_another_name_the_way(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(parent("{TemplateURL: b.yaml}"), "utf-8")
    (tmp_path / "b.yaml").write_text(parent("{TemplateURL: ./a.yaml}"), "utf-8")
    read = read_template(parent("{TemplateURL: a.yaml}"))
    assert read.codes == ["circular-stack"]
    assert "t.yaml → a.yaml → b.yaml → a.yaml" in read.texts


def test_stacks_that_multiply_are_stopped(read_template: ReadTemplate, tmp_path: Path) -> None:
    for level in range(8):
        nested = {
            f"N{n}": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": f"s{level + 1}.json"}}
            for n in range(10)
        }
        (tmp_path / f"s{level}.json").write_text(json.dumps({"Resources": nested}), "utf-8")
    (tmp_path / "s8.json").write_text('{"Resources": {}}', "utf-8")
    read = read_template(parent("{TemplateURL: s0.json}"))
    assert "too-large" in read.codes


def test_a_template_among_the_assets_of_an_app(tmp_path: Path) -> None:
    """Assets of the CDK are known by the last part of the URL that they are uploaded to, or by metadata."""
    (tmp_path / "asset.1.json").write_text('{"Resources": {"R": {"Type": "A::B::C"}}}', "utf-8")
    template = {
        "Resources": {
            "One": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {
                    "TemplateURL": {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::URLSuffix"}, "/b/1.json"]]}
                },
            },
            "Two": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": "https://bucket/2.json"},
                "Metadata": {"aws:asset:path": "asset.1.json", "aws:asset:property": "TemplateURL"},
            },
        }
    }
    path = tmp_path / "app.template.json"
    path.write_text(json.dumps(template), "utf-8")
    located = {"1.json": tmp_path / "asset.1.json"}
    stack, findings = read_stack(path, Environment(), lambda resource, place: None, {}, bare=True, located=located)
    assert findings == ()
    assert [resource.name for resource in stack.resources] == ["One.R", "Two.R"]


def test_names_in_nested_stacks_are_made_of_their_own_stacks(tmp_path: Path) -> None:
    stacks = []

    def provision(resource: Resource, environment: Environment) -> Provisioned | None:
        stacks.append(environment.stack)
        return None

    (tmp_path / "child.yaml").write_text("Resources: {R: {Type: 'A::B::C'}}\n", "utf-8")
    path = tmp_path / "t.yaml"
    path.write_text(parent("{TemplateURL: child.yaml}", "  A: {Type: 'A::B::C'}\n"), "utf-8")
    cloudformation.read(path, Environment(stack="prod"), provision)
    assert stacks[0].startswith("prod-Nested-")
    assert stacks[1] == "prod"


def test_a_chain_of_stacks_with_deep_values_at_its_end(read_template: ReadTemplate, tmp_path: Path) -> None:
    deep: Any = "x"
    for _ in range(90):
        deep = {"Fn::Base64": deep}
    last = {"Resources": {"R": {"Type": "AWS::Known::Thing", "Properties": {"V": deep}}}}
    (tmp_path / "s18.json").write_text(json.dumps(last), "utf-8")
    for level in range(18):
        nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": f"s{level + 1}.json"}}
        (tmp_path / f"s{level}.json").write_text(json.dumps({"Resources": {"N": nested}}), "utf-8")
    read = read_template(parent("{TemplateURL: s0.json}"))
    assert read.codes == ["too-large"]
    assert read.findings[0].place.file == str(tmp_path / "s18.json")


def test_large_stacks_that_are_nested_often_are_stopped(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "big.yaml").write_text("Resources: {}\n" + "#" * 5_000_000, "utf-8")
    nested = {
        f"N{n}": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "big.yaml"}} for n in range(20)
    }
    assert read_template(json.dumps({"Resources": nested}), "t.json").codes == ["too-large"]
