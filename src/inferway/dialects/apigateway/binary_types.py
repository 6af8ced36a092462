"""Binary media types: which bodies are bytes rather than text.

Source: API Gateway, "Binary media types for REST APIs in API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-payload-encodings.html): `*/*` stands for all; of an Accept header only the first counts.
"""

from typing import Final

from inferway.media_types import media_type

EXTENSION: Final = "x-amazon-apigateway-binary-media-types"


class BinaryTypes:
    """The binary media types of an API, as a text with blanks between them."""

    __slots__ = ("_all", "_exact", "_families")

    def __init__(self, text: str) -> None:
        types = text.lower().split()
        self._all = "*/*" in types
        self._exact = frozenset(types)
        self._families = tuple(kind[:-1] for kind in types if kind.endswith("/*") and kind != "*/*")

    def hold(self, header: bytes | None) -> bool:
        """Say whether a Content-Type, or the first type of an Accept header, is a binary one."""
        if self._all:
            return True
        if header is None or not self._exact:
            return False
        kind = media_type(header.partition(b",")[0])
        return kind in self._exact or kind.startswith(self._families)
