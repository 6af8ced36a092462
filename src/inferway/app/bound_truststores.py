"""Where the trust stores of domains are that ask their clients for certificates."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from inferway.definition.api import ApiDefinition
from inferway.faults import Finding, Severity

CODE = "truststore"


def truststore_file(uri: str, storage: Mapping[str, str]) -> Path | None:
    """Give the file that an S3 URI stands for here, by the longest prefix that is bound; None where none is."""
    for prefix in sorted(storage, key=len, reverse=True):
        below = prefix.rstrip("/")
        if uri == below or uri.startswith(f"{below}/"):
            return Path(storage[prefix]) / uri[len(below) :].lstrip("/")
    return None


def check_truststores(api: ApiDefinition, storage: Mapping[str, str]) -> Iterator[Finding]:
    """Report domains that let nobody in, since nothing says where their trust store is."""
    for name, uri in _asking(api).items():
        if truststore_file(uri, storage) is None:
            bucket = "/".join(uri.split("/")[:3])
            yield _finding(
                api,
                f"no client gets in at {name}: its trust store {uri} is not here; bind a prefix of it to a folder in "
                f'inferway.toml: [storage] "{bucket}" = "folder"',
            )


def without_tls(api: ApiDefinition) -> Iterator[Finding]:
    """Report domains that let nobody in where the address speaks no TLS."""
    for name in _asking(api):
        yield _finding(api, f"no client gets in at {name}, which asks for certificates: run with --tls")


def _asking(api: ApiDefinition) -> dict[str, str]:
    return {host.name: host.truststore for host in api.hosts if host.truststore}


def _finding(api: ApiDefinition, text: str) -> Finding:
    return Finding(severity=Severity.WARNING, code=CODE, text=text, place=api.place)
