"""Programs that make patterns, read as definitions."""

import textwrap
from pathlib import Path
from typing import Any

import pytest

from inferway.dialects.apigateway import provisioning, reader
from inferway.dialects.aws_resources import provisioning as shared
from inferway.faults import Severity
from inferway.formats.resources import Environment, Provisioned, Resource
from inferway.patterns import program

PROGRAM = """
from inferway.patterns import SageMakerApi

api = SageMakerApi(
    id="movies",
    endpoint_name="my-endpoint",
    resource_path="{user_id}",
    request_mapping_template="{}",
    api_gateway_props={"rest_api_name": "movies"},
)
"""


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    return provisioning.provision(resource, environment) or shared.provision(resource, environment)


def write(folder: Path, text: str) -> Path:
    file = folder / "app.py"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "recognised"),
    [
        (PROGRAM, True),
        ("import inferway.patterns as p\n", True),
        ("# from inferway.patterns import x\n", False),
        ("import pulumi\n", False),
        ("", False),
    ],
)
def test_a_program_is_recognised_by_its_import(tmp_path: Path, text: str, recognised: bool) -> None:
    assert program.recognises(write(tmp_path, text)) is recognised


def test_nothing_else_is_a_program(tmp_path: Path) -> None:
    other = tmp_path / "app.txt"
    other.write_text(PROGRAM, encoding="utf-8")
    assert not program.recognises(other)
    assert not program.recognises(tmp_path)
    assert not program.recognises(tmp_path / "none.py")


def test_a_program_s_api_is_read_like_any_other(tmp_path: Path) -> None:
    file = write(tmp_path, PROGRAM)
    graph, findings = program.read(file, Environment(), provision)
    assert findings == ()
    assert graph.files == (file,)
    assert {str(resource.places.find("Properties")) for resource in graph.resources} == {f"{file}:4"}
    (api,), notes = reader.read(graph)
    assert (api.slug, [(route.method, route.path, route.authorization) for route in api.routes]) == (
        "movies",
        [("GET", "/{user_id}", "AWS_IAM")],
    )
    assert [found for found in notes if found.severity is Severity.ERROR] == []
    assert str(api.place) == f"{file}:4"
    (stage,) = api.stages
    assert (stage.name, stage.tracing) == ("prod", True)
    assert '"caller":"$context.identity.caller"' in stage.access_log_format
    (output,) = graph.outputs
    assert str(output.value).endswith(".execute-api.us-east-1.amazonaws.com/prod/")


def test_a_program_may_make_several_in_a_list(tmp_path: Path) -> None:
    text = PROGRAM + "apis = [api] + [SageMakerApi(id=n, endpoint_name=n, resource_path=n,"
    file = write(tmp_path, text + ' request_mapping_template="{}") for n in ("one", "two")]\n')
    graph, findings = program.read(file, Environment(), provision)
    assert findings == ()
    assert [resource.type for resource in graph.resources].count("AWS::ApiGateway::RestApi") == 3


def test_a_module_beside_it_is_found(tmp_path: Path) -> None:
    (tmp_path / "shape.py").write_text(PROGRAM, encoding="utf-8")
    graph, findings = program.read(write(tmp_path, "from shape import api\n"), Environment(), provision)
    assert findings == ()
    assert str(graph.resources[0].places.find()) == f"{tmp_path / 'shape.py'}:4"
    assert graph.files == (tmp_path / "app.py", tmp_path / "shape.py")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (PROGRAM + "raise KeyError('x')\n", 11, "KeyError: 'x'"),
        ("\ndef f(\n", 2, "SyntaxError"),
        (PROGRAM.replace("my-endpoint", "a/b"), 4, "'a/b' cannot be the name of an endpoint"),
        ("x = 1\n", 0, "makes no pattern"),
        ("import sys\nsys.exit(3)\n", 0, "ended with 3"),
        ("import os\nprint('good', 'bye', flush=True)\nos._exit(4)\n", 0, "ended with 4 and told nothing: good bye"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", 0, "ended with -9"),
        ("print('x' * 100_000_000, flush=True)\n", 1, "OSError"),
        ("def f(): f()\nf()\n", 1, "RecursionError"),
        ("held = [bytearray(1 << 30) for _ in range(64)]\n", 1, "MemoryError"),
    ],
)
def test_a_program_that_fails_is_an_error_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    file = write(tmp_path, text)
    _, findings = program.read(file, Environment(), provision)
    assert [(found.severity, found.code, found.place.line) for found in findings] == [
        (Severity.ERROR, "program-failed", line)
    ]
    assert said in findings[0].text
    assert len(findings[0].text) < 3000


def test_a_program_without_end_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "LONGEST_RUN", 1.0)
    text = """
        import subprocess, sys
        sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
        children = [subprocess.Popen(sleep), subprocess.Popen(sleep, start_new_session=True)]
        open("children", "w").write(" ".join(str(child.pid) for child in children))
        while True: pass
    """
    _, findings = program.read(write(tmp_path, text), Environment(), provision)
    assert [found.text for found in findings] == ["the program took longer than 1 seconds"]
    children = (tmp_path / "children").read_text(encoding="utf-8").split()
    assert [Path(f"/proc/{child}").exists() for child in children] == [False, False]


def test_an_interpreter_that_is_not_there(tmp_path: Path) -> None:
    _, findings = program.read(write(tmp_path, PROGRAM), Environment(python="/none/python"), provision)
    assert ["cannot be run" in found.text for found in findings] == [True]


def test_the_place_of_a_broken_template_is_the_program_s(tmp_path: Path) -> None:
    text = """
        class Broken:
            class place: file, line = __file__, 7
            def to_cloudformation(self): return {"Resources": {"A": {"Type": "AWS::S3::Bucket",
                "Properties": {"BucketName": {"Ref": "Nothing"}}}}}
        made = Broken()
    """
    file = write(tmp_path, text)
    _, findings = program.read(file, Environment(), provision)
    assert findings
    assert {str(found.place) for found in findings} == {f"{file}:7"}


def test_any_object_in_a_template_that_json_has_not_is_said(tmp_path: Path) -> None:
    text = PROGRAM.replace('"movies"}', '"movies", "description": object()}')
    _, findings = program.read(write(tmp_path, text), Environment(), provision)
    found: Any = findings[0]
    assert "not JSON serializable" in found.text
