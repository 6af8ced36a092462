"""Texts encrypted as sdk/go/common/resource/config/crypt.go of Pulumi states, by the library's own functions."""

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from inferway.formats.pulumi.passphrase import Passphrase, UnreadableError

SALT = b"12345678"


def encrypted(text: str, phrase: str = "open sesame", nonce: bytes = b"123456789012") -> str:
    key = hashlib.pbkdf2_hmac("sha256", phrase.encode(), SALT, 1_000_000, 32)
    data = AESGCM(key).encrypt(nonce, text.encode(), None)
    return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(data).decode()}"


def salt(phrase: str = "open sesame") -> str:
    return f"v1:{base64.b64encode(SALT).decode()}:{encrypted('pulumi', phrase)}"


def test_a_text_is_decrypted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "open sesame")
    assert Passphrase.of(salt()).reveal(encrypted("é-1")) == "é-1"
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    (tmp_path / "phrase").write_text("open sesame\n")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "phrase"))
    assert Passphrase.of(salt()).reveal(encrypted("2")) == "2"


def test_an_empty_passphrase_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "")
    assert Passphrase.of(salt("")).reveal(encrypted("x", "")) == "x"


@pytest.mark.parametrize(
    ("phrase", "held", "text", "told"),
    [
        (None, salt(), "v1:a:b", "no passphrase"),
        ("wrong", salt(), "v1:a:b", "not that of the stack"),
        ("open sesame", salt(), "v1:a:b", "not readable"),
        ("open sesame", salt(), "v2:a:b", "not readable"),
        ("open sesame", salt(), "", "not readable"),
        ("open sesame", None, "v1:a:b", "another provider"),
        ("open sesame", "v1:!:x", "v1:a:b", "malformed"),
    ],
)
def test_what_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, phrase: str | None, held: object, text: str, told: str
) -> None:
    for name in ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)
    if phrase is not None:
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", phrase)
    with pytest.raises(UnreadableError, match=told):
        Passphrase.of(held).reveal(text)


def test_a_passphrase_file_that_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "none"))
    with pytest.raises(UnreadableError, match="file cannot be read"):
        Passphrase.of(salt()).reveal(encrypted("x"))
