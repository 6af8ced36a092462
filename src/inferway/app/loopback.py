"""Pages for whoever sits at this machine: they answer on the loopback interface only."""

from collections.abc import Awaitable
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from inferway.exchange import Request, Response
from inferway.gateway.core import Page, json_page

_FORWARDED: Final = frozenset((b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"))
"""What a proxy adds: behind one on this machine, whoever it serves seems to sit here."""


def local(page: Page, what: str) -> Page:
    """Give a page that answers nobody but who sits at this machine; `what` is it that answers."""

    def answered(request: Request, below: str) -> Response | Awaitable[Response | None] | None:
        return refused(request, what) or page(request, below)

    return answered


def refused(request: Request, what: str) -> Response | None:
    """Refuse what does not come from this machine, comes through a proxy, or from a page of another site.

    `what` is it that answers.
    """
    try:
        here = ip_address(request.client).is_loopback
    except ValueError:
        here = False
    host = (request.header(b"host") or b"").decode("latin-1")
    origin = request.header(b"origin")
    own = (f"http://{host}", f"https://{host}")
    if not here or not is_loopback(host):
        return json_page(403, {"message": f"{what} answers on the loopback interface only"})
    if any(name in _FORWARDED for name, _ in request.headers):
        return json_page(403, {"message": f"{what} does not answer through a proxy"})
    if origin is not None and origin.decode("latin-1") not in own:
        return json_page(403, {"message": f"{what} answers to its own page only"})
    return None


def not_json(request: Request, wanted: str = "POST a JSON document") -> Response | None:
    """Refuse what posts no JSON; a form or a text could be sent by a page of another site, without being asked for."""
    kind = (request.header(b"content-type") or b"").partition(b";")[0].strip().lower()
    if request.method != "POST" or kind != b"application/json":
        return json_page(415, {"message": f"{wanted}, with Content-Type: application/json"})
    return None


def is_loopback(host: str) -> bool:
    """Say whether a host, maybe with a port, names this machine's loopback interface."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
