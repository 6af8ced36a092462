"""Where a server listens, read from a URL."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

_HOST: Final = re.compile(r"[A-Za-z0-9._~-]{1,253}|[0-9A-Fa-f:.]+(%[A-Za-z0-9._~-]+)?")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A server's address.

    `authority` is the Host header's value; `socket_path` is empty unless the scheme is `unix`, and then `host` and
    `port` are not used.
    """

    scheme: str
    authority: str
    host: str = ""
    port: int = 0
    socket_path: str = ""

    @property
    def text(self) -> str:
        """The address as a URL without a path, for messages."""
        return f"unix://{self.socket_path}" if self.socket_path else f"{self.scheme}://{self.authority}"


def parse_address(url: str) -> Address:
    """Read `http://host:port`, `https://host`, `http://[::1]:8080` or `unix:///path/of/socket`.

    A path, query or fragment is refused, since a call's target is given apart; so are credentials in the URL. Raises
    ValueError saying what is wrong.
    """
    if not url.isprintable() or " " in url:
        # urlsplit would drop some of these without a word.
        raise ValueError(f"{url!r} holds white space or control characters")
    parts = urlsplit(url)
    if parts.scheme == "unix":
        if parts.netloc or parts.query or parts.fragment or len(parts.path) < len("/x"):
            raise ValueError(f"{url!r} is not unix:///path/of/socket")
        return Address(scheme="unix", authority="localhost", socket_path=unquote(parts.path))
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(f"{url!r} starts with none of http://, https:// and unix://")
    if "@" in parts.netloc:
        raise ValueError("a server's URL must not hold credentials")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(f"{url!r} must end after the host and port")
    host = _host_in_ascii(parts.hostname or "", url)
    port = parts.port if parts.port is not None else _DEFAULT_PORTS[parts.scheme]
    if port == 0:
        raise ValueError(f"{url!r} names port 0")
    shown = f"[{host}]" if ":" in host else host
    authority = shown if port == _DEFAULT_PORTS[parts.scheme] else f"{shown}:{port}"
    return Address(scheme=parts.scheme, authority=authority, host=host, port=port)


def _host_in_ascii(host: str, url: str) -> str:
    try:
        encoded = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"the host in {url!r} is not a host name: {error}") from error
    if not _HOST.fullmatch(encoded):
        raise ValueError(f"the host in {url!r} is not a host name")
    return encoded
