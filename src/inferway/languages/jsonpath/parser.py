"""Reads a path into tokens, by the rules of Jayway's PathCompiler (json-path 2.10)."""

import re

from inferway.languages.jsonpath.cursor import Cursor, unescape
from inferway.languages.jsonpath.errors import JsonPathError
from inferway.languages.jsonpath.filters import parse_filter
from inferway.languages.jsonpath.literals import parse_literal
from inferway.languages.jsonpath.tokens import (
    Filter,
    Function,
    Index,
    Parameter,
    PathOperand,
    Property,
    Scan,
    Slice,
    Token,
    Wildcard,
)

MAX_PATH = 4096
MAX_TOKENS = 100
MAX_NESTING = 16
LARGEST = 2**31 - 1
_ARRAY = re.compile(r"[0-9,\-: ]*")
_INTEGER = re.compile(r"-?[0-9]{1,10}")
_PROPERTY_END = re.compile(r"[ .\[(]")


def parse(expression: str, *, offset: int = 0, nesting: int = 0) -> tuple[tuple[Token, ...], bool]:
    """The tokens behind the `$` or `@`, and whether it was `$`.

    Without either, `$.` is put in front. Raises JsonPathError with the column.
    """
    if len(expression) > MAX_PATH:
        raise JsonPathError(f"a path longer than {MAX_PATH} characters", 1)
    if nesting > MAX_NESTING:
        raise JsonPathError("paths are nested too deeply", offset + 1)
    if expression[:1] not in {"$", "@"} or not expression:
        expression, offset = f"$.{expression}", offset - 2
    cursor = Cursor(expression.rstrip(" "), offset)
    if cursor.text.endswith("."):
        raise cursor.fail("Path must not end with a '.' or '..'", len(cursor.text) - 1)
    tokens: list[Token] = []
    if len(cursor.text) > 1:
        cursor.position = 1
        if cursor.char() not in ".[":
            raise cursor.fail("expected '.' or '['")
        _read_all(cursor, tokens, nesting)
    return tuple(tokens), cursor.text[0] == "$"


def _read_all(cursor: Cursor, tokens: list[Token], nesting: int) -> None:
    last = len(cursor.text) - 1
    while True:
        _read(cursor, tokens, nesting)
        if len(tokens) > MAX_TOKENS:
            raise cursor.fail(f"a path of more than {MAX_TOKENS} parts")
        if cursor.position >= last:
            return  # Jayway does not look at a single character behind the last token


def _read(cursor: Cursor, tokens: list[Token], nesting: int) -> None:
    if cursor.at("."):
        if cursor.at(".."):
            tokens.append(Scan())
            cursor.position += 1
        cursor.position += 1
        if cursor.at("."):
            raise cursor.fail("'.' is not valid here")
    char = cursor.char()
    scanned = bool(tokens) and isinstance(tokens[-1], Scan)
    if char == "[":
        tokens.append(_bracket(cursor, nesting))
    elif char == "*":
        cursor.position += 1
        tokens.append(Wildcard())
    elif char == " ":
        raise cursor.fail("a space is not valid here")
    else:
        tokens.append(_property_or_function(cursor, nesting))
    if scanned and isinstance(tokens[-1], Function):
        raise JsonPathError("a function cannot follow '..'", tokens[-1].column)


def _bracket(cursor: Cursor, nesting: int) -> Token:
    following = cursor.blanks(cursor.position + 1)
    char = cursor.text[following : following + 1]
    if char and char in "'\"":
        return _names(cursor, char)
    if char and char in "0123456789-:":
        end = cursor.text.find("]", cursor.position)
        inside = cursor.text[cursor.position + 1 : end].strip()
        if end > 0 and _ARRAY.fullmatch(inside):
            token = _slice(cursor, inside) if ":" in inside else _indexes(cursor, inside)
            cursor.position = end + 1
            return token
    elif char == "*":
        end = cursor.after_blanks(following, "]")
        if end < 0:
            raise cursor.fail("Expected wildcard token to end with ']'", following + 1)
        cursor.position = end + 1
        return Wildcard()
    elif char == "?":
        return _filter(cursor, following, nesting)
    raise cursor.fail("expected ?, ', 0-9 or * in brackets")


def _integer(cursor: Cursor, text: str) -> int:
    if not _INTEGER.fullmatch(text) or abs(int(text)) > LARGEST:
        raise cursor.fail(f"{text!r} is no array index")
    return int(text)


def _indexes(cursor: Cursor, inside: str) -> Token:
    return Index(tuple(_integer(cursor, part.strip()) for part in inside.rstrip().split(",")))


def _slice(cursor: Cursor, inside: str) -> Token:
    """Jayway reads the start and the stop, and no step: `[1:5:2]` is `[1:5]`."""
    if " " in inside or "," in inside:
        raise cursor.fail("a slice is start:stop")
    start, stop = inside.split(":")[:2]
    if not start and not stop:
        raise cursor.fail("a slice needs a start or a stop")
    return Slice(_integer(cursor, start) if start else None, _integer(cursor, stop) if stop else None)


def _names(cursor: Cursor, quote: str) -> Token:
    names: list[str] = []
    at = cursor.blanks(cursor.position + 1)
    while True:
        end = cursor.unescaped(at, quote)
        if end < 0:
            raise cursor.fail(f"missing closing {quote}", at)
        names.append(unescape(cursor.text[at + 1 : end]))
        at = cursor.blanks(end + 1)
        if cursor.text.startswith("]", at):
            cursor.position = at + 1
            return Property(tuple(names))
        if not cursor.text.startswith(",", at):
            raise cursor.fail("Property must be separated by comma or terminated by ']'", at)
        at = cursor.blanks(at + 1)
        if not cursor.text.startswith(quote, at):
            raise cursor.fail("Found empty property", at)


def _filter(cursor: Cursor, mark: int, nesting: int) -> Token:
    start = cursor.after_blanks(mark, "(")
    end = cursor.closing(start, "()", regexes=True) if start > 0 else -1
    close = cursor.after_blanks(end, "]") if end > 0 else -1
    if close < 0:
        raise cursor.fail("a filter is written [?(…)]", mark)

    def path(text: str, offset: int) -> PathOperand:
        tokens, rooted = parse(text, offset=offset, nesting=nesting + 1)
        return PathOperand(tokens, rooted)

    condition = parse_filter(cursor.text[start : end + 1], cursor.offset + start, path)
    cursor.position = close + 1
    return Filter(condition)


def _property_or_function(cursor: Cursor, nesting: int) -> Token:
    start = cursor.position
    found = _PROPERTY_END.search(cursor.text, start)
    end = found.start() if found else len(cursor.text)
    name = cursor.text[start:end]
    if found is None or found.group() in ".[":
        cursor.position = end
        return Property((name,))
    if found.group() == " ":
        raise cursor.fail("a property with blanks is written ['…']", end)
    if cursor.closing(end, "()", regexes=False) < 0:
        raise cursor.fail(f"the arguments of {name!r} are not closed", end)
    cursor.position = end + 1
    if cursor.at(")"):
        return Function(name, (), cursor.offset + start + 1)  # the position stays on the ')', as in Jayway
    return Function(name, _parameters(cursor, nesting), cursor.offset + start + 1)


def _parameters(cursor: Cursor, nesting: int) -> tuple[Parameter, ...]:
    """JSON starts with a brace, a double quote, a digit or '-', a path with '$' or '@'; others count not."""
    found: list[Parameter] = []
    while True:
        start = cursor.position
        end = _parameter_end(cursor)
        text = cursor.text[start:end].strip()
        place = cursor.offset + start
        if text[:1] in {"$", "@"}:
            tokens, _ = parse(text, offset=place, nesting=nesting + 1)
            found.append(Parameter(tokens, None))
        elif text and (text[0] in '{"-' or text[0].isdigit()):
            found.append(Parameter(None, parse_literal(text, place)))
        cursor.position = end + 1
        if cursor.text[end] == ")":
            return tuple(found)


def _parameter_end(cursor: Cursor) -> int:
    depth = 0
    index = cursor.position
    while index < len(cursor.text):
        char = cursor.text[index]
        if char == '"':
            index = cursor.unescaped(index, char)
            if index < 0:
                break
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0 and char == ")":
                return index
            depth -= 1
        elif char == "," and depth == 0:
            return index
        index += 1
    raise cursor.fail("a function's arguments are not closed")
