"""Metrics in a script's output."""

import pytest

from inferway.training.metrics import Meter, check_metric
from inferway.training.plan import Metric


def test_the_last_value_counts() -> None:
    meter = Meter([Metric(name="loss", regex=r"loss: ([0-9.eE+-]+)"), Metric(name="other", regex="other=(.*)")])
    for line in ("loss: 0.9 other=x", "nothing", "epoch 2 loss: 1e-3"):
        assert list(meter.read(line)) == []
    assert {name: measured.value for name, measured in meter.last.items()} == {"loss": 0.001}


@pytest.mark.parametrize("value", ["nan", "inf", "-", "1,5", ""])
def test_what_is_no_number_is_no_value(value: str) -> None:
    meter = Meter([Metric(name="loss", regex="loss=(.*)")])
    assert list(meter.read(f"loss={value}")) == []
    assert meter.last == {}


def test_an_expression_that_backtracks_for_years_is_given_up() -> None:
    meter = Meter([Metric(name="slow", regex="(a+)+$"), Metric(name="ok", regex="=([0-9])")], patience=0.05)
    (remark,) = meter.read("a" * 40 + "=5")
    assert "slow" in remark
    assert meter.last["ok"].value == 5
    assert list(meter.read("a" * 40 + "=6")) == []
    assert meter.last["ok"].value == 6


@pytest.mark.parametrize(("regex", "wrong"), [("(", "not a regular expression"), ("a+", "no group"), ("(a)", "")])
def test_an_expression_is_checked_before_the_job_is_taken(regex: str, wrong: str) -> None:
    said = check_metric(Metric(name="m", regex=regex))
    assert wrong in said
    assert bool(said) is bool(wrong)
