"""The rates that docs/waf-detectors.md states: counts over lists that are kept, so they are the same everywhere.

A change that sees fewer of the CRS's attacks, or takes more of what is none for one, fails here.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def counts() -> dict[str, dict[str, list[int]]]:
    run = ROOT / "benchmarks" / "waf-detectors" / "run.py"
    printed = subprocess.run([sys.executable, run, "--json"], check=True, capture_output=True, text=True)
    found: dict[str, dict[str, list[int]]] = json.loads(printed.stdout)
    return found


@pytest.mark.parametrize(
    ("key", "least", "tests"),
    [
        ("sqli HIGH, in scope, both halves, level 1", 96, 106),
        ("sqli HIGH, in scope, both halves, all levels", 259, 314),
        ("sqli HIGH, in scope, held out, level 1", 49, 56),
        ("sqli HIGH, in scope, held out, all levels", 127, 160),
        ("sqli HIGH, every test, both halves, all levels", 302, 504),
        ("sqli LOW, in scope, both halves, level 1", 73, 106),
        ("sqli LOW, in scope, both halves, all levels", 141, 314),
        ("xss, in scope, both halves, level 1", 84, 86),
        ("xss, in scope, both halves, all levels", 90, 95),
        ("xss, in scope, held out, all levels", 50, 52),
        ("xss, every test, both halves, all levels", 90, 101),
    ],
)
def test_attacks_of_the_core_rule_set_are_seen(
    counts: dict[str, dict[str, list[int]]], key: str, least: int, tests: int
) -> None:
    seen, every = counts["hits"][key]
    assert every == tests
    assert seen >= least


@pytest.mark.parametrize(("key", "most"), [("sqli LOW", 0), ("sqli HIGH", 56), ("xss", 3)])
def test_other_values_are_let_through(counts: dict[str, dict[str, list[int]]], key: str, most: int) -> None:
    taken, every = counts["alarms"][f"{key}, all kinds"]
    assert every == 1826
    assert taken <= most


def test_the_list_that_nothing_was_tuned_on(counts: dict[str, dict[str, list[int]]]) -> None:
    naughty = counts["naughty"]
    assert naughty["xss, naughty strings, xss"][0] >= 228
    assert naughty["xss, naughty strings, benign"] == [0, 217]
    assert naughty["sqli LOW, naughty strings, benign"] == [0, 217]
    assert naughty["sqli HIGH, naughty strings, benign"][0] <= 5
