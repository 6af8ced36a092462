"""The Open Inference Protocol, version 2, of KServe, Triton, MLServer and others.

Sources: "Predict Protocol - Version 2" (https://github.com/kserve/open-inference-protocol); Triton, "Binary Tensor Data
Extension"; the content type that SageMaker's callers use for binary tensors: Triton's container for SageMaker
(triton-inference-server/server, docs/customization_guide/inference_protocols.md, "SageMaker").
"""

import re
from typing import Any, Final

import msgspec

from inferway.backends.protocols.content import decode_json, is_json, media_type, rows
from inferway.backends.protocols.sent import JSON, Sent, UnsuitedError
from inferway.exchange import Headers

BINARY: Final = "application/vnd.sagemaker-triton.binary+json"
HEADER_LENGTH: Final = b"inference-header-content-length"

_SIZE: Final = re.compile(r";\s*json-header-size=(\d{1,10})\s*(?:;|$)")
_DATATYPES: Final[dict[type, str]] = {bool: "BOOL", int: "INT64", float: "FP64", str: "BYTES"}


def request(target: bytes, content_type: str, body: bytes, tensor: str) -> Sent:
    """Put a body into an inference call.

    A request of the protocol stays as it is, binary tensors behind its JSON too. Rows, be they CSV, JSON Lines, a JSON
    array or `{"instances": …}`, become one tensor of that name, its datatype BOOL, INT64, FP64 or BYTES by its values.
    """
    kind = media_type(content_type)
    if kind == BINARY:
        return _binary(target, content_type, body)
    value = decode_json(body) if is_json(kind) else rows(kind, body)
    if value is None:
        raise UnsuitedError(f"the Open Inference Protocol takes JSON and {BINARY}; {kind} cannot be put into it")
    if isinstance(value, dict):
        if isinstance(value.get("inputs"), list):
            return Sent(target, JSON, body)
        value = value.get("instances")
    if not isinstance(value, list):
        raise UnsuitedError('the body has neither "inputs" nor "instances", and is no array')
    shape, flat = _flatten(value)
    made = {"name": tensor, "shape": shape, "datatype": _datatype(flat), "data": flat}
    return Sent(target, JSON, msgspec.json.encode({"inputs": [made]}))


def reply(headers: Headers) -> Headers:
    """Give a reply's headers as SageMaker's callers know them: where its JSON ends stands in the content type."""
    length = next((value for name, value in headers if name == HEADER_LENGTH), None)
    if length is None:
        return headers
    kind = b"%b;json-header-size=%b" % (BINARY.encode(), length)
    kept = [pair for pair in headers if pair[0] not in (HEADER_LENGTH, b"content-type")]
    return [*kept, (b"content-type", kind)]


def _binary(target: bytes, content_type: str, body: bytes) -> Sent:
    size = _SIZE.search(content_type)
    if size is None or int(size[1]) > len(body):
        raise UnsuitedError(f"the content type {BINARY} needs json-header-size, at most the body's size")
    headers = [(b"content-type", b"application/octet-stream"), (HEADER_LENGTH, size[1].encode())]
    return Sent(target, headers, body)


def _flatten(value: list[Any]) -> tuple[list[int], list[Any]]:
    """Give the shape and the values of nested arrays; raises UnsuitedError for ragged ones."""
    shape: list[int] = []
    level: list[Any] = value
    while True:
        shape.append(len(level) if not shape else len(level) // _product(shape))
        if not level or not any(isinstance(item, list) for item in level):
            break
        sizes = {len(item) if isinstance(item, list) else -1 for item in level}
        if len(sizes) != 1:
            raise UnsuitedError("the arrays within the body differ in length, so that they are no tensor")
        level = [inner for item in level for inner in item]
    return shape, level


def _product(shape: list[int]) -> int:
    made = 1
    for size in shape:
        made *= size
    return made or 1


def _datatype(values: list[Any]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {int, float}:
        return "FP64"
    if len(kinds) == 1 and (name := _DATATYPES.get(kinds.pop())) is not None:
        return name
    raise UnsuitedError("the values within the body are not all numbers, all truth values or all texts")
