"""A folder of static files, served at the root where no API has the path."""

import asyncio
import mimetypes
from collections.abc import Awaitable
from email.utils import formatdate
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from inferway.exchange import Headers, Request, Response
from inferway.gateway.core import Page

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a file; a larger one belongs on a file server."""

_POLICY: Final = (
    b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def site(folder: Path) -> Page:
    """Give the page that serves a folder: `index.html` for a folder's own path, nothing above it, no hidden files."""
    root = folder.resolve()

    def page(request: Request, below: str) -> Awaitable[Response | None] | None:
        if request.method not in ("GET", "HEAD"):
            return None
        return asyncio.to_thread(_read, root, unquote(below), request)

    return page


def _read(root: Path, below: str, request: Request) -> Response | None:
    parts = below.split("/")
    if any(part.startswith(".") for part in parts) or "\\" in below or "\0" in below:
        return None
    file = root.joinpath(*(part for part in parts if part))
    try:
        if file.is_dir():
            file /= "index.html"
        if not file.resolve().is_relative_to(root) or not file.is_file():
            return None
        status = file.stat()
        if status.st_size > LARGEST:
            return None
        tag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'.encode()
        headers: Headers = [
            (b"etag", tag),
            (b"last-modified", formatdate(status.st_mtime, usegmt=True).encode()),
            (b"cache-control", b"no-cache"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", _POLICY),
        ]
        known = request.header(b"if-none-match") or b""
        if tag in (part.strip().removeprefix(b"W/") for part in known.split(b",")):  # RFC 9110, 13.1.2
            return Response(status=304, headers=headers)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind in ("application/javascript", "application/json")
        headers.append((b"content-type", f"{kind}; charset=utf-8".encode() if text else kind.encode()))
        return Response(status=200, headers=headers, body=file.read_bytes())
    except OSError:
        return None
