"""A SAM template's file to a graph of resources: translated by Amazon's library, then read as CloudFormation."""

import re
from pathlib import Path
from typing import Any, Final

import msgspec

from inferway.faults import Finding, Findings
from inferway.formats.cloudformation.parameters import read_parameters
from inferway.formats.cloudformation.report import Report
from inferway.formats.cloudformation.resolver import TreeResolver
from inferway.formats.cloudformation.scope import Scope
from inferway.formats.cloudformation.short_forms import expand
from inferway.formats.cloudformation.stack import Builder
from inferway.formats.cloudformation.template import part, section
from inferway.formats.document import read_document, read_text
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, SyntaxFault, Table, sequence, table
from inferway.formats.resources import Environment, Provision, Resource, ResourceGraph
from inferway.formats.sam.locations import Locations
from inferway.formats.sam.origins import Origin, Origins
from inferway.formats.sam.placement import Placement
from inferway.formats.sam.settings import applied, read_settings
from inferway.formats.sam.source import TRANSFORM, Source, is_serverless
from inferway.formats.sam.translation import translate
from inferway.formats.sam.unserved import Unserved

NAMES: Final = tuple(f"{stem}.{suffix}" for stem in ("template", "sam") for suffix in ("yaml", "yml", "json"))
"""File names that are looked for in a folder, in this order."""

_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".template"})
_MISTAKE: Final = re.compile(r"(?:Resource|Event) with id \[(?P<name>[^\]]+)\] is invalid\.\s*(?P<text>.*)", re.DOTALL)
_QUOTED: Final = re.compile(r"'([A-Za-z0-9_.]+)'")


def recognises(path: Path) -> bool:
    """Whether a file is a template that names SAM's transform."""
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    try:
        return TRANSFORM in read_text(path)
    except SyntaxFault:
        return False


def read(path: Path, environment: Environment, provision: Provision) -> tuple[ResourceGraph, Findings]:
    """Read a template; an empty graph with findings where it is none, or cannot be translated."""
    found: list[Finding] = []
    environment = applied(read_settings(path.parent, found), environment)
    report = Report(str(path))
    reading = None
    try:
        reading = _Reading(_source(path), environment, report)
        graph = reading.graph(provision)
    except SyntaxFault as fault:
        files = (path,) if reading is None else reading.files
        return ResourceGraph(resources=(), files=files), (*found, *report.findings(), fault.finding(str(path)))
    return graph, (*found, *report.findings())


class _Reading:
    """One template on its way from its file to its resources."""

    def __init__(self, source: Source, environment: Environment, report: Report) -> None:
        self._source = source
        self._environment = environment
        self._report = report
        self._scope = _scope(source, environment)
        self._locations = Locations(source, self._text, report)
        self._origins = Origins(source)

    @property
    def files(self) -> tuple[Path, ...]:
        """The template and what it names."""
        return (self._source.path, *dict.fromkeys(self._locations.files))

    def graph(self, provision: Provision) -> ResourceGraph:
        """Translate and resolve; no resources where the translator complains. Raises SyntaxFault."""
        template = self._translated()
        if template is None:
            return ResourceGraph(resources=(), files=self.files)
        exports = {k: v for stack in self._environment.stack_references.values() for k, v in stack.items()}
        root = self._placed(template)
        stack = Builder(root, self._environment, self._report, exports).build(provision)
        unserved = Unserved(self._source, self._origins, self._report)
        made = tuple(self._localized(each) for each in stack.resources if not unserved.leaves_out(each))
        return ResourceGraph(resources=made, outputs=stack.outputs, files=self.files)

    def _translated(self) -> dict[str, Any] | None:
        """Give the translated template's data; None, with findings, where there is none."""
        template: dict[str, Any] = self._source.data()
        if not isinstance(template.get("Resources"), dict):
            raise SyntaxFault("not-sam", "a template is a mapping with Resources", 1, 1)
        self._locations.swap(template)
        parameters = {name: parameter.value for name, parameter in self._scope.parameters.items()}
        made = translate(template, parameters, self._environment.region)
        code, text = made.problem
        if code:
            self._report.error(self._source.root.entries["Transform"], code, text)
        for mistake in made.mistakes:
            self._mistake(mistake)
        return made.template

    def _mistake(self, said: str) -> None:
        """Report what the translator complains of at the resource, or the property, that it names."""
        found = _MISTAKE.fullmatch(said)
        listed = {declared.name: declared for declared in self._source.resources()}
        origin = self._origins.of(found["name"]) if found else None
        if found is None or origin is None:
            self._report.error(self._source.root.entries["Resources"], "invalid-sam", said)
            return
        at, text = origin.entry, f"{found['name']}: {found['text']}"
        declared = listed.get(found["name"])
        for path in _QUOTED.findall(found["text"]) if declared is not None else ():
            at = declared.at(*path.split(".")) if declared is not None else at
        self._report.error(at, "invalid-sam", text)

    def _placed(self, template: dict[str, Any]) -> Table:
        """Give the translated template as a tree with the places of the source."""
        root, placement = self._source.root, Placement(self._locations.texts)
        at = root.entries["Resources"]
        rest = {name: value for name, value in template.items() if name != "Resources"}
        made = placement.placed(rest, (root,), root)
        entries = dict(made.entries) if isinstance(made, Table) else {}
        listed = {name: self._resource(placement, name, value) for name, value in template["Resources"].items()}
        entries["Resources"] = msgspec.structs.replace(at, value=table(listed, at.line, at.column, at.file))
        others = self._other_transforms()
        if others is not None:
            entries["Transform"] = others
        return table(entries, root.line, root.column)

    def _other_transforms(self) -> Entry | None:
        """Give the transforms beside SAM's, which the translator drops."""
        entry = self._source.root.entries["Transform"]
        listed = entry.value.items if isinstance(entry.value, Sequence) else ()
        rest = tuple(item for item in listed if not (isinstance(item, Leaf) and item.value == TRANSFORM))
        return (
            msgspec.structs.replace(entry, value=sequence(rest, entry.line, entry.column, entry.file)) if rest else None
        )

    def _resource(self, placement: Placement, name: str, value: dict[str, Any]) -> Entry:
        origin = self._origins.of(name)
        at = self._source.root.entries["Resources"] if origin is None else origin.entry
        entries = {}
        for key, inner in value.items():
            own = part(at.value, key) if origin is not None else None
            made = placement.placed(inner, _likes(origin, key, own), own or at)
            entries[key] = Entry(line=made.line, column=made.column, value=made, file=made.file)
        return msgspec.structs.replace(at, value=table(entries, at.line, at.column, at.file))

    def _localized(self, resource: Resource) -> Resource:
        properties = self._locations.restored(resource.properties)
        return msgspec.structs.replace(resource, properties=properties) if isinstance(properties, dict) else resource

    def _text(self, node: Node) -> str | None:
        """Give the text that a part of the template stands for, as far as parameters and mappings tell."""
        if isinstance(node, Leaf):
            return node.value if isinstance(node.value, str) else None
        if not any(key == "Ref" or key.startswith("Fn::") for key in getattr(node, "entries", ())):
            return None
        known = len(self._scope.report.findings())
        made = TreeResolver(self._scope).resolve(node)
        clean = len(self._scope.report.findings()) == known
        return made.value if clean and isinstance(made, Leaf) and isinstance(made.value, str) else None


def _source(path: Path) -> Source:
    root = read_document(path, expand)
    if isinstance(root, Table) and is_serverless(root):
        return Source(path=path, root=root)
    text = f"a SAM template is a mapping with `Transform: {TRANSFORM}`"
    raise SyntaxFault("not-sam", text, root.line, root.column)


def _scope(source: Source, environment: Environment) -> Scope:
    """Give the names that stand for a value before there is any resource; what is wrong with them is reported later."""
    aside = Report(str(source.path))
    scope = Scope(environment, aside, {})
    scope.parameters = read_parameters(section(source.root, "Parameters", aside), environment.parameters, aside)
    for name, entry in section(source.root, "Mappings", aside).items():
        if isinstance(entry.value, Table):
            scope.mappings[name] = entry.value
    return scope


def _likes(origin: Origin | None, key: str, own: Node | None) -> tuple[Node, ...]:
    if origin is not None and key == "Properties":
        return origin.likes
    return (own,) if own is not None else ()
