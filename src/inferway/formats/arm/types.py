"""Whether a value is what a type of a template says: a parameter's own, or one that its `definitions` name.

Source: Azure Resource Manager, "Type definitions in ARM templates" and "Parameters in ARM templates" (https://
learn.microsoft.com/azure/azure-resource-manager/templates/definitions, …/parameters).
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from inferway.formats.arm.template import is_true, items, part, word
from inferway.formats.arm.values import PLACEHOLDER, Value, find_key, kind, text
from inferway.formats.nodes import Entry, Leaf, Node, Table, plain
from inferway.formats.report import nearest

KINDS: Final = {
    "string": "string",
    "securestring": "string",
    "int": "int",
    "bool": "bool",
    "object": "object",
    "secureobject": "object",
    "array": "array",
}
"""The types that templates write, each with the kind of value that it means."""

_DEEPEST: Final = 20
_MOST: Final = 10
_SHOWN: Final = 80


def described(node: Node, definitions: Mapping[str, Entry]) -> Node:
    """Follow `$ref` to a type's definition."""
    for _ in range(_DEEPEST):
        name = word(part(node, "$ref")).rpartition("/")[2]
        if name not in definitions:
            return node
        node = definitions[name].value
    return node


def breaches(value: Value, node: Node, definitions: Mapping[str, Entry], hide: bool = False) -> list[str]:
    """Say what of a value breaks its type, such as "3 breaks maxValue 2"; `hide` keeps values out of it."""
    return list(islice(_Check(definitions, hide).of(value, node, "", 0), _MOST))


def _is_nullable(node: Node, definitions: Mapping[str, Entry]) -> bool:
    return is_true(part(node, "nullable")) or is_true(part(described(node, definitions), "nullable"))


class _Check:
    """Walks a value and its type together."""

    def __init__(self, definitions: Mapping[str, Entry], hide: bool) -> None:
        self._definitions = definitions
        self._hide = hide

    def of(self, value: Value, node: Node, path: str, level: int) -> Iterator[str]:
        """Say what of the value at a path breaks the type."""
        if level > _DEEPEST or (isinstance(value, str) and value.startswith(PLACEHOLDER)):
            return
        if value is None and _is_nullable(node, self._definitions):
            return
        referred = described(node, self._definitions)
        for each in (referred,) if referred is node else (node, referred):
            yield from self._one(value, each, path, level)

    def _shown(self, value: Value, path: str) -> str:
        where = f"{path}: " if path else ""
        return f"{where}its value" if self._hide else f"{where}{text(value)[:_SHOWN]!r}"

    def _one(self, value: Value, node: Node, path: str, level: int) -> Iterator[str]:
        wanted = KINDS.get(word(part(node, "type")).lower(), "")
        if wanted and kind(value) != wanted:
            yield f"{self._shown(value, path)} is of the type {kind(value)}, not {wanted}"
            return
        yield from self._allowed(value, node, path)
        yield from self._within(value, node, path)
        if isinstance(value, Mapping):
            yield from self._mapping(value, node, path, level)
        elif isinstance(value, list):
            yield from self._list(value, node, path, level)

    def _allowed(self, value: Value, node: Node, path: str) -> Iterator[str]:
        """Take a list whose items are all allowed too; case does not count (Azure/bicep, issue 2489)."""
        allowed = [plain(item) for item in items(part(node, "allowedValues"))]
        known = [_folded(item) for item in allowed]
        given = value if isinstance(value, list) and value not in allowed else [value]
        if allowed and any(_folded(item) not in known for item in given):
            yield f"{self._shown(value, path)} is none of {', '.join(text(item) for item in allowed[:20])}"

    def _within(self, value: Value, node: Node, path: str) -> Iterator[str]:
        size = value if kind(value) == "int" else len(value) if isinstance(value, str | list) else None
        for key, sign in (("minValue", 1), ("minLength", 1), ("maxValue", -1), ("maxLength", -1)):
            limit = part(node, key)
            number = limit.value if isinstance(limit, Leaf) else None
            if key.endswith("Value") != (kind(value) == "int") or not isinstance(number, int) or size is None:
                continue
            if sign * (size - number) < 0:
                yield f"{self._shown(value, path)} breaks {key} {number}"

    def _mapping(self, value: Mapping[str, Value], node: Node, path: str, level: int) -> Iterator[str]:
        chosen = part(node, "discriminator")
        if chosen is not None:
            yield from self._chosen(value, chosen, path, level)
            return
        listed, more = part(node, "properties"), part(node, "additionalProperties")
        declared = listed.entries if isinstance(listed, Table) else {}
        for name, entry in declared.items():
            there = find_key(value, name)
            if there is not None:
                yield from self.of(value[there], entry.value, _joined(path, name), level + 1)
            elif not _is_nullable(entry.value, self._definitions):
                yield f"{path or 'its value'} has no property {name}"
        for name in value:
            if find_key(declared, name) is not None:
                continue
            if isinstance(more, Leaf) and more.value is False:
                yield f"{path or 'its value'} may not have the property {name[:_SHOWN]}{nearest(name, declared)}"
            elif isinstance(more, Table):
                yield from self.of(value[name], more, _joined(path, name), level + 1)

    def _chosen(self, value: Mapping[str, Value], node: Node, path: str, level: int) -> Iterator[str]:
        """Check against the one of several types that a property of the value names."""
        name, mapping = word(part(node, "propertyName")), part(node, "mapping")
        known = mapping.entries if isinstance(mapping, Table) else {}
        key = find_key(value, name)
        which = value[key] if key is not None else None
        if isinstance(which, str) and which in known:
            yield from self.of(value, known[which].value, path, level + 1)
        elif known:
            yield f"{_joined(path, name)} must be one of {', '.join(list(known)[:20])}"

    def _list(self, value: list[Value], node: Node, path: str, level: int) -> Iterator[str]:
        first, rest = items(part(node, "prefixItems")), part(node, "items")
        for at, wanted in enumerate(first):
            if at < len(value):
                yield from self.of(value[at], wanted, f"{path}[{at}]", level + 1)
            else:
                yield f"{path or 'its value'} has no item {at}"
        if isinstance(rest, Leaf) and rest.value is False and len(value) > len(first):
            yield f"{path or 'its value'} may have {len(first)} items, not {len(value)}"
        elif isinstance(rest, Table):
            for at, item in enumerate(value[len(first) :], len(first)):
                yield from self.of(item, rest, f"{path}[{at}]", level + 1)


def _folded(value: Value) -> Value:
    return value.lower() if isinstance(value, str) else value


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
