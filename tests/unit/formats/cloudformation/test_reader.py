from pathlib import Path

import pytest

from inferway.formats import cloudformation
from inferway.formats.resources import Environment


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("t.yaml", "Resources:\n  A:\n    Type: AWS::IAM::Role\n", True),
        ("t.yml", "Resources:\n  A:\n    Type: 'Custom::Thing'\n", True),
        ("t.json", '{"Resources": {"A": {"Type": "AWS::IAM::Role"}}}', True),
        ("t.template", '{"AWSTemplateFormatVersion": "2010-09-09", "Resources":{"A":{"Type":"AWS::IAM::Role"}}}', True),
        ("t.txt", "Resources:\n  A:\n    Type: AWS::IAM::Role\n", False),
        ("t.yaml", "resources:\n  A:\n    type: AWS::IAM::Role\n", False),
        ("t.json", '{"resources": [], "$schema": "x"}', False),
        ("t.yaml", "openapi: 3.0.1\npaths: {}\n", False),
        ("t.yaml", "Resources:\n", False),
        ("t.json", "\udcff", False),
    ],
)
def test_a_template_is_recognised_by_its_content(tmp_path: Path, name: str, text: str, expected: bool) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert cloudformation.recognises(path) is expected


def test_what_is_no_file_is_not_recognised(tmp_path: Path) -> None:
    assert not cloudformation.recognises(tmp_path)
    assert not cloudformation.recognises(tmp_path / "missing.yaml")


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    graph, findings = cloudformation.read(tmp_path / "t.yaml", Environment(), lambda resource, environment: None)
    assert graph.resources == ()
    assert [finding.code for finding in findings] == ["unreadable"]
