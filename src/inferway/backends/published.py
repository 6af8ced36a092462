"""Fetches what an issuer publishes of itself: small documents, within seconds, from exactly the URL that is named."""

from typing import Final
from urllib.parse import urlsplit

from inferway.credentials.tokens.key_sets import LARGEST, Fetch, FetchError
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError
from inferway.transport.options import CallOptions

_OPTIONS: Final = CallOptions(
    connect_timeout=3.0, read_timeout=3.0, total_timeout=5.0, max_body_bytes=LARGEST, idempotent=True
)
_HEADERS: Final = ((b"accept", b"application/json"), (b"user-agent", b"inferway"))


def fetcher(client: HttpClient) -> Fetch:
    """Give what fetches documents with a client; a redirection is not followed, since it would name another issuer."""

    async def fetch(url: str) -> bytes:
        try:
            parts = urlsplit(url)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            origin = client.origin(f"{parts.scheme}://{parts.netloc}")
            reply = await origin.request(b"GET", target.encode("ascii"), _HEADERS, options=_OPTIONS)
        except (TransportError, ValueError) as error:
            raise FetchError(f"{url}: {error}") from error
        if reply.status != 200:
            raise FetchError(f"{url} answered {reply.status}")
        return reply.body

    return fetch
