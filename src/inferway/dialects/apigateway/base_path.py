"""The base path of an imported document, and what an import's `basepath` makes of it.

Source: API Gateway, "OpenAPI basePath property" (https://docs.aws.amazon.com/apigateway/latest/developerguide/
api-gateway-import-api-basePath.html): `ignore` is the default; `prepend` puts the base path before each path, `split`
what is left of it without its first segment.
"""

from typing import Final
from urllib.parse import urlsplit

from inferway.dialects.apigateway.assembly import Assembly
from inferway.dialects.apigateway.resource_view import ResourceView
from inferway.formats.cursor import Cursor, Report

_MODES: Final = ("ignore", "prepend", "split")
_SILENT: Final = frozenset(("endpointConfigurationTypes", "ignore"))
"""Parameters without effect on what is served."""


def base_path_of(document: Cursor) -> str:
    """Give the base path of a document, without a slash at its end: Swagger's, else its first server's."""
    swagger = document["basePath"].text().rstrip("/")
    if swagger:
        return swagger
    return next((path for _, path in server_paths(document)), "").rstrip("/")


def server_paths(document: Cursor) -> list[tuple[Cursor, str]]:
    """Give each server with the path of its URL."""
    made = []
    for server in document["servers"].items():
        url, base = server["url"].text(), server["variables"]["basePath"]["default"].text()
        path = base if "{basePath}" in url else _path_of(url)
        made.append((server, f"/{path.strip('/')}"))
    return made


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def put_base_path(holder: ResourceView, document: Cursor, made: Assembly, findings: Report) -> None:
    """Put a document's base path before its paths where the parameters of its import say so."""
    mode = "ignore"
    for key, parameter in holder["Parameters"].entries():
        if key == "basepath":
            mode = parameter.text("ignore")
            if mode not in _MODES:
                parameter.error("bad-base-path", f"basepath is one of {', '.join(_MODES)}, not {mode!r}")
        elif key not in _SILENT:
            parameter.warning("unknown-property", f"an import has no parameter {key}; it is ignored")
    segments = [segment for segment in base_path_of(document).split("/") if segment]
    if mode == "split":
        segments = segments[1:]
    if mode not in ("prepend", "split"):
        return
    paths = tuple(made.cursor(findings)["paths"].entries())
    made.put(("basePath",), "", document["basePath"])
    made.put(("servers",), [], document["servers"])
    made.put(("paths",), {}, document["paths"])
    for key, path_item in paths:
        prefixed = key if key.startswith("x-") else "/" + "/".join((*segments, key.strip("/"))).strip("/")
        made.put(("paths", prefixed), path_item.value, path_item)
