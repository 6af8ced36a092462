"""Decrypts what Pulumi's passphrase provider has encrypted.

A text is `v1:NONCE:DATA`, AES-256-GCM, under a key that PBKDF2 derives from the passphrase and the stack's salt, which
stands in its settings as `v1:SALT:` and the encrypted word `pulumi`
(https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/crypt.go and
pkg/secrets/passphrase/manager.go).
"""

import base64
import binascii
import hashlib
import importlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Final

_ROUNDS: Final = 1_000_000
_KEY: Final = 32
_SALT_PARTS: Final = 3
_VARIABLES: Final = "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE"


class UnreadableError(Exception):
    """A text cannot be decrypted; the message says what is wanted."""


class Passphrase:
    """One stack's key; it is derived, in about half a second, when something is to be decrypted."""

    def __init__(self, salt: str) -> None:
        self._salt = salt

    @classmethod
    def of(cls, salt: object) -> "Passphrase":
        """Take the `encryptionsalt` of a stack's settings, whatever it is."""
        return cls(salt if isinstance(salt, str) else "")

    def reveal(self, text: str) -> str:
        """Give the plain text. Raises UnreadableError, which says what is wanted for it."""
        parts = self._salt.split(":", _SALT_PARTS - 1)
        if len(parts) != _SALT_PARTS or parts[0] != "v1":
            raise UnreadableError("its stack names another provider of secrets than a passphrase, which is not asked")
        phrase = _phrase()
        try:
            key = _key(phrase, base64.b64decode(parts[1], validate=True))
        except binascii.Error:
            raise UnreadableError("the stack's encryptionsalt is malformed") from None
        if _opened(parts[2], key) != "pulumi":
            raise UnreadableError(f"the passphrase in {_VARIABLES} is not that of the stack: set the right one")
        plain = _opened(text, key)
        if plain is None:
            raise UnreadableError("is not readable by the stack's passphrase")
        return plain


def _phrase() -> str:
    """Give the passphrase of the environment, which may be empty."""
    phrase = os.environ.get("PULUMI_CONFIG_PASSPHRASE")
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if phrase is None and file:
        try:
            return Path(file).read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            raise UnreadableError(f"the passphrase's file cannot be read: {error}") from None
    if phrase is None:
        raise UnreadableError(f"no passphrase is given: set {_VARIABLES}")
    return phrase


@lru_cache(maxsize=8)
def _key(phrase: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", phrase.encode(), salt, _ROUNDS, _KEY)


def _opened(text: str, key: bytes) -> str | None:
    """Give the plain text, None where the key does not open it or it is malformed."""
    version, _, rest = text.partition(":")
    nonce, _, data = rest.partition(":")
    if version != "v1":
        return None
    try:
        aead = importlib.import_module("cryptography.hazmat.primitives.ciphers.aead")
    except ImportError:
        raise UnreadableError("needs cryptography: pip install 'inferway[pulumi]'") from None
    invalid = importlib.import_module("cryptography.exceptions").InvalidTag
    try:
        opened: bytes = aead.AESGCM(key).decrypt(base64.b64decode(nonce), base64.b64decode(data), None)
        return opened.decode("utf-8")
    except (invalid, ValueError):
        return None
