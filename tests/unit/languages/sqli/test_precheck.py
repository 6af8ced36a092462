"""The first look lets nothing go that a pattern would find."""

import json
from pathlib import Path

import pytest

from inferway.languages.sqli import HIGH, LOW, detector

LISTS = Path(__file__).parents[4] / "benchmarks" / "waf-detectors"


def texts() -> list[str]:
    requests = map(json.loads, (LISTS / "crs-3.3.7.jsonl").read_text(encoding="utf-8").splitlines())
    naughty = map(json.loads, (LISTS / "blns-2.0.4.jsonl").read_text(encoding="utf-8").splitlines())
    source = [*Path(__file__).with_name("test_detector.py").read_text(encoding="utf-8").splitlines()]
    return [*(request["body"] for request in requests), *(entry["text"] for entry in naughty), *source]


@pytest.mark.parametrize("sensitivity", [LOW, HIGH])
def test_nothing_is_let_go_that_a_pattern_finds(monkeypatch: pytest.MonkeyPatch, sensitivity: str) -> None:
    quick = [text for text in texts() if detector.find_sqli(text, sensitivity)]
    monkeypatch.setattr(detector, "may_be_sqli", lambda *_: True)
    thorough = [text for text in texts() if detector.find_sqli(text, sensitivity)]
    assert quick == thorough
    assert len(quick) > 100
