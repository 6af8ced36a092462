"""Gives the resources that a template declares: loops written out, children under their full names.

A condition leaves out the resource that it stands in, and not its children ("Conditional deployment in ARM templates").

Source: Azure Resource Manager, "Resource declaration", "Resource iteration", "Set name and type for child resources"
(https://learn.microsoft.com/azure/azure-resource-manager/templates/resource-declaration, copy-resources,
child-resource-name-type).
"""

import re
from collections.abc import Iterator
from typing import Final

from inferway.formats.arm.frame import Frame
from inferway.formats.arm.resolver import Resolver
from inferway.formats.arm.shared import Item
from inferway.formats.arm.template import is_true, part, word
from inferway.formats.arm.values import Unknown, text
from inferway.formats.nodes import Leaf, Node, Sequence, Table

_TYPE: Final = re.compile(r"[^/\s]+(?:/[^/\s]+)+")
_NO_PARENT: Final = ("", "")
_MODES: Final = ("parallel", "serial")
"""How the service deploys a loop; one after the other is the only way here."""


class Declarations:
    """Reads the `resources` of one template; `loops` are the items of each copy loop by its name in lower case."""

    def __init__(self, resolver: Resolver) -> None:
        self.loops: dict[str, list[Item]] = {}
        self._resolver = resolver

    def read(self, resources: Node | None, frame: Frame, parent: tuple[str, str] = _NO_PARENT) -> Iterator[Item]:
        """Give each resource, and behind it its children; `parent` is the type and the name of what it stands in."""
        if isinstance(resources, Sequence):
            for node in resources.items:
                yield from self._looped(node, "", frame, parent)
        elif isinstance(resources, Table):
            for symbol, entry in resources.entries.items():
                yield from self._looped(entry.value, symbol, frame, parent)
        elif resources is not None:
            self._resolver.error(resources, "bad-section", "resources must be an array or an object")

    def _looped(self, node: Node, symbol: str, frame: Frame, parent: tuple[str, str]) -> Iterator[Item]:
        if not isinstance(node, Table) or "type" not in node.entries:
            self._resolver.error(node, "bad-resource", "a resource is an object with a type and a name")
            return
        copy = part(node, "copy")
        if not isinstance(copy, Table):
            yield from self._one(node, symbol, frame, parent)
            return
        name = text(self._resolver.value(part(copy, "name") or copy, frame)) if part(copy, "name") else symbol
        if not name:
            self._resolver.error(copy, "bad-copy", "a loop has a name and a count")
            return
        mode = self._resolver.value(part(copy, "mode") or Leaf(value="parallel", line=0, column=0), frame)
        if text(mode).lower() not in _MODES:
            said = f"a loop's mode is {' or '.join(_MODES)}, not {text(mode)[:40]!r}"
            self._resolver.error(copy, "bad-copy", said)
        made = self.loops.setdefault(name.lower(), [])
        for turn in self._resolver.turns(copy, name, part(copy, "count"), frame):
            for at, item in enumerate(self._one(node, symbol, turn, parent)):
                if not at:
                    made.append(item)
                yield item

    def _one(self, node: Table, symbol: str, frame: Frame, parent: tuple[str, str]) -> Iterator[Item]:
        wanted = self._wanted(node, frame)
        own = text(self._resolver.value(part(node, "type") or node, frame))
        type_name = own if not parent[0] or own.lower().startswith(f"{parent[0]}/".lower()) else f"{parent[0]}/{own}"
        if _TYPE.fullmatch(type_name) is None:
            said = f"a resource's type is a provider and a type, such as Microsoft.Web/sites, not {type_name[:100]!r}"
            self._resolver.error(part(node, "type") or node, "bad-type", said)
            return
        name = self._name(node, type_name, frame, parent)
        if name is None:
            return
        item = Item(
            symbol=symbol,
            type_name=type_name,
            name=name,
            node=node,
            frame=frame,
            existing=is_true(part(node, "existing")),
            wanted=wanted,
        )
        if wanted:
            item.depends_on = self._depends_on(node, frame)
        yield item
        yield from self.read(part(node, "resources"), frame, (type_name, name))

    def _wanted(self, node: Table, frame: Frame) -> bool:
        condition = part(node, "condition")
        if condition is None:
            return True
        value = self._resolver.value(condition, frame)
        if not isinstance(value, bool):
            if not isinstance(value, Unknown):
                self._resolver.error(condition, "bad-condition", "a condition is true or false")
            return False
        return value

    def _name(self, node: Table, type_name: str, frame: Frame, parent: tuple[str, str]) -> str | None:
        """Give the full name; None, with an error, where it does not suit its type."""
        written = part(node, "name")
        if written is None:
            self._resolver.error(node, "bad-resource", f"a resource of the type {type_name} needs a name")
            return None
        value = self._resolver.value(written, frame)
        if not isinstance(value, str) or not value:
            self._resolver.error(written, "bad-name", "a resource's name is a text")
            return None
        parts = type_name.count("/")
        name = value if not parent[1] or value.count("/") + 1 >= parts else f"{parent[1]}/{value}"
        if name.count("/") + 1 != parts and not isinstance(value, Unknown):
            said = f"the name {name!r} has {name.count('/') + 1} parts, its type {type_name} wants {parts}"
            self._resolver.error(written, "bad-name", said)
            return None
        return name

    def _depends_on(self, node: Table, frame: Frame) -> list[tuple[str, Leaf]]:
        listed = part(node, "dependsOn")
        if listed is None:
            return []
        if not isinstance(listed, Sequence):
            value = self._resolver.value(listed, frame)
            leaf = Leaf(value=None, line=listed.line, column=listed.column)
            return [(name, leaf) for name in value if isinstance(name, str)] if isinstance(value, list) else []
        found = []
        for item in listed.items:
            value = self._resolver.value(item, frame)
            if isinstance(value, str):
                found.append((value, Leaf(value=word(item), line=item.line, column=item.column)))
        return found
