"""Certificates that a server may make up as it likes, since no authority answers for them."""

import datetime as dt
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from inferway.transport.peer_certificate import check_certificate

SPARE, NAMES = bytes((0x55, 0x1D, 99)), bytes((0x55, 0x1D, 17))
"""Object identifiers: one that means nothing, and subjectAltName (RFC 5280, section 4.2.1.6)."""


def made(*extensions: tuple[str, bytes], name: str = "model.test") -> bytes:
    """Give a certificate of today with extensions of any content."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - dt.timedelta(days=1))
    builder = builder.not_valid_after(now + dt.timedelta(days=1))
    for identifier, content in extensions:
        extension = x509.UnrecognizedExtension(x509.ObjectIdentifier(identifier), content)
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def named(content: bytes) -> bytes:
    """Give a certificate whose subjectAltName is these bytes."""
    return made(("2.5.29.99", content)).replace(SPARE, NAMES)


def general_name(tag: int, content: bytes) -> bytes:
    """Give a subjectAltName of one name (RFC 5280, section 4.2.1.6)."""
    return bytes((0x30, len(content) + 2, tag, len(content))) + content


@pytest.mark.parametrize(
    ("certificate", "name"),
    [
        (made(), "model.test"),
        (named(general_name(0x82, b"*.model.test")), "one.model.test"),
        (named(general_name(0x87, bytes((127, 0, 0, 1)))), "127.0.0.1"),
        (named(general_name(0x87, bytes(15) + b"\x01")), "::1"),
    ],
)
def test_a_certificate_is_for_its_names(certificate: bytes, name: str) -> None:
    check_certificate(certificate, name)


@pytest.mark.parametrize(
    ("certificate", "name"),
    [
        (named(general_name(0x82, b"model.test\x00.evil.test")), "model.test"),
        (named(general_name(0x82, b"*")), "model"),
        (named(general_name(0x82, b"*.test")), "model.test"),
        (named(general_name(0x82, b"m*.model.test")), "me.model.test"),
        (named(general_name(0x82, b"*.0.0.1")), "127.0.0.1"),
        (named(general_name(0x82, b"127.0.0.1")), "127.0.0.1"),
        (named(b"\x30\x00"), "model.test"),
        (made(name="127.0.0.1"), "127.0.0.1"),
    ],
)
def test_a_certificate_is_for_no_other(certificate: bytes, name: str) -> None:
    """RFC 9525, section 6.3: a wildcard is a whole first label; an address is only meant by an address."""
    with pytest.raises(ssl.SSLCertVerificationError, match=f"is not for '{name}'"):
        check_certificate(certificate, name)


@pytest.mark.parametrize(
    "certificate",
    [
        b"",
        made() + b"x",
        named(b"\x30\x03\x82\x01"),
        named(general_name(0x87, b"abc")),
        named(general_name(0xA3, b"")),
        named(general_name(0xA5, b"")),
        made(("1.2.3.4", b"\x05\x00"), ("1.2.3.5", b"\x05\x00")).replace(b"\x2a\x03\x05", b"\x2a\x03\x04"),
        made().replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09"),
    ],
    ids=["nothing", "too long", "cut short", "no address", "X.400", "EDI", "an extension twice", "version 10"],
)
def test_what_is_not_in_order_is_refused(certificate: bytes) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="it cannot be read") as caught:
        check_certificate(certificate, "model.test")
    assert str(caught.value).startswith("certificate verify failed: ")
