"""Functions of the package `std` that programs call through `fn::invoke`: texts, lists, numbers.

https://github.com/pulumi/pulumi-std/blob/master/FUNCTION_LIST.md; those that programs for APIs use.
"""

import base64
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from inferway.formats.pulumi.invokes import Surroundings

_LONGEST: Final = 1024 * 1024
_LARGEST_NUMBER: Final = 1e300

_Arguments = Mapping[str, object]
_Function = Callable[[_Arguments], object]


def _text(arguments: _Arguments, name: str = "input") -> str:
    value = arguments[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is a text")
    return value


def _list(arguments: _Arguments, name: str = "input") -> list[object]:
    value = arguments[name]
    if not isinstance(value, list):
        raise TypeError(f"{name} is a list")
    return value


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST_NUMBER:
        raise ValueError("a number is expected")
    return value


def _numbers(arguments: _Arguments) -> list[float]:
    return [_number(item) for item in _list(arguments)]


def _replace(arguments: _Arguments) -> str:
    text, found, instead = _text(arguments, "text"), _text(arguments, "search"), _text(arguments, "replace")
    if text.count(found) * len(instead) > _LONGEST:
        raise ValueError("the text grows too large")
    return text.replace(found, instead)


def _joined(arguments: _Arguments) -> str:
    items = _list(arguments)
    separator = _text(arguments, "separator")
    if len(items) * len(separator) > _LONGEST:
        raise ValueError("the text grows too large")
    return separator.join(str(item) for item in items)


def _concatenated(arguments: _Arguments) -> list[object]:
    return [item for part in _list(arguments) for item in (part if isinstance(part, list) else [part])]


def _merged(arguments: _Arguments) -> dict[str, object]:
    return {key: value for part in _list(arguments) if isinstance(part, dict) for key, value in part.items()}


def _element(arguments: _Arguments) -> object:
    items = _list(arguments)
    return items[int(_number(arguments["index"])) % len(items)]


def _distinct(arguments: _Arguments) -> list[object]:
    kept: list[object] = []
    seen: set[str] = set()
    for item in _list(arguments):
        spelt = json.dumps(item, sort_keys=True)
        if spelt not in seen:
            seen.add(spelt)
            kept.append(item)
    return kept


def _contains(arguments: _Arguments) -> bool:
    held = arguments["input"]
    return isinstance(held, Iterable) and arguments["element"] in held


_RESULTS: Final[Mapping[str, _Function]] = {
    "abs": lambda given: abs(_number(given["input"])),
    "base64sha256": lambda given: _encoded(hashlib.sha256(_text(given).encode()).digest()),
    "base64decode": lambda given: base64.b64decode(_text(given), validate=True).decode("utf-8"),
    "base64encode": lambda given: _encoded(_text(given).encode()),
    "ceil": lambda given: math.ceil(_number(given["input"])),
    "concat": _concatenated,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "endswith": lambda given: _text(given).endswith(_text(given, "suffix")),
    "floor": lambda given: math.floor(_number(given["input"])),
    "join": _joined,
    "jsondecode": lambda given: json.loads(_text(given)),
    "length": lambda given: len(given["input"]) if isinstance(given["input"], str | list | dict) else 0,
    "lower": lambda given: _text(given).lower(),
    "md5": lambda given: hashlib.md5(_text(given).encode(), usedforsecurity=False).hexdigest(),
    "max": lambda given: max(_numbers(given)),
    "merge": _merged,
    "min": lambda given: min(_numbers(given)),
    "replace": _replace,
    "sha1": lambda given: hashlib.sha1(_text(given).encode(), usedforsecurity=False).hexdigest(),
    "sha256": lambda given: hashlib.sha256(_text(given).encode()).hexdigest(),
    "sha512": lambda given: hashlib.sha512(_text(given).encode()).hexdigest(),
    "split": lambda given: _text(given, "text").split(_text(given, "separator")),
    "startswith": lambda given: _text(given).startswith(_text(given, "prefix")),
    "sum": lambda given: sum(_numbers(given)),
    "tolist": _list,
    "trimspace": lambda given: _text(given).strip(),
    "upper": lambda given: _text(given).upper(),
}


def _answered(function: _Function) -> Callable[[_Arguments, Surroundings], Mapping[str, object]]:
    return lambda given, _: {"result": function(given)}


STANDARD: Final = {f"std:index:{name}": _answered(function) for name, function in _RESULTS.items()}
"""By token; each gives its `result`."""
