"""What is tried first lets nothing go that the whole search would find."""

import json
import re
from pathlib import Path

import pytest

from inferway.languages.xss import detector, find_xss, scripts

LISTS = Path(__file__).parents[4] / "benchmarks" / "waf-detectors"


def texts() -> list[str]:
    requests = map(json.loads, (LISTS / "crs-3.3.7.jsonl").read_text(encoding="utf-8").splitlines())
    naughty = map(json.loads, (LISTS / "blns-2.0.4.jsonl").read_text(encoding="utf-8").splitlines())
    source = Path(__file__).with_name("test_detector.py").read_text(encoding="utf-8").splitlines()
    return [*(request["body"] for request in requests), *(entry["text"] for entry in naughty), *source]


def test_nothing_is_let_go_that_the_search_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = [text for text in texts() if find_xss(text)]
    monkeypatch.setattr(detector, "_MAY_BE", re.compile(""))
    monkeypatch.setattr(detector, "_may_hold_attributes", lambda _: True)
    monkeypatch.setattr(scripts, "_NEEDLES", ("",))
    assert [text for text in texts() if find_xss(text)] == quick
    assert len(quick) > 200
