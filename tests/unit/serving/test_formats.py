"""The default input_fn and output_fn do what SageMaker's inference toolkit documents: JSON, CSV and NPY."""

import contextlib
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inferway.serving.formats import InvocationError, default_input_fn, default_output_fn, essence


def npy(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def test_json_becomes_an_array() -> None:
    array = default_input_fn("[[1, 2], [3, 4.5]]", "application/json")
    assert array.tolist() == [[1.0, 2.0], [3.0, 4.5]]


def test_a_json_object_becomes_an_array_of_no_dimensions() -> None:
    assert default_input_fn('{"a": 1}', "application/json").item() == {"a": 1}


def test_csv_becomes_an_array() -> None:
    assert default_input_fn("1,2\n3,4\n", "text/csv").tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_npy_becomes_an_array() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    result = default_input_fn(npy(array), "application/x-npy")
    assert result.dtype == np.float32
    assert (result == array).all()


def test_parameters_of_the_content_type_do_not_matter() -> None:
    assert default_input_fn("[1]", "Application/JSON; charset=utf-8").tolist() == [1]
    assert essence(" Text/CSV ; header=absent") == "text/csv"


@pytest.mark.parametrize("content_type", ["application/xml", "", "application/x-npz", "nonsense"])
def test_another_content_type_is_415(content_type: str) -> None:
    with pytest.raises(InvocationError, match="unsupported content type") as error:
        default_input_fn("x", content_type)
    assert error.value.status == 415


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{", "application/json"),
        ("", "application/json"),
        ("[[1], [1, 2]]", "application/json"),
        ("", "text/csv"),
        ("1,2\n3\n", "text/csv"),
        (b"", "application/x-npy"),
        (b"\x93NUMPY", "application/x-npy"),
        (b"\x93NUMPY\x01\x00\x05\x00{bad}", "application/x-npy"),
        (npy(np.arange(100))[:200], "application/x-npy"),
    ],
)
def test_a_malformed_body_is_a_value_error(body: Any, content_type: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        default_input_fn(body, content_type)


def test_pickled_objects_are_refused() -> None:
    with pytest.raises(ValueError, match="Object arrays"):
        default_input_fn(npy(np.array([{"a": 1}], dtype=object)), "application/x-npy")


@given(st.binary(max_size=100))
def test_any_bytes_as_npy_give_an_array_or_a_value_error(data: bytes) -> None:
    for body in (data, b"\x93NUMPY\x01\x00" + data):
        with contextlib.suppress(ValueError):
            assert isinstance(default_input_fn(body, "application/x-npy"), np.ndarray)


@given(st.text(max_size=100))
def test_any_text_as_json_or_csv_gives_an_array_or_a_value_error(text: str) -> None:
    for content_type in ("application/json", "text/csv"):
        with contextlib.suppress(ValueError):
            assert isinstance(default_input_fn(text, content_type), np.ndarray)


def test_json_output_keeps_full_precision_and_takes_arrays_anywhere() -> None:
    body, content_type = default_output_fn({"a": np.array([0.1, 2.0]), "b": np.float64(3.047305107116699)}, "*/*")
    assert content_type == "application/json"
    assert json.loads(body) == {"a": [0.1, 2.0], "b": 3.047305107116699}


def test_csv_output() -> None:
    assert default_output_fn(np.array([[1, 2], [3, 4]]), "text/csv") == (b"1,2\n3,4\n", "text/csv")
    assert default_output_fn([1.5, 2.5], "text/csv") == (b"1.5\n2.5\n", "text/csv")


def test_npy_output() -> None:
    body, content_type = default_output_fn([[1, 2]], "application/x-npy")
    assert content_type == "application/x-npy"
    assert np.load(io.BytesIO(body)).tolist() == [[1, 2]]


def test_the_first_type_of_an_accept_list_that_can_be_written_is() -> None:
    assert default_output_fn([1], "text/html, text/csv;q=0.9, application/json")[1] == "text/csv"
    assert default_output_fn([1], "application/*")[1] == "application/json"


def test_an_accept_that_cannot_be_met_is_406() -> None:
    with pytest.raises(InvocationError, match="cannot give") as error:
        default_output_fn([1], "text/html")
    assert error.value.status == 406


def test_a_prediction_without_a_json_form_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="set has no JSON form"):
        default_output_fn({1, 2}, "application/json")
