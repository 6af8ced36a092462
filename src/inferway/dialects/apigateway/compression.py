"""Payload compression of an API.

Source: API Gateway, "x-amazon-apigateway-minimum-compression-size" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-openapi-minimum-compression-size.html).
"""

from typing import Final

from inferway.dialects.apigateway.extensions import PREFIX
from inferway.formats.cursor import Cursor

MOST: Final = 10_485_760
"""Bytes of the largest size that can be asked for; 0 is the least."""

_EXTENSION: Final = f"{PREFIX}minimum-compression-size"


def compression_from(document: Cursor) -> int | None:
    """Give the size in bytes from which bodies are compressed and decompressed; None where they are not."""
    setting = document[_EXTENSION]
    size = _size(setting.text())
    return size if size is not None and 0 <= size <= MOST else None


def report_compression(document: Cursor) -> None:
    """Report a size that the service refuses."""
    setting = document[_EXTENSION]
    if setting.text() and compression_from(document) is None:
        setting.error(
            "bad-compression-size", f"the minimum compression size is 0 to {MOST} bytes, not {setting.text()}"
        )


def _size(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
