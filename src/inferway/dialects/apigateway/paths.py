"""Reads the paths of an API into its methods, with the rules for the service's resources.

Sources: API Gateway, "Amazon API Gateway important notes" (path segments, `/ping` and `/sping`) and
"x-amazon-apigateway-any-method object"; refusals recorded in the service's importer: "A sibling ({x}) of this resource
already has a variable path part -- only one is allowed".
"""

import re
from collections.abc import Iterator
from typing import Final

from inferway.dialects.apigateway.extensions import PATH_ITEM, PREFIX, report_extensions
from inferway.dialects.apigateway.methods import Method
from inferway.formats.cursor import Cursor

MOST_RESOURCES: Final = 300

RESERVED: Final = frozenset(("/ping", "/sping"))
_OWN: Final = "is the service's own health check: on a custom domain Amazon does not call this method, as happens here"

ANY: Final = f"{PREFIX}any-method"
"""The key that stands for the methods that a path does not name."""

_METHODS: Final = {
    "get": "GET",
    "put": "PUT",
    "post": "POST",
    "delete": "DELETE",
    "options": "OPTIONS",
    "head": "HEAD",
    "patch": "PATCH",
    ANY: "ANY",
}
NAMED: Final = tuple(name for name in _METHODS.values() if name != "ANY")
"""The HTTP methods that a method can be for, and that `ANY` stands for."""

_OTHER: Final = frozenset({"parameters", "servers", "summary", "description", "$ref"})
_VARIABLE: Final = re.compile(r"\{[a-zA-Z0-9._-]+\+?\}")
_LITERAL: Final = re.compile(r"[a-zA-Z0-9._,:-]+")


class Paths:
    """Walks `paths`; remembers the resources made, as the service does while it imports."""

    def __init__(self, document: Cursor, *, deployed: bool = True) -> None:
        self._paths = document["paths"]
        self._deployed = deployed
        self._variables: dict[str, str] = {}
        self._resources = {"/"}
        self._seen: dict[str, str] = {}

    def methods(self) -> Iterator[Method]:
        """Give each method whose path the service takes; report the others."""
        for key, path_item in self._paths.entries():
            if key.startswith("x-"):
                continue
            path = self._path(key, path_item)
            if path is None:
                continue
            report_extensions(path_item, PATH_ITEM)
            if path in RESERVED:
                path_item.warning("reserved-path", f"{path} {_OWN}")
            for name, operation in path_item.entries():
                if name in _METHODS:
                    yield Method(
                        path=path,
                        method=_METHODS[name],
                        path_item=path_item,
                        operation=operation,
                        deployed=self._deployed,
                    )
                elif name not in _OTHER and not name.startswith("x-"):
                    operation.error("unknown-method", f"API Gateway has no method {name.upper()}")
        if len(self._resources) > MOST_RESOURCES:
            text = (
                f"{len(self._resources)} resources; Amazon refuses more than {MOST_RESOURCES} until the quota is raised"
            )
            self._paths.warning("too-many-resources", text)

    def _path(self, key: str, path_item: Cursor) -> str | None:
        """Give the path without a slash at its end; None, with errors, for one that the service refuses."""
        if not key.startswith("/"):
            path_item.error("bad-path", f"a path starts with a slash: {key!r}")
            return None
        path = key.rstrip("/") or "/"
        if path in self._seen:
            path_item.error("duplicate-path", f"{key} and {self._seen[path]} are the same resource")
            return None
        self._seen[path] = key
        parts = path[1:].split("/") if path != "/" else []
        return path if all(self._part(parts[: n + 1], len(parts), path_item) for n in range(len(parts))) else None

    def _part(self, parts: list[str], length: int, path_item: Cursor) -> bool:
        """Check the last of these parts of a path of `length` parts, and remember its resource."""
        part, parent = parts[-1], "/".join(parts[:-1])
        self._resources.add("/".join(parts))
        if _LITERAL.fullmatch(part):
            return True
        if not _VARIABLE.fullmatch(part):
            path_item.error(
                "bad-path",
                f"Resource's path part only allow a-zA-Z0-9._-:, or a valid greedy path variable and curly braces at "
                f"the beginning and the end: {part!r}",
            )
            return False
        if part.endswith("+}") and len(parts) < length:
            path_item.error("greedy-not-last", f"nothing may follow the greedy path variable {part}")
            return False
        sibling = self._variables.setdefault(parent, part)
        if sibling != part:
            path_item.error(
                "sibling-variable",
                f"A sibling ({sibling}) of this resource already has a variable path part -- only one is allowed",
            )
            return False
        return True
