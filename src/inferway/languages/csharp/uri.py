"""Uri, of absolute addresses and relative references."""

from __future__ import annotations

import re
from typing import Final

from inferway.languages.csharp.types import Type
from inferway.languages.csharp.values import format_error, invalid_operation

_FORM: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_PORTS: Final = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443}


class Uri:
    """An address, in the parts that RFC 3986 names."""

    __slots__ = ("_text", "fragment", "host", "is_absolute", "path", "port", "query", "scheme", "user")
    type: Type = Type("Uri")

    def __init__(self, text: str, *, relative: bool = False) -> None:
        self._text = text
        found = _FORM.fullmatch(text.strip())
        self.is_absolute = found is not None and not relative
        self.scheme = self.host = self.path = self.query = self.fragment = self.user = ""
        self.port = -1
        if found is None:
            if not relative:
                raise format_error("Invalid URI: The format of the URI could not be determined.")
            return
        self.scheme = found[1].lower()
        self.user, _, place = (found[2] or "").rpartition("@")
        host, colon, port = place.rpartition(":") if re.search(r":\d*$", place) else (place, "", "")
        self.host = host.lower()
        if self.scheme in ("http", "https") and not self.host:
            raise format_error("Invalid URI: The hostname could not be parsed.")
        self.port = int(port) if colon and port else _PORTS.get(self.scheme, -1)
        if self.port > 65_535:
            raise format_error("Invalid URI: Invalid port specified.")
        self.path = found[3] or ("/" if self.scheme in _PORTS else "")
        self.query, self.fragment = found[4] or "", found[5] or ""

    def need_absolute(self) -> Uri:
        """The address itself. Raises ThrownError for a relative one."""
        if not self.is_absolute:
            raise invalid_operation("This operation is not supported for a relative URI.")
        return self

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the scheme's."""
        return self.host if self.port in (-1, _PORTS.get(self.scheme)) else f"{self.host}:{self.port}"

    @property
    def original(self) -> str:
        """The text that it was made from."""
        return self._text

    def csharp_text(self) -> str:
        """`ToString()`."""
        if not self.is_absolute:
            return self._text
        user = f"{self.user}@" if self.user else ""
        slashes = "//" if self.host or self.scheme in _PORTS else ""
        return f"{self.scheme}:{slashes}{user}{self.authority}{self.path}{self.query}{self.fragment}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Uri) and self.csharp_text() == other.csharp_text()

    def __hash__(self) -> int:
        return hash(self._text)
