"""What is no template, or grows without end, is a finding in bounded time and memory."""

import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.formats import cloudformation
from inferway.formats.resources import Environment

ReadTemplate = Callable[..., Any]

THING = "{Type: 'AWS::Known::Thing'}"


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"Resources:\n  A: {Type: 'AWS::Known::Thing\xff'}\n", "bad-encoding", 2),
        (b"Resources:\n\tA: x\n", "yaml-syntax", 2),
        (b"Resources:\n  A: {Type: a}\n  A: {Type: b}\n", "duplicate-key", 3),
        (b'{"Resources": {"A": {"Type": "a"},\n "A": {"Type": "b"}}}', "duplicate-key", 2),
        (b"Resources: {A: {Type: 'A::B::C', Properties: {V: !Join ['', *x]}}}", "bad-alias", 1),
        (b"a: &a [x, x, x, x, x, x, x, x, x]\n", "not-cloudformation", 1),
        (b"--- {}\n--- {}\n", "several-documents", 2),
        (b"text", "not-cloudformation", 1),
        (b"null", "not-cloudformation", 1),
        (b"\x00", "yaml-syntax", 1),
        (b"Resources: {? [a]\n : b}", "bad-key", 1),
    ],
)
def test_a_file_that_is_no_template_is_refused_in_its_line(tmp_path: Path, data: bytes, code: str, line: int) -> None:
    path = tmp_path / "t.yaml"
    path.write_bytes(data)
    graph, findings = cloudformation.read(path, Environment(), lambda resource, place: None)
    assert graph.resources == ()
    assert [(finding.code, finding.place.line) for finding in findings] == [(code, line)]


def test_aliases_that_multiply_are_refused(read_template: ReadTemplate) -> None:
    levels = "\n".join(f"  l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 9)}]" for n in range(12))
    read = read_template(f"Metadata:\n  l0: &l0 [x, x, x]\n{levels}\nResources: {{A: {THING}}}\n")
    assert read.codes == ["too-many-values"]


@pytest.mark.parametrize("name", ["t.yaml", "t.json", "t.template"])
def test_twenty_megabytes_are_refused_without_being_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    things = {f"R{n}": {"Type": "AWS::Known::Thing", "Properties": {"V": "x" * 100}} for n in range(130_000)}
    path.write_text(json.dumps({"Resources": things}), "utf-8")
    del things
    assert path.stat().st_size > 20_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    graph, findings = cloudformation.read(path, Environment(), lambda resource, place: None)
    assert ([finding.code for finding in findings], graph.resources) == (["file-too-large"], ())
    assert "6 MB" in findings[0].text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024  # kilobytes


def test_a_device_is_no_template() -> None:
    graph, findings = cloudformation.read(Path("/dev/zero"), Environment(), lambda resource, place: None)
    assert ([finding.code for finding in findings], graph.resources) == (["unreadable"], ())


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Sub": "${A}" * 300_000},
        {"Fn::Join": [{"Ref": "A"} and "x" * 1000, ["y"] * 100_000]},
        {"Fn::Base64": "x" * 1_000_000},
        {"Fn::ToJsonString": ["x" * 1_000_000, "x" * 1_000_000]},
    ],
    ids=["sub", "join", "base64", "json"],
)
def test_values_that_are_too_long_are_refused(read_template: ReadTemplate, value: object) -> None:
    things = {"A": {"Type": "AWS::Known::Thing"}, "R": {"Type": "AWS::Known::Thing", "Properties": {"V": value}}}
    template = {"Transform": "AWS::LanguageExtensions", "Resources": things}
    read = read_template(json.dumps(template), "t.json")
    assert (read.codes, read.value()) == (["too-large"], "local::unresolved")


def test_mappings_that_multiply_are_stopped(read_template: ReadTemplate) -> None:
    """Each use of a mapping's list costs as much as the list."""
    values = [{"Fn::FindInMap": ["M", "a", "b"]}] * 20_000
    things = {"R": {"Type": "AWS::Known::Thing", "Properties": {"V": values}}}
    template = {"Mappings": {"M": {"a": {"b": ["x"] * 20_000}}}, "Resources": things}
    assert read_template(json.dumps(template), "t.json").codes == ["too-many-values"]


def test_names_of_any_length_are_reported_in_bounded_length(read_template: ReadTemplate) -> None:
    name = "x" * 1_000_000
    for value in ({"Ref": name}, {"Fn::GetAtt": [name, name]}, {"Fn::FindInMap": [name, "a", "b"]}, {f"Fn::{name}": 1}):
        template = {"Resources": {"R": {"Type": "AWS::Known::Thing", "Properties": {"V": value}}}}
        read = read_template(json.dumps(template), "t.json")
        assert len(read.codes) == 1
        assert all(len(finding.text) < 1_000 for finding in read.findings)


def test_deep_snippets_in_deep_templates_are_refused(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text('{"a":' * 60 + "1" + "}" * 60, "utf-8")
    inner = "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: deep.json}}}"
    value = "{a: " * 60 + inner + "}" * 60
    read = read_template(f"Resources: {{R: {{Type: 'AWS::Known::Thing', Properties: {value}}}}}\n")
    assert (read.codes, read.graph.resources) == (["too-deep"], ())
