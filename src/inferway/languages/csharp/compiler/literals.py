"""Literals and interpolated strings."""

from __future__ import annotations

import re
import sys
from decimal import Decimal
from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp.arithmetic import as_single
from inferway.languages.csharp.budget import made
from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run, constant
from inferway.languages.csharp.compiler.source import named, text
from inferway.languages.csharp.conversions import box
from inferway.languages.csharp.number_text import padded
from inferway.languages.csharp.text import formatted, text_of
from inferway.languages.csharp.types import BOOL, CHAR, DECIMAL, DOUBLE, FLOAT, NULL, STRING, VOID, Type

_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{1,4})|(.))", re.DOTALL)
_SIMPLE: Final = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "e": "\x1b",
    **{each: each for each in "\\'\""},
}
_RANGES: Final = (("int", 2**31), ("uint", 2**32), ("long", 2**63), ("ulong", 2**64))


def unescape(c: Compiler, node: Node, raw: str) -> str:
    """A string's text with its escapes read. Raises CompileError."""

    def replace(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if code:
            number = int(code, 16)
            if number > 0x10FFFF:
                raise c.error(node, "Unrecognized escape sequence")
            return chr(number)
        if found[4] not in _SIMPLE:
            raise c.error(node, "Unrecognized escape sequence")
        return _SIMPLE[found[4]]

    return _ESCAPE.sub(replace, raw) if "\\" in raw else raw


def integer(c: Compiler, node: Node) -> Expr:
    """`1`, `0x1F`, `0b1`, `1_000`, with `u` and `l`."""
    raw = text(node).replace("_", "").lower()
    digits = raw.rstrip("ul")
    suffix = raw[len(digits) :]
    base = 16 if digits.startswith("0x") else 2 if digits.startswith("0b") else 10
    value = int(digits[2:] if base != 10 else digits, base)
    for name, bound in _RANGES:
        if value < bound and not ("l" in suffix and "int" in name) and not ("u" in suffix and name[0] != "u"):
            return constant(Type(name), value)
    raise c.error(node, "Integral constant is too large")


def real(_c: Compiler, node: Node) -> Expr:
    """`1.5`, `1e3`, with `d`, `f` and `m`."""
    raw = text(node).replace("_", "").lower()
    digits, suffix = (raw[:-1], raw[-1]) if raw[-1] in "dfm" else (raw, "d")
    if suffix == "m":
        return constant(DECIMAL, Decimal(digits))
    return constant(FLOAT, as_single(float(digits))) if suffix == "f" else constant(DOUBLE, float(digits))


def string(c: Compiler, node: Node) -> Expr:
    """`"…"`."""
    return constant(STRING, sys.intern(unescape(c, node, text(node)[1:-1])))


def verbatim(_c: Compiler, node: Node) -> Expr:
    """`@"…"`."""
    return constant(STRING, sys.intern(text(node)[2:-1].replace('""', '"')))


def raw_string(c: Compiler, node: Node) -> Expr:
    """A raw string literal of one line."""
    found = re.fullmatch(r'("{3,})([^\n]*)\1', text(node))
    if found is None:
        raise c.unsupported(node, "Not supported: raw string literal of several lines")
    return constant(STRING, found[2])


def character(c: Compiler, node: Node) -> Expr:
    """`'c'`."""
    value = unescape(c, node, text(node)[1:-1])
    if len(value) != 1:
        raise c.error(node, "A character literal has one character")
    return constant(CHAR, value)


def boolean(_c: Compiler, node: Node) -> Expr:
    """`true` and `false`."""
    return constant(BOOL, text(node) == "true")


def null(_c: Compiler, _node: Node) -> Expr:
    """`null`."""
    return constant(NULL, None)


def as_text(expr: Expr) -> Run:
    """What gives an expression's text in a concatenation: "" for null."""
    run, boxed = expr.run, box(expr.type)
    if expr.is_constant and expr.type != NULL:
        shown = text_of(boxed(expr.constant))
        return lambda _: shown
    if expr.type == STRING:
        return lambda f: run(f) or ""
    if expr.type.name == "int":
        return lambda f: int.__repr__(run(f))
    if expr.type.name == "char":
        return run
    return lambda f: text_of(boxed(run(f)))


def joined(parts: tuple[Run, ...]) -> Expr:
    """What joins the texts."""
    if len(parts) == 2:
        left, right = parts

        def run_two(f: FrameData) -> Any:
            found = left(f) + right(f)
            return found if len(found) < 256 else made(found)

        return Expr(STRING, run_two, parts=parts)

    def run(f: FrameData) -> Any:
        found = "".join([part(f) for part in parts])
        return found if len(found) < 256 else made(found)

    return Expr(STRING, run, parts=parts)


def interpolated(c: Compiler, node: Node) -> Expr:
    """`$"…"` and `$@"…"`."""
    start = text(node)
    is_verbatim = start.startswith(("$@", "@$"))
    parts: list[Run] = []
    pending: list[str] = []

    def flush() -> None:
        if pending:
            raw = "".join(pending)
            raw = raw.replace('""', '"') if is_verbatim else unescape(c, node, raw)
            plain = raw.replace("{{", "{").replace("}}", "}")
            parts.append(lambda _: plain)
            pending.clear()

    for child in node.named_children:
        if child.type in ("string_content", "escape_sequence"):
            pending.append(text(child))
        elif child.type == "interpolation":
            flush()
            parts.append(_hole(c, child))
        elif child.type not in ("interpolation_start", "interpolation_quote"):
            raise c.unsupported(child, f"Not supported in an interpolated string: {child.type.replace('_', ' ')}")
    flush()
    return joined(tuple(parts)) if parts else constant(STRING, "")


def _hole(c: Compiler, node: Node) -> Run:
    inner = [each for each in named(node) if not each.type.startswith("interpolation_")]
    clauses = {each.type: each for each in named(node)}
    expr = c.expression(inner[0])
    if expr.type == VOID:
        raise c.error(node, "An expression without a value cannot be interpolated")
    shown = as_text(expr)
    offset = node.start_byte
    format_node = clauses.get("interpolation_format_clause")
    width_node = clauses.get("interpolation_alignment_clause")
    if format_node is not None:
        run, boxed, picture = expr.run, box(expr.type), text(format_node)[1:]

        def show_formatted(f: FrameData) -> Any:
            try:
                return formatted(boxed(run(f)), picture)
            except Exception as error:
                mark(error, offset)
                raise

        shown = show_formatted
    if width_node is None:
        return shown
    width = c.expression(named(width_node)[0])
    if not width.is_constant:
        raise c.error(width_node, "The width of an interpolation is a constant")
    plain, size = shown, int(width.constant)
    return lambda f: padded(plain(f), size)


RULES: Final = {
    "integer_literal": integer,
    "real_literal": real,
    "string_literal": string,
    "verbatim_string_literal": verbatim,
    "raw_string_literal": raw_string,
    "character_literal": character,
    "boolean_literal": boolean,
    "null_literal": null,
    "interpolated_string_expression": interpolated,
}
