"""Every ledger `docs/parity*.md`: rows have their evidence, and the tests that they name exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS, FIDELITY = ROOT / "docs", ROOT / "tests" / "fidelity"
LEDGERS = sorted(DOCS.glob("parity*.md"))
WHOLE = {
    "parity.md": "apigateway",
    **{f"parity-{name}.md": name for name in ("apim", "appsync", "authorization", "bodies", "canary", "export")},
    **{f"parity-{name}.md": name for name in ("streaming", "waf")},
}
"""Ledgers of which every row names tests of one folder, and every test of it holds a row."""

KINDS = r"(recorded|documented|differential|assumed|reported|vendor's source|statuses documented)\b"


@pytest.mark.parametrize(("ledger", "folder"), WHOLE.items())
def test_a_ledger_names_every_test_of_its_folder_and_no_other(ledger: str, folder: str) -> None:
    tests = {
        f"{file.name}::{node.name}"
        for file in (FIDELITY / folder).glob("test_*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert tests
    assert set(re.findall(r"`(test_\w+\.py::test_\w+)`", (DOCS / ledger).read_text("utf-8"))) == tests


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda path: path.stem)
def test_the_tests_that_a_ledger_names_by_their_path_exist(ledger: Path) -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", ledger.read_text("utf-8")))
    missing = []
    for file, test in sorted(named):
        path = ROOT / file
        body = ast.parse(path.read_text("utf-8")).body if path.exists() else []
        if not any(isinstance(node, ast.FunctionDef) and node.name == test for node in body):
            missing.append(f"{file}::{test}")
    assert missing == []


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda path: path.stem)
def test_no_row_is_without_evidence(ledger: Path) -> None:
    column, without = None, []
    for line in ledger.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            column = None
        elif "evidence" in cells:
            column = cells.index("evidence")
        elif column is not None and not set(cells[0]) <= {"-"} and not re.match(KINDS, cells[column]):
            without.append(line)
    assert without == []
