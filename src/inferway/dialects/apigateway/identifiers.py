"""Identifiers in the service's forms."""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from random import getrandbits
from typing import Final

from inferway.definition.deployment import Deployment

_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_ID_LENGTH: Final = 10
_RESOURCE_ID_LENGTH: Final = 6


def api_id(deployment: Deployment) -> str:
    """Give an identifier in the vendor's form, ten letters and digits, that stays the same for an API's slug."""
    return deployment.api.id or api_id_of(deployment.api.slug)


def api_id_of(slug: str) -> str:
    """Give the identifier of an API that has none of its own."""
    return _identifier(slug, _ID_LENGTH)


def resource_id(slug: str, path: str) -> str:
    """Give the identifier of the resource at a path of an API, six letters and digits."""
    return _identifier(f"{slug}{path}", _RESOURCE_ID_LENGTH)


@lru_cache(maxsize=4096)
def _identifier(text: str, length: int) -> str:
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in sha256(text.encode()).digest()[:length])


def extended_request_id() -> str:
    """Give a random identifier in the form of `x-amz-apigw-id`: 16 characters of base64, of its alphabet for URLs.

    Recorded: `R_TgAFiioAMFrrg=` (aws/aws-sdk-java-v2 issue 3188).
    """
    return urlsafe_b64encode(getrandbits(88).to_bytes(11, "big")).decode("ascii")
