"""The line of an app's own files that failed, in what Python, Node.js and TypeScript's compiler print."""

from pathlib import Path

import pytest

from inferway.formats.cdk.failure import failure
from inferway.formats.cdk.program import Ending

FOLDER = Path("/project")

NODE = """\
/project/lib/stack.js:4
    throw new Error("no such table");
    ^

Error: no such table
    at new Stack (/project/lib/stack.js:4:11)
    at Object.<anonymous> (/project/app.js:3:1)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)

Node.js v20.20.2
"""
LIBRARY = """\
/project/node_modules/aws-cdk-lib/core/lib/x.js:1
Error: Invalid S3 bucket name
    at new Bucket (/project/node_modules/aws-cdk-lib/aws-s3/lib/bucket.js:1:25801)
    at new MyStack (/project/lib/stack.ts:12:5)
    at Object.<anonymous> (/project/bin/app.ts:7:1)
"""
COMPILER = """\
TSError: Unable to compile TypeScript:
lib/stack.ts(9,5): error TS2322: Type 'string' is not assignable to type 'number'.
"""
JSII = """\
Traceback (most recent call last):
  File "/project/app.py", line 11, in <module>
    Stack(app, "S")
  File "/project/.venv/lib/python3.11/site-packages/jsii/_runtime.py", line 118, in __call__
    inst = super().__call__(*args, **kwargs)
RuntimeError: Error: Cannot find asset at /project/nowhere
"""


@pytest.mark.parametrize(
    ("output", "said", "file", "line"),
    [
        (NODE, "Error: no such table", "lib/stack.js", 4),
        (LIBRARY, "Error: Invalid S3 bucket name", "lib/stack.ts", 12),
        (COMPILER, "TSError: Unable to compile TypeScript:", "lib/stack.ts", 9),
        (JSII, "RuntimeError: Error: Cannot find asset at /project/nowhere", "app.py", 11),
        ("something went wrong\n", "something went wrong", "cdk.json", 0),
        ("", "it ended with code 1", "cdk.json", 0),
    ],
)
def test_the_error_and_the_line_that_failed(output: str, said: str, file: str, line: int) -> None:
    ending = Ending(code=1, timed_out=False, lines=tuple(output.splitlines()))
    finding = failure(ending, FOLDER / "cdk.json", FOLDER)
    assert finding.text.splitlines()[0] == f"the program failed: {said}"
    assert (finding.place.file, finding.place.line) == (str(FOLDER / file), line)


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("ModuleNotFoundError: No module named 'aws_cdk'", "install aws-cdk-lib"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'node'", "Node.js"),
        ("sh: 1: ts-node: not found", "npm install"),
        ("Error: Cannot find module 'aws-cdk-lib'", "npm install"),
        ("npm error code ENOTFOUND", "npm install"),
        ("ImportError: cannot import name 'core' from 'aws_cdk' (/x/aws_cdk/__init__.py)", "version 1 of the CDK"),
        ("ModuleNotFoundError: No module named 'aws_cdk.core'", "version 1 of the CDK"),
        ("Error: Cannot find module '@aws-cdk/aws-lambda'", "version 1 of the CDK"),
        ("Error: docker exited with status 1", "aws:cdk:bundling-stacks"),
        ("Error: spawnSync docker ENOENT", "aws:cdk:bundling-stacks"),
        (
            "Error: Cannot retrieve value since account/region are not specified at the stack level.",
            "CDK_DEFAULT_ACCOUNT",
        ),
    ],
)
def test_the_way_round_is_said_where_it_is_known(line: str, hint: str) -> None:
    finding = failure(Ending(code=1, timed_out=False, lines=(line,)), FOLDER / "cdk.json", FOLDER)
    assert hint in finding.text


def test_the_last_lines_are_shown_in_bounds() -> None:
    lines = tuple(f"line {number} {'x' * 8_000}" for number in range(60))
    finding = failure(Ending(code=1, timed_out=False, lines=lines), FOLDER / "cdk.json", FOLDER)
    assert "line 59" in finding.text
    assert len(finding.text) < 10_000


def test_an_app_that_took_too_long() -> None:
    finding = failure(Ending(code=-9, timed_out=True, lines=()), FOLDER / "cdk.json", FOLDER)
    assert "too long" in finding.text


def test_a_module_of_version_2_is_not_taken_for_one_of_version_1() -> None:
    line = "Error: Cannot find module '@aws-cdk/aws-lambda-python-alpha'"
    finding = failure(Ending(code=1, timed_out=False, lines=(line,)), FOLDER / "cdk.json", FOLDER)
    assert "version 1" not in finding.text


def test_what_jsii_says_of_the_version_of_nodejs_is_left_out() -> None:
    banner = tuple(f"b'!!  line {number} of it   !!\\n'" for number in range(20))
    lines = ("Traceback (most recent call last):", *banner, "ValueError: no")
    finding = failure(Ending(code=1, timed_out=False, lines=lines), FOLDER / "cdk.json", FOLDER)
    assert finding.text.splitlines() == [
        "the program failed: ValueError: no",
        "  | Traceback (most recent call last):",
        "  | ValueError: no",
    ]


def test_the_file_is_named_as_the_project_was_given() -> None:
    ending = Ending(code=1, timed_out=False, lines=tuple(JSII.splitlines()))
    assert failure(ending, Path("app/cdk.json"), FOLDER).place.file == "app/app.py"
