"""The settings of the client, of one call, and of TLS."""

from pathlib import Path

import msgspec


class CallOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of one call; times in seconds, sizes in bytes.

    `total_timeout` spans the whole call, waiting for a connection and any retry included; `read_timeout` is the
    longest silence while the reply is awaited or is arriving; `connect_timeout` covers name look-up, TCP and TLS.
    A streamed reply is held to the same times, to `max_header_bytes`, and to no size of its body.
    `idempotent` allows one retry when a kept connection turns out to be dead (RFC 9110, section 9.2.2).

    Raises ValueError for a limit that is not positive.
    """

    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    total_timeout: float = 60.0
    max_header_bytes: int = 64 * 1024
    max_body_bytes: int = 10 * 1024 * 1024
    idempotent: bool = False

    def __post_init__(self) -> None:
        if min(self.connect_timeout, self.read_timeout, self.total_timeout, self.max_header_bytes) <= 0:
            raise ValueError("timeouts and max_header_bytes must be positive")
        if self.max_body_bytes < 0:
            raise ValueError("max_body_bytes must not be negative")


class ClientOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of each origin's pool.

    `idle_expiry` (seconds) stands below the shortest keep-alive time among usual model servers (uvicorn's
    `--timeout-keep-alive`, 5 s by default), so that the client lets go first; a reply's own `Keep-Alive: timeout=`
    shortens it. `max_requests_per_connection` makes a pool find new replicas behind a TCP load balancer.

    Raises ValueError for a limit that is not positive.
    """

    max_connections: int = 256
    idle_expiry: float = 4.0
    max_requests_per_connection: int = 10_000

    def __post_init__(self) -> None:
        if min(self.max_connections, self.idle_expiry, self.max_requests_per_connection) <= 0:
            raise ValueError("pool limits must be positive")


class TlsOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How to know the server, and how to be known by it.

    By default the system's certificate authorities are trusted and the host name is verified. `ca_file` (PEM) replaces
    the system's authorities; `client_certificate` and `client_key` (PEM; the key may stand in the certificate's file)
    are shown to a server that asks; `server_name` is verified and sent instead of the URL's host. `any_authority` takes
    a certificate whoever signed it, for the host and in its time; `insecure` any certificate for any name: for a
    laptop, never for production.
    """

    ca_file: Path | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None
    server_name: str | None = None
    any_authority: bool = False
    insecure: bool = False
