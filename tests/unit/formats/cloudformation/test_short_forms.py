"""Expected values: CloudFormation, "Intrinsic function reference"; each page gives a function's short form."""

import pytest

from inferway.formats.cloudformation.conditions import ACCOUNT_FUNCTIONS, FUNCTIONS, RULE_FUNCTIONS
from inferway.formats.cloudformation.functions import FUNCTIONS as VALUE_FUNCTIONS
from inferway.formats.cloudformation.short_forms import expand
from inferway.formats.nodes import Leaf, plain
from inferway.formats.yaml_tree import parse_yaml

NAMES = sorted({*VALUE_FUNCTIONS, *FUNCTIONS, *RULE_FUNCTIONS, *ACCOUNT_FUNCTIONS, "Fn::Transform"})


@pytest.mark.parametrize("name", NAMES)
def test_each_function_has_a_short_form(name: str) -> None:
    assert plain(parse_yaml(f"!{name.removeprefix('Fn::')} x", expand)) == {name: "x"}


def test_short_forms_stand_in_one_another() -> None:
    text = "!Join ['', [!Sub '${A}', !If [C, !Ref A, !GetAtt [B, !Select [0, [x]]]]]]"
    assert plain(parse_yaml(text, expand)) == {
        "Fn::Join": [
            "",
            [
                {"Fn::Sub": "${A}"},
                {"Fn::If": ["C", {"Ref": "A"}, {"Fn::GetAtt": ["B", {"Fn::Select": [0, ["x"]]}]}]},
            ],
        ]
    }


def test_what_is_no_function_has_none() -> None:
    assert expand("ForEach", Leaf(value="x", line=1, column=1)) is None
    assert expand("Fn::Sub", Leaf(value="x", line=1, column=1)) is None
