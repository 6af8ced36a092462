"""Templates that are none, or none that SAM takes: findings at their lines, and never an exception."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.formats.resources import Environment
from inferway.formats.sam import reader

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
FUNCTION = "  F:\n    Type: AWS::Serverless::Function\n    Properties:\n"
EVENT = """\
      Runtime: python3.12
      Handler: a
      Events:
        E: {Type: Api, Properties: {Path: /x}}
"""


@pytest.mark.parametrize(
    ("resources", "at", "said"),
    [
        (f"{FUNCTION}      Runtime: python3.12\n      CodeUri: src\n", "  F:", "Handler"),
        (f"{FUNCTION}      Runtime: [x]\n      Handler: a\n      Timeout: 3\n      Events: 7\n", "Events", "Events"),
        ("  A:\n    Type: AWS::Serverless::Api\n    Properties: {}\n", "  A:", "StageName"),
        (
            FUNCTION + EVENT,
            "E: {",
            "Method",
        ),
    ],
)
def test_what_the_translator_refuses_has_its_place(sam: Callable[..., Any], resources: str, at: str, said: str) -> None:
    made = sam(resources)
    assert made.graph.resources == ()
    finding = made.findings[0]
    assert finding.severity == "error"
    assert said in finding.text
    assert finding.place.line == made.line(at)


def test_what_refers_to_nothing_has_its_place(sam: Callable[..., Any]) -> None:
    made = sam(f"{FUNCTION}      Runtime: python3.12\n      Handler: a\n      Role: !GetAtt Nobody.Arn\n")
    (finding,) = made.findings
    assert (finding.code, finding.place.line) == ("undefined-name", made.line("Nobody"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        HEAD,
        f"{HEAD}Resources: []\n",
        f"{HEAD}Resources: {{}}\n",
        f"{HEAD}Resources: {{A: 5}}\n",
        f"{HEAD}Resources: {{A: {{Type: [AWS::Serverless::Function]}}}}\n",
        f"{HEAD}Resources: {{A: {{Type: AWS::Serverless::Function, Properties: []}}}}\n",
        f"{HEAD}Globals: []\nResources: {{A: {{Type: AWS::Serverless::SimpleTable}}}}\n",
        f"{HEAD}Globals: {{Function: 5}}\nResources: {{A: {{Type: AWS::Serverless::SimpleTable}}}}\n",
        f"{HEAD}Resources: {{A: {{Type: AWS::Serverless::Function, Properties: {{Events: [1], Handler: a}}}}}}\n",
        f"{HEAD}Resources: {{A: {{Type: AWS::Serverless::GraphQLApi, Properties: {{Functions: [], Resolvers: 5}}}}}}\n",
        f"{HEAD}Resources: {{A: {{Type: AWS::Serverless::Application, Properties: {{Location: [1]}}}}}}\n",
        "Resources: {A: {Type: AWS::Lambda::Function}}\n",
        "Transform: AWS::Serverless-2016-10-31\nResources: {A: *x}\n",
    ],
)
def test_no_template(tmp_path: Path, text: str) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(text, "utf-8")
    graph, findings = reader.read(path, Environment(), lambda resource, environment: None)
    assert graph.resources == ()
    assert {finding.severity for finding in findings} == {"error"}
    assert {finding.place.file for finding in findings} == {str(path)}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("template.yaml", f"{HEAD}Resources: {{}}\n", True),
        ("any.yml", "Transform:\n- AWS::LanguageExtensions\n- AWS::Serverless-2016-10-31\n", True),
        ("template.json", '{"Transform": "AWS::Serverless-2016-10-31"}', True),
        ("template.yaml", "Resources: {A: {Type: AWS::Lambda::Function}}\n", False),
        ("readme.md", HEAD, False),
    ],
)
def test_templates_are_recognised(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert reader.recognises(tmp_path / name) is expected


def test_a_folder_is_no_template(tmp_path: Path) -> None:
    assert not reader.recognises(tmp_path)


@pytest.mark.parametrize("name", ["\\0", "x" * 300, "../../../../../../etc", ""])
@pytest.mark.parametrize(
    "holder",
    [
        "Function, Properties: {Runtime: python3.12, Handler: a.b, CodeUri: %s}",
        "Api, Properties: {StageName: v1, DefinitionUri: %s}",
        "GraphQLApi, Properties: {Auth: {Type: API_KEY}, SchemaUri: %s}",
        "Application, Properties: {Location: %s}",
    ],
)
def test_a_path_that_no_file_has(sam: Callable[..., Any], holder: str, name: str) -> None:
    made = sam("  A: {Type: AWS::Serverless::" + holder.replace("%s", f'"{name}"') + "}\n")
    assert {finding.place.file for finding in made.findings} <= {str(made.path)}


def test_parameters_without_a_value_are_all_that_is_reported_of_them(sam: Callable[..., Any]) -> None:
    """An alias names resources, so the translator is given names of the right form for values that are not there."""
    read = sam(
        """\
  F:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: pass
      Handler: index.h
      Runtime: python3.12
      AutoPublishAlias: !Ref Alias
      Timeout: !Ref Seconds
""",
        "Parameters: {Alias: {Type: String}, Seconds: {Type: Number}}\n",
    )
    assert read.codes == ["no-parameter-value"] * 2
