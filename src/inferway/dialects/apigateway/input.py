"""`$input` of a mapping template.

Source: API Gateway, "Variables for data transformations for API Gateway" ("$input Variables").
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import ClassVar, Final, Protocol

from inferway.dialects.apigateway.util import json_value
from inferway.languages.jsonpath import JsonPath, PathNotFound, compile_path, json_text, parse_json

LOCATIONS: Final = ("path", "querystring", "header")
"""Where `$input.params(x)` looks, in this order."""

compiled: Final[Callable[[str], JsonPath]] = lru_cache(maxsize=4096)(compile_path)
"""JSON paths by their text; templates mostly name them by constants."""

_UNPARSED: Final = object()
_EMPTY: Final = object()


class Parameters(Protocol):
    """The request's parameters as a template asks for them."""

    def find(self, name: str) -> str:
        """Give a parameter by name from path, then query, then headers; "" where there is none."""
        ...

    def table(self) -> dict[str, dict[str, str]]:
        """Give all parameters: by location, then by name."""
        ...


class GivenParameters:
    """Parameters from a table that is there already."""

    __slots__ = ("_table",)

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self._table = {location: dict(table.get(location, {})) for location in LOCATIONS}

    def find(self, name: str) -> str:
        """Give a parameter by name from path, then query, then headers."""
        for location in LOCATIONS:
            if name in self._table[location]:
                return self._table[location][name]
        return ""

    def table(self) -> dict[str, dict[str, str]]:
        """Give all parameters."""
        return self._table


class Input:
    """The host object behind `$input`: a body, parsed once when first asked for, and the request's parameters."""

    __slots__ = ("_body", "_document", "_parameters")

    def __init__(self, body: bytes | str | None, parameters: Parameters) -> None:
        self._body = body
        self._parameters = parameters
        self._document: object = _UNPARSED

    def text(self) -> str:
        """Give the body; an empty one is `{}`, as recorded on the service."""
        body = self._body
        if not body:
            return "{}"
        return body.decode("utf-8", "replace") if isinstance(body, bytes) else body

    def path(self, expression: object) -> object:
        """Give what a JSON path finds in the body, null where it finds nothing or the body is no JSON."""
        found = self._read(expression)
        return None if found is _EMPTY else found

    def json(self, expression: object) -> str:
        """Give what a JSON path finds as JSON text; `""` in quotes where it finds nothing."""
        found = self._read(expression)
        return '""' if found is _EMPTY or found is None else json_text(found)

    def parameter(self, name: object) -> str:
        """Give one parameter, decoded."""
        return self._parameters.find(name if isinstance(name, str) else str(name))

    def parameters(self) -> dict[str, dict[str, str]]:
        """Give all parameters by location."""
        return self._parameters.table()

    def _read(self, expression: object) -> object:
        if not isinstance(expression, str):
            raise ValueError(f"a JSON path must be text, not {expression!r:.80}")  # noqa: TRY004 - a template's failure
        document = self._document
        if document is _UNPARSED:
            document = self._document = self._parse()
        if document is _EMPTY:
            return _EMPTY
        try:
            return compiled(expression).read(document)
        except PathNotFound:
            return _EMPTY

    def _parse(self) -> object:
        if not self._body:
            return _EMPTY
        try:
            return json_value(parse_json(self.text()))
        except ValueError:
            return _EMPTY

    def vtl_text(self) -> str:
        """Print as nothing."""
        return ""

    vtl_methods: ClassVar[Mapping[tuple[str, int], Callable[..., object]]] = {
        ("path", 1): path,
        ("json", 1): json,
        ("params", 0): parameters,
        ("params", 1): parameter,
        ("getBody", 0): text,
    }
    vtl_properties: ClassVar[Mapping[str, Callable[..., object]]] = {"body": text}
