"""The ledger `docs/parity-csharp.md` names tests that exist, leaves none out, and names the groups of cases."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
TESTS = HERE.parents[1]
LEDGER = HERE.parents[2] / "docs" / "parity-csharp.md"
FILES = (
    HERE / "test_recorded.py",
    TESTS / "unit" / "languages" / "csharp" / "test_expression.py",
    TESTS / "property" / "test_csharp_properties.py",
)


def test_the_ledger_names_every_test_and_no_other() -> None:
    tests = {
        f"{file.name}::{node.name}"
        for file in FILES
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert set(re.findall(r"`(test_\w+\.py::test_\w+)`", LEDGER.read_text("utf-8"))) == tests


def test_every_row_has_its_evidence() -> None:
    rows = [line for line in LEDGER.read_text("utf-8").splitlines() if ".py::test_" in line]
    assert rows
    for row in rows:
        assert re.search(r"\| (recorded|documented|assumed)\b", row), row


def test_every_group_of_cases_has_a_row() -> None:
    cases = (HERE / "cases.txt").read_text("utf-8").splitlines()
    groups = {line.removeprefix("# ") for line in cases[1:] if line.startswith("# ")}
    rows = {line.split(" | ")[0].removeprefix("| ") for line in LEDGER.read_text("utf-8").splitlines()}
    assert groups
    assert groups <= rows
