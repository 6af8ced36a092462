"""The trace's parts: edits by identifier at any depth, values as JSON can hold them, and what is cut."""

import json

import pytest

from inferway.definition.expression import Expression
from inferway.definition.steps import BodyTemplate, Choose, MapRequest, Pipeline, RunPipeline, SetVariable, When
from inferway.faults import Place
from inferway.gateway.trace import MOST_TEXT, Recorder, edited, plain

HERE = Place(file="api.yaml", line=3)


def expression(text: str, line: int = 3) -> Expression:
    return Expression(language="l", text=text, place=Place(file="api.yaml", line=line))


TEMPLATE = BodyTemplate(content_type="application/json", template=expression("old"))
MAPPED = MapRequest(method="POST", templates=(TEMPLATE,))
CHOICE = Choose(when=(When(condition=expression("is it?"), steps=(SetVariable(name="v", value=expression("deep")),)),))
PIPELINE = Pipeline(
    request=(MAPPED, CHOICE, RunPipeline(name="inner", pipeline=Pipeline(response=(MAPPED,)))),
    error=(SetVariable(name="same text, other place", value=expression("old", line=9)),),
)


def identifiers(step: object) -> dict[str, str]:
    """Give the identifiers of a step's own texts, by text."""
    record = Recorder().begin(step, "request")  # type: ignore[arg-type]  # any step will do
    return {text.text: text.id for text in record.texts}


def test_a_step_shows_its_own_texts_only() -> None:
    assert set(identifiers(MAPPED)) == {"old"}
    assert set(identifiers(CHOICE)) == {"is it?"}
    assert identifiers(PIPELINE.request[2]) == {}


def test_an_edit_reaches_every_depth_and_leaves_the_rest() -> None:
    before = PIPELINE
    changed = edited(PIPELINE, {identifiers(MAPPED)["old"]: "new", identifiers(CHOICE)["is it?"]: "it is"})
    new = BodyTemplate(content_type="application/json", template=expression("new"))
    mapped = MapRequest(method="POST", templates=(new,))
    when = CHOICE.when[0]
    assert changed == Pipeline(
        request=(
            mapped,
            Choose(when=(When(condition=expression("it is"), steps=when.steps),)),
            RunPipeline(name="inner", pipeline=Pipeline(response=(mapped,))),
        ),
        error=PIPELINE.error,
    )
    assert before == PIPELINE
    assert PIPELINE.request[0] is MAPPED


def test_no_edit_is_the_pipeline_itself() -> None:
    assert edited(PIPELINE, {}) is PIPELINE
    assert edited(PIPELINE, {"unknown": "x"}) == PIPELINE


class Odd:
    def __str__(self) -> str:
        return "odd"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, None, "x"]}, {"a": [1, None, "x"]}),
        (float("nan"), None),
        (Odd(), "odd"),
        ({"a": Odd()}, {"a": "odd"}),
        (b"bytes", "Ynl0ZXM="),
        pytest.param(10**5000, "(int)", id="an integer without a text"),
    ],
)
def test_a_value_is_plain(value: object, expected: object) -> None:
    assert plain(value) == expected
    json.dumps(plain(value))


def test_a_value_that_is_too_long_is_cut() -> None:
    shown = plain("x" * (MOST_TEXT + 100))
    assert isinstance(shown, str)
    assert len(shown) < MOST_TEXT + 100
    assert "characters" in shown


def test_a_value_that_holds_itself_has_an_end() -> None:
    around: list[object] = []
    around.append(around)
    assert isinstance(plain(around), str)
