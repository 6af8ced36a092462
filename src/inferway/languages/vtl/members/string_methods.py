"""`java.lang.String` and `java.lang.Character`."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from inferway.languages.regex import JavaPattern, RegexCostError, RegexError, compile_java
from inferway.languages.vtl.limits import COLLECTION_SIZE, STRING_CHARACTERS
from inferway.languages.vtl.members.formatting import java_format
from inferway.languages.vtl.members.object_methods import same_class
from inferway.languages.vtl.members.signature import Method, method
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.utf16 import characters, units
from inferway.languages.vtl.values import JavaArray, JavaCharacter, JavaFailure

_BLANKS: Final = "".join(chr(code) for code in range(33))
# Character.isWhitespace: Unicode separators but the no-break ones, and some controls.
_WHITESPACE: Final = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u2028\u2029"
    "\u205f\u3000"
)


def _null(value: object, what: str) -> None:
    if value is None:
        raise JavaFailure(f"java.lang.NullPointerException: {what} is null")


def made(text: str, size: int | None = None) -> str:
    """A string that a template made, if it is not too long."""
    if (len(text) if size is None else size) > STRING_CHARACTERS:
        raise JavaFailure("java.lang.OutOfMemoryError: the string is too long")
    return text


def _outside(message: str) -> JavaFailure:
    return JavaFailure(f"java.lang.StringIndexOutOfBoundsException: {message}")


def _substring(text: str, begin: int, end: int | None = None) -> str:
    inside = units(text)
    size = len(inside)
    stop = size if end is None else end
    if begin < 0 or stop > size or begin > stop:
        raise _outside(f"begin {begin}, end {stop}, length {size}")
    return characters(inside[begin:stop])


def _char_at(text: str, index: int) -> JavaCharacter:
    inside = units(text)
    if not 0 <= index < len(inside):
        raise _outside(f"index {index}, length {len(inside)}")
    return JavaCharacter(inside[index])


def _code_point_at(text: str, index: int) -> int:
    inside = units(text)
    if not 0 <= index < len(inside):
        raise _outside(f"index {index}, length {len(inside)}")
    return ord(characters(inside[index : index + 2])[0])


def _index_of(text: str, other: str, begin: int = 0) -> int:
    _null(other, "str")
    return units(text).find(units(other), min(max(begin, 0), len(units(text))))


def _index_of_code(text: str, code: int, begin: int = 0) -> int:
    return _index_of(text, chr(code), begin) if 0 <= code < 0x110000 else -1


def _last_index_of(text: str, other: str, begin: int | None = None) -> int:
    _null(other, "str")
    inside, sought = units(text), units(other)
    if begin is None:
        return inside.rfind(sought)
    return inside.rfind(sought, 0, begin + len(sought)) if begin >= 0 else -1


def _last_index_of_code(text: str, code: int, begin: int | None = None) -> int:
    return _last_index_of(text, chr(code), begin) if 0 <= code < 0x110000 else -1


def _compare(text: str, other: Any) -> int:
    same_class(text, other)
    left, right = units(text), units(other)
    for a, b in zip(left, right, strict=False):
        if a != b:
            return ord(a) - ord(b)
    return len(left) - len(right)


def _compare_sequences(left: str | None, right: str | None) -> int:
    if left is None or right is None:
        raise JavaFailure("java.lang.NullPointerException")
    return _compare(left, right)


def _fold(text: str) -> str:
    return text.upper().lower()


def _compare_folded(text: str, other: str | None) -> int:
    if other is None:
        raise JavaFailure("java.lang.NullPointerException: str is null")
    return _compare(_fold(text), _fold(other))


def _equals_ignoring_case(text: str, other: str | None) -> bool:
    return other is not None and len(text) == len(other) and _fold(text) == _fold(other)


def _contains(text: str, other: str) -> bool:
    _null(other, "s")
    return other in text


def _starts_with(text: str, prefix: str, begin: int = 0) -> bool:
    _null(prefix, "prefix")
    return begin >= 0 and units(text).startswith(units(prefix), begin) and begin <= len(units(text))


def _ends_with(text: str, suffix: str) -> bool:
    _null(suffix, "suffix")
    return text.endswith(suffix)


def _concat(text: str, other: str) -> str:
    _null(other, "str")
    return made(text + other)


def _replace(text: str, old: str, new: str) -> str:
    _null(old, "target")
    _null(new, "replacement")
    made("", len(text) + text.count(old) * max(0, len(new) - len(old)))
    return str.replace(text, old, new)


def _repeat(text: str, count: int) -> str:
    if count < 0:
        raise JavaFailure(f"java.lang.IllegalArgumentException: count is negative: {count}")
    made("", len(text) * count)
    return str(text) * count


def _join(_: str, separator: str, items: list[Any]) -> str:
    _null(separator, "delimiter")
    _null(items, "elements")
    if any(item is not None and not isinstance(item, str) for item in items):
        raise JavaFailure("java.lang.ClassCastException: an element cannot be cast to java.lang.CharSequence")
    texts = [java_text(item) for item in items]
    made("", sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def _pattern(source: str) -> JavaPattern:
    try:
        return compile_java(source)
    except RegexError as error:
        raise JavaFailure(f"java.util.regex.PatternSyntaxException: {error}") from None


def _matches(text: str, pattern: str) -> bool:
    _null(pattern, "regex")
    try:
        return _pattern(pattern).matches(text)
    except RegexCostError as error:
        raise JavaFailure(error.message) from None


def _replaced(text: str, pattern: str, replacement: str, *, every: bool) -> str:
    _null(pattern, "regex")
    _null(replacement, "replacement")
    compiled = _pattern(pattern)
    try:
        return (compiled.replace_all if every else compiled.replace_first)(text, replacement, STRING_CHARACTERS)
    except RegexCostError as error:
        raise JavaFailure(error.message) from None
    except RegexError as error:
        raise JavaFailure(f"java.lang.IllegalArgumentException: {error.message}") from None


def split(text: str, pattern: str, limit: int = 0) -> JavaArray:
    """`text.split(pattern, limit)`; trailing empty strings go unless a limit was given."""
    if limit == 0 and len(pattern) == 1 and pattern not in ".$|()[{^?*+\\":
        if len(text) > COLLECTION_SIZE and text.count(pattern) >= COLLECTION_SIZE:
            raise JavaFailure("java.lang.OutOfMemoryError: too many parts")
        parts = text.split(pattern)
        if not parts[-1]:
            if not text:
                return JavaArray(parts)
            while parts and not parts[-1]:
                parts.pop()
        return JavaArray(parts)
    compiled = _pattern(pattern)
    try:
        return JavaArray(compiled.split(text, limit, COLLECTION_SIZE))
    except RegexCostError as error:
        raise JavaFailure(error.message) from None


def _split(text: str, pattern: str, limit: int = 0) -> JavaArray:
    _null(pattern, "regex")
    return split(text, pattern, limit)


def _region_matches(text: str, begin: int, other: str, other_begin: int, size: int) -> bool:
    _null(other, "other")
    left, right = units(text), units(other)
    if other_begin < 0 or begin < 0 or begin > len(left) - size or other_begin > len(right) - size:
        return False
    return left[begin : begin + size] == right[other_begin : other_begin + size]


def to_bytes(text: str) -> JavaArray:
    """`text.getBytes()`, in UTF-8."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) > COLLECTION_SIZE:
        raise JavaFailure("java.lang.OutOfMemoryError: too many bytes")
    return JavaArray.of("byte", (byte - 256 if byte > 127 else byte for byte in encoded))


def _to_characters(text: str) -> JavaArray:
    if len(text) > COLLECTION_SIZE:
        raise JavaFailure("java.lang.OutOfMemoryError: too many characters")
    return JavaArray.of("char", map(JavaCharacter, units(text)))


def _title(character: str) -> str:
    return character.upper() if len(character.upper()) == 1 else character


def _character(value: str) -> JavaCharacter:
    return JavaCharacter(value)


def _numeric(_: str, character: str) -> int:
    code = ord(character)
    if "a" <= character.lower() <= "z":
        return ord(character.lower()) - 87
    return int(character) if character.isdecimal() and code < 0x10000 else -1


STRING: Final[tuple[Method, ...]] = (
    method("length", "", lambda text: len(text) if text.isascii() else len(units(text))),
    method("isEmpty", "", lambda text: not text),
    method("isBlank", "", lambda text: not text.strip(_WHITESPACE)),
    method("charAt", "i", _char_at),
    method("codePointAt", "i", _code_point_at),
    method("compareTo", "o", _compare),
    method("compareToIgnoreCase", "s", _compare_folded),
    method("concat", "s", _concat),
    method("contains", "q", _contains),
    method("contentEquals", "q", lambda text, other: text == other),
    method("copyValueOf", "a", lambda _, array: "".join(array)),
    method("endsWith", "s", _ends_with),
    method("equalsIgnoreCase", "s", _equals_ignoring_case),
    method("getBytes", "", to_bytes),
    method("getBytes", "s", lambda text, _: to_bytes(text)),
    method("indexOf", "s", _index_of),
    method("indexOf", "c", _index_of),
    method("indexOf", "i", _index_of_code),
    method("indexOf", "si", _index_of),
    method("indexOf", "ci", _index_of),
    method("indexOf", "ii", _index_of_code),
    method("intern", "", str),
    method("join", "qC", _join),
    method("join", "qa", _join),
    method("lastIndexOf", "s", _last_index_of),
    method("lastIndexOf", "c", _last_index_of),
    method("lastIndexOf", "i", _last_index_of_code),
    method("lastIndexOf", "si", _last_index_of),
    method("lastIndexOf", "ci", _last_index_of),
    method("lastIndexOf", "ii", _last_index_of_code),
    method("matches", "s", _matches),
    method("regionMatches", "isii", _region_matches),
    method(
        "regionMatches",
        "bisii",
        lambda text, fold, *rest: _region_matches(
            _fold(text) if fold else text, rest[0], _fold(rest[1]) if fold else rest[1], *rest[2:]
        ),
    ),
    method("repeat", "i", _repeat),
    method("replace", "qq", _replace),
    method("replace", "cc", _replace),
    method("replaceAll", "ss", partial(_replaced, every=True)),
    method("replaceFirst", "ss", partial(_replaced, every=False)),
    method("split", "s", _split),
    method("split", "si", _split),
    method("startsWith", "s", _starts_with),
    method("startsWith", "si", _starts_with),
    method("strip", "", lambda text: text.strip(_WHITESPACE)),
    method("stripLeading", "", lambda text: text.lstrip(_WHITESPACE)),
    method("stripTrailing", "", lambda text: text.rstrip(_WHITESPACE)),
    method("subSequence", "ii", _substring),
    method("substring", "i", _substring),
    method("substring", "ii", _substring),
    method("toCharArray", "", _to_characters),
    method("toLowerCase", "", lambda text: made(text.lower())),
    method("toUpperCase", "", lambda text: made(text.upper())),
    method("trim", "", lambda text: text.strip(_BLANKS)),
    method("valueOf", "o", lambda _, value: java_text(value)),
    method("valueOf", "", lambda _: ""),
    method("compare", "qq", lambda _, left, right: _compare_sequences(left, right)),
)


def _format(_: str, pattern: str, *arguments: Any) -> str:
    _null(pattern, "format")
    return made(java_format(pattern, arguments))


def _join_each(_: str, separator: str, *items: Any) -> str:
    return _join(_, separator, list(items))


STRING_VARIADIC: Final[tuple[Method, ...]] = (
    method("format", "s", _format),
    method("formatted", "", lambda text, *arguments: made(java_format(text, arguments))),
    method("join", "q", _join_each),
)

CHARACTER: Final[tuple[Method, ...]] = (
    method("charValue", "", _character),
    method("compareTo", "o", _compare),
    method("getNumericValue", "c", _numeric),
    method("isDigit", "c", lambda _, value: value.isdecimal()),
    method("isLetter", "c", lambda _, value: value.isalpha()),
    method("isLetterOrDigit", "c", lambda _, value: value.isalpha() or value.isdecimal()),
    method("isLowerCase", "c", lambda _, value: value.islower()),
    method("isUpperCase", "c", lambda _, value: value.isupper()),
    method("isWhitespace", "c", lambda _, value: value in _WHITESPACE),
    method("toLowerCase", "c", lambda _, value: JavaCharacter(value.lower()[:1])),
    method("toUpperCase", "c", lambda _, value: JavaCharacter(_title(value))),
    method("toString", "c", lambda _, value: str(value)),
    method("valueOf", "c", lambda _, value: value),
)
