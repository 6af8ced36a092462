"""`SelectToken`: Newtonsoft's JSONPath of names, indices, slices, wildcards, `..` and comparisons in filters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from inferway.languages.csharp.budget import spend_steps
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.tokens import JArray, JObject, JToken, JValue

_STEP: Final = re.compile(
    r"(?P<deep>\.\.)?\.?(?:(?P<name>[^\s.\[\]()*'\"?@]+)|(?P<star>\*)|\[(?P<inside>(?:'[^']*'|\"[^\"]*\"|[^\]'\"])*)\])"
)
_FILTER: Final = re.compile(
    r"\?\(\s*@\.?(?P<path>[^\s=!<>]*)\s*(?:(?P<op>==|!=|<=|>=|<|>)\s*(?P<value>'[^']*'|\"[^\"]*\"|[^\s)]+)\s*)?\)"
)
_SLICE: Final = re.compile(r"\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(-?\d*)\s*)?")


def bad_path(path: str) -> ThrownError:
    """What a path that cannot be read throws."""
    return ThrownError("Newtonsoft.Json.JsonException", f"Unexpected character while parsing path: {path}")


def select(token: JToken, path: str) -> list[JToken]:
    """The tokens that a path leads to. Raises ThrownError."""
    found = [token]
    rest = path.removeprefix("$")
    at = 0
    while at < len(rest):
        step = _STEP.match(rest, at)
        if step is None or step.end() == at:
            raise bad_path(path)
        at = step.end()
        if step["deep"]:
            found = [below for each in found for below in _all(each)]
        found = [below for each in found for below in _step(each, step, path)]
        spend_steps(len(found))
    return found


def _all(token: JToken) -> list[JToken]:
    found, stack = [], [token]
    while stack:
        each = stack.pop()
        found.append(each)
        stack.extend(_below(each)[::-1])
    spend_steps(len(found))
    return found


def _below(token: JToken) -> list[JToken]:
    if isinstance(token, JObject):
        return [each.value for each in token.properties.values()]
    return list(token.items) if isinstance(token, JArray) else []


def _step(token: JToken, step: re.Match[str], path: str) -> list[JToken]:
    inside = (step["inside"] or "").strip()
    if step["star"] or inside == "*":
        return _below(token)
    if step["name"]:
        return _named(token, step["name"])
    if inside[:1] in ("'", '"'):
        names = re.findall(r"'([^']*)'|\"([^\"]*)\"", inside)
        return [found for one, two in names for found in _named(token, one or two)]
    if inside.startswith("?"):
        return _filtered(token, inside, path)
    if not isinstance(token, JArray):
        return []
    if re.fullmatch(r"\d+(\s*,\s*\d+)*", inside):
        return [token.items[int(at)] for at in inside.split(",") if int(at) < len(token.items)]
    found = _SLICE.fullmatch(inside)
    if found is None:
        raise bad_path(path)
    bounds = [int(each) if each else None for each in found.groups()]
    return token.items[slice(*bounds)] if bounds[2] != 0 else []


def _named(token: JToken, name: str) -> list[JToken]:
    found = token.get(name) if isinstance(token, JObject) else None
    return [] if found is None else [found]


_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _filtered(token: JToken, inside: str, path: str) -> list[JToken]:
    found = _FILTER.fullmatch(inside)
    if found is None:
        raise ThrownError("Newtonsoft.Json.JsonException", f"Not supported in a path: [{inside}] of {path}")
    return [each for each in _below(token) if _holds(each, found)]


def _holds(token: JToken, found: re.Match[str]) -> bool:
    values = select(token, found["path"]) if found["path"] else [token]
    if not found["op"]:
        return bool(values)
    return any(_matches(each, found["op"], found["value"]) for each in values)


def _matches(token: JToken, operator: str, text: str) -> bool:
    if not isinstance(token, JValue):
        return False
    wanted: Any
    if text[0] in "'\"":
        wanted = text[1:-1]
    else:
        wanted = {"true": True, "false": False, "null": None}.get(text, text)
        if wanted == text:
            try:
                wanted = float(text)
            except ValueError:
                return False
    value = token.value
    if operator in ("==", "!="):
        same = value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
        return same == (operator == "==")
    try:
        return _COMPARE[operator](value, wanted)
    except TypeError:
        return False
