"""Expected values: CloudFormation, "AWS::Include transform"; AWS CLI, "cloudformation package"."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ReadTemplate = Callable[..., Any]

INCLUDE = "'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: %s}}"


def test_a_snippet_in_a_section(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("B:\n  Type: AWS::Known::Thing\n  Properties: {V: {Ref: A}}\n", "utf-8")
    read = read_template(f"Resources:\n  A: {{Type: AWS::Known::Thing}}\n  {INCLUDE % 'more.yaml'}\n")
    assert read.codes == []
    assert read.value("B") == "id-A"
    assert [path.name for path in read.graph.files] == ["t.yaml", "more.yaml"]


def test_a_snippet_in_a_property_with_its_own_places(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text(
        '{"openapi": "3.0.1",\n "title": {"Fn::Sub": "${A}"}, "x": {"Ref": "Q"}}', "utf-8"
    )
    read = read_template(f"""\
Resources:
  A: {{Type: AWS::Known::Thing}}
  R:
    Type: AWS::Known::Thing
    Properties:
      V: !Transform {{Name: AWS::Include, Parameters: {{Location: ./body.json}}}}
      W: {{{INCLUDE % "body.json"}, more: 1}}
""")
    expected = {"openapi": "3.0.1", "title": "id-A", "x": "local::unresolved"}
    assert read.graph.resources[-1].properties == {"V": expected, "W": {**expected, "more": 1}}
    assert read.codes == ["undefined-name"]
    file = str(tmp_path / "body.json")
    assert (read.findings[0].place.file, read.findings[0].place.line) == (file, 2)
    place = read.graph.resources[-1].places.find("V", "title")
    assert (place.file, place.line, place.column) == (file, 2, 23)
    assert read.graph.resources[-1].places.find("V").file == str(tmp_path / "t.yaml")


def test_a_snippet_of_sections(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(
        "Mappings: {M: {a: {b: c}}}\nResources: {B: {Type: 'AWS::Known::Thing'}}\nOutputs: {O: {Value: {Ref: B}}}\n",
        "utf-8",
    )
    for transform in (
        "Transform: {Name: 'AWS::Include', Parameters: {Location: !Ref Where}}",
        "Transform: ['AWS::LanguageExtensions', {Name: 'AWS::Include', Parameters: {Location: !Ref Where}}]",
        INCLUDE % "all.yaml",
    ):
        read = read_template(f"""\
{transform}
Parameters: {{Where: {{Type: String, Default: all.yaml}}}}
Resources: {{R: {{Type: 'AWS::Known::Thing', Properties: {{V: !FindInMap [M, a, b]}}}}}}
""")
        assert read.codes == []
        assert (read.value(), read.outputs()) == ("c", {"O": "id-B"})


def test_a_mapping_may_be_included(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("M: {a: {b: c}}\n", "utf-8")
    read = read_template(f"""\
Mappings: {{{INCLUDE % "m.yaml"}}}
Resources: {{R: {{Type: 'AWS::Known::Thing', Properties: {{V: !FindInMap [M, a, b]}}}}}}
""")
    assert (read.codes, read.value()) == ([], "c")


def test_a_rule_may_be_included(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("R: {Assertions: [{Assert: {'Fn::Equals': [a, b]}}]}\n", "utf-8")
    read = read_template(f"Rules: {{{INCLUDE % 'r.yaml'}}}\nResources: {{}}\n")
    assert (read.codes, read.findings[0].place.file) == (["broken-rule"], str(tmp_path / "r.yaml"))


@pytest.mark.parametrize(
    ("location", "code", "said"),
    [
        ("s3://MyAmazonS3BucketName/MyFileName.yaml", "unserved-include", "name a file here"),
        ("nowhere.yaml", "no-such-file", "relative to the template's folder"),
        ("[a]", "bad-intrinsic", "needs a text"),
        ("list.yaml", "bad-include", "must be a mapping"),
        ("broken.yaml", "yaml-syntax", "broken.yaml:2"),
        ("nested.yaml", "nested-include", "no other"),
        ("same.yaml", "duplicate-key", "'A' is there already"),
        ("'a\\0b'", "no-such-file", "no file"),
        ("/dev/zero", "no-such-file", "no file"),
        (".", "no-such-file", "no file"),
        ("''", "no-such-file", "no file"),
        ("!GetAtt A.Arn", "too-early", "none yet"),
    ],
)
def test_a_snippet_that_cannot_be_included(
    read_template: ReadTemplate, tmp_path: Path, location: str, code: str, said: str
) -> None:
    (tmp_path / "list.yaml").write_text("- a\n", "utf-8")
    (tmp_path / "broken.yaml").write_text("a: [\n", "utf-8")
    (tmp_path / "nested.yaml").write_text(f"B: {{{INCLUDE % 'list.yaml'}}}\n", "utf-8")
    (tmp_path / "same.yaml").write_text("A: {Type: 'AWS::Known::Thing'}\n", "utf-8")
    location = '"a\\0b"' if "\\0" in location else location
    read = read_template(f"Resources:\n  A: {{Type: AWS::Known::Thing}}\n  {INCLUDE % location}\n")
    assert read.codes[0] == code
    assert said in read.texts
    assert "A" in [resource.name for resource in read.graph.resources]


def test_short_forms_in_a_snippet_are_read_with_a_warning(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(
        "B:\n  Type: AWS::Known::Thing\n  Properties: {V: !Ref A, W: !Ref A}\n", "utf-8"
    )
    read = read_template(f"Resources:\n  A: {{Type: AWS::Known::Thing}}\n  {INCLUDE % 'more.yaml'}\n")
    assert (read.codes, read.value("B")) == (["short-form-in-include"], "id-A")
    assert (read.findings[0].place.file, read.findings[0].place.line) == (str(tmp_path / "more.yaml"), 3)


def test_a_section_that_is_there_is_not_replaced(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text("Resources: {A: {Type: 'A::B::C'}}\nDescription: x\n", "utf-8")
    read = read_template(f"{INCLUDE % 'all.yaml'}\nDescription: y\nResources: {{A: {{Type: 'AWS::Known::Thing'}}}}\n")
    assert read.codes == ["duplicate-key", "duplicate-key"]
    assert [resource.type for resource in read.graph.resources] == ["AWS::Known::Thing"]


def test_includes_that_grow_are_stopped(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "big.json").write_text(
        "{" + ",".join(f'"k{n}": {{"a": [1, 2, 3]}}' for n in range(40_000)) + "}", "utf-8"
    )
    many = ", ".join(f"V{n}: {{{INCLUDE % 'big.json'}}}" for n in range(200))
    read = read_template(f"Resources: {{R: {{Type: 'AWS::Known::Thing', Properties: {{{many}}}}}}}\n")
    assert read.codes[-1] in {"too-large", "too-many-values"}
    assert read.graph.resources == ()


def test_a_template_without_resources_is_none_whatever_it_includes(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text("Mappings: {}\n", "utf-8")
    assert read_template(f"{INCLUDE % 'all.yaml'}\n").codes == ["not-cloudformation"]
    (tmp_path / "all.yaml").write_text("Resources: {R: {Type: 'A::B::C'}}\n", "utf-8")
    assert [resource.name for resource in read_template(f"{INCLUDE % 'all.yaml'}\n").graph.resources] == ["R"]
