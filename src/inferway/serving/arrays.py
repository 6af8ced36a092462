"""Reads and writes numpy arrays as JSON, CSV and NPY, as SageMaker's inference toolkit does."""

import io
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray


def from_json(text: str) -> NDArray[Any]:
    """Give the array of a JSON text; an object becomes an array of no dimensions. Raises ValueError."""
    return np.array(json.loads(text))


def from_csv(text: str) -> NDArray[Any]:
    """Give the array of comma-separated lines, as floats; what is no number is NaN, `#` starts a comment.

    Raises ValueError, for a body without a row too.
    """
    if not any(line.partition("#")[0].strip() for line in text.split("\n")):
        raise ValueError("the CSV body is empty")
    return np.genfromtxt(io.StringIO(text), delimiter=",")


def from_npy(data: bytes) -> NDArray[Any]:
    """Give the array of an NPY file; raises ValueError.

    Unlike the toolkit it refuses pickled objects: they run code of the sender's
    (https://numpy.org/doc/stable/reference/generated/numpy.load.html).
    """
    try:
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except (EOFError, SyntaxError) as error:  # a header that is cut, or is no Python literal
        raise ValueError(f"malformed NPY: {error}") from None
    return np.asarray(array)


def to_csv(prediction: Any) -> bytes:
    """Give a line per row, values as str() shows them."""
    stream = io.StringIO()
    np.savetxt(stream, np.atleast_1d(np.asarray(prediction)), delimiter=",", fmt="%s")
    return stream.getvalue().encode()


def to_npy(prediction: Any) -> bytes:
    """Give an NPY file; raises ValueError for objects, which would have to be pickled."""
    stream = io.BytesIO()
    np.save(stream, np.asarray(prediction), allow_pickle=False)
    return stream.getvalue()
