import subprocess
import sys
from collections.abc import Callable

import pytest
from typer.testing import Result

from inferway import __version__
from inferway.cli.program import COMMANDS, load_command

Call = Callable[..., Result]


def test_version(call: Call) -> None:
    result = call("--version")
    assert (result.exit_code, result.stdout) == (0, f"inferway {__version__}\n")


def test_help_lists_every_command_with_its_line(call: Call) -> None:
    result = call("--help")
    assert result.exit_code == 0
    for name, (_, line) in COMMANDS.items():
        assert f"{name:6}  {line}" in result.stdout


def test_help_imports_no_command() -> None:
    code = (
        "import sys\nfrom inferway.cli.program import program\n"
        "try:\n    program()(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith(('inferway.app', 'inferway.cli.run', 'uvicorn'))])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_begins_with_its_line_and_has_examples(call: Call, name: str) -> None:
    result = call(name, "--help")
    assert result.exit_code == 0
    assert COMMANDS[name][1] in result.stdout
    assert f"\n    inferway {name} " in result.stdout.partition("Examples:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_a_command_is_the_first_of_its_own_help(name: str) -> None:
    assert load_command(name).help.partition("\n")[0] == COMMANDS[name][1]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_json(call: Call, name: str) -> None:
    assert "--json" in call(name, "--help").stdout


def test_no_command_is_wrong_usage_and_shows_the_help(call: Call) -> None:
    result = call()
    assert result.exit_code == 2
    assert "Commands:" in result.output


def test_an_unknown_command_is_wrong_usage(call: Call) -> None:
    result = call("chek", ".")
    assert result.exit_code == 2
    assert "No such command 'chek'. Did you mean 'check'?" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("run", "nowhere"), "Invalid value for 'PATH'"),
        (("run", ".", "--port", "65536"), "Invalid value for '--port'"),
        (("run", ".", "--workers", "0"), "Invalid value for '--workers'"),
        (("run", ".", "--edge", "http2"), "Invalid value for '--edge'"),
        (("check", ".", "--format", "word"), "no format has the name 'word'; there are openapi"),
        (("check", ".", "--bindings", "nowhere.toml"), "Invalid value for '--bindings'"),
        (("routes",), "Missing argument 'PATH'"),
        (("render", "-", "--event", "nowhere.json"), "Invalid value for '--event'"),
        (("serve", "nowhere"), "Invalid value for 'MODEL_FOLDER'"),
        (("serve", ".", "--replicas", "0"), "Invalid value for '--replicas'"),
        (("up", "nowhere"), "Invalid value for 'MODEL_FOLDER'"),
        (("up", ".", "--rate", "-1"), "Invalid value for '--rate'"),
    ],
)
def test_wrong_usage(call: Call, arguments: tuple[str, ...], text: str) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert text in " ".join(result.stderr.split())
    assert result.stdout == ""
