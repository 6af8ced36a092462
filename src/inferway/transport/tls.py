"""TlsOptions as the standard library's SSLContext."""

import ssl
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from inferway.transport.options import TlsOptions


class Tls(NamedTuple):
    """How TLS is begun: `name` is sent and verified, `check` is asked about the certificate (DER) and the name then.

    `check`, where there is one, raises ssl.SSLCertVerificationError.
    """

    context: ssl.SSLContext
    name: str
    check: Callable[[bytes, str], None] | None = None


def tls_of(options: TlsOptions, host: str) -> Tls:
    """Give how TLS is begun with a host. Raises ValueError as `ssl_context`."""
    check = None
    if options.any_authority and not options.insecure:
        check = import_module("inferway.transport.peer_certificate").check_certificate  # cryptography takes its time
    return Tls(ssl_context(options), options.server_name or host, check)


def versions(options: TlsOptions) -> tuple[int, ...]:
    """Give what changes when one of the files named is written anew. Raises ValueError for one that is missing."""
    files = (options.ca_file, options.client_certificate, options.client_key)
    try:
        return tuple(file.stat().st_mtime_ns for file in files if file is not None)
    except OSError as error:
        raise ValueError(f"a file of TLS cannot be used: {error}") from error


def ssl_context(options: TlsOptions) -> ssl.SSLContext:
    """Read the named files and build the context, once per origin.

    TLS 1.2 is the least; ALPN offers only HTTP/1.1. Raises ValueError, naming the file, when one of the files is
    missing or is not what it should be.
    """
    try:
        context = ssl.create_default_context(cafile=options.ca_file)
    except (OSError, ValueError) as error:
        raise ValueError(f"the CA file {options.ca_file} cannot be used: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if options.insecure or options.any_authority:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.client_certificate is not None:
        try:
            # With an empty password for a key that has one: OpenSSL would ask for it at the terminal.
            context.load_cert_chain(options.client_certificate, options.client_key, password="")
        except (OSError, ValueError) as error:
            raise ValueError(f"the client certificate {options.client_certificate} cannot be used: {error}") from error
    elif options.client_key is not None:
        raise ValueError("a client key needs a client certificate")
    return context
