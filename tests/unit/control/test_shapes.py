"""Constraints and the words for what breaks them, as users of the service published them."""

from typing import Any

import pytest

from inferway.control.shapes import (
    Anything,
    Decimal,
    Flag,
    ListOf,
    MapOf,
    Moment,
    SerializationError,
    Structure,
    Text,
    Whole,
    read,
)

NAME = Text(shortest=1, longest=63, pattern="[a-zA-Z0-9](-*[a-zA-Z0-9])*")
REQUEST = Structure(
    members={
        "ModelName": NAME,
        "Count": Whole(least=1, most=3),
        "Weight": Decimal(least=0.0),
        "At": Moment(),
        "Mode": Text(values=("File", "Pipe")),
        "Isolated": Flag(),
        "Extra": Anything(),
        "ProductionVariants": ListOf(
            member=Structure(members={"ModelName": NAME}, required=("ModelName",)), fewest=1, most=2
        ),
        "Environment": MapOf(key=Text(longest=4, pattern="[A-Z]*"), value=Text(longest=5, pattern=".*"), most=2),
    },
    required=("ModelName",),
    unserved=frozenset({"Pipes"}),
)

MAP_VALUE = (
    "Member must have length less than or equal to 5, Member must have length greater than or equal to 0, "
    "Member must satisfy regular expression pattern: .*"
)


def broken(**document: Any) -> tuple[str, ...]:
    return read({"ModelName": "m", **document}, REQUEST)[1]


@pytest.mark.parametrize(
    ("document", "value", "path", "constraint"),
    [
        # https://github.com/aws/amazon-sagemaker-examples/issues/2236
        (
            {"ProductionVariants": [{"ModelName": "ENTER MODEL NAME"}]},
            "'ENTER MODEL NAME'",
            "productionVariants.1.member.modelName",
            "Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9])*",
        ),
        # https://github.com/aws-samples/sagemaker-ml-workflow-with-apache-airflow/issues/3
        ({"ModelName": "x" * 64}, f"'{'x' * 64}'", "modelName", "Member must have length less than or equal to 63"),
        ({"ModelName": None}, "null", "modelName", "Member must not be null"),
        ({"Count": 0}, "'0'", "count", "Member must have value greater than or equal to 1"),
        ({"Count": 4}, "'4'", "count", "Member must have value less than or equal to 3"),
        ({"Mode": "Fast"}, "'Fast'", "mode", "Member must satisfy enum value set: [File, Pipe]"),
        (
            {"ProductionVariants": []},
            "'[]'",
            "productionVariants",
            "Member must have length greater than or equal to 1",
        ),
        (
            {"Environment": {"A": "123456"}},
            "'{A=123456}'",
            "environment",
            f"Map value must satisfy constraint: [{MAP_VALUE}]",
        ),
        ({"Pipes": ["x"]}, "'[x]'", "pipes", "Member is not served by Inferway"),
    ],
)
def test_what_breaks_a_constraint_is_said_in_the_service_s_words(
    document: dict[str, Any], value: str, path: str, constraint: str
) -> None:
    assert broken(**document) == (f"Value {value} at '{path}' failed to satisfy constraint: {constraint}",)


def test_a_name_of_several_lengths_is_no_lure_for_backtracking() -> None:
    assert len(broken(ModelName="a" + "-" * 62)) == 1


def test_what_holds_is_given_and_the_unknown_left_out() -> None:
    document = {
        "ModelName": "m-1",
        "Count": 2,
        "Weight": 1,
        "At": 1529870369.986,
        "Mode": "File",
        "Isolated": False,
        "Extra": {"deep": [1]},
        "Environment": {"A": "b"},
        "Unknown": 1,
        "Pipes": [],
    }
    given, wrong = read(document, REQUEST)
    assert wrong == ()
    assert given == {name: value for name, value in document.items() if name not in {"Unknown", "Pipes"}}


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ({"ModelName": 5}, "NUMBER_VALUE cannot be converted to String"),
        ({"ModelName": "m", "Count": "5"}, "STRING_VALUE cannot be converted to Integer"),
        ({"ModelName": "m", "Isolated": "true"}, "STRING_VALUE cannot be converted to Boolean"),
        ({"ModelName": "m", "Count": True}, "BOOLEAN_VALUE cannot be converted to Integer"),
        ({"ModelName": {"S": "x"}}, "Start of structure or map found where not expected."),
        ({"ModelName": ["x"]}, "Start of list found where not expected"),
        ({"ModelName": "m", "Environment": {"A": 1}}, "NUMBER_VALUE cannot be converted to String"),
        ({"ModelName": "m", "ProductionVariants": "x"}, "Unexpected field type"),
    ],
)
def test_a_value_of_the_wrong_kind_is_another_error(document: dict[str, Any], wanted: str) -> None:
    with pytest.raises(SerializationError, match=f"^{wanted}$"):
        read(document, REQUEST)


def test_a_long_value_is_not_repeated_whole() -> None:
    (wrong,) = broken(ModelName="x" * 100_000)
    assert len(wrong) < 1_000
