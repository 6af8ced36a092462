"""Tests of the checks that run none of a function's code."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from inferway.definition.bindings import CodePart
from inferway.faults import Finding, Severity
from inferway.serving.functions.check import check_function
from inferway.serving.functions.options import FunctionOptions


def check(folder: Path, files: dict[str, str], handler: str = "index.handler", **more: Any) -> list[str]:
    """Check a function three times: its folder, an archive of it, and parts; all three say the same."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    packed = folder.with_suffix(".zip")
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    ways: tuple[dict[str, Any], ...] = (
        {"path": folder},
        {"path": packed},
        {"code": (CodePart(path=str(packed)), *(CodePart(text=text, at=name) for name, text in files.items()))},
    )
    said = [[_shown(each) for each in check_function(FunctionOptions(handler=handler, **way, **more))] for way in ways]
    assert said[0] == said[1] == said[2]
    return said[0]


def _shown(finding: Finding) -> str:
    return f"{finding.code}:{finding.place.line if finding.place else ''}"


@pytest.mark.parametrize(
    ("files", "handler", "said"),
    [
        ({"index.py": "def handler(e, c): ..."}, "index.handler", []),
        ({"src/app.py": "handler = 1"}, "src/app.handler", []),
        ({"src/app.py": "handler = 1"}, "src.app.handler", []),
        ({"index.py": "from x import *"}, "index.handler", []),
        ({"index.py": "x = 1"}, "index.handler", ["handler-missing:1"]),
        ({"index.py": "\ndef ("}, "index.handler", ["handler-syntax:2"]),
        ({"index.py": ""}, "other.handler", ["handler-module-missing:0"]),
        ({"index.py": ""}, "index", ["handler-malformed:0"]),
    ],
)
def test_python(tmp_path: Path, files: dict[str, str], handler: str, said: list[str]) -> None:
    assert check(tmp_path / "function", files, handler) == said
    assert check(tmp_path / "function", files, handler, runtime="python3.12") == said


@pytest.mark.parametrize(
    ("files", "handler", "said"),
    [
        ({"index.js": "exports.handler = async () => 1"}, "index.handler", []),
        ({"index.mjs": "export const handler = async () => 1"}, "index.handler", []),
        ({"index.cjs": "module.exports = { handler }"}, "index.handler", []),
        ({"src/app.js": "module.exports = require('./x')"}, "src/app.main", []),
        ({"index.js": "exports.api = { handler() {} }"}, "index.api.handler", []),
        ({"index.js": "exports.handlers = 1"}, "index.handler", ["handler-missing:1"]),
        ({"index.ts": "export const handler = 1"}, "index.handler", ["handler-typescript:0"]),
        ({"other.js": ""}, "index.handler", ["handler-module-missing:0"]),
        ({"index.js": ""}, "index", ["handler-malformed:0"]),
        ({"index.js": ""}, "../index.handler", ["handler-malformed:0"]),
    ],
)
def test_node(tmp_path: Path, files: dict[str, str], handler: str, said: list[str]) -> None:
    assert check(tmp_path / "function", files, handler, runtime="nodejs22.x") == said


@pytest.mark.parametrize(
    ("runtime", "files", "handler"),
    [
        ("python3.12", {"index.py": ""}, ".handler"),
        ("python3.12", {"index.py": ""}, "index"),
        ("python3.12", {"index.py": "x = 1"}, "index.handler"),
        ("python3.12", {"index.py": "def ("}, "index.handler"),
        ("nodejs22.x", {"index.js": ""}, "index"),
        ("nodejs22.x", {"other.js": ""}, "index.handler"),
        ("nodejs22.x", {"index.js": "exports.other = 1"}, "index.handler"),
    ],
)
def test_what_lambda_takes_is_a_warning(tmp_path: Path, runtime: str, files: dict[str, str], handler: str) -> None:
    # CreateFunction takes any handler (Handler: [^\s]+); Lambda guide, "Troubleshoot deployment issues": calls fail
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (finding,) = check_function(FunctionOptions(path=tmp_path, handler=handler, runtime=runtime))
    assert finding.severity is Severity.WARNING
    assert finding.text.endswith("; every call of the function fails")


def test_a_custom_runtime_needs_its_program(tmp_path: Path) -> None:
    def codes(**more: Any) -> list[str]:
        found = check_function(FunctionOptions(path=tmp_path, handler="x", runtime="provided.al2", **more))
        return [finding.code for finding in found]

    assert codes() == ["bootstrap-missing"]
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "bootstrap").touch(0o755)
    assert codes(layers=(CodePart(path=str(layer)),)) == []
    (tmp_path / "bootstrap").touch(0o644)
    assert codes() == ["bootstrap-not-executable"]
    (tmp_path / "bootstrap").chmod(0o755)
    assert codes() == []


def test_what_cannot_be_put_together_is_a_finding(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as archive:
        archive.writestr("../index.py", "harm")
    (finding,) = check_function(FunctionOptions(path=tmp_path / "code.zip", handler="index.handler"))
    assert (finding.code, finding.severity) == ("code-outside", Severity.ERROR)
    (finding,) = check_function(FunctionOptions(path=tmp_path / "none", handler="index.handler"))
    assert finding.code == "function-folder-missing"
    (tmp_path / "index.py").write_text("def handler(e, c): ...")
    (finding,) = check_function(
        FunctionOptions(path=tmp_path, handler="index.handler", layers=(CodePart(path=str(tmp_path / "no-layer")),))
    )
    assert finding.code == "code-missing"
    # Lambda quotas: five layers
    (finding,) = check_function(
        FunctionOptions(path=tmp_path, handler="index.handler", layers=(CodePart(path=str(tmp_path)),) * 6)
    )
    assert finding.code == "function-layers"


@pytest.mark.parametrize("runtime", ["java21", "dotnet8", "ruby3.3", "go1.x", "nonsense"])
def test_a_runtime_that_is_not_run_here_is_a_finding(tmp_path: Path, runtime: str) -> None:
    (finding,) = check_function(FunctionOptions(path=tmp_path, handler="index.handler", runtime=runtime))
    assert finding.code == "function-runtime"
    assert "Invoke API" in finding.text


def test_dependencies_that_are_not_installed_are_a_warning(tmp_path: Path) -> None:
    (tmp_path / "index.py").write_text("def handler(e, c): ...")
    (tmp_path / "requirements.txt").write_text(
        "msgspec>=0.1\n# x\nno-such-thing==1\nother_thing ; python_version<'3'\n"
    )
    (finding,) = check_function(FunctionOptions(path=tmp_path, handler="index.handler"))
    assert (finding.code, finding.severity) == ("dependencies-missing", Severity.WARNING)
    assert finding.text == ("names what is not installed: no-such-thing; pip install -r it, or run with --install")
    assert check_function(FunctionOptions(path=tmp_path, handler="index.handler", install=True)) == ()
    (tmp_path / "no_such_thing-1.dist-info").mkdir()
    assert check_function(FunctionOptions(path=tmp_path, handler="index.handler")) == ()


def test_a_package_that_is_not_installed_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "index.js").write_text("exports.handler = 1")
    (tmp_path / "package.json").write_text('{"dependencies": {"@own/thing": "1", "other": "2"}}')
    options = FunctionOptions(path=tmp_path, handler="index.handler", runtime="nodejs20.x")
    (finding,) = check_function(options)
    assert "@own/thing, other; npm install" in finding.text
    (tmp_path / "node_modules/@own/thing").mkdir(parents=True)
    layer = tmp_path / "layer"
    (layer / "nodejs/node_modules/other").mkdir(parents=True)
    (layer / "nodejs/node_modules/other/index.js").touch()
    options = FunctionOptions(
        path=tmp_path, handler="index.handler", runtime="nodejs20.x", layers=(CodePart(path=str(layer)),)
    )
    assert check_function(options) == ()


def _damaged(path: Path, at: int, central: int, value: int) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): return 1\n")
    held = bytearray(path.read_bytes())
    held[at] = value
    held[held.rfind(b"PK\x01\x02") + central] = value
    path.write_bytes(held)
    return path


@pytest.mark.parametrize(
    ("at", "central", "value"),
    [(14, 16, 1), (8, 10, 99)],  # APPNOTE.TXT, 4.3.7 and 4.3.12: the checksum, the method
    ids=["checksum", "method"],
)
def test_an_archive_with_a_damaged_handler_is_a_finding(tmp_path: Path, at: int, central: int, value: int) -> None:
    options = FunctionOptions(path=_damaged(tmp_path / "code.zip", at, central, value), handler="index.handler")
    (found,) = check_function(options)
    assert (found.severity, found.code) == (Severity.ERROR, "code-archive")
    assert "'index.py' cannot be unpacked" in found.text


def test_links_in_a_circle_are_no_part_of_a_layer(tmp_path: Path) -> None:
    layers = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "module.py").touch()
        layers.append(CodePart(path=str(tmp_path / name)))
    (tmp_path / "one" / "loop").symlink_to(tmp_path / "one" / "loop")
    (tmp_path / "index.py").write_text("def handler(event, context): return 1\n")
    options = FunctionOptions(path=tmp_path, handler="index.handler", layers=tuple(layers))
    assert check_function(options) == ()
