"""What docs/cli.md shows of the commands that end by themselves is what they print."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from inferway.cli.program import COMMANDS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")

Call = Callable[..., Result]


def shown(command: str) -> str:
    """Give what the page shows below a command, up to the next one."""
    found = re.search(rf"^\$ {re.escape(command)}\n(.*?)(?=^\$|^```)", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None, command
    return found[1]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("request.vtl", "event.json"):
        (tmp_path / name).write_text(shown(f"cat {name}"))
    (tmp_path / "broken.vtl").write_text("Hello\n#if($x) open")
    (tmp_path / "openapi.yaml").write_bytes((ROOT / "examples" / "movies" / "openapi.yaml").read_bytes())
    return tmp_path


def test_render(call: Call, files: Path) -> None:
    command = "render request.vtl --event event.json"
    assert call(*command.split()).stdout == shown(f"inferway {command}")


def test_render_with_an_error(call: Call, files: Path) -> None:
    command = "render broken.vtl --event event.json"
    assert call(*command.split()).stderr == shown(f"inferway {command}")


def test_check(call: Call, files: Path) -> None:
    bindings = (ROOT / "examples" / "movies" / "inferway.toml").read_text()
    misnamed = bindings.replace("movie-ratings", "movie-rating").replace(
        'serve = "./model"', 'url = "http://127.0.0.1:9"'
    )
    (files / "shelf").mkdir()
    (files / "inferway.toml").write_text(misnamed)
    assert call("check", "openapi.yaml").stdout == shown("inferway check openapi.yaml")


def test_export(call: Call, files: Path) -> None:
    (files / "examples").symlink_to(ROOT / "examples")
    export = "export examples/movies --extensions apigateway -o movies.yaml"
    assert call(*export.split()).output == shown(f"inferway {export}")
    check = "check movies.yaml --bindings examples/movies/inferway.toml"
    assert call(*check.split()).stdout == shown(f"inferway {check}")


def test_sdk(call: Call, files: Path) -> None:
    (files / "examples").symlink_to(ROOT / "examples")
    sdk = "sdk examples/movies -o movies-sdk.zip"
    assert call(*sdk.split()).output == shown(f"inferway {sdk}")


def test_routes(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert call("routes", "examples/movies").stdout == shown("inferway routes examples/movies")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_part(name: str) -> None:
    assert f"\n## {name}\n" in PAGE
    assert f"(#{name})" in PAGE
    assert f"\n$ inferway {name} " in PAGE
