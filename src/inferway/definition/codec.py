"""Canonical, versioned JSON of a definition: equal definitions give equal bytes."""

from typing import Final

import msgspec

from inferway.definition.api import ApiDefinition

VERSION: Final = 1
"""Of the envelope `{"inferway": VERSION, "api": ...}`; it changes where an older reader would misread."""


class _Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A definition in its envelope."""

    inferway: int
    api: ApiDefinition


class _Version(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope's version alone, read first so that a newer definition is named as such."""

    inferway: int


_ENCODER: Final = msgspec.json.Encoder(order="sorted")
_DECODER: Final = msgspec.json.Decoder(_Envelope)
_VERSION_DECODER: Final = msgspec.json.Decoder(_Version)


def encode(api: ApiDefinition) -> bytes:
    """Give the definition as JSON in UTF-8, keys sorted, without blanks."""
    return _ENCODER.encode(_Envelope(inferway=VERSION, api=api))


def decode(data: bytes) -> ApiDefinition:
    """Give the definition that `encode` wrote; ValueError for anything else, above all for another version."""
    try:
        version = _VERSION_DECODER.decode(data).inferway
        if version != VERSION:
            raise ValueError(f"definition of version {version}; this one reads {VERSION}")
        return _DECODER.decode(data).api
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"not a definition: {error}") from None
