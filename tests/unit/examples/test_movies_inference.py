"""The movies example's serving script: object2vec's wire form, unknown ids, malformed bodies."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

EXAMPLE = Path(__file__).parents[3] / "examples" / "movies"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("movies_inference", EXAMPLE / "inference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = load()


@pytest.fixture
def model(tmp_path: Path) -> Any:
    """Mean 3; user 1 has bias 0.5 and factor 1, user 2 bias 9; movie 1 has bias -0.25 and factor 0.125."""
    np.savez(
        tmp_path / "model.npz",
        mean=np.float64(3.0),
        users=np.array([[0.0], [1.0], [0.0]]),
        user_bias=np.array([0.0, 0.5, 9.0]),
        movies=np.array([[0.0], [0.125]]),
        movie_bias=np.array([0.0, -0.25]),
    )
    return script.model_fn(str(tmp_path))


def scores(model: Any, *pairs: tuple[int, int]) -> list[float]:
    body = json.dumps({"instances": [{"in0": [user], "in1": [movie]} for user, movie in pairs]})
    output, content_type = script.output_fn(
        script.predict_fn(script.input_fn(body, "application/json"), model), "application/json"
    )
    assert content_type == "application/json"
    return [prediction["scores"][0] for prediction in json.loads(output)["predictions"]]


def test_a_rating_is_the_mean_the_biases_and_the_liking(model: Any) -> None:
    assert scores(model, (1, 1)) == [3.0 + 0.5 - 0.25 + 0.125]


def test_answers_keep_the_order_of_the_instances(model: Any) -> None:
    assert scores(model, (1, 1), (1, 0), (1, 1)) == [3.375, 3.5, 3.375]


@pytest.mark.parametrize("unknown", [0, -1, 2**40, -(2**63), 10**30])
def test_an_unknown_id_counts_as_average(model: Any, unknown: int) -> None:
    assert scores(model, (unknown, 1), (1, unknown), (unknown, unknown)) == [2.75, 3.5, 3.0]


def test_ratings_stay_between_one_and_five(model: Any) -> None:
    assert scores(model, (2, 1)) == [5.0]


def test_no_instances_are_no_predictions(model: Any) -> None:
    assert scores(model) == []


def test_a_content_type_with_parameters_is_read() -> None:
    assert script.input_fn('{"instances": []}', "application/json; charset=utf-8").users.tolist() == []


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{", "Expecting property name"),
        ("[]", "the body must be"),
        ("{}", "the body must be"),
        ('{"instances": {}}', "the body must be"),
        ('{"instances": "abc"}', "the body must be"),
        ('{"instances": [1]}', r"instances\[0\]\.in0 must be"),
        ('{"instances": [{"in0": [1], "in1": [2]}, {"in0": [1]}]}', r"instances\[1\]\.in1 must be"),
        ('{"instances": [{"in0": 1, "in1": [2]}]}', r"instances\[0\]\.in0 must be"),
        ('{"instances": [{"in0": [1, 2], "in1": [2]}]}', r"instances\[0\]\.in0 must be"),
        ('{"instances": [{"in0": [], "in1": [2]}]}', r"instances\[0\]\.in0 must be"),
        ('{"instances": [{"in0": [1.5], "in1": [2]}]}', r"instances\[0\]\.in0 must be"),
        ('{"instances": [{"in0": ["1"], "in1": [2]}]}', r"instances\[0\]\.in0 must be"),
        ('{"instances": [{"in0": [true], "in1": [2]}]}', r"instances\[0\]\.in0 must be"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_malformed_body_is_a_value_error_that_says_where(body: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        script.input_fn(body, "application/json")


def test_another_content_type_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="reads application/json, not 'text/csv'"):
        script.input_fn("1,2", "text/csv")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["in0", "in1", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=3))
def test_any_instances_are_pairs_or_a_value_error(instances: list[Any]) -> None:
    try:
        pairs = script.input_fn(json.dumps({"instances": instances}), "application/json")
    except ValueError:
        return
    assert len(pairs.users) == len(pairs.movies) == len(instances)
