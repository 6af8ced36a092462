"""The protocols by name, and the calls of an endpoint put into one of them."""

from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import quote

import msgspec

from inferway.backends.protocols import mlflow, open_inference, openai, tensorflow
from inferway.backends.protocols.sent import Sent
from inferway.exchange import Headers

PROTOCOLS: Final = ("sagemaker", "kserve", "tensorflow", "mlflow", "azureml", "openai")
NEEDS_MODEL: Final = frozenset(("kserve", "tensorflow"))
"""Protocols whose paths name a model."""

_DEFAULT_TENSOR: Final = "input-0"


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """How one endpoint's calls go on.

    `request` takes a content type and a body, and raises UnsuitedError for what the protocol has no place for; `reply`
    gives a reply's headers as SageMaker's callers know them, its body stays. `ready` is the target of a GET that a
    server which can be called answers with 200.
    """

    request: Callable[[str, bytes], Sent]
    reply: Callable[[Headers], Headers]
    ready: bytes


def translation(protocol: str, model: str = "", version: str = "", tensor: str = "") -> Translation:
    """Give the translation of a protocol for a model, its version "" for the server's choice.

    `tensor` is the input that rows become in the Open Inference Protocol. Raises ValueError for a protocol that there
    is not, and where one needs a model.
    """
    if protocol not in PROTOCOLS:
        raise ValueError(f"{protocol!r} is no protocol; there are {', '.join(PROTOCOLS)}")
    if protocol in NEEDS_MODEL and not model:
        raise ValueError(f"the protocol {protocol} needs the model's name")
    name, number = quote(model, safe=""), quote(version, safe="")
    if protocol == "kserve":
        base = f"/v2/models/{name}/versions/{number}" if version else f"/v2/models/{name}"
        return Translation(
            request=partial(_kserve, f"{base}/infer".encode(), tensor or _DEFAULT_TENSOR),
            reply=open_inference.reply,
            ready=f"{base}/ready".encode(),
        )
    if protocol == "tensorflow":
        base = f"/v1/models/{name}/versions/{number}" if version else f"/v1/models/{name}"
        request = partial(tensorflow.request, f"{base}:predict".encode())
        return Translation(request=request, reply=_same, ready=base.encode())
    if protocol == "openai":
        return Translation(request=partial(openai.request, model), reply=_same, ready=b"/v1/models")
    if protocol == "mlflow":
        return Translation(request=partial(mlflow.request, b"/invocations"), reply=_same, ready=b"/ping")
    target, ready = (b"/score", b"/") if protocol == "azureml" else (b"/invocations", b"/ping")
    return Translation(request=partial(_as_it_is, target), reply=_same, ready=ready)


def _kserve(target: bytes, tensor: str, content_type: str, body: bytes) -> Sent:
    return open_inference.request(target, content_type, body, tensor)


def _as_it_is(target: bytes, content_type: str, body: bytes) -> Sent:
    return Sent(target, [(b"content-type", content_type.encode("latin-1", "replace") or b"application/json")], body)


def _same(headers: Headers) -> Headers:
    return headers
