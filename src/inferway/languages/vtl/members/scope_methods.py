"""`$foreach`: the state of the loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from inferway.languages.vtl.members.signature import Method, method
from inferway.languages.vtl.values import ForeachScope


def _topmost(scope: ForeachScope) -> ForeachScope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


SCOPE_PROPERTIES: Final[dict[str, Callable[[Any], Any]]] = {
    "index": lambda scope: scope.index,
    "count": lambda scope: scope.index + 1,
    "hasNext": lambda scope: scope.has_next,
    "first": lambda scope: scope.index < 1,
    "last": lambda scope: not scope.has_next,
    "parent": lambda scope: scope.parent,
    "topmost": _topmost,
    "replaced": lambda scope: scope.replaced,
}

SCOPE: Final[tuple[Method, ...]] = (
    method("getIndex", "", SCOPE_PROPERTIES["index"]),
    method("getCount", "", SCOPE_PROPERTIES["count"]),
    method("hasNext", "", SCOPE_PROPERTIES["hasNext"]),
    method("getHasNext", "", SCOPE_PROPERTIES["hasNext"]),
    method("isFirst", "", SCOPE_PROPERTIES["first"]),
    method("isLast", "", SCOPE_PROPERTIES["last"]),
    method("getParent", "", SCOPE_PROPERTIES["parent"]),
    method("getTopmost", "", SCOPE_PROPERTIES["topmost"]),
)
