"""The scope of a signature: which key signs, and what is signed.

Source: IAM User Guide, "Create a signed AWS API request" (https://docs.aws.amazon.com/IAM/latest/UserGuide/
reference_sigv-create-signed-request.html).
"""

import hmac
from functools import lru_cache
from hashlib import sha256
from typing import Final

import msgspec

ALGORITHM: Final = "AWS4-HMAC-SHA256"
TERMINATOR: Final = "aws4_request"


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """The day (`YYYYMMDD`), Region and service that a signature is good for."""

    day: str
    region: str
    service: str

    def __str__(self) -> str:
        """Give the form that stands in requests."""
        return f"{self.day}/{self.region}/{self.service}/{TERMINATOR}"


def string_to_sign(time: str, scope: Scope, canonical: str) -> str:
    """Give what the signing key signs; `time` is `YYYYMMDDTHHMMSSZ`."""
    digest = sha256(canonical.encode("latin-1", "replace")).hexdigest()
    return f"{ALGORITHM}\n{time}\n{scope}\n{digest}"


def signature(secret: str, scope: Scope, text: str) -> str:
    """Sign a text, as 64 hexadecimal digits."""
    return hmac.digest(signing_key(secret, scope), text.encode("latin-1", "replace"), "sha256").hex()


@lru_cache(maxsize=256)
def signing_key(secret: str, scope: Scope) -> bytes:
    """Derive the key of a day, Region and service; four digests that are the same for a day's requests."""
    key = f"AWS4{secret}".encode()
    for part in (scope.day, scope.region, scope.service, TERMINATOR):
        key = hmac.digest(key, part.encode("utf-8"), "sha256")
    return key
