"""One template with its values: every resource resolved and provisioned, also those of the deployments within it.

Source: Azure Resource Manager, "Use linked and nested templates", "Define the order for deploying resources",
"Outputs in ARM templates" (https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates,
resource-dependency, outputs).
"""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

from inferway.formats.arm.declared import Declarations
from inferway.formats.arm.frame import OUTSIDE, Frame
from inferway.formats.arm.links import linked_file
from inferway.formats.arm.lookup import Lookup
from inferway.formats.arm.parameters import Given, check_given, given_values, read_file
from inferway.formats.arm.relaxed import read_template
from inferway.formats.arm.scope import Scope
from inferway.formats.arm.shared import Item, Shared
from inferway.formats.arm.template import MANAGING, SECTIONS, part, section, word
from inferway.formats.arm.types import breaches, described
from inferway.formats.arm.values import Unresolved, Value, settled, text
from inferway.formats.nodes import Entry, Leaf, Node, NodePlaces, SyntaxFault, Table, plain, table
from inferway.formats.presence import resolved
from inferway.formats.report import nearest
from inferway.formats.resources import Output, Resource

NESTED: Final = "microsoft.resources/deployments"
MOST_RESOURCES: Final = 5_000
"""Resources of a template and all deployments in it; the service takes 800 in one."""

_DEEPEST: Final = 8
"""Deployments within deployments."""

_NESTING: Final = 25
"""Resources that are settled one within the other, since each refers to the next."""

_MOST_CYCLES: Final = 20


class Deployment:
    """Settles parameters, variables, resources and outputs, in this order."""

    def __init__(self, root: Table, scope: Scope, shared: Shared, frame: Frame = OUTSIDE, level: int = 0) -> None:
        self._root = root
        self._scope = scope
        self._shared = shared
        self._frame = frame
        self._level = level
        self._file = scope.file
        self._lookup = Lookup(scope, shared, self.settle)

    def build(self, own: bool = True) -> tuple[Output, ...]:
        """Settle everything and give the outputs; an `own` scope is no other deployment's. Raises SyntaxFault."""
        if own:
            self._scope.resources = self._lookup
            self._scope.settle_all()
        self._check_sections()
        declarations = Declarations(self._scope.resolver)
        items: list[Item] = []
        for item in declarations.read(part(self._root, "resources"), self._frame):
            items.append(item)
            if len(self._shared.known) + len(items) > MOST_RESOURCES:
                more = f"more than {MOST_RESOURCES:,} resources"
                raise SyntaxFault("too-large", more, item.node.line, item.node.column)
        self._lookup.declare(items, declarations.loops)
        for item in self._in_order(items):
            try:
                self.settle(item)
            except Unresolved as unresolved:
                self._scope.resolver.error(item.node, unresolved.code, unresolved.text)
        self._lookup.imply_roots(items)
        return self._outputs()

    def settle(self, item: Item) -> None:
        """Make a resource out of an item, or a deployment; raises Unresolved where it leads back to itself."""
        if item.settled or not item.wanted:
            return
        active = self._shared.active
        if id(item) in active:
            names = [each.label for each in active.values()]
            way = " → ".join([*names[names.index(item.label) :][:10], item.label])
            raise Unresolved("circular-reference", f"{way} refer to each other")
        if len(active) >= _NESTING:
            raise Unresolved("too-deep", f"more than {_NESTING} resources that refer to each other, without dependsOn")
        active[id(item)] = item
        try:
            if item.type.lower() == NESTED and not item.existing:
                self._nested(item)
            else:
                self._resource(item)
        finally:
            del active[id(item)]
        item.settled = True

    def _check_sections(self) -> None:
        for name, entry in self._root.entries.items():
            if name not in SECTIONS:
                said = f"a template has no section {name}{nearest(name, SECTIONS)}"
                self._shared.report.warning(entry, "unknown-section", said, self._file)

    def _in_order(self, items: list[Item]) -> list[Item]:
        """Give the items, each after all that it depends on; a circle is reported and cut."""
        at = {id(item): number for number, item in enumerate(items)}
        before: dict[int, set[int]] = {}
        for number, item in enumerate(items):
            before[number] = set()
            for name, leaf in item.depends_on:
                found = self._lookup.depended_on(name, leaf)
                before[number].update(at[id(other)] for other in found if id(other) in at and other is not item)
        for _ in range(_MOST_CYCLES):
            try:
                return [items[number] for number in TopologicalSorter(before).static_order()]
            except CycleError as error:
                circle = list(dict.fromkeys(error.args[1]))
                names = " → ".join(items[number].label for number in [*circle[:10], circle[0]])
                first = items[min(circle)]
                self._scope.resolver.error(
                    part(first.node, "dependsOn") or first.node, "circular-reference", f"{names} depend on each other"
                )
                before.update({number: set() for number in circle})
        return items

    def _resource(self, item: Item) -> None:
        node, resolver = item.node, self._scope.resolver
        entries: dict[str, Entry] = {}
        for key, entry in node.entries.items():
            if key in ("type", "name"):
                written = Leaf(
                    value=str(item.type if key == "type" else item.name), line=entry.line, column=entry.column
                )
                entries[key] = Entry(line=entry.line, column=entry.column, value=written)
            elif key not in MANAGING:
                value = resolver.resolve(entry.value, item.frame)
                entries[key] = Entry(line=entry.line, column=entry.column, value=value)
        root = table(entries, node.line, node.column)
        resource = Resource(
            type=str(item.type),
            name=item.label,
            properties={key: plain(entry.value) for key, entry in entries.items()},
            places=NodePlaces(self._file, root),
        )
        self._lookup.provide(item, resource)

    def _nested(self, item: Item) -> None:
        properties = part(item.node, "properties")
        try:
            self._shared.budget.deployment()
        except SyntaxFault as fault:
            raise fault.placed(item.node.line, item.node.column, self._file) from None
        if self._level >= _DEEPEST:
            raise Unresolved("too-deep", f"more than {_DEEPEST} deployments within each other")
        inline = part(properties, "template")
        inner = word(part(properties, "expressionEvaluationOptions", "scope")).lower() == "inner"
        if isinstance(inline, Table) and not inner:
            child = Deployment(inline, self._scope, self._shared, item.frame, self._level + 1)
            outputs = child.build(own=False)
        else:
            root, path = (inline, self._scope.path) if isinstance(inline, Table) else self._linked(item, properties)
            if root is None:
                item.outputs = {}
                return
            given = self._given(item, properties)
            outputs = self._own(root, path, given, item)
        item.outputs = {output.name: {"type": "", "value": output.value} for output in outputs}
        item.secret = any(output.secret for output in outputs)

    def _own(self, root: Table, path: Path, given: Mapping[str, Given], item: Item) -> tuple[Output, ...]:
        """Build a deployment with a scope of its own; raises Unresolved where a file leads to itself without end."""
        report, linking = self._shared.report, self._shared.linking
        values = {name: value.value for name, value in given.items()}
        there = [tree is root and held == values for tree, _, held in linking]
        if any(there):
            names = [file.name for _, file, _ in linking[there.index(True) :]]
            way = " → ".join([*names[:10], path.name])
            raise Unresolved("circular-link", f"templates link to each other without end: {way}")
        check_given(given, root, str(path), report)
        scope = Scope(
            root, path, self._scope.environment, given, report=report, budget=self._shared.budget, giver=item.name
        )
        linking.append((root, path, values))
        try:
            return Deployment(root, scope, self._shared, OUTSIDE, self._level + 1).build()
        except SyntaxFault as fault:
            raise fault if fault.file else fault.placed(fault.line, fault.column, str(path)) from None
        finally:
            linking.pop()

    def _linked(self, item: Item, properties: Node | None) -> tuple[Table | None, Path]:
        """Read the template that a deployment links to; None, with an error, where it is not here."""
        resolver, here = self._scope.resolver, self._scope.path
        link = part(properties, "templateLink")
        if link is None:
            resolver.error(item.node, "bad-deployment", f"the deployment {item.name} has no template")
            return None, here
        relative = part(link, "relativePath")
        uri = part(link, "uri")
        named = text(resolver.value(relative or uri or link, item.frame))
        found = linked_file(here, named if relative is not None else "", named)
        if found is None:
            said = f"the template that {item.name} links to is not here: {named[:200]}; put it below {here.parent}"
            resolver.error(link, "unserved-link", said)
            return None, here
        return self._read(found), found

    def _read(self, path: Path) -> Table | None:
        """Read a linked file, once in a project; None where it is no template."""
        trees, report, key = self._shared.trees, self._shared.report, resolved(path)
        if key not in trees:
            self._shared.files.append(path)
            trees[key] = None
            try:
                root = read_template(path)
            except SyntaxFault as fault:
                report.keep(fault.finding(str(path)))
            else:
                trees[key] = root if isinstance(root, Table) else None
                if not isinstance(root, Table):
                    report.error(root, "bad-deployment", f"{path.name} is no template", str(path))
        return trees[key]

    def _given(self, item: Item, properties: Node | None) -> Mapping[str, Given]:
        resolver = self._scope.resolver
        link = part(properties, "parametersLink")
        given: dict[str, Given] = {}
        if link is not None:
            relative = part(link, "relativePath")
            named = text(resolver.value(relative or part(link, "uri") or link, item.frame))
            found = linked_file(self._scope.path, named if relative is not None else "", named)
            if found is None:
                resolver.error(link, "unserved-link", f"the parameters {named[:200]} are not here")
            else:
                key = resolved(found)
                if key not in self._shared.given:
                    self._shared.given[key] = read_file(found, self._shared.report)
                given = self._shared.given[key]
        listed = part(properties, "parameters")
        values = resolver.resolve(listed, item.frame) if listed is not None else None
        return given | (given_values(values, self._file) if isinstance(values, Table) else {})

    def _outputs(self) -> tuple[Output, ...]:
        made = []
        for name, entry in section(self._root, "outputs", self._file, self._shared.report).items():
            condition = part(entry, "condition")
            if condition is not None and self._scope.resolver.value(condition, self._frame) is not True:
                continue
            self._scope.secret = word(part(entry, "type")).lower().startswith("secure")
            value = self._output(name, entry)
            made.append(Output(name=name, value=settled(value), secret=self._scope.secret))
        return tuple(made)

    def _output(self, name: str, entry: Entry) -> Value:
        resolver, copy, value = self._scope.resolver, part(entry, "copy"), part(entry, "value")
        given = part(copy, "input")
        if copy is not None and given is not None:
            return [
                resolver.value(given, turn) for turn in resolver.turns(copy, name, part(copy, "count"), self._frame)
            ]
        if value is None:
            resolver.error(entry, "bad-output", f"the output {name} needs a value")
            return None
        made = resolver.value(value, self._frame)
        definitions = section(self._root, "definitions", self._file, self._shared.report)
        if not word(part(described(entry.value, definitions), "type")):
            resolver.error(entry, "bad-output", f"the output {name} needs a type")
        elif made is not None:
            for said in breaches(made, entry.value, definitions, hide=self._scope.secret):
                resolver.error(value, "bad-output", f"the output {name}: {said}")
        return made
