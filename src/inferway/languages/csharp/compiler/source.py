"""Reads `@(expression)` and `@{ statements }` with tree-sitter, and knows where a byte of it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser

from inferway.languages.csharp.compiler.grouping import grouped
from inferway.languages.csharp.errors import CompileError, CSharpError, Missing
from inferway.languages.csharp.limits import Limits

_LANGUAGE: Final = Language(tree_sitter_c_sharp.language())
_HEAD_EXPRESSION: Final = b"object E(){return ("
_HEAD_BLOCK: Final = b"object E(){"


class Source:
    """One expression's text with its tree. `expression` is the node of `@(…)`, `block` that of `@{…}`.

    `generics` holds the name and the types of each generic call, by the name that the tree has (see grouping.py).

    Raises CSharpError for what is neither, and for C# that does not parse.
    """

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        start = len(text) - len(text.lstrip())
        inner = text.strip()
        if len(text) > limits.source_characters:
            raise CSharpError(f"The expression is longer than {limits.source_characters} characters", missing=Missing())
        block = inner.startswith("@{") and inner.endswith("}")
        if not block and not (inner.startswith("@(") and inner.endswith(")")):
            raise CSharpError("An expression is @(…) or @{…}", 1, 1, text)
        head = _HEAD_BLOCK if block else _HEAD_EXPRESSION
        brackets = grouped(inner[2:-1], limits.nesting)
        if brackets is None:
            raise CSharpError(
                f"The expression is nested more than {limits.nesting} deep", 1, 1, text, missing=Missing()
            )
        self._brackets = brackets
        self.generics = brackets.generics
        self._start = start + 2
        self._head = len(head)
        body = self._body = brackets.text.encode("utf-8", "surrogatepass")
        self.block: Node | None = None
        self.expression: Node | None = None
        parsed = Parser(_LANGUAGE).parse(head + body + (b"\n}" if block else b"\n);}"))
        self._tree = parsed
        self._find(parsed.root_node, block=block)

    def _find(self, root: Node, *, block: bool) -> None:
        if root.has_error:
            raise self._syntax_error(root)
        found = [each for each in root.named_children if each.type != "comment"]
        function = found[0].named_children[0] if len(found) == 1 and found[0].named_children else None
        body = function.child_by_field_name("body") if function is not None else None
        if function is None or body is None or function.type != "local_function_statement":
            raise CSharpError("The expression ends before its closing bracket", 1, 1, self.text)
        if block:
            self.block = body
            return
        statements = [each for each in body.named_children if each.type != "comment"]
        inner = [each for each in statements[0].named_children if each.type != "comment"] if statements else []
        if len(statements) != 1 or len(inner) != 1 or inner[0].type != "parenthesized_expression":
            raise CSharpError("The expression ends before its closing bracket", 1, 1, self.text)
        self.expression = inner[0]

    def _syntax_error(self, root: Node) -> CSharpError:
        for node in _walk(root):
            if node.is_error or node.is_missing:
                shown = (node.text or b"").decode("utf-8", "replace").strip()[:40]
                message = f"Syntax error: {node.type} expected" if node.is_missing else f"Syntax error near {shown!r}"
                return self.error(message, node.start_byte)
        return self.error("Syntax error", root.start_byte)

    def error(self, message: str, offset: int, kind: str = "", missing: Missing | None = None) -> CSharpError:
        """The error for a byte of the parsed text (-1: unknown)."""
        if offset < 0:
            return CSharpError(message, 0, 0, self.text, kind, missing)
        parsed = self._body[: max(offset - self._head, 0)].decode("utf-8", "replace")
        before = self.text[: self._start + self._brackets.original(len(parsed))]
        line = before.count("\n") + 1
        return CSharpError(message, line, len(before) - (before.rfind("\n") + 1) + 1, self.text, kind, missing)


def _walk(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(each for each in reversed(node.children) if each.has_error or each.is_missing or each.is_error)


def text(node: Node) -> str:
    """A node's text."""
    return (node.text or b"").decode("utf-8", "surrogatepass")


def named(node: Node) -> list[Node]:
    """A node's named children without comments."""
    return [each for each in node.named_children if each.type != "comment"]


def need(node: Node, field: str) -> Node:
    """A field of a node. Raises CompileError when the grammar left it out."""
    found = node.child_by_field_name(field)
    if found is None:
        raise CompileError(f"Syntax error: {field} expected", node.start_byte)
    return found
