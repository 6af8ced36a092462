"""What Pulumi's Python SDK says of an input whose kind is not the declared one, with the input's place.

It finds that out after the program's line has returned, so its exception passes none of the program's own lines
(sdk/python/lib/pulumi/runtime/rpc.py of https://github.com/pulumi/pulumi).
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from inferway.faults import Place

_RESOURCE: Final = re.compile(r"While processing resource: '([^']+)', type:? '([^']+)'")
_INPUT: Final = re.compile(r"While processing input: '(\w+)'")
_KINDS: Final = re.compile(r"Expected '(\w+)' got '<class '(?:\w+\.)*(\w+)'>'")
_LARGEST: Final = 1024 * 1024


def bad_input(text: str, files: Iterable[str], main: str) -> tuple[str, Place] | None:
    """Give what is wrong and where; None where the text is no such complaint. `files` are the program's own."""
    resource, named = _RESOURCE.search(text), _INPUT.search(text)
    if resource is None or named is None:
        return None
    name, token, argument = resource[1], resource[2], named[1]
    kinds = _KINDS.search(text)
    why = (
        f"holds a {kinds[1]} where the SDK declares a {kinds[2]}"
        if kinds
        else text.rpartition("has risen: ")[2].strip()
    )
    told = f"{argument} of {name} ({token}) {why}"
    calls = list(_calls(files, token.rpartition(":")[2], argument))
    alike = [place for place, logical in calls if logical == name]
    places = alike or [place for place, _ in calls]
    return told, places[0] if len(places) == 1 else Place(file=main)


def _calls(files: Iterable[str], kind: str, argument: str) -> Iterator[tuple[Place, str]]:
    """Give the values of an argument in calls of a class, each with the resource's name where it is written out."""
    for file in files:
        try:
            body = ast.parse(Path(file).read_text("utf-8", "replace")[:_LARGEST])
        except (OSError, SyntaxError, ValueError):
            continue
        for node in ast.walk(body):
            if not isinstance(node, ast.Call) or _named(node.func) != kind:
                continue
            first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
            for keyword in node.keywords:
                if keyword.arg == argument:
                    value = keyword.value
                    yield Place(file=file, line=value.lineno, column=value.col_offset + 1), str(first)


def _named(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
