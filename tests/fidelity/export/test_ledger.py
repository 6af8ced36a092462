"""The ledger `docs/parity-export.md` names tests that exist, and leaves none out."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
LEDGER = Path(__file__).parents[3] / "docs" / "parity-export.md"


def test_the_ledger_names_every_test_and_no_other() -> None:
    tests = {
        f"{file.name}::{node.name}"
        for file in HERE.glob("test_*.py")
        if file != Path(__file__)
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    named = set(re.findall(r"`(test_\w+\.py::test_\w+)`", LEDGER.read_text("utf-8")))
    assert named == tests


def test_every_row_has_its_evidence() -> None:
    rows = [line for line in LEDGER.read_text("utf-8").splitlines() if ".py::test_" in line]
    assert rows
    for row in rows:
        assert re.search(r"\| (recorded|documented|differential|assumed)\b", row), row
