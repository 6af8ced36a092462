"""JSON lists and objects inside of filters and parameters, as json-smart's permissive parser reads them.

Strings may have single quotes or none, and a comma may stand at the end.
"""

from inferway.languages.jsonpath.cursor import Cursor, unescape

MAX_DEPTH = 50
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None}


def parse_literal(text: str, offset: int) -> object:
    """Reads one value; `offset` is its column in the path, 0-based. Raises JsonPathError."""
    cursor = Cursor(text, offset)
    value = _value(cursor, "", 0)
    _skip(cursor)
    if cursor.position < len(text):
        raise cursor.fail("unexpected text behind a JSON value")
    return value


def _skip(cursor: Cursor) -> None:
    while cursor.position < len(cursor.text) and cursor.text[cursor.position] in " \t\r\n":
        cursor.position += 1


def _value(cursor: Cursor, ends: str, depth: int) -> object:
    _skip(cursor)
    if depth > MAX_DEPTH:
        raise cursor.fail("a JSON value is nested too deeply")
    char = cursor.char()
    if char == "[":
        return _list(cursor, depth)
    if char == "{":
        return _object(cursor, depth)
    if char in "'\"":
        return _string(cursor)
    return _word(cursor, ends)


def _string(cursor: Cursor) -> str:
    end = cursor.unescaped(cursor.position, cursor.char())
    if end < 0:
        raise cursor.fail("a string is not closed")
    text = cursor.text[cursor.position + 1 : end]
    cursor.position = end + 1
    return unescape(text)


def _word(cursor: Cursor, ends: str) -> object:
    start = cursor.position
    while cursor.position < len(cursor.text) and cursor.text[cursor.position] not in ends:
        cursor.position += 1
    word = cursor.text[start : cursor.position].strip()
    return _WORDS[word] if word in _WORDS else number(word, word)


def number(word: str, otherwise: object) -> object:
    """The number that a word writes in JSON's way, or `otherwise`."""
    plain = word.removeprefix("-")
    if plain.isascii() and plain.isdigit() and len(plain) < 4000:
        return int(word)
    if plain[:1].isdigit() and plain.isascii() and all(char in "0123456789.eE+-" for char in plain):
        try:
            return float(word)
        except ValueError:
            return otherwise
    return otherwise


def _list(cursor: Cursor, depth: int) -> list[object]:
    cursor.position += 1
    found: list[object] = []
    while True:
        _skip(cursor)
        if cursor.char() == "]":
            cursor.position += 1
            return found
        if cursor.char() == ",":
            cursor.position += 1
            continue
        found.append(_value(cursor, ",]", depth + 1))


def _object(cursor: Cursor, depth: int) -> dict[str, object]:
    cursor.position += 1
    found: dict[str, object] = {}
    while True:
        _skip(cursor)
        if cursor.char() == "}":
            cursor.position += 1
            return found
        if cursor.char() == ",":
            cursor.position += 1
            continue
        name = _string(cursor) if cursor.char() in "'\"" else _name(cursor)
        _skip(cursor)
        if cursor.char() != ":":
            raise cursor.fail("expected ':'")
        cursor.position += 1
        found[name] = _value(cursor, ",}", depth + 1)


def _name(cursor: Cursor) -> str:
    start = cursor.position
    while cursor.char() not in ":,{}":
        cursor.position += 1
    return cursor.text[start : cursor.position].strip()
