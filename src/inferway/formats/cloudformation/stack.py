"""One template with its values: every resource resolved and provisioned, in the order of their references."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.formats.cloudformation import dynamic_references
from inferway.formats.cloudformation.budget import Budget
from inferway.formats.cloudformation.conditions import FUNCTIONS, Judge
from inferway.formats.cloudformation.expansion import Expander
from inferway.formats.cloudformation.includes import Includes
from inferway.formats.cloudformation.local_files import LocalFiles, is_local, located
from inferway.formats.cloudformation.mentions import conditions_in, mentioned
from inferway.formats.cloudformation.nested import (
    MOST_DEPTH,
    NESTED,
    Surroundings,
    environment_of,
    parameters_of,
    provisioned,
    template_of,
)
from inferway.formats.cloudformation.order import Cycle, in_order
from inferway.formats.cloudformation.outputs import read_outputs
from inferway.formats.cloudformation.parameters import Given, read_parameters, unknown_names
from inferway.formats.cloudformation.resolver import TreeResolver
from inferway.formats.cloudformation.rules import check_rules
from inferway.formats.cloudformation.scope import Scope
from inferway.formats.cloudformation.template import (
    Declared,
    check_sections,
    declared,
    part,
    read_template,
    section,
    text_of,
)
from inferway.formats.cloudformation.transforms import transformed
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Entry, Node, NodePlaces, SyntaxFault, Table, plain, table
from inferway.formats.report import Report, nearest
from inferway.formats.resources import Environment, Output, Provision, Resource

_INVISIBLE: Final = frozenset(
    {"AWS::CDK::Metadata", "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"}
)
"""Types that make nothing that anybody could see."""


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """What a template makes: its resources in order of reference, its outputs, and what it exports to other stacks.

    `files` are those that it was read from beside itself.
    """

    resources: tuple[Resource, ...]
    outputs: tuple[Output, ...]
    exports: Mapping[str, object]
    files: tuple[Path, ...] = ()


class Builder:
    """Settles parameters, conditions, resources and outputs, in this order."""

    def __init__(
        self,
        root: Table,
        environment: Environment,
        report: Report,
        exports: Mapping[str, object],
        surroundings: Surroundings | None = None,
    ) -> None:
        around = surroundings or Surroundings()
        given = around.given or Given(parameters=environment.parameters, stored=environment.parameters)
        self._root = root
        self._environment = environment
        self._report = report
        self._around = around
        self._budget = around.budget or Budget()
        self._scope = Scope(environment, report, exports, given, self._budget, around.prefix)
        self._resolver = TreeResolver(self._scope)
        self._files = LocalFiles(report)
        self._expander = Expander(self._resolver, Includes(self._files, report, self._budget))
        self._depended: frozenset[str] = frozenset()
        self._others: list[Path] = []

    @property
    def asked(self) -> frozenset[str]:
        """The names under which stored values were looked for."""
        return frozenset(self._scope.asked)

    def written_out(self) -> Table:
        """Give the template with its loops and includes written out, nothing else of it resolved.

        Raises SyntaxFault where it grows without end.
        """
        self._parameters()
        self._root = transformed(self._root, self._scope, self._expander)
        self._scope.declare(section(self._root, "Resources", self._report))
        self._section("Mappings")
        self._mappings()
        self._section("Conditions")
        self._conditions()
        for name in ("Resources", "Outputs", "Rules"):
            self._section(name)
        return self._root

    def build(self, provision: Provision) -> Stack:
        """Resolve the template; raises SyntaxFault where it grows without end."""
        self.written_out()
        check_sections(self._root, self._report, bare=self._around.sharing)
        check_rules(section(self._root, "Rules", self._report), self._resolver)
        resources = self._resources(provision)
        outputs, exports = read_outputs(section(self._root, "Outputs", self._report), self._resolver)
        self._report_unknown_parameters()
        files = tuple(dict.fromkeys((*self._files.found, *self._others)))
        return Stack(resources=resources, outputs=outputs, exports=exports, files=files)

    def _section(self, name: str) -> None:
        """Write out a section of the template."""
        old = self._root.entries.get(name)
        if old is None or not isinstance(old.value, Table):
            return
        entries = self._expander.section(name, old.value.entries)
        value = table(entries, old.value.line, old.value.column, old.value.file)
        entry = Entry(line=old.line, column=old.column, value=value, file=old.file)
        self._root = table({**self._root.entries, name: entry}, self._root.line, self._root.column, self._root.file)

    def _parameters(self) -> None:
        listed = section(self._root, "Parameters", self._report)
        self._scope.parameters = read_parameters(listed, self._scope.given, self._report)
        self._scope.asked.update(parameter.stored for parameter in self._scope.parameters.values())

    def _report_unknown_parameters(self) -> None:
        if self._around.sharing and not self._around.chain:
            return
        known = section(self._root, "Parameters", self._report)
        at = self._root.entries.get("Parameters", self._root)
        for name in unknown_names(self._scope.given, known, self._scope.asked):
            text = f"the template has no parameter {name!r}{nearest(name, known)}"
            if self._around.chain:
                self._report.error(at, "unknown-parameter", text)
            else:
                self._report.warning(at, "unknown-parameter", f"{text}; its value is not used")

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
        judge = Judge(self._resolver, FUNCTIONS)
        for name in names:
            try:
                self._scope.conditions[name] = judge.holds(listed[name].value)
            except Unresolved as unresolved:
                unresolved.tell(self._report)
                self._scope.conditions[name] = False

    def _resources(self, provision: Provision) -> tuple[Resource, ...]:
        listed = section(self._root, "Resources", self._report)
        everything = declared(listed, self._resolver.resolve, self._report)
        wanted = {name: resource for name, resource in everything.items() if self._holds(resource)}
        self._scope.declare(everything, everything.keys() - wanted.keys())
        self._scope.open()
        mentions = {name: mentioned(wanted[name].properties, self._scope.conditions) for name in wanted}
        outputs = section(self._root, "Outputs", self._report).values()
        in_outputs = [mentioned(part(entry.value, "Value"), self._scope.conditions) for entry in outputs]
        self._depended = frozenset(name for names in (*mentions.values(), *in_outputs) for name in names)
        for name, names in mentions.items():
            self._add_order(wanted[name], everything, names)
        order, cycles = in_order(mentions)
        self._report_cycles(cycles)
        return tuple(made for name in order for made in self._made(wanted[name], provision))

    def _holds(self, resource: Declared) -> bool:
        if not resource.condition:
            return True
        known = self._scope.conditions
        if resource.condition not in known:
            text = f"no condition has the name {resource.condition!r}{nearest(resource.condition, known)}"
            self._report.error(resource.entry, "undefined-condition", text)
        return known.get(resource.condition, False)

    def _add_order(self, resource: Declared, everything: Mapping[str, Declared], found: dict[str, Node]) -> None:
        for leaf in resource.depends_on:
            name = str(leaf.value)
            if name not in everything:
                text = f"DependsOn names no resource: {name!r}{nearest(name, everything)}"
                self._report.error(leaf, "undefined-name", text)
            found.setdefault(name, leaf)

    def _made(self, declared: Declared, provision: Provision) -> tuple[Resource, ...]:
        """Give the resource, or all those of a nested stack."""
        if declared.type in _INVISIBLE:
            return ()
        properties = self._properties(declared)
        if declared.type == NESTED:
            return self._nested(declared, properties, provision)
        resource = Resource(
            type=declared.type,
            name=f"{self._around.prefix}{declared.name}",
            properties={key: plain(entry.value) for key, entry in properties.entries.items()},
            places=NodePlaces(self._report.file, properties),
            type_place=self._report.place(part(declared.entry.value, "Type") or declared.entry),
        )
        given = provision(resource, self._environment)
        self._scope.settle(declared.name, given)
        if given is None:
            return (resource,)
        return (msgspec.structs.replace(resource, id=given.id, attributes=given.attributes),)

    def _properties(self, declared: Declared) -> Table:
        at, written = declared.entry, declared.properties
        if declared.type == NESTED and isinstance(written, Table):
            # They are resolved one by one later, to know which of them are secret.
            kept = {key: entry for key, entry in written.entries.items() if key != "Parameters"}
            written = table(kept, written.line, written.column, written.file)
        resolved = None if written is None else self._resolver.resolve(written)
        resolved = dynamic_references.settle(resolved, self._scope)
        if resolved is not None and not isinstance(resolved, Table):
            self._report.error(at, "bad-properties", f"the Properties of {declared.name} must be a mapping")
        entries = resolved.entries if isinstance(resolved, Table) else {}
        return located(table(entries, at.line, at.column, at.file), declared.type, declared.metadata, self._files)

    def _nested(self, declared: Declared, properties: Table, provision: Provision) -> tuple[Resource, ...]:
        place = environment_of(declared.name, self._environment)
        path = template_of(properties, self._around.located, self._files)
        stack = self._read(path, declared, place, provision) if path is not None else None
        if path is None and not is_local(text_of(part(properties, "TemplateURL")) or ""):
            self._report_missing(declared)
        outputs = {} if stack is None else {output.name: output.value for output in stack.outputs}
        secrets = frozenset(output.name for output in stack.outputs if output.secret) if stack else frozenset()
        self._scope.settle(declared.name, provisioned(place, outputs, secrets), stack=stack is not None)
        if stack is None:
            return ()
        self._scope.exports.update(stack.exports)
        self._others += stack.files
        return stack.resources

    def _read(self, path: Path, declared: Declared, place: Environment, provision: Provision) -> Stack | None:
        """Read a nested stack's template; None, with findings, where that fails."""
        at = declared.entry
        chain = (*self._around.chain, Path(self._report.file).absolute())
        if path.resolve() in [above.resolve() for above in chain] or len(chain) > MOST_DEPTH:
            names = " → ".join(above.name for above in (*chain[-10:], path))
            self._report.error(at, "circular-stack", f"stacks nest in one another without end: {names}")
            return None
        self._budget.nest(at.value)
        self._budget.read(path, at.value)
        given = parameters_of(part(declared.properties, "Parameters") if declared.properties else None, self._resolver)
        around = msgspec.structs.replace(
            self._around,
            chain=chain,
            prefix=f"{self._around.prefix}{declared.name}.",
            given=given,
            budget=self._budget,
        )
        report = Report(str(path))
        try:
            root = read_template(path)
            if around.prepare is not None:
                root = around.prepare(path, root, given, place, report)
            builder = Builder(root, place, report, self._scope.exports, around)
            stack = builder.build(provision)
            self._scope.asked |= builder.asked
        except SyntaxFault as fault:
            self._report.absorb((*report.findings(), fault.finding(str(path))), at)
            return None
        self._report.absorb(report.findings(), at)
        return stack

    def _report_missing(self, declared: Declared) -> None:
        """Report a nested stack that is not here: an error only where something is made of its outputs."""
        text = (
            f"the template of the nested stack {declared.name} is not here; what it makes is missing. Name a file here "
            "as its TemplateURL, relative to the template's folder"
        )
        if declared.name in self._depended:
            self._report.error(declared.entry, "unserved-nested-stack", text)
        else:
            self._report.warning(declared.entry, "unserved-nested-stack", text)

    def _report_cycles(self, cycles: list[Cycle]) -> None:
        for cycle in cycles:
            names = " → ".join([name for name, _ in cycle[:10]] + [cycle[0][0]])
            places = ", ".join(f"{name} in line {at.line}" for name, at in cycle[:10])
            self._report.error(cycle[0][1], "circular-reference", f"{names} refer to each other ({places})")
