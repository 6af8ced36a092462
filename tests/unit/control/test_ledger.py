"""The ledger `docs/parity-sagemaker.md` names tests that exist, each row with its evidence."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[2]
FOLDERS = (
    *("e2e/registry", "e2e/sagemaker", "unit/control", "unit/registry", "unit/serving", "unit/training"),
    *("unit/backends/endpoints", "unit/transport/cluster"),
)
LEDGER = TESTS.parent / "docs" / "parity-sagemaker.md"


def test_the_ledger_names_tests_that_exist() -> None:
    there = {
        f"{file.name}::{node.name}"
        for folder in FOLDERS
        for file in (TESTS / folder).glob("test_*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    named = set(re.findall(r"`(test_\w+\.py::test_\w+)`", LEDGER.read_text("utf-8")))
    assert named
    assert named - there == set()


def test_every_row_has_its_evidence() -> None:
    rows = [line for line in LEDGER.read_text("utf-8").splitlines() if ".py::test_" in line]
    assert rows
    for row in rows:
        assert re.search(r"\| (recorded|documented|assumed)\b", row), row
