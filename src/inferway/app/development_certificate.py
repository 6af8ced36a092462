"""A certificate for development: an authority of this node's own, and what it signs for the names that are served."""

import contextlib
import datetime as dt
import os
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from inferway.app.tls_options import AUTHORITY

_KEY: Final = "ca.key"
_CERTIFICATE: Final = "server.pem"
_DAY: Final = dt.timedelta(days=1)
_OF_AUTHORITY: Final = 3650 * _DAY
_OF_SERVER: Final = 397 * _DAY
"""Browsers refuse a server's certificate that holds for longer (CA/Browser Forum, ballot SC31)."""


def certificate_for(folder: Path, names: Iterable[str]) -> Path:
    """Give a file with a new key and its certificate for some host names and addresses, signed by the node's authority.

    The authority is made in the folder when there is none; only the folder's owner may read the keys. Raises OSError,
    and ValueError for files there that are not what they should be.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, authority_key = _authority(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "inferway")])
    builder = (
        _builder(subject, authority.subject, key.public_key(), _OF_SERVER)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in dict.fromkeys(names)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_identifier_of(authority_key), critical=False)
    )
    certificate = builder.sign(authority_key, hashes.SHA256())
    file = folder / _CERTIFICATE
    _write(file, _pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
    return file


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Give the authority of the folder, a new one where there is none or it has ended."""
    certificate_file, key_file = folder / AUTHORITY, folder / _KEY
    with contextlib.suppress(FileNotFoundError):
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        lasts = certificate.not_valid_after_utc > _now() + _OF_SERVER
        # Two gateways that made one at the same moment may have left the key of one and the certificate of the other.
        if lasts and isinstance(key, ec.EllipticCurvePrivateKey) and key.public_key() == certificate.public_key():
            return certificate, key
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Inferway development authority")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        _builder(name, name, key.public_key(), _OF_AUTHORITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    certificate = builder.sign(key, hashes.SHA256())
    _write(key_file, _pem(key))
    _write(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, lasts: dt.timedelta
) -> x509.CertificateBuilder:
    now = _now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + lasts)
    )


def _identifier_of(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, data: bytes) -> None:
    """Write a file that only its owner may read; it appears whole."""
    made = file.with_name(f"{file.name}.{os.getpid()}")
    made.touch(mode=0o600)
    made.write_bytes(data)
    made.replace(file)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
