"""Binary media types (API Gateway, "Binary media types for REST APIs in API Gateway")."""

import pytest

from inferway.media_types import BinaryTypes


@pytest.mark.parametrize(
    ("types", "header", "binary"),
    [
        ("image/png", b"image/png", True),
        ("image/png", b"IMAGE/PNG; q=1, text/html", True),
        ("image/png", b"text/html, image/png", False),
        ("image/png", b"*/*", False),
        ("image/png", None, False),
        ("image/*", b"image/webp", True),
        ("image/*", b"imagery/webp", False),
        ("*/*", b"text/html", True),
        ("*/*", None, True),
        ("", b"image/png", False),
    ],
)
def test_the_first_type_of_a_header_counts(types: str, header: bytes | None, binary: bool) -> None:
    assert BinaryTypes(types.split()).hold(header) is binary
