"""The HTTP/1.1 client that calls models: pooled, kept alive, strict."""

import asyncio

from inferway.transport.address import parse_address
from inferway.transport.deadlines import Deadlines
from inferway.transport.options import ClientOptions, TlsOptions
from inferway.transport.origin import Origin
from inferway.transport.tls import tls_of, versions


class HttpClient:
    """All pools of one event loop; make it in the loop that uses it."""

    def __init__(self, options: ClientOptions | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._options = options or ClientOptions()
        self._deadlines = Deadlines(self._loop)
        self._origins: dict[tuple[str, TlsOptions, tuple[int, ...]], Origin] = {}
        self._is_closing = False

    def origin(self, url: str, tls: TlsOptions | None = None) -> Origin:
        """Return the pool for a server, the same one for the same server and TLS settings; opens no connection.

        A TLS file that was written anew since makes another pool, whose connections are begun with what it has now.
        `url` is `http://host:port`, `https://host:port` or `unix:///path/of/socket`, without a path to call. Raises
        ValueError for another kind of URL, and for a TLS file that cannot be used.
        """
        address = parse_address(url)
        settings = tls or TlsOptions()
        key = (address.text, settings, versions(settings) if address.scheme == "https" else ())
        origin = self._origins.get(key)
        if origin is None:
            used = tls_of(settings, address.host) if address.scheme == "https" else None
            origin = Origin(self._loop, self._deadlines, self._options, address, used)
            if self._is_closing:
                origin.refuse_calls()
            self._origins[key] = origin
        return origin

    async def aclose(self, grace: float = 5.0) -> None:
        """Refuse new calls, wait `grace` seconds for those under way, then break them off with CLIENT_CLOSED."""
        self._is_closing = True
        for origin in self._origins.values():
            origin.refuse_calls()
        await asyncio.gather(*[origin.aclose(grace) for origin in self._origins.values()])
        self._deadlines.stop()
