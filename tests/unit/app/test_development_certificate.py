"""The certificate for development: what it is signed by, and what is made anew."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from inferway.app.development_certificate import certificate_for
from inferway.app.tls_options import AUTHORITY


def authority(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())


def made(folder: Path, *names: str) -> x509.Certificate:
    """Make a certificate, and give it once the authority of the folder has signed it."""
    certificate = x509.load_pem_x509_certificate(certificate_for(folder, names).read_bytes())
    certificate.verify_directly_issued_by(authority(folder))
    return certificate


def test_an_authority_is_made_once_and_signs_what_is_served(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    first = made(folder, "localhost", "127.0.0.1")
    names = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    before = authority(folder)
    assert made(folder, "localhost").serial_number != first.serial_number
    assert authority(folder) == before
    assert [file.stat().st_mode & 0o077 for file in folder.iterdir()] == [0, 0, 0]


def test_a_key_of_another_authority_is_not_used(tmp_path: Path) -> None:
    """As two gateways leave it that began at the same moment on one folder."""
    made(tmp_path, "localhost")
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "ca.key").write_bytes(other)
    made(tmp_path, "localhost")


@pytest.mark.parametrize("name", [AUTHORITY, "ca.key"])
def test_half_an_authority_is_made_anew(tmp_path: Path, name: str) -> None:
    made(tmp_path, "localhost")
    (tmp_path / name).unlink()
    made(tmp_path, "localhost")


@pytest.mark.parametrize("name", [AUTHORITY, "ca.key"])
def test_a_file_that_is_no_certificate_or_key_is_told(tmp_path: Path, name: str) -> None:
    made(tmp_path, "localhost")
    (tmp_path / name).write_bytes(b"-----BEGIN NOTHING-----")
    with pytest.raises(ValueError, match=r"."):
        certificate_for(tmp_path, ("localhost",))
