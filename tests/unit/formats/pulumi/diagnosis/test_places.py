from pathlib import Path

import pytest

from inferway.faults import Place
from inferway.formats.pulumi.diagnosis.places import CallPlaces

TEXT = """\
import pulumi_aws as aws
made = aws.appsync.DataSource(
    "d",
    type="AWS_LAMBDA",
    lambda_config={
        "function_arn": "f",
    },
    additional=[aws.x.YArgs(some_key="v")],
)
for n in "ab": aws.iam.User(n)
"""


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 2, 8),
        (("type",), 4, 10),
        (("lambdaConfig",), 5, 19),
        (("lambdaConfig", "functionArn"), 6, 25),
        (("lambdaConfig", "other"), 5, 19),
        (("additional", 0, "someKey"), 8, 38),
        (("additional", 7), 8, 16),
        (("absent",), 2, 8),
    ],
)
def test_places_within_a_call(tmp_path: Path, path: tuple[str | int, ...], line: int, column: int) -> None:
    file = tmp_path / "p.py"
    file.write_text(TEXT)
    found = CallPlaces(Place(file=str(file), line=2)).find(*path)
    assert found == Place(file=str(file), line=line, column=column)


def test_a_call_without_keywords(tmp_path: Path) -> None:
    file = tmp_path / "p.py"
    file.write_text(TEXT)
    assert CallPlaces(Place(file=str(file), line=10)).find("name").column == 16


def test_a_call_that_is_not_there_has_the_place_that_was_told(tmp_path: Path) -> None:
    place = Place(file=str(tmp_path / "none.py"), line=3)
    assert CallPlaces(place).find("type") == place
