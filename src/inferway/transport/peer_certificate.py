"""Checks what is left to check of a server's certificate where its authority does not count.

Sources: API Gateway, "x-amazon-apigateway-integration.tlsConfig object" (the certificate's expiration date and host
name are checked all the same); RFC 9525, sections 6.3 to 6.5 (names; `*` stands for a whole first label).
"""

import datetime as dt
import ssl
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

_UNREADABLE: Final = (ValueError, x509.DuplicateExtension, x509.InvalidVersion, x509.UnsupportedGeneralNameType)
"""What a certificate raises that is none, or is not in order: the last three are errors of no other kind."""


def check_certificate(certificate: bytes, name: str) -> None:
    """Hold a certificate (DER) to its time and to a host's name or address.

    Raises ssl.SSLCertVerificationError.
    """
    try:
        found = x509.load_der_x509_certificate(certificate)
        names, addresses = _names(found)
    except _UNREADABLE as error:
        raise _refused(f"it cannot be read: {error}") from error
    now = dt.datetime.now(dt.UTC)
    if now > found.not_valid_after_utc:
        raise _refused("certificate has expired")
    if now < found.not_valid_before_utc:
        raise _refused("certificate is not yet valid")
    try:
        fits = ip_address(name) in addresses
    except ValueError:
        fits = any(_is_meant(known.lower().rstrip("."), name.lower().rstrip(".")) for known in names)
    if not fits:
        raise _refused(f"the certificate is not for {name!r}")


def _refused(reason: str) -> ssl.SSLCertVerificationError:
    return ssl.SSLCertVerificationError(ssl.SSL_ERROR_SSL, f"certificate verify failed: {reason}")


def _names(certificate: x509.Certificate) -> tuple[list[str], list[object]]:
    """Give the names and addresses of a certificate; one without any has its common name, as Java takes it."""
    try:
        given = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return [str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)], []
    return given.get_values_for_type(x509.DNSName), list(given.get_values_for_type(x509.IPAddress))


def _is_meant(known: str, name: str) -> bool:
    if not known.startswith("*."):
        return known == name
    first, _, rest = name.partition(".")
    return bool(first) and "." in rest and known[2:] == rest
