"""Expected values: CloudFormation, "Get values stored in other services using dynamic references" and its pages."""

from collections.abc import Callable
from typing import Any

import pytest

ReadValue = Callable[..., Any]

SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:MySecret"


@pytest.mark.parametrize(
    ("written", "given", "expected"),
    [
        ("'{{resolve:ssm:S3AccessControl:2}}'", {"S3AccessControl": "Private"}, "Private"),
        ("'{{resolve:ssm:S3AccessControl:2}}'", {"S3AccessControl": "a", "S3AccessControl:2": "b"}, "b"),
        ("'{{resolve:ssm:/a/b}}'", {"/a/b": "c"}, "c"),
        ("'x-{{resolve:ssm:/a}}-{{resolve:ssm:/b}}'", {"/a": "1", "/b": "2"}, "x-1-2"),
        ("'{{resolve:ssm-secure:IAMUserPassword:10}}'", {"IAMUserPassword": "p"}, "p"),
        ("'{{resolve:secretsmanager:MySecret:SecretString:password}}'", {"MySecret:password": "p"}, "p"),
        ("'{{resolve:secretsmanager:MySecret:SecretString:password}}'", {"MySecret": '{"password": "p"}'}, "p"),
        ("'{{resolve:secretsmanager:MySecret:SecretString:port}}'", {"MySecret": '{"port": 5432}'}, "5432"),
        ("'{{resolve:secretsmanager:S:SecretString:p}}'", {"S": "x", "S:p": "x"}, "x"),
        ("'{{resolve:secretsmanager:MySecret}}'", {"MySecret": '{"password": "p"}'}, '{"password": "p"}'),
        ("'{{resolve:secretsmanager:MySecret::::}}'", {"MySecret": "s"}, "s"),
        ("'{{resolve:secretsmanager:MySecret:SecretString:password:AWSPREVIOUS}}'", {"MySecret:password": "p"}, "p"),
        (f"'{{{{resolve:secretsmanager:{SECRET}:SecretString:password}}}}'", {f"{SECRET}:password": "p"}, "p"),
        ("!Sub '{{resolve:ssm:/${AWS::StackName}/key:1}}'", {"/dev/key": "v"}, "v"),
        ("!Join ['', ['{{resolve:ssm:', '/a', ':1}}']]", {"/a": "v"}, "v"),
        ("{a: ['{{resolve:ssm:/a:1}}', 1], b: {c: d}}", {"/a": "v"}, {"a": ["v", 1], "b": {"c": "d"}}),
    ],
)
def test_a_reference_is_replaced_by_what_is_given(
    read_value: ReadValue, written: str, given: dict[str, str], expected: object
) -> None:
    read = read_value(written, parameters=given)
    assert (read.codes, read.value()) == ([], expected)


@pytest.mark.parametrize(
    ("written", "given", "expected"),
    [
        ("'a-{{resolve:ssm:/a/b:1}}'", {}, "a-local::ssm::/a/b:1"),
        ("'{{resolve:secretsmanager:S:SecretString:p}}'", {}, "local::secretsmanager::S:p"),
        ("'{{resolve:secretsmanager:S:SecretString:p}}'", {"S": "no JSON"}, "local::secretsmanager::S:p"),
        ("'{{resolve:secretsmanager:S:SecretString:p}}'", {"S": "[" * 100_000}, "local::secretsmanager::S:p"),
        ("'{{resolve:secretsmanager:S:SecretString:p}}'", {"S": '{"q": 1}'}, "local::secretsmanager::S:p"),
        ("'{{resolve:vault:a}}'", {}, "{{resolve:vault:a}}"),
    ],
)
def test_a_reference_to_what_is_not_given_is_a_placeholder_with_a_warning(
    read_value: ReadValue, written: str, given: dict[str, str], expected: str
) -> None:
    read = read_value(written, parameters=given)
    assert read.value() == expected
    assert read.codes[0] == "unserved-dynamic-reference"
    assert (str(read.findings[0].severity), read.findings[0].place.line) == ("warning", 7)


def test_outputs_that_come_of_secrets_are_secret(read_value: ReadValue) -> None:
    outputs = "Outputs:\n  A: {Value: '{{resolve:secretsmanager:S}}'}\n  B: {Value: '{{resolve:ssm:S}}'}\n"
    read = read_value("x", outputs, parameters={"S": "s"})
    assert [(output.value, output.secret) for output in read.graph.outputs] == [("s", True), ("s", False)]


def test_places_stay_where_a_reference_is_replaced(read_value: ReadValue) -> None:
    read = read_value("{a: '{{resolve:ssm:/a}}', b: 1}", parameters={"/a": "v"})
    assert read.graph.resources[-1].places.find("V", "a").column == len("      V: {a: ") + 1
