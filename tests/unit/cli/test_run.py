import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from inferway.app.options import Given, RunOptions
from inferway.app.project_reader import read_project
from inferway.cli import run
from inferway.cli.run import announcement

Call = Callable[..., Result]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Keep the options of runs instead of running."""
    options: list[dict[str, object]] = []

    def hold(options: RunOptions) -> tuple[RunOptions, socket.socket]:
        with socket.socket() as held:
            return options, held

    def keep(project: object, given: object, held: object, say: object, ready: object) -> int:
        options.append({name: getattr(given, name) for name in given.__struct_fields__})  # type: ignore[attr-defined]
        return 0

    monkeypatch.setattr(run, "claim", hold)
    monkeypatch.setattr(run, "serve_project", keep)
    return options


def test_the_defaults(call: Call, project: Path, given: list[dict[str, object]]) -> None:
    assert call("run", project).exit_code == 0
    assert given == [
        {
            "path": project,
            "bindings": None,
            "format": None,
            "given": Given(),
            "host": "127.0.0.1",
            "port": 8080,
            "base_url": "",
            "tls": None,
            "inner_port": 0,
            "workers": 1,
            "reload": False,
            "asgi": False,
            "access_log": True,
            "trace": True,
        }
    ]


def test_every_option_reaches_the_run(call: Call, project: Path, given: list[dict[str, object]]) -> None:
    file = project / "inferway.toml"
    options = [
        "--host=::1",
        "--port=0",
        "--workers=3",
        "--reload",
        "--edge=asgi",
        "--no-access-log",
        "--format=openapi",
    ]
    assert call("run", project, "--bindings", file, *options).exit_code == 0
    expected = {"bindings": file, "format": "openapi", "host": "::1", "port": 0, "workers": 3, "reload": True}
    assert given[0].items() >= (expected | {"asgi": True, "access_log": False}).items()


def test_the_command_line_counts_more_than_the_environment(
    call: Call, project: Path, given: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFERWAY_PORT", "9001")
    monkeypatch.setenv("INFERWAY_HOST", "127.0.0.2")
    call("run", project, "--port", "9002")
    assert (given[0]["host"], given[0]["port"]) == ("127.0.0.2", 9002)


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("openapi.yaml", "openapi: [", "yaml-syntax"),
        ("inferway.toml", '[endpoints.numbers]\nurl="http://:99999"', "bindings"),
    ],
)
def test_an_error_refuses_before_anything_is_served(
    call: Call, project: Path, given: list[dict[str, object]], file: str, text: str, code: str
) -> None:
    (project / file).write_text(text)
    result = call("run", project)
    assert (result.exit_code, result.stdout, given) == (1, "", [])
    assert f"[{code}]" in result.stderr
    assert result.stderr.endswith(f"error: {project} is not served, for the errors above\n")


def test_the_announcement_has_each_call_alone_on_its_line(project: Path) -> None:
    lines = announcement(read_project(project), "http://127.0.0.1:1", project).splitlines()
    assert lines[0] == f"Inferway serves {project} at http://127.0.0.1:1"
    assert "  greetings: http://127.0.0.1:1/greetings/live" in lines
    assert "    key: demo-key-for-the-greetings" in lines
    assert lines[-1] == "curl http://127.0.0.1:1/greetings/live/hello/Ada"


def test_parameters_and_the_stack_reach_the_definition(
    call: Call, project: Path, given: list[dict[str, object]]
) -> None:
    result = call("run", project, "--param", "Name=a=b", "--param", "Name=c", "--param", "Empty=", "--stack", "prod")
    assert result.exit_code == 0
    assert given[0]["given"] == Given(parameters={"Name": "c", "Empty": ""}, stack="prod")


def test_a_parameter_without_a_value_is_wrong_usage(call: Call, project: Path) -> None:
    result = call("run", project, "--param", "Name")
    assert result.exit_code == 2
    assert "'Name' is no parameter: write NAME=VALUE" in result.stderr
