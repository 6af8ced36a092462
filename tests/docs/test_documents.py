"""What the documents say is run: Python blocks execute, bindings are read, commands exist, links lead somewhere."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from inferway.app.announce import example_calls
from inferway.app.bindings_file import read_bindings
from inferway.app.project_reader import read_project
from inferway.definition.bindings import BoundFunction, BoundKey, BoundTable
from inferway.definition.canary import RolloutRule
from inferway.definition.endpoints import BoundEndpoint, BoundModel
from inferway.definition.stage import CacheSettings, Quota, RouteSettings, Throttle
from inferway.definition.training import BoundTraining

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("benchmarks/**/README.md"),
        *ROOT.glob("examples/*/*.md"),
    ]
)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


def blocks(kind: str) -> list[object]:
    return [
        pytest.param(match[2], id=f"{document.relative_to(ROOT)}:{text[: match.start()].count(chr(10)) + 1}")
        for document in DOCUMENTS
        for text in [document.read_text(encoding="utf-8")]
        for match in BLOCK.finditer(text)
        if match[1] == kind
    ]


def commands() -> list[str]:
    names = set()
    for document in DOCUMENTS:
        names |= set(re.findall(r"^\s*\$ (?:\.venv/bin/)?inferway ([a-z]+)", document.read_text(), re.MULTILINE))
    return sorted(names)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_blocks_run(code: str, tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("text", blocks("toml"))
def test_bindings_can_be_read(text: str, tmp_path: Path) -> None:
    file = tmp_path / "inferway.toml"
    file.write_text(text)
    bindings, findings = read_bindings(file, laid_out(text, tmp_path))
    assert findings == ()
    assert bindings.endpoints


def laid_out(text: str, folder: Path) -> dict[str, str]:
    """Make what bindings refer to; gives the environment that they need."""
    for path in re.findall(r'"(?:file:)?\./([^"]+)"', text):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if f"file:./{path}" in text:
            (folder / path).write_text("a-value-from-a-file-of-secrets\n")
        elif path.endswith("jwks.json"):
            (folder / path).write_text('{"keys": [{"kid": "one"}]}')
        elif path.endswith(".log"):
            continue
        elif path.endswith(".pem"):
            command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gateway"]
            for option in ("-keyout", "-out"):
                command += [option, str(folder / f"{option}.pem")]
            subprocess.run(command, check=True, capture_output=True)
            (folder / path).write_bytes((folder / "-out.pem").read_bytes() + (folder / "-keyout.pem").read_bytes())
        elif path.endswith("acl.json"):
            (folder / path).write_text('{"DefaultAction": {"Allow": {}}, "Rules": []}')
        elif path.endswith(".json"):
            (folder / path).write_text('{"Version": "2012-10-17", "Statement": []}')
        else:
            (folder / path).mkdir(exist_ok=True)
    return dict.fromkeys(re.findall(r"env:(\w+)", text), "a-value-from-the-environment")


def test_the_sample_of_bindings_is_complete(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "bindings.md").read_text()
    sample = tomllib.loads("\n".join(match[2] for match in BLOCK.finditer(text) if match[1] == "toml"))
    assert set(sample) == known_tables(tmp_path)
    for table, kind in SHOWN.items():
        shown = {key for entry in sample[table].values() if isinstance(entry, dict) for key in entry}
        assert shown == {field.name for field in msgspec.structs.fields(kind)} - {"name", "code", "arn"}, table
    stage = sample["apis"]["movies"]["stages"]["prod"]
    (route,) = stage["routes"].values()
    own = {"variables", "cache", "throttle", "routes", "canary", "vpc", "vpc_endpoint"}
    assert set(stage) == own | {"access_log", "access_log_format", "tracing", "web_acl", "client_certificate"}
    assert set(stage["canary"]) == {"percent", "variables", "definition", "rule"}
    assert set(stage["canary"]["rule"]) == {field.name for field in msgspec.structs.fields(RolloutRule)}
    assert set(route) == {field.name for field in msgspec.structs.fields(RouteSettings)}
    assert set(route["cache"]) == {field.name for field in msgspec.structs.fields(CacheSettings)}
    (plan,) = sample["usage_plans"].values()
    assert set(plan) == {"stages", "keys", "throttle", "quota", "routes"}
    assert set(plan["quota"]) == {field.name for field in msgspec.structs.fields(Quota)}
    assert set(plan["throttle"]) == {field.name for field in msgspec.structs.fields(Throttle)}
    issuers = {key for entry in sample["issuers"].values() for key in entry}
    assert issuers == {"issuer", "jwks", "audiences", "leeway"}
    assert set(sample["identities"]["guest"]) == {"access_key", "secret_key", "session_token", "arn", "policies"}


SHOWN: dict[str, type[msgspec.Struct]] = {
    "endpoints": BoundEndpoint,
    "models": BoundModel,
    "functions": BoundFunction,
    "keys": BoundKey,
    "tables": BoundTable,
    "training": BoundTraining,
}


def known_tables(folder: Path) -> set[str]:
    """Give the tables that there are, as the finding for one that there is not lists them."""
    file = folder / "inferway.toml"
    file.write_text("[zzzzzzzzzzzz]\n")
    (finding,) = read_bindings(file, {})[1]
    return set(finding.text.partition("there are ")[2].split(", "))


def test_python_and_bindings_are_shown_at_all() -> None:
    assert len(blocks("python")) >= 2
    assert len(blocks("toml")) >= 1


def test_the_layers_of_the_architecture_are_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert "```\n" + "\n".join(layers).replace("inferway.", "") + "\n```" in text


def test_the_rooms_of_the_architecture_are_there() -> None:
    package = ROOT / "src" / "inferway"
    rooms = set(re.findall(r"^\| `([a-z_.]+)/?` \|", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE))
    there = {path.name for path in package.iterdir() if (path / "__init__.py").exists() or path.suffix == ".py"}
    assert rooms == there - {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("name", commands())
def test_the_commands_shown_exist(name: str) -> None:
    ended = subprocess.run(
        [Path(sys.executable).with_name("inferway"), name, "--help"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    missing = [link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()]
    assert missing == []


WALKS = [ROOT / "ARCHITECTURE.md", *ROOT.glob("docs/life-of-*.md"), *ROOT.glob("docs/decisions/*.md")]


@pytest.mark.parametrize("document", WALKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_files_that_a_walk_names_are_there(document: Path) -> None:
    files = {
        f"/{path.relative_to(ROOT)}"
        for folder in ("benchmarks", "src", "tests")
        for path in (ROOT / folder).rglob("*.py")
    }
    named = set(re.findall(r"`([\w/]+\.py)`", document.read_text()))
    assert [name for name in sorted(named) if not any(file.endswith(f"/{name}") for file in files)] == []


def test_the_curl_line_of_the_readme_is_the_printed_one() -> None:
    """The line itself is pasted and run in tests/e2e/gateway."""
    line = example_calls(read_project(ROOT / "examples" / "movies"), "http://127.0.0.1:8080")
    assert "\n".join(line) in (ROOT / "README.md").read_text()
