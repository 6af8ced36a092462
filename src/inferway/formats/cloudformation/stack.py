"""One template with its values: every resource resolved and provisioned, in the order of their references."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.formats.cloudformation.conditions import truth
from inferway.formats.cloudformation.mentions import conditions_in, mentioned
from inferway.formats.cloudformation.order import Cycle, in_order
from inferway.formats.cloudformation.parameters import read_parameters
from inferway.formats.cloudformation.report import Report, Unresolved, nearest
from inferway.formats.cloudformation.resolver import TreeResolver
from inferway.formats.cloudformation.scope import Scope
from inferway.formats.cloudformation.template import (
    Declared,
    check_sections,
    declared,
    part,
    section,
    text_of,
)
from inferway.formats.nodes import Entry, Node, NodePlaces, Table, plain, table
from inferway.formats.resources import Environment, Output, Provision, Resource

_NESTED: Final = "AWS::CloudFormation::Stack"
_INVISIBLE: Final = frozenset({"AWS::CDK::Metadata", "AWS::CloudFormation::WaitConditionHandle"})
"""Types that make nothing that anybody could see."""


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """What a template makes: its resources in order of reference, its outputs, and what it exports to other stacks."""

    resources: tuple[Resource, ...]
    outputs: tuple[Output, ...]
    exports: Mapping[str, object]


class Builder:
    """Settles parameters, conditions, resources and outputs, in this order."""

    def __init__(self, root: Table, environment: Environment, report: Report, exports: Mapping[str, object]) -> None:
        self._root = root
        self._environment = environment
        self._report = report
        self._scope = Scope(environment, report, exports)
        self._resolver = TreeResolver(self._scope)

    def build(self, provision: Provision) -> Stack:
        """Resolve the template; raises SyntaxFault where it grows without end."""
        check_sections(self._root, self._report)
        self._parameters()
        self._mappings()
        self._conditions()
        resources = self._resources(provision)
        outputs, exports = self._outputs()
        return Stack(resources=resources, outputs=outputs, exports=exports)

    def _parameters(self) -> None:
        listed = section(self._root, "Parameters", self._report)
        self._scope.parameters = read_parameters(listed, self._environment.parameters, self._report)

    def _mappings(self) -> None:
        for name, entry in section(self._root, "Mappings", self._report).items():
            if isinstance(entry.value, Table):
                self._scope.mappings[name] = entry.value
            else:
                self._report.error(entry, "bad-mapping", f"the mapping {name} must be a mapping of mappings")

    def _conditions(self) -> None:
        listed = section(self._root, "Conditions", self._report)
        names, cycles = in_order({name: conditions_in(entry.value) for name, entry in listed.items()})
        self._report_cycles(cycles)
        # A condition in a cycle counts as false, so that what refers to it is not reported once more.
        self._scope.conditions.update({name: False for cycle in cycles for name, _ in cycle})
        for name in names:
            try:
                self._scope.conditions[name] = truth(self._resolver, listed[name].value)
            except Unresolved as unresolved:
                self._report.error(unresolved.at, unresolved.code, unresolved.text)
                self._scope.conditions[name] = False

    def _resources(self, provision: Provision) -> tuple[Resource, ...]:
        everything = declared(self._root, self._report)
        wanted = {name: resource for name, resource in everything.items() if self._holds(resource)}
        self._scope.declare(everything, everything.keys() - wanted.keys())
        names, cycles = in_order({name: self._mentions(resource, everything) for name, resource in wanted.items()})
        self._report_cycles(cycles)
        made = []
        for name in names:
            resource = self._resource(wanted[name], provision)
            if resource is not None:
                made.append(resource)
        return tuple(made)

    def _holds(self, resource: Declared) -> bool:
        if not resource.condition:
            return True
        known = self._scope.conditions
        if resource.condition not in known:
            text = f"no condition has the name {resource.condition!r}{nearest(resource.condition, known)}"
            self._report.error(resource.entry, "undefined-condition", text)
        return known.get(resource.condition, False)

    def _mentions(self, resource: Declared, everything: Mapping[str, Declared]) -> dict[str, Node]:
        found = mentioned(resource.properties, self._scope.conditions)
        for leaf in resource.depends_on:
            name = str(leaf.value)
            if name not in everything:
                text = f"DependsOn names no resource: {name!r}{nearest(name, everything)}"
                self._report.error(leaf, "undefined-name", text)
            found.setdefault(name, leaf)
        return found

    def _resource(self, declared: Declared, provision: Provision) -> Resource | None:
        if declared.type in _INVISIBLE:
            return None
        if declared.type == _NESTED:
            text = f"the nested stack {declared.name} is not read yet; what it makes is missing"
            self._report.error(declared.entry, "unserved-nested-stack", text)
            return None
        at = declared.entry
        resolved = self._resolver.resolve(declared.properties) if declared.properties is not None else None
        properties = resolved if isinstance(resolved, Table) else table({}, at.line, at.column)
        if resolved is not None and not isinstance(resolved, Table):
            self._report.error(at, "bad-properties", f"the Properties of {declared.name} must be a mapping")
        root = table(properties.entries, at.line, at.column)
        resource = Resource(
            type=declared.type,
            name=declared.name,
            properties={key: plain(entry.value) for key, entry in properties.entries.items()},
            places=NodePlaces(self._report.file, root),
        )
        provisioned = provision(resource, self._environment)
        self._scope.settle(declared.name, provisioned)
        if provisioned is None:
            return resource
        return msgspec.structs.replace(resource, id=provisioned.id, attributes=provisioned.attributes)

    def _outputs(self) -> tuple[tuple[Output, ...], dict[str, object]]:
        outputs, exports = [], {}
        for name, entry in section(self._root, "Outputs", self._report).items():
            condition, value = text_of(part(entry.value, "Condition")), part(entry.value, "Value")
            if value is None:
                self._report.error(entry, "bad-output", f"the output {name} needs a Value")
                continue
            if condition is not None and not self._output_holds(condition, entry):
                continue
            self._scope.secret = False
            resolved = self._resolver.resolve(value)
            made = None if resolved is None else plain(resolved)
            outputs.append(Output(name=name, value=made, secret=self._scope.secret))
            export = part(part(entry.value, "Export") or entry.value, "Name")
            exported = text_of(self._resolver.resolve(export)) if export is not None else None
            if exported is not None:
                exports[exported] = made
        return tuple(outputs), exports

    def _output_holds(self, condition: str, entry: Entry) -> bool:
        try:
            return self._scope.condition(condition, entry.value)
        except Unresolved as unresolved:
            self._report.error(entry, unresolved.code, unresolved.text)
            return False

    def _report_cycles(self, cycles: list[Cycle]) -> None:
        for cycle in cycles:
            names = " → ".join([name for name, _ in cycle[:10]] + [cycle[0][0]])
            places = ", ".join(f"{name} in line {at.line}" for name, at in cycle[:10])
            self._report.error(cycle[0][1], "circular-reference", f"{names} refer to each other ({places})")
