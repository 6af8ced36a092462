"""The certificates that stages show their backends: where they are, and which are missing."""

import ssl
from collections.abc import Iterable, Iterator
from pathlib import Path

from inferway.app.toml_reader import TomlReader, Unreadable
from inferway.definition.api import ApiDefinition
from inferway.definition.bindings import Bindings
from inferway.definition.stage import StageSettings
from inferway.faults import Finding, Severity


def read_certificate(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> str:
    """Read a file of `[client_certificates]`, relative to the bindings: PEM, with the key. Raises Unreadable."""
    if not isinstance(value, str):
        raise Unreadable(f"the client certificate {name!r} is the path of a file", path)
    file = reader.file.parent / value
    try:
        file = _regular(file.resolve())
        # With an empty password for a key that has one: OpenSSL would ask for it at the terminal.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(file, password="")
    except (OSError, ValueError, RuntimeError) as error:
        # RuntimeError: links that lead in a circle, before Python 3.13.
        reason = error.strerror or error if isinstance(error, OSError) else error
        text = (
            f"the client certificate {name!r} cannot be used: {value}: {reason}; it is PEM, with its key, unencrypted"
        )
        raise Unreadable(text, path) from error
    return str(file)


def _regular(file: Path) -> Path:
    """Give a file that can be read to its end. Raises OSError for a device, a pipe or a folder."""
    if not file.is_file() and file.exists():
        raise OSError("it is no regular file")
    return file


def certificate_file(stage: StageSettings, bindings: Bindings) -> Path | None:
    """Give the file of the certificate that a stage shows its backends, None where there is none."""
    file = bindings.client_certificates.get(stage.client_certificate)
    return None if file is None else Path(file)


def check_certificates(api: ApiDefinition, stages: Iterable[StageSettings], bindings: Bindings) -> Iterator[Finding]:
    """Report stages whose backends see no certificate, since nothing says where it is."""
    for stage in stages:
        name = stage.client_certificate
        if not name or name in bindings.client_certificates:
            continue
        text = (
            f"backends are called without the client certificate {name} of the stage {stage.name}; name its file, PEM "
            f'with its key, in inferway.toml: [client_certificates] {name} = "file.pem"'
        )
        yield Finding(severity=Severity.WARNING, code="client-certificate", text=text, place=api.place)
