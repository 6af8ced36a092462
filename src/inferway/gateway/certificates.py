"""The certificate that a client's connection was opened with.

Source: API Gateway, "Turning on mutual TLS authentication for your REST APIs" and the events of "Lambda proxy
integrations": the members of `clientCert`, and times as OpenSSL writes them.
"""

import ssl
from hashlib import sha256
from typing import Any, Final

from inferway.caller import ClientCertificate

_SHORT: Final = {
    "commonName": "CN",
    "countryName": "C",
    "domainComponent": "DC",
    "localityName": "L",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "stateOrProvinceName": "ST",
    "streetAddress": "STREET",
    "userId": "UID",
}


_MOST_REMEMBERED: Final = 10_000


class DomainContext(ssl.SSLContext):
    """The settings of a domain whose clients have to show a certificate; `domain` is its name.

    `verified` holds the certificates that whole handshakes with it have verified. A resumed session brings the
    certificate of the handshake that began it, maybe with another domain, so it counts only if it is here.
    """

    domain = ""

    def __init__(self, *_: Any) -> None:
        self.verified: dict[bytes, None] = {}

    def holds(self, der: bytes, *, resumed: bool) -> bool:
        """Say whether a certificate that a connection has counts for this domain."""
        digest = sha256(der).digest()
        if resumed:
            return digest in self.verified
        if len(self.verified) >= _MOST_REMEMBERED:
            del self.verified[next(iter(self.verified))]
        self.verified[digest] = None
        return True


def client_certificate(connection: Any) -> ClientCertificate | None:
    """Give the certificate of a TLS connection, an `ssl.SSLObject`; None where the client did not show one.

    Only connections to a domain that asks for certificates have one, and a handshake with one that its trust store
    does not hold fails.
    """
    context = connection.context
    shown = connection.getpeercert() if isinstance(context, DomainContext) else None
    if not shown:
        return None
    der = connection.getpeercert(binary_form=True)
    if not context.holds(der, resumed=connection.session_reused):
        return None
    return ClientCertificate(
        domain=context.domain,
        pem=ssl.DER_cert_to_PEM_cert(der),
        subject=_distinguished(shown.get("subject", ())),
        issuer=_distinguished(shown.get("issuer", ())),
        serial=_serial(str(shown.get("serialNumber", ""))),
        not_before=str(shown.get("notBefore", "")),
        not_after=str(shown.get("notAfter", "")),
    )


def _distinguished(name: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    return ",".join(f"{_SHORT.get(kind, kind)}={value}" for part in name for kind, value in part)


def _serial(digits: str) -> str:
    """Write a serial number as the service does: bytes with colons, a small one as a number."""
    if len(digits) <= 2:
        return str(int(digits or "0", 16))
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2)).lower()
