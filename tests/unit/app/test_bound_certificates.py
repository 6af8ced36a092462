"""`[client_certificates]` of the bindings file."""

import subprocess
from pathlib import Path

import pytest

from inferway.app.bindings_file import read_bindings


def make(folder: Path, *protection: str) -> tuple[Path, Path]:
    """Give files of a certificate and of its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=me"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *(protection or ["-nodes"]), *files], check=True, capture_output=True, timeout=60)
    return certificate, key


def read(folder: Path, text: str) -> tuple[dict[str, str], list[str]]:
    (folder / "inferway.toml").write_text(f"[client_certificates]\n{text}\n")
    bindings, findings = read_bindings(folder / "inferway.toml")
    return bindings.client_certificates, [f"{finding.place.line}: {finding.text}" for finding in findings]


def test_a_file_has_the_certificate_and_its_key(tmp_path: Path) -> None:
    certificate, key = make(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    assert read(tmp_path, 'backend = "both.pem"') == ({"backend": str(both)}, [])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ('"certificate.pem"', "it is PEM, with its key, unencrypted"),
        ('"nothing.pem"', "No such file or directory"),
        ('"inferway.toml"', "cannot be used"),
        ('"."', "it is no regular file"),
        ('"/dev/zero"', "it is no regular file"),
        ('"circle.pem"', "cannot be used"),
        (r'"a\u0000b"', "cannot be used"),
        ("5", "is the path of a file"),
    ],
)
def test_what_cannot_be_shown_is_an_error_at_its_line(tmp_path: Path, value: str, reason: str) -> None:
    make(tmp_path)
    (tmp_path / "circle.pem").symlink_to("circle.pem")
    certificates, (finding,) = read(tmp_path, f"\nbackend = {value}")
    assert certificates == {}
    assert finding.startswith("3: the client certificate 'backend' ")
    assert reason in finding


def test_nobody_is_asked_for_the_password_of_a_key(tmp_path: Path) -> None:
    certificate, key = make(tmp_path, "-passout", "pass:secret")
    (tmp_path / "both.pem").write_bytes(certificate.read_bytes() + key.read_bytes())
    certificates, (finding,) = read(tmp_path, 'backend = "both.pem"')
    assert certificates == {}
    assert "unencrypted" in finding
