"""Tests of a function's options, its name and its ARN."""

from pathlib import Path

import pytest

from inferway.serving.functions.options import FunctionOptions, settings_of


@pytest.mark.parametrize(
    "wrong", [{"concurrency": 0}, {"concurrency": 1001}, {"timeout": 0}, {"timeout": 901}, {"memory": 10_241}]
)
def test_bounds_that_the_service_does_not_take_are_refused(wrong: dict[str, int]) -> None:
    # Lambda quotas: timeout 900 seconds, memory 128 MB to 10,240 MB, concurrency 1,000
    with pytest.raises(ValueError, match="concurrency is 1 to 1000"):
        FunctionOptions(path=Path(), handler="a.b", **wrong)  # type: ignore[arg-type]  # one of several fields


def test_the_arn_is_the_names_or_made_for_this_region() -> None:
    options = FunctionOptions(path=Path(), handler="a.b", environment={"AWS_REGION": "eu-west-1"})
    made = settings_of("classify", options)
    assert (made.name, made.arn) == ("classify", "arn:aws:lambda:eu-west-1:000000000000:function:classify")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:classify"
    assert (settings_of(arn, options).name, settings_of(arn, options).arn) == ("classify", arn)
