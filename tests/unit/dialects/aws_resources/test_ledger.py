"""The ledger `docs/parity-aws-resources.md` names tests that exist, and leaves none of those of behaviour out."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
LEDGER = HERE.parents[3] / "docs" / "parity-aws-resources.md"
WHOLE = ("test_functions.py", "test_outputs.py", "test_tables.py")
"""Files of which every test holds a row."""

OF_OURS = {"test_functions.py::test_functions_and_tables_are_declared_together"}
"""Tests of how we are made, not of what is seen."""


def named_in(file: Path) -> set[str]:
    body = ast.parse(file.read_text("utf-8")).body
    return {
        f"{file.name}::{node.name}"
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_the_ledger_names_tests_that_exist_and_leaves_none_out() -> None:
    named = set(re.findall(r"`(test_\w+\.py::test_\w+)`", LEDGER.read_text("utf-8")))
    there = {test for file in HERE.glob("test_*.py") for test in named_in(file)}
    wanted = {test for name in WHOLE for test in named_in(HERE / name)} - OF_OURS
    assert named <= there
    assert wanted <= named


def test_every_row_has_its_evidence() -> None:
    rows = [line for line in LEDGER.read_text("utf-8").splitlines() if ".py::test_" in line]
    assert rows
    for row in rows:
        assert re.search(r"\| (recorded|documented|assumed)\b", row), row
