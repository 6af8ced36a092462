"""`$util` of a resolver's templates.

Source: AppSync, "Utility helpers in $util" (https://docs.aws.amazon.com/appsync/latest/devguide/
utility-helpers-in-util.html) and the pages of its parts.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from inferway.dialects.appsync.identifiers import auto_id, auto_ksuid, auto_ulid
from inferway.dialects.appsync.json_values import plain, read_json, write_json
from inferway.dialects.appsync.text_codecs import (
    base64_decode,
    base64_encode,
    escape_javascript,
    text,
    url_decode,
    url_encode,
)
from inferway.dialects.appsync.util_parts import PARTS, Http
from inferway.dialects.graphql import FieldError
from inferway.exchange import Field
from inferway.languages.regex import RegexCostError, RegexError, compile_java
from inferway.languages.vtl import java_text


def _type_of(value: object) -> str:
    if value is None:
        return "Null"
    if isinstance(value, bool):
        return "Boolean"
    for kind, name in ((int | float, "Number"), (str, "String"), (dict, "Map"), (list, "List")):
        if isinstance(value, kind):
            return name
    return "Object"


def _matches(pattern: object, subject: object) -> bool:
    try:
        return compile_java(text(pattern)).matches(text(subject))
    except (RegexError, RegexCostError) as error:
        raise ValueError(f"matches: {error}") from error


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _error(message: object, kind: object = None, data: object = None, info: object = None) -> FieldError:
    return FieldError(
        "null" if message is None else java_text(message),
        "" if kind is None else java_text(kind),
        plain(data),
        plain(info),
    )


def _part(part: object, _: object) -> object:
    return part


class Util:
    """The host object behind `$util`, for one field; `headers` takes those that its templates add to the response."""

    __slots__ = ("_field", "headers")

    def __init__(self, field: Field | None, headers: list[tuple[str, str]]) -> None:
        self._field = field
        self.headers = headers

    def error(self, *given: object) -> object:
        """Throw an error: message, type, data and info."""
        raise _error(*given)

    def append_error(self, *given: object) -> str:
        """Let an error go out beside the field's value."""
        if self._field is not None:
            self._field.errors.append(_error(*given))
        return ""

    def refuse(self) -> object:
        """Refuse the field; the type in the message is the field's own, as recorded."""
        raise unauthorized(self._field)

    def validate(self, condition: object, *given: object) -> str:
        """Throw where the condition is false."""
        if condition is False or condition is None:
            message, kind, *data = (*given, None, None)[:3]
            raise _error(message, kind if kind is not None else "CustomTemplateException", *data)
        return ""

    vtl_methods: ClassVar[Mapping[tuple[str, int], Callable[..., object]]] = {
        ("parseJson", 1): lambda _, value: read_json(text(value)),
        ("toJson", 1): lambda _, value: write_json(value),
        ("urlEncode", 1): lambda _, value: url_encode(value),
        ("urlDecode", 1): lambda _, value: url_decode(value),
        ("base64Encode", 1): lambda _, value: base64_encode(value),
        ("base64Decode", 1): lambda _, value: base64_decode(value),
        ("escapeJavaScript", 1): lambda _, value: escape_javascript(value),
        ("autoId", 0): lambda _: auto_id(),
        ("autoUlid", 0): lambda _: auto_ulid(),
        ("autoKsuid", 0): lambda _: auto_ksuid(),
        **dict.fromkeys([("error", count) for count in range(1, 5)], error),
        **dict.fromkeys([("appendError", count) for count in range(1, 5)], append_error),
        **dict.fromkeys([("validate", count) for count in range(2, 5)], validate),
        ("unauthorized", 0): refuse,
        ("isNull", 1): lambda _, value: value is None,
        ("isNullOrEmpty", 1): lambda _, value: value is None or value == "",
        ("isNullOrBlank", 1): lambda _, value: _is_blank(value),
        ("defaultIfNull", 2): lambda _, value, other: other if value is None else value,
        ("defaultIfNullOrEmpty", 2): lambda _, value, other: other if value is None or value == "" else value,
        ("defaultIfNullOrBlank", 2): lambda _, value, other: other if _is_blank(value) else value,
        ("isString", 1): lambda _, value: isinstance(value, str),
        ("isNumber", 1): lambda _, value: isinstance(value, int | float) and not isinstance(value, bool),
        ("isBoolean", 1): lambda _, value: isinstance(value, bool),
        ("isList", 1): lambda _, value: isinstance(value, list),
        ("isMap", 1): lambda _, value: isinstance(value, dict),
        ("typeOf", 1): lambda _, value: _type_of(value),
        ("matches", 2): lambda _, pattern, subject: _matches(pattern, subject),
        ("authType", 0): lambda _: "API Key Authorization",
        **{(name, count): lambda _, *__: "" for name in ("qr", "quiet") for count in (0, 1)},
    }
    vtl_properties: ClassVar[Mapping[str, Callable[..., object]]] = {
        **{name: partial(_part, part) for name, part in PARTS.items()},
        "http": lambda host: Http(host.headers),
    }

    def vtl_text(self) -> str:
        """Print as nothing."""
        return ""


def unauthorized(field: Field | None) -> FieldError:
    """Give the error of a field that its template refuses."""
    name, kind = (field.name, field.type) if field is not None else ("", "")
    return FieldError(f"Not Authorized to access {name} on type {kind}", "Unauthorized")


def known_member(name: str) -> bool:
    """Say whether `$util` has a method or part of a name."""
    return name == "http" or name in PARTS or any(method == name for method, _ in Util.vtl_methods)
