"""Finds resources by what expressions call them, and gives what they are provisioned with."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from inferway.formats.arm.evaluator import Modelled
from inferway.formats.arm.frame import OUTSIDE
from inferway.formats.arm.identifiers import taken_apart
from inferway.formats.arm.scope import Scope
from inferway.formats.arm.shared import Item, Shared
from inferway.formats.arm.values import Unknown, Unresolved, Value, text
from inferway.formats.nodes import Leaf, NodePlaces, Table, table
from inferway.formats.report import nearest
from inferway.formats.resources import Resource

_INDEXED: Final = re.compile(r"(.*)\[([0-9]{1,5})\]")


def _modelled(name: str, values: Mapping[str, Value], secrets: frozenset[str] = frozenset()) -> Modelled:
    made = Modelled(values)
    made.name = name
    made.secrets = secrets
    return made


class Lookup:
    """The resources of one deployment by symbol, by name and by loop; by identifier those of all deployments."""

    def __init__(self, scope: Scope, shared: Shared, settle: Callable[[Item], None]) -> None:
        self._scope = scope
        self._shared = shared
        self._settle = settle
        self._called: dict[str, list[Item]] = {}
        self._loops: Mapping[str, list[Item]] = {}

    def declare(self, items: list[Item], loops: Mapping[str, list[Item]]) -> None:
        """Remember the resources of the deployment; reports one that is declared twice."""
        self._loops = loops
        for item in items:
            for name in {item.symbol.lower(), item.name.lower()} - {""}:
                self._called.setdefault(name, []).append(item)
            there = self._shared.known.get(item.key)
            if there is not None and there.wanted and item.wanted and not (there.existing or item.existing):
                said = f"{item.name} of the type {item.type} is declared twice, also in line {there.node.line}"
                self._scope.resolver.error(item.node, "duplicate-resource", said)
            if there is None or item.wanted:
                self._shared.known[item.key] = item

    def depended_on(self, name: str, at: Leaf) -> list[Item]:
        """Give the items that an entry of `dependsOn` names; reports one that names none."""
        if isinstance(name, Unknown):
            return []
        found = self._named(name)
        if not found:
            known = [*self._called, *self._loops]
            last = taken_apart(name)[1] or name
            said = f"dependsOn names no resource of the template: {name[:200]!r}{nearest(last, known)}"
            self._scope.resolver.error(at, "undefined-name", said)
        return found

    def _named(self, name: str) -> list[Item]:
        key = taken_apart(name)
        if key[0]:
            item = self._shared.known.get((key[0].lower(), key[1].lower()))
            return [item] if item is not None else []
        folded = name.lower()
        indexed = _INDEXED.fullmatch(folded)
        if indexed is not None and indexed[1] in self._called:
            loop = self._called[indexed[1]]
            return loop[int(indexed[2]) : int(indexed[2]) + 1]
        return self._called.get(folded) or self._loops.get(folded, [])

    def provide(self, item: Item, resource: Resource) -> None:
        """Provision a resource and put it among those that are made."""
        given = self._shared.provision(resource, self._scope.environment)
        item.provisioned = given
        if given is not None:
            resource = msgspec.structs.replace(resource, id=given.id, attributes=given.attributes)
        item.resource = resource
        if not item.existing or (given is not None and item.type.count("/") == 1):
            self._shared.resources.append(resource)

    def imply_roots(self, items: list[Item]) -> None:
        """Take what resources are children of for existing, where no template makes it."""
        for item in items:
            namespace, root, *more = item.type.split("/")
            if item.wanted and more:
                self._implied(f"{namespace}/{root}", item.name.partition("/")[0], item.node)

    def _implied(self, type_name: str, name: str, node: Table) -> Item:
        known = self._shared.known.get((type_name.lower(), name.lower()))
        if known is not None and known.wanted:
            return known
        if type_name.count("/") > 1:
            namespace, root, *_ = type_name.split("/")
            self._implied(f"{namespace}/{root}", name.partition("/")[0], node)
        place = table({}, node.line, node.column)
        item = Item(symbol="", type_name=type_name, name=name, node=place, frame=OUTSIDE, existing=True, wanted=True)
        item.settled = True
        self._shared.known[item.key] = item
        self.provide(
            item,
            Resource(
                type=type_name,
                name=name,
                properties={"type": type_name, "name": name},
                places=NodePlaces(self._scope.file, place),
            ),
        )
        return item

    def _find(self, which: Value) -> Item | None:
        """Find what an expression names, settled; None for what only the cloud knows. Raises Unresolved."""
        if not isinstance(which, str):
            raise Unresolved("bad-argument", "a resource is named by a text")
        if isinstance(which, Unknown):
            return None
        found = self._named(which)
        wanted = [item for item in found if item.wanted]
        if found and not wanted:
            raise Unresolved("undefined-name", f"{which} is left out by its condition, and something refers to it")
        if wanted:
            self._settle(wanted[0])
            return wanted[0]
        type_name, name = taken_apart(which)
        if not type_name:
            raise Unresolved(
                "undefined-name", f"no resource has the name {which[:200]!r}{nearest(which, self._called)}"
            )
        return self._implied(type_name, name, table({}, 1, 1))

    def reference(self, which: Value, whole: bool) -> Value:
        """Give the outputs of a resource, or the resource; raises Unresolved."""
        item = self._find(which)
        return _modelled(text(which), {}) if item is None else self._outputs(item, whole)

    def references(self, which: Value, whole: bool) -> Value:
        """Give the outputs of each resource of a loop; raises Unresolved."""
        items = [item for item in self._named(text(which)) if item.wanted]
        for item in items:
            self._settle(item)
        return [self._outputs(item, whole) for item in items]

    def listed(self, which: Value) -> Value:
        """Give all outputs of a resource, its secrets among them; raises Unresolved."""
        item = self._find(which)
        if item is None or item.resource is None:
            return _modelled(text(which), {})
        return _modelled(item.label, _inner(item.resource) | dict(item.resource.attributes))

    def _outputs(self, item: Item, whole: bool) -> Value:
        self._scope.secret = self._scope.secret or item.secret
        if item.resource is None:
            outputs = {"outputs": item.outputs, "provisioningState": "Succeeded"}
            return {"name": item.name, "properties": outputs} if whole else outputs
        secrets = item.provisioned.secrets if item.provisioned is not None else frozenset()
        outputs = _modelled(item.label, _inner(item.resource) | dict(item.resource.attributes), secrets)
        if not whole:
            return outputs
        full = {**item.resource.properties, "resourceId": item.resource.id, "properties": outputs}
        return _modelled(item.label, full)


def _inner(resource: Resource) -> dict[str, Value]:
    nested = resource.properties.get("properties")
    return dict(nested) if isinstance(nested, Mapping) else {}
