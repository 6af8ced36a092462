"""JSONPath with the semantics of Jayway json-path, the library behind API Gateway's `$input.path` and `$input.json`.

The rules are those of json-path 2.10 (https://github.com/json-path/JsonPath) with its default configuration; its older
releases differ in places, and so does this package in a few (docs in `README.md` beside this file).
"""

from collections.abc import Callable
from functools import lru_cache

from inferway.languages.jsonpath.errors import JsonPathError, PathNotFound
from inferway.languages.jsonpath.parser import parse
from inferway.languages.jsonpath.steps import is_definite, read_document, reader
from inferway.languages.jsonpath.text import json_text, parse_json
from inferway.languages.jsonpath.tokens import Index, Property, Token

__all__ = ["JsonPath", "JsonPathError", "PathNotFound", "compile_path", "json_text", "parse_json"]


class JsonPath:
    """A compiled path.

    `read(document)` gives the value that a definite path leads to, and the list of what an indefinite one finds; it
    raises PathNotFound where Jayway throws PathNotFoundException, and JsonPathError where it throws anything else. The
    document is JSON data of Python's own types, and is never changed.
    """

    __slots__ = ("definite", "expression", "read")

    definite: bool
    expression: str
    read: Callable[[object], object]

    def __init__(self, expression: str) -> None:
        tokens, _ = parse(expression)
        try:
            read = reader(tokens)
        except RecursionError:
            raise JsonPathError("the path is too complex") from None
        self.expression = expression
        self.definite = is_definite(tokens)

        def general(document: object) -> object:
            try:
                return read_document(read, document)
            except RecursionError:
                raise JsonPathError("the document is nested too deeply") from None

        self.read = _fast(tokens, general)

    def __repr__(self) -> str:
        return f"JsonPath({self.expression!r})"


def _fast(tokens: tuple[Token, ...], general: Callable[[object], object]) -> Callable[[object], object]:
    """A short way for chains of single properties and indexes; whatever it cannot do is left to the general reader."""
    keys: list[str | int] = []
    for token in tokens:
        if isinstance(token, Property) and len(token.names) == 1:
            keys.append(token.names[0])
        elif isinstance(token, Index) and len(token.indexes) == 1:
            keys.append(token.indexes[0])
        else:
            return general
    chain = tuple(keys)
    if not chain:
        return lambda document: document
    if len(chain) == 1 and isinstance(chain[0], str):
        return _single(chain[0], general)

    def read(document: object) -> object:
        value = document
        try:
            for key in chain:
                if value.__class__ is str:
                    return general(document)  # a string has indexes in Python, and none in JSON
                value = value[key]  # type: ignore[index] # what has no such key raises one of the errors below
        except (LookupError, TypeError):
            return general(document)
        return value

    return read


def _single(name: str, general: Callable[[object], object]) -> Callable[[object], object]:
    def read(document: object) -> object:
        try:
            return document[name]  # type: ignore[index] # what has no such key raises one of the errors below
        except (LookupError, TypeError):
            return general(document)

    return read


@lru_cache(maxsize=1024)
def compile_path(expression: str) -> JsonPath:
    """Compiles a path; the last 1,024 are kept. Raises JsonPathError with the 1-based `column` of the fault."""
    return JsonPath(expression)
