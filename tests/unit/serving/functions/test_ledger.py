"""The ledger `docs/parity-functions.md` names tests that exist, and each row its evidence."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[4]
LEDGER = ROOT / "docs" / "parity-functions.md"
FOLDERS = ("tests/e2e/functions", "tests/unit/serving/functions", "tests/unit/backends")


def test_the_ledger_names_tests_that_exist() -> None:
    tests = {
        f"{file.name}::{node.name}"
        for folder in FOLDERS
        for file in (ROOT / folder).glob("test_*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    named = set(re.findall(r"`(test_\w+\.py::test_\w+)`", LEDGER.read_text("utf-8")))
    assert named
    assert named <= tests


def test_every_row_has_its_evidence() -> None:
    rows = [line for line in LEDGER.read_text("utf-8").splitlines() if ".py::test_" in line]
    assert rows
    for row in rows:
        assert re.search(r"\| [^|]*(documented|reported|differential|vendor's source|assumed)[^|]*\| `test_", row), row
