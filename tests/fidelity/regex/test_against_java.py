"""Patterns against what java.util.regex (JDK 17) made of them; cases.jsonl is made by make_cases.py."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.languages.regex import STEPS, Flags, JavaPattern, RegexError, compile_java

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()]


def _named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=f"{index}: {case['pattern']}") for index, case in enumerate(cases)]


def _counted(pattern: str) -> JavaPattern:
    """The pattern with its subjects all left to the matcher that counts its steps."""
    compiled = JavaPattern(pattern, Flags(), STEPS)
    compiled.longest = compiled.longest_search = -1
    return compiled


@pytest.mark.parametrize("make", [compile_java, _counted])
@pytest.mark.parametrize("case", _named(CASES))
def test_java_agrees(case: dict[str, Any], make: Callable[[str], JavaPattern]) -> None:
    if "error" in case:
        with pytest.raises(RegexError):
            make(case["pattern"])
        return
    pattern, subject = make(case["pattern"]), case["subject"]
    assert pattern.matches(subject) is case["matches"]
    found = [[match.group(), *match.groups()] for match in pattern.find_all(subject)]
    assert found == case["found"]
    assert pattern.split(subject) == case["split"]
    assert pattern.split(subject, 3) == case["split3"]
    assert pattern.split(subject, -1) == case["kept"]


@pytest.mark.parametrize("case", _named([case for case in CASES if "replaced" in case]))
def test_replacements_agree(case: dict[str, Any]) -> None:
    pattern = compile_java(case["pattern"])
    if case["replaced"] is None:
        with pytest.raises(RegexError):
            pattern.replace_all(case["subject"], case["replacement"])
    else:
        assert pattern.replace_all(case["subject"], case["replacement"]) == case["replaced"]
