"""How a bound function is run: in the Region of its own ARN."""

import pytest

from inferway.app.function_options import options_of
from inferway.definition.bindings import BoundFunction

AROUND = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "key"}
WEST = "arn:aws:lambda:us-west-2:000000000000:function:f"


@pytest.mark.parametrize("names", [{"name": "f", "arn": WEST}, {"name": WEST}])
def test_a_function_is_in_the_region_of_its_arn(names: dict[str, str]) -> None:
    """Lambda guide, "Defined runtime environment variables": AWS_REGION is where the function is executed."""
    options = options_of(BoundFunction(path="p", handler="a.b", **names), AROUND)  # type: ignore[arg-type]  # names
    assert options.environment == {
        "AWS_REGION": "us-west-2",
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ACCESS_KEY_ID": "key",
    }
    assert options.arn == names.get("arn", "")


@pytest.mark.parametrize("name", ["f", "000000000000:function:f"])
def test_another_is_where_the_project_is(name: str) -> None:
    assert options_of(BoundFunction(name=name, path="p", handler="a.b"), AROUND).environment == AROUND


def test_what_a_binding_says_of_the_region_comes_first() -> None:
    bound = BoundFunction(name="f", arn=WEST, path="p", handler="a.b", environment={"AWS_REGION": "eu-west-1"})
    assert options_of(bound, AROUND).environment["AWS_REGION"] == "eu-west-1"
