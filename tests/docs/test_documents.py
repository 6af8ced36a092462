"""What the documents say is run: Python blocks execute, bindings are read, commands exist, links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from inferway.app.announce import example_calls
from inferway.app.bindings_file import read_bindings
from inferway.app.project import read_project

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
    bindings, findings = read_bindings(file, {})
    assert findings == ()
    assert bindings.endpoints


def test_python_and_bindings_are_shown_at_all() -> None:
    assert len(blocks("python")) >= 2
    assert len(blocks("toml")) >= 1


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


def test_the_curl_line_of_the_readme_is_the_printed_one() -> None:
    """The line itself is pasted and run in tests/e2e/gateway."""
    line = example_calls(read_project(ROOT / "examples" / "movies"), "http://127.0.0.1:8080")
    assert "\n".join(line) in (ROOT / "README.md").read_text()
