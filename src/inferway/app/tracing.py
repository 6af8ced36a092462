"""The trace of a running development gateway: a page, and what it and `inferway trace` ask.

It shows bodies and headers and runs edited templates, so it answers on the loopback interface only, to requests that
name it as such (a page of another site could otherwise reach it through a name that it points at this machine).
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

import msgspec

from inferway.app.loopback import local, not_json
from inferway.exchange import Request, Response, header_name, header_value
from inferway.gateway.core import Core, Page, json_page

PATH: Final = "/_inferway/trace"
MOST_HEADERS: Final = 100

_POLICY: Final = (
    b"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; "
    b"img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_PAGE_HEADERS: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", _POLICY),
]


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request to send and watch: `path` with its query, headers as pairs, and edits to expressions by their `id`."""

    method: str = "GET"
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    edits: Mapping[str, str] = {}


def pages(core: Core) -> Mapping[str, Page]:
    """Give the trace's pages for a core."""

    def shown(request: Request, below: str) -> Response:  # noqa: ARG001 - a page's form
        page = (files("inferway.portal") / "trace.html").read_bytes()
        return Response(status=200, headers=list(_PAGE_HEADERS), body=page)

    def routes(request: Request, below: str) -> Response:  # noqa: ARG001 - a page's form
        return json_page(200, {"routes": core.routes()})

    async def asked(request: Request, below: str) -> Response:  # noqa: ARG001 - a page's form
        no = not_json(request)
        if no is not None:
            return no
        try:
            wanted = msgspec.json.decode(request.body, type=Asked)
            host = request.header(b"host") or b"localhost"
            made = sent(wanted.method, wanted.path, wanted.headers, wanted.body, host)
            return json_page(200, await core.watch(made, wanted.edits))
        except ValueError as error:
            return json_page(400, {"message": f"this cannot be traced: {error}"})

    made: Mapping[str, Page] = {PATH: shown, f"{PATH}/routes": routes, f"{PATH}/request": asked}
    return {path: local(page, "the trace") for path, page in made.items()}


def sent(method: str, path: str, headers: tuple[tuple[str, str], ...], body: str, host: bytes) -> Request:
    """Give the request that was asked for, as it would come in from this machine. Raises ValueError."""
    if not path.startswith("/") or not path.isascii() or not path.isprintable():
        raise ValueError(f"a path starts with / and is percent-encoded, unlike {path[:200]!r}")
    if not method.isascii() or not method.isalpha():
        raise ValueError(f"{method[:50]!r} is no method")
    if len(headers) > MOST_HEADERS:
        raise ValueError(f"more than {MOST_HEADERS} headers")
    path, _, query = path.partition("?")
    names = [header_name(name) for name, _ in headers]
    pairs = [(name.lower(), header_value(value)) for name, (_, value) in zip(names, headers, strict=True)]
    data = body.encode()
    given = {name for name, _ in pairs}
    if b"host" not in given:
        pairs.append((b"host", host))
    if data and b"content-length" not in given:
        pairs.append((b"content-length", str(len(data)).encode()))
    return Request(method=method.upper(), path=path, query=query, headers=pairs, body=data, client="127.0.0.1")
