"""Calls of SageMaker's clients put into other protocols; forms from those protocols' own documents."""

import json
from typing import Any

import pytest

from inferway.backends.protocols.sent import UnsuitedError
from inferway.backends.protocols.translation import PROTOCOLS, translation

TENSOR = {"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1.0, 2.0]}


def sent(protocol: str, body: Any, content_type: str = "application/json", **options: str) -> tuple[str, Any]:
    """Give where a body goes and what becomes of it."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    made = translation(protocol, **{"model": "m", **options}).request(content_type, content)
    return made.target.decode(), json.loads(made.body)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ([[1, 2], [3, 4]], "application/json"),
        (b"1,2\n3,4\n", "text/csv"),
        (b"[1,2]\n[3,4]\n", "application/jsonlines"),
        ({"instances": [[1, 2], [3, 4]]}, "application/json; charset=utf-8"),
    ],
)
def test_rows_become_what_each_protocol_has_for_them(body: Any, content_type: str) -> None:
    """TensorFlow Serving, "Predict API"; MLflow, "Inference Server Specification"; Open Inference Protocol, "Infer"."""
    rows = [[1, 2], [3, 4]]
    assert sent("tensorflow", body, content_type) == ("/v1/models/m:predict", {"instances": rows})
    made = {"name": "input-0", "shape": [2, 2], "datatype": "INT64", "data": [1, 2, 3, 4]}
    assert sent("kserve", body, content_type) == ("/v2/models/m/infer", {"inputs": [made]})
    if content_type == "text/csv":
        return
    form = {"instances": rows} if isinstance(body, dict) else {"inputs": rows}
    assert sent("mlflow", body, content_type) == ("/invocations", form)


@pytest.mark.parametrize(
    ("protocol", "body"),
    [
        ("tensorflow", {"inputs": {"a": [1]}, "signature_name": "s"}),
        ("kserve", {"id": "1", "inputs": [TENSOR], "outputs": [{"name": "y"}]}),
        ("mlflow", {"dataframe_split": {"columns": ["a"], "data": [[1]]}, "params": {"t": 1}}),
        ("mlflow", {"dataframe_records": [{"a": 1}]}),
        ("azureml", {"data": [1]}),
        ("sagemaker", {"anything": 1}),
    ],
)
def test_what_is_the_protocol_s_own_goes_on_as_it_is(protocol: str, body: Any) -> None:
    assert sent(protocol, body)[1] == body


def test_paths_name_the_model_and_its_version() -> None:
    assert sent("kserve", [1], version="2")[0] == "/v2/models/m/versions/2/infer"
    assert sent("tensorflow", [1], version="2")[0] == "/v1/models/m/versions/2:predict"
    assert sent("kserve", [1], model="a/../b")[0] == "/v2/models/a%2F..%2Fb/infer"
    assert sent("azureml", [1])[0] == "/score"
    assert translation("kserve", "m").ready == b"/v2/models/m/ready"
    assert translation("tensorflow", "m").ready == b"/v1/models/m"


@pytest.mark.parametrize(
    ("values", "shape", "datatype"),
    [
        ([1, 2.5], [2], "FP64"),
        ([[True], [False]], [2, 1], "BOOL"),
        ([["a", "b"]], [1, 2], "BYTES"),
        ([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [2, 2, 2], "INT64"),
    ],
)
def test_a_tensor_has_its_shape_and_datatype(values: Any, shape: list[int], datatype: str) -> None:
    """Open Inference Protocol, "Tensor Data Types" and "Tensor Data"."""
    (tensor,) = sent("kserve", values, tensor="x")[1]["inputs"]
    assert (tensor["name"], tensor["shape"], tensor["datatype"]) == ("x", shape, datatype)


def test_binary_tensors_are_marked_as_each_side_marks_them() -> None:
    """Triton, "Binary Tensor Data Extension"; SageMaker: `…;json-header-size=N` in the content type."""
    made = translation("kserve", "m").request(
        "application/vnd.sagemaker-triton.binary+json;json-header-size=2", b"{}\x00\x01"
    )
    assert made.body == b"{}\x00\x01"
    assert dict(made.headers) == {
        b"content-type": b"application/octet-stream",
        b"inference-header-content-length": b"2",
    }
    back = translation("kserve", "m").reply(
        [(b"content-type", b"application/octet-stream"), (b"inference-header-content-length", b"7"), (b"x", b"y")]
    )
    assert dict(back) == {
        b"content-type": b"application/vnd.sagemaker-triton.binary+json;json-header-size=7",
        b"x": b"y",
    }
    same = [(b"content-type", b"application/json")]
    assert translation("kserve", "m").reply(same) == same


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"messages": [], "stream": True}, "/v1/chat/completions"),
        ({"prompt": "x"}, "/v1/completions"),
        ({"input": "x"}, "/v1/embeddings"),
    ],
)
def test_an_openai_body_goes_where_it_belongs(body: dict[str, Any], target: str) -> None:
    assert sent("openai", body) == (target, {"model": "m", **body})
    assert sent("openai", {**body, "model": "own"}) == (target, {**body, "model": "own"})


@pytest.mark.parametrize(
    ("protocol", "content_type", "body"),
    [
        ("tensorflow", "application/x-npy", b"\x93NUMPY"),
        ("tensorflow", "application/json", b"{"),
        ("mlflow", "application/octet-stream", b"\x00"),
        ("kserve", "application/x-npy", b"\x93NUMPY"),
        ("kserve", "application/json", b'{"features": [1]}'),
        ("kserve", "application/json", b"[[1], [2, 3]]"),
        ("kserve", "application/json", b"[[1], 2]"),
        ("kserve", "application/json", b'[1, "a"]'),
        ("kserve", "application/json", b"[null]"),
        ("kserve", "application/vnd.sagemaker-triton.binary+json", b"{}"),
        ("kserve", "application/vnd.sagemaker-triton.binary+json;json-header-size=3", b"{}"),
        ("openai", "application/json", b"[]"),
        ("openai", "application/json", b'{"model": "m"}'),
        ("openai", "text/plain", b"hello"),
        ("tensorflow", "text/csv", b'"open'),
        ("tensorflow", "text/csv", b"\xff"),
        ("tensorflow", "application/json", b"[" * 100_000),
    ],
)
def test_what_has_no_place_in_a_protocol_is_told(protocol: str, content_type: str, body: bytes) -> None:
    with pytest.raises(UnsuitedError):
        translation(protocol, "m").request(content_type, body)


def test_protocols_and_models_that_there_are_not_are_told() -> None:
    with pytest.raises(ValueError, match="no protocol"):
        translation("grpc")
    for name in PROTOCOLS:
        if name in ("kserve", "tensorflow"):
            with pytest.raises(ValueError, match="needs the model"):
                translation(name)
        else:
            assert translation(name).ready.startswith(b"/")
