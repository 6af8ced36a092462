"""The built-in functions; the values are those of the language reference, "Built-in functions"."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Read = Callable[..., Any]


def value(program: Read, text: str, **environment: object) -> object:
    """Give the value of the variable `it`, of a program without findings."""
    graph, findings = program(f"variables:\n  it:\n{text}\noutputs:\n  it: ${{it}}\n", **environment)
    assert findings == ()
    return graph.outputs[0].value


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('fn::toBase64: "Hello, world!"', "SGVsbG8sIHdvcmxkIQ=="),
        ("fn::fromBase64: SGVsbG8sIFdvcmxkIQ==", "Hello, World!"),
        ("fn::toJSON: {key1: value1, key2: 123}", '{"key1":"value1","key2":123}'),
        ("fn::toJSON: {b: 1.0, a: [true, null, é]}", '{"a":[true,null,"é"],"b":1}'),
        ("fn::join: ['NaN', [Ba, a]]", "BaNaNa"),
        ("fn::join: ['', [a, 1, true]]", "a1true"),
        ('fn::split: [", ", "apple, orange, banana"]', ["apple", "orange", "banana"]),
        ("fn::select: [1, [v1, v1.1, v2.0]]", "v1.1"),
        ("Fn::Select: [0, [old case]]", "old case"),
        ("fn::secret: quiet", "quiet"),
        ("fn::stringAsset: Hello, world!", {"pulumi:asset": {"text": "Hello, world!"}}),
        ("fn::remoteAsset: http://a/b", {"pulumi:asset": {"uri": "http://a/b"}}),
        ("fn::remoteArchive: http://a/b.zip", {"pulumi:archive": {"uri": "http://a/b.zip"}}),
        ("fn::rfc3339ToUnix: 1970-01-01T00:01:00Z", 60),
        ("fn::invoke: {function: std:sum, arguments: {input: [400, -255]}, return: result}", 145),
        ("fn::invoke: {function: aws:getCallerIdentity, return: accountId}", "000000000000"),
    ],
)
def test_functions_give_what_the_reference_says(program: Read, call: str, expected: object) -> None:
    assert value(program, f"    {call}", account="000000000000") == expected


def test_a_shorthand_gives_the_whole_result(program: Read) -> None:
    graph, findings = program(
        """
        variables:
          place:
            fn::aws:getRegion: {}
        outputs:
          name: ${place.name}
        """,
        region="eu-west-1",
    )
    assert findings == ()
    assert graph.outputs[0].value == "eu-west-1"


def test_an_invoke_runs_in_the_region_of_its_provider(program: Read) -> None:
    graph, findings = program(
        """
        variables:
          place:
            fn::invoke:
              function: aws:getRegion
              options: {provider: "${far}"}
              return: name
        resources:
          far:
            type: pulumi:providers:aws
            properties: {region: ap-south-1}
        outputs:
          name: ${place}
        """
    )
    assert findings == ()
    assert graph.outputs[0].value == "ap-south-1"


def test_files_and_archives_are_named_by_their_whole_path(program: Read, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.txt").write_text("here")
    assert value(program, "    fn::fileAsset: ./code/a.txt") == {
        "pulumi:asset": {"path": str(tmp_path.resolve() / "code" / "a.txt")}
    }
    archive = value(program, "    fn::assetArchive: {x: {fn::fileArchive: ./code}, y: {fn::stringAsset: z}}")
    assert archive == {
        "pulumi:archive": {
            "assets": {
                "x": {"pulumi:archive": {"path": str(tmp_path.resolve() / "code")}},
                "y": {"pulumi:asset": {"text": "z"}},
            }
        }
    }


def test_a_file_of_the_project_is_read_and_watched(program: Read, tmp_path: Path) -> None:
    (tmp_path / "template.vtl").write_text("#set($a = 1)")
    graph, findings = program("outputs: {it: {fn::readFile: ./template.vtl}}")
    assert findings == ()
    assert graph.outputs[0].value == "#set($a = 1)"
    assert tmp_path.resolve() / "template.vtl" in graph.files
    graph, findings = program('outputs: {it: {fn::readFile: "${pulumi.cwd}/template.vtl"}}')
    assert (graph.outputs[0].value, findings) == ("#set($a = 1)", ())


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        # echo -n abc | sha256sum and so on
        ("file", "abc"),
        ("filebase64", "YWJj"),
        ("filesha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("filebase64sha256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        ("filemd5", "900150983cd24fb0d6963f7d28e17f72"),
        ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ],
)
def test_files_and_texts_are_hashed(program: Read, tmp_path: Path, function: str, expected: str) -> None:
    (tmp_path / "code.zip").write_text("abc")
    given = "abc" if function == "sha1" else "code.zip"
    call = f"    fn::invoke: {{function: 'std:{function}', arguments: {{input: {given}}}, return: result}}"
    assert value(program, call) == expected


@pytest.mark.parametrize(("function", "severity", "made"), [("filesha1", "warning", [""]), ("file", "error", [])])
def test_of_a_file_that_is_still_to_be_built_only_the_hash_can_be_missed(
    program: Read, function: str, severity: str, made: list[str]
) -> None:
    call = f"fn::invoke: {{function: 'std:{function}', arguments: {{input: none}}, return: result}}"
    graph, findings = program(f"outputs: {{it: {{{call}}}}}")
    assert [(found.severity, found.code) for found in findings] == [(severity, "no-such-file")]
    assert [output.value for output in graph.outputs] == made


@pytest.mark.parametrize("path", ["../secret", "${pulumi.cwd}/../secret", "./nothing"])
def test_a_file_outside_of_the_project_is_not_read(program: Read, tmp_path: Path, path: str) -> None:
    (tmp_path.parent / "secret").write_text("hush")
    graph, findings = program(f'outputs: {{it: {{fn::readFile: "{path}"}}}}')
    assert graph.outputs == ()
    assert {found.code for found in findings} <= {"path-outside", "no-such-file"}
    assert findings


def test_a_constant_absolute_path_may_lead_anywhere(program: Read, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.write_text("there")
    assert value(program, f"    fn::readFile: {outside}") == "there"


def test_outputs_of_other_stacks_are_given_by_the_bindings(program: Read) -> None:
    graph, findings = program(
        """
        resources:
          network:
            type: pulumi:pulumi:StackReference
            properties: {name: acme/network/prod}
        outputs:
          new: ${network.outputs["vpc"]}
          old: {fn::stackReference: [acme/network/prod, vpc]}
        """,
        stack_references={"acme/network/prod": {"vpc": "vpc-1"}},
    )
    assert findings == ()
    assert {output.name: output.value for output in graph.outputs} == {"new": "vpc-1", "old": "vpc-1"}
    assert graph.resources == ()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("fn::joyn: [a, [b]]", "unknown-function"),
        ("fn::join: [a]", "bad-argument"),
        ("fn::join: [a, b]", "bad-argument"),
        ("fn::join: [a, [{}]]", "bad-argument"),
        ("fn::select: [3, [a]]", "bad-argument"),
        ("fn::select: [x, [a]]", "bad-argument"),
        ("fn::split: [a]", "bad-argument"),
        ("fn::toBase64: [a]", "bad-argument"),
        ("fn::fromBase64: '?'", "bad-argument"),
        ("fn::rfc3339ToUnix: yesterday", "bad-argument"),
        ("fn::readFile: ./nothing", "no-such-file"),
        ("fn::fileAsset: ./nothing", "no-such-file"),
        ("fn::assetArchive: {a: text}", "bad-argument"),
        ("fn::invoke: {}", "bad-argument"),
        ("fn::invoke: {function: aws:getAmi}", "unknown-invoke"),
        ("fn::invoke: {function: aws:getRegion, return: nam}", "unknown-output"),
        ("fn::invoke: {function: aws:getRegion, args: {}}", "unknown-field"),
        ("fn::invoke: {function: std:sum, arguments: {input: x}}", "bad-invoke"),
        ("fn::stackReference: [a/b/c, d]", "unknown-stack"),
        ("{fn::join: [a, [b]], other: 1}", "function-not-alone"),
    ],
)
def test_mistakes_in_calls_are_told_at_their_line(program: Read, call: str, code: str) -> None:
    graph, findings = program(f"variables:\n  it:\n    {call}\noutputs:\n  it: ${{it}}\n")
    assert [(found.code, found.place.line) for found in findings] == [(code, 5)]
    assert len(graph.outputs) == (0 if findings[0].severity == "error" else 1)


def test_the_nearest_name_of_a_function_is_shown(program: Read) -> None:
    _, findings = program("outputs: {it: {fn::toJson2: 1}}")
    assert "fn::toJSON" in findings[0].text


def test_what_a_function_without_an_answer_gives_are_stand_ins_that_can_be_traced(program: Read) -> None:
    """As in programs of other languages (docs/pulumi.md): the program goes on, a warning says what is missing."""
    graph, findings = program(
        """
        variables:
          ami:
            fn::invoke: {function: aws:ec2:getAmi, arguments: {owners: [self]}}
          first:
            fn::invoke: {function: aws:ec2:getAmi, arguments: {owners: [self]}, return: imageId}
        outputs:
          whole: ${ami.id}
          within: ${ami.blockDeviceMappings[0].deviceName}
          alone: ${first}
          argument: ${ami.owners[0]}
        """
    )
    assert [(found.severity, found.code, found.place.line) for found in findings] == [
        ("warning", "unknown-invoke", 6),
        ("warning", "unknown-invoke", 8),
    ]
    assert {output.name: output.value for output in graph.outputs} == {
        "whole": "local::getAmi::id",
        "within": "local::getAmi::blockDeviceMappings",
        "alone": "local::getAmi::imageId",
        "argument": "self",
    }


def test_a_function_finds_a_resource_of_the_program(program: Read) -> None:
    """https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/getrestapi/: by its name."""
    graph, findings = program(
        """
        resources:
          api:
            type: aws:apigateway:RestApi
            properties: {name: films}
          again:
            type: aws:apigateway:RestApi
            get: {id: "${api.id}"}
        variables:
          found:
            fn::invoke: {function: aws:apigateway:getRestApi, arguments: {name: "${api.name}"}}
        outputs: {root: "${found.rootResourceId}", id: "${found.id}", arn: "${again.arn}"}
        """
    )
    assert not findings
    assert {output.name: output.value for output in graph.outputs} == {
        "root": "api-root",
        "id": "id-of-api",
        "arn": "arn:aws:apigateway:us-east-1::/restapis/api",
    }


def test_a_module_may_state_the_version_of_its_api(program: Read) -> None:
    graph, findings = program(
        """
        variables:
          who:
            fn::invoke: {function: "azure-native:authorization/v20220401:getClientConfig", return: tenantId}
        outputs: {tenant: "${who}"}
        """
    )
    assert not findings
    assert graph.outputs[0].value == "00000000-0000-0000-0000-000000000000"
