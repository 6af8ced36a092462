"""Every ledger `docs/parity*.md`: rows have their evidence, and the tests that they name outside their folder exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEDGERS = sorted((ROOT / "docs").glob("parity*.md"))
KINDS = r"(recorded|documented|differential|assumed|reported|vendor's source|statuses documented)\b"


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
        cells = [cell.strip() for cell in re.split(r"(?<!\\\\)\|", line)[1:-1]]
        if not cells:
            column = None
        elif "evidence" in cells:
            column = cells.index("evidence")
        elif column is not None and not set(cells[0]) <= {"-"} and not re.match(KINDS, cells[column]):
            without.append(line)
    assert without == []
