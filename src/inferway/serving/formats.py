"""The default input_fn and output_fn: the content types that SageMaker's inference toolkit reads and writes."""

import importlib
import json
from typing import Any, Final

JSON: Final = "application/json"
CSV: Final = "text/csv"
NPY: Final = "application/x-npy"
ANY: Final = "*/*"
TEXT: Final = frozenset({JSON, CSV})
"""The types whose body a script gets as str; every other as bytes (toolkit, `content_types.UTF8_TYPES`)."""

_ARRAYS: Final = "inferway.serving.arrays"  # imports numpy, which a script with functions of its own may not need
_DECODERS: Final = {JSON: "from_json", CSV: "from_csv", NPY: "from_npy"}
_ENCODERS: Final = {CSV: "to_csv", NPY: "to_npy"}


class InvocationError(Exception):
    """A request that is refused or failed, with the HTTP status and the text that its sender gets."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def essence(media_type: str) -> str:
    """Give a media type without its parameters, in lower case: `text/csv` of `Text/CSV; header=absent`."""
    return media_type.partition(";")[0].strip().lower()


def default_input_fn(body: Any, content_type: str) -> Any:
    """Decode JSON, CSV or NPY to a numpy array; raises InvocationError 415, or ValueError for a malformed body."""
    decoder = _DECODERS.get(essence(content_type))
    if decoder is None:
        raise InvocationError(415, f"unsupported content type {content_type!r}; use one of {', '.join(_DECODERS)}")
    return getattr(importlib.import_module(_ARRAYS), decoder)(body)


def default_output_fn(prediction: Any, accept: str) -> tuple[bytes, str]:
    """Encode to the first of the accepted types that is JSON, CSV or NPY; raises InvocationError 406."""
    for accepted in (essence(part) for part in accept.split(",")):
        chosen = JSON if accepted in {ANY, "application/*"} else accepted
        if chosen == JSON:
            return json.dumps(prediction, default=_plain).encode(), JSON
        if chosen in _ENCODERS:
            return getattr(importlib.import_module(_ARRAYS), _ENCODERS[chosen])(prediction), chosen
    raise InvocationError(406, f"cannot give {accept!r}; accept one of {', '.join((JSON, *_ENCODERS))}")


def load_decoders() -> None:
    """Import what default_input_fn needs now, so that no request waits for it; raises ImportError without numpy."""
    importlib.import_module(_ARRAYS)


def _plain(value: Any) -> Any:
    """Give JSON's form of an array or a numpy number, which have `tolist`; raises TypeError for anything else."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no JSON form")
