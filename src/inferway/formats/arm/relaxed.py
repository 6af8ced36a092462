"""JSON as templates may be written: with comments, texts over several lines, a comma behind the last of a list.

Source: Azure Resource Manager, "Understand the structure and syntax of ARM templates", comments and multi-line strings
(https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax).
"""

import re
from pathlib import Path
from typing import Final

from inferway.formats.document import read_text
from inferway.formats.json_tree import parse_json
from inferway.formats.nodes import Node

_PART: Final = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_VISIBLE: Final = re.compile(r"[^\n]")
_COMMA: Final = re.compile(r",\s*[}\]]")
_LAST: Final = re.compile(r'"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])', re.DOTALL)
"""A text, or a comma behind which nothing follows: the vendor's own examples have such (devops-resource-kit)."""

_BREAK: Final = re.compile(r"\r?\n")


def read_template(path: Path) -> Node:
    """Read a file into a tree with the places of the file; raises SyntaxFault."""
    return parse_json(strict(read_text(path)))


def strict(text: str) -> str:
    """Give the text as JSON proper: each value stays in its line and column, but for what a text hides."""
    plain = _PART.sub(_replaced, text) if "//" in text or "/*" in text or "\n" in text else text
    return _LAST.sub(_without_comma, plain) if _COMMA.search(plain) else plain


def _without_comma(found: re.Match[str]) -> str:
    return " " if found[0] == "," else found[0]


def _replaced(found: re.Match[str]) -> str:
    part = found[0]
    if not part.startswith('"'):
        return _VISIBLE.sub(" ", part)
    lines = _BREAK.split(part)
    if len(lines) == 1:
        return part
    return "\\n".join(lines) + "\n" * (len(lines) - 1) + " " * len(lines[-1])
