"""TLS settings that cannot be used are refused when the origin is made."""

import ssl
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from inferway.transport.options import TlsOptions
from inferway.transport.tls import ssl_context


def test_the_default_verifies_authority_and_name() -> None:
    context = ssl_context(TlsOptions())
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_only_insecure_verifies_nothing() -> None:
    context = ssl_context(TlsOptions(insecure=True))
    assert context.verify_mode is ssl.CERT_NONE
    assert not context.check_hostname


def test_a_missing_or_wrong_file_is_named(tmp_path: Path, certificates: SimpleNamespace) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("not a certificate")
    for file in (wrong, tmp_path / "missing.pem"):
        with pytest.raises(ValueError, match=file.name):
            ssl_context(TlsOptions(ca_file=file))
        with pytest.raises(ValueError, match=file.name):
            ssl_context(TlsOptions(client_certificate=file))
    with pytest.raises(ValueError, match=r"ca\.pem"):
        ssl_context(TlsOptions(client_certificate=certificates.ca))


def test_a_client_key_needs_its_certificate(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="certificate"):
        ssl_context(TlsOptions(client_key=tmp_path / "key.pem"))


@pytest.mark.parametrize(("password", "fits"), [("", True), ("secret", False)])
def test_nobody_is_asked_for_the_password_of_a_key(
    tmp_path: Path, certificates: SimpleNamespace, password: str, fits: bool
) -> None:
    key = tmp_path / "key.pem"
    command = ["openssl", "pkcs8", "-topk8", "-in", str(certificates.client), "-out", str(key)]
    subprocess.run([*command, "-passout", f"pass:{password}"], check=True, capture_output=True, timeout=60)
    options = TlsOptions(client_certificate=certificates.client, client_key=key)
    if fits:
        ssl_context(options)
        return
    with pytest.raises(ValueError, match=r"client\.pem cannot be used"):
        ssl_context(options)
