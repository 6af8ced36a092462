"""TLS of the gateway's own address: one certificate for all names, and trust stores for domains of mutual TLS."""

import contextlib
import ssl
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from inferway.app.bound_truststores import CODE, truststore_file
from inferway.app.project import Project
from inferway.app.tls_options import TlsOptions
from inferway.faults import Finding, Findings, Severity
from inferway.gateway.certificates import DomainContext

_CERTIFICATE: Final = b"CERTIFICATE-----"
_KEY: Final = b"PRIVATE KEY-----"
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")


class TlsError(Exception):
    """A certificate, key or trust store cannot be used; the text names the file and says why."""


class Tls:
    """The settings of a listening address; those of domains come with each project that is served."""

    def __init__(self, options: TlsOptions, host: str) -> None:
        """Read or make the certificate. Raises TlsError."""
        self._options = options
        self._names = tuple(dict.fromkeys((*_LOCAL, host)))
        self._files = self._certificate()
        self._domains: Mapping[str, DomainContext] = {}
        self.context = self._context(ssl.SSLContext)
        self.context.sni_callback = self._choose

    def serve(self, project: Project) -> Findings:
        """Take on the domains of a project; gives what is wrong with their trust stores, which then let nobody in."""
        hosts = {host.name: host.truststore for each in project.deployments for host in each.api.hosts}
        slugs = (f"{each.api.slug}.localhost" for each in project.deployments)
        names = tuple(dict.fromkeys((*self._names, *slugs, *hosts)))
        if self._options.folder is not None and names != self._names:
            self._names = names
            self._files = self._certificate()
            self.context.load_cert_chain(*self._files)
        findings: list[Finding] = []
        domains = {}
        for name, truststore in hosts.items():
            if not truststore:
                continue
            file = truststore_file(truststore, project.bindings.storage)
            if file is None:  # told when the project was read
                continue
            try:
                domains[name] = self._domain(name, file)
            except TlsError as error:
                text = f"no client gets in at {name}: {error}"
                place = next(each.api.place for each in project.deployments if name in {h.name for h in each.api.hosts})
                findings.append(Finding(severity=Severity.WARNING, code=CODE, text=text, place=place))
        self._domains = domains
        if domains:
            self._ask_for_certificates(set(hosts.values()), project)
        return tuple(findings)

    def _ask_for_certificates(self, truststores: set[str], project: Project) -> None:
        """Have every client asked for a certificate, since it is asked before the domain's own settings count.

        What a client shows to another name is held against all trust stores, and then not looked at.
        """
        context = self.context
        context.verify_mode = ssl.CERT_OPTIONAL
        context.options |= ssl.OP_NO_TICKET
        context.num_tickets = 0
        for truststore in truststores - {""}:
            file = truststore_file(truststore, project.bindings.storage)
            with contextlib.suppress(OSError, ssl.SSLError):  # told above
                if file is not None:
                    context.load_verify_locations(file)

    def _certificate(self) -> tuple[str, str | None]:
        options = self._options
        try:
            if options.folder is not None:
                maker = import_module("inferway.app.development_certificate")  # cryptography takes its time
                return str(maker.certificate_for(options.folder, self._names)), None
        except (OSError, ValueError) as error:
            raise TlsError(f"the development certificate in {options.folder} cannot be made: {error}") from error
        return str(options.certificate), None if options.key is None else str(options.key)

    def _context(self, kind: Any) -> Any:
        context = kind(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(*self._files)
        except (OSError, ssl.SSLError) as error:
            raise TlsError(f"the certificate {self._files[0]} cannot be used: {_told(error, self._files)}") from error
        return context

    def _domain(self, name: str, truststore: Path) -> DomainContext:
        context: DomainContext = self._context(DomainContext)
        context.domain = name
        try:
            context.load_verify_locations(truststore)
        except (OSError, ssl.SSLError) as error:
            raise TlsError(f"the trust store {truststore} cannot be used: {error}") from error
        # Asked for, and not required: who shows none gets the service's 403 rather than a broken connection.
        context.verify_mode = ssl.CERT_OPTIONAL
        context.options |= ssl.OP_NO_TICKET
        return context

    def _choose(self, connection: Any, name: str | None, _: ssl.SSLContext) -> None:
        domains = self._domains
        if name is None or not domains:
            return
        name = name.lower()
        chosen = domains.get(name) or domains.get(f"*.{name.partition('.')[2]}")
        if chosen is not None:
            connection.context = chosen


def _told(error: Exception, files: tuple[str, str | None]) -> str:
    """Say what is wrong with a certificate and its key, as OpenSSL does not where one of them is no PEM of its kind."""
    certificate, key = files
    for file, mark, what in ((certificate, _CERTIFICATE, "certificate"), (key or certificate, _KEY, "private key")):
        with contextlib.suppress(OSError):
            if mark not in Path(file).read_bytes():
                more = ", and --tls-key names no file that has one" if mark is _KEY and key is None else ""
                return f"{file} holds no {what}{more}"
    return str(error)
