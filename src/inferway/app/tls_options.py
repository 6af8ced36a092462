"""Which certificate the gateway's own address has."""

from pathlib import Path
from typing import Final

import msgspec

AUTHORITY: Final = "ca.pem"
"""The file, in the folder of a development certificate, that clients have to trust, as with `curl --cacert`."""

_FOLDER: Final = "tls"


class TlsOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The files of the server's certificate and key, or the `folder` of the node's own authority, which makes them."""

    certificate: Path | None = None
    key: Path | None = None
    folder: Path | None = None

    @property
    def authority(self) -> Path | None:
        """The file that clients have to trust, where the certificate is for development."""
        return None if self.folder is None else self.folder / AUTHORITY


def development(state: Path) -> TlsOptions:
    """Give the options of a development certificate that is kept in a state folder."""
    return TlsOptions(folder=state / _FOLDER)
