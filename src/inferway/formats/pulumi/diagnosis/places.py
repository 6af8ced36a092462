"""Where a resource's properties stand in the program that declares it."""

import ast
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from inferway.faults import Place

_LARGEST: Final = 1024 * 1024
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class CallPlaces:
    """Places within the call that makes a resource; the call is looked for only when someone asks.

    A property stands where its keyword's value does, as far as the text shows it: in calls, dictionaries and lists.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path, of its nearest parent where the text does not show it."""
        node = self.node(*path)
        if node is None:
            return self._place
        return Place(file=self._place.file, line=node.lineno, column=node.col_offset + 1)

    def node(self, *path: str | int) -> ast.expr | None:
        """Give the expression at a path, the nearest shown parent; None where the call itself is not found."""
        node: ast.expr | None = self._call
        for step in path:
            inner = _step(node, step)
            if inner is None:
                break
            node = inner
        return node

    @cached_property
    def _call(self) -> ast.Call | None:
        calls = [call for call in _calls(self._place.file) if call.lineno == self._place.line]
        # Of several calls in a line the outermost with keywords makes the resource.
        return next((call for call in calls if call.keywords), calls[0] if calls else None)


@lru_cache(maxsize=16)
def _calls(file: str) -> tuple[ast.Call, ...]:
    path = Path(file)
    try:
        if path.stat().st_size > _LARGEST:
            return ()
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _step(node: ast.expr | None, step: str | int) -> ast.expr | None:
    if isinstance(node, (ast.List, ast.Tuple)) and isinstance(step, int) and 0 <= step < len(node.elts):
        return node.elts[step]
    if not isinstance(step, str):
        return None
    names = {step, _HUMP.sub("_", step).lower()}
    if isinstance(node, ast.Call):
        return next((keyword.value for keyword in node.keywords if keyword.arg in names), None)
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return next((value for key, value in pairs if isinstance(key, ast.Constant) and key.value in names), None)
    return None
