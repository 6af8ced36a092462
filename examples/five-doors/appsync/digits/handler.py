"""The Lambda function behind `predictImageLabel`: a scanned digit in, its label out."""

import base64
import binascii
import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, UnidentifiedImageError

MODEL = np.load(Path(__file__).with_name("model.npz"))
WEIGHTS, BIASES = MODEL["weights0"], MODEL["biases0"]
OUT_WEIGHTS, OUT_BIASES = MODEL["weights1"], MODEL["biases1"]
SIDE = 8
LARGEST = 4096  # pixels a side


def handler(event: dict[str, Any], context: object) -> str:  # noqa: ARG001 - a handler's form
    """Take `{"image": BASE64}` of a PNG or JPEG, white on black, and give the digit as a text."""
    pixels = np.asarray(read_image(event["image"]), dtype=np.float64).reshape(-1) / 255
    hidden = np.maximum(pixels @ WEIGHTS + BIASES, 0)
    return str(int(np.argmax(hidden @ OUT_WEIGHTS + OUT_BIASES)))


def read_image(encoded: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(base64.b64decode(encoded, validate=True)))
        if max(image.size) > LARGEST:
            raise ValueError(f"the image is larger than {LARGEST} pixels a side")
        return image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    except (binascii.Error, UnidentifiedImageError, OSError) as error:
        raise ValueError(f"this is no image in base64: {error}") from error
