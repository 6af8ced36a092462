"""A SAM template as a CloudFormation template with the places of its source."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from inferway.formats.cloudformation.mentions import mentioned
from inferway.formats.cloudformation.nested import Surroundings
from inferway.formats.cloudformation.parameters import Given, read_parameters
from inferway.formats.cloudformation.resolver import TreeResolver
from inferway.formats.cloudformation.scope import Scope
from inferway.formats.cloudformation.stack import Builder
from inferway.formats.cloudformation.template import part, section, text_of
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, SyntaxFault, Table, sequence, table
from inferway.formats.report import Report
from inferway.formats.resources import Environment
from inferway.formats.sam.locations import Locations
from inferway.formats.sam.origins import Origin, Origins
from inferway.formats.sam.placement import Placement
from inferway.formats.sam.source import PREFIX, TRANSFORM, Source, is_serverless
from inferway.formats.sam.translation import translate

_REST_API: Final = "AWS::ApiGateway::RestApi"
_STACK_NAME: Final = {"Ref": "AWS::StackName"}
_EXTENSIONS: Final = "AWS::LanguageExtensions"
_SETTLED: Final = frozenset(("Fn::FindInMap", "Fn::Join", "Fn::Select", "Fn::Sub", "Ref"))
_PSEUDO: Final = frozenset(f"AWS::{name}" for name in ("AccountId", "Partition", "Region", "StackName", "URLSuffix"))
_MISTAKE: Final = re.compile(r"(?:Resource|Event) with id \[(?P<name>[^\]]+)\] is invalid\.\s*(?P<text>.*)", re.DOTALL)
_QUOTED: Final = re.compile(r"'([A-Za-z0-9_.]+)'")


class Rendering:
    """One template on its way; `given` are its parameters, and what is found goes to `report`."""

    def __init__(self, path: Path, root: Table, given: Given, environment: Environment, report: Report) -> None:
        """Raises SyntaxFault where the template is none of SAM's, or grows without end."""
        if not is_serverless(root):
            text = f"a SAM template is a mapping with `Transform: {TRANSFORM}`"
            raise SyntaxFault("not-sam", text, root.line, root.column)
        if not isinstance(part(root, "Resources"), Table):
            raise SyntaxFault("not-sam", "a template is a mapping with Resources", root.line, root.column)
        self._transform = root.entries["Transform"]
        self._environment = environment
        self._report = report
        self._scope = _scope(root, given, environment, path)
        written = Builder(_as_cloudformation(root), environment, report, {}, Surroundings(given=given)).written_out()
        if _EXTENSIONS in _transforms(self._transform):
            written = self._settled(written)
        self.source = Source(path=path, root=written)
        self.origins = Origins(self.source)
        self._locations = Locations(self.source, self._text, report)

    @property
    def files(self) -> tuple[Path, ...]:
        """The template and what it names."""
        included = (Path(file) for file in _files(self.source.root))
        return tuple(dict.fromkeys((self.source.path, *self._locations.files, *included)))

    def template(self) -> Table:
        """Translate; a template without resources, with findings, where that fails. Raises SyntaxFault."""
        data: dict[str, Any] = self.source.data()
        self._locations.swap(data)
        parameters = {name: parameter.value for name, parameter in self._scope.parameters.items()}
        made = translate(data, parameters, self._environment.region)
        code, text = made.problem
        if code:
            self._report.error(self._transform, code, text)
        for mistake in made.mistakes:
            self._mistake(mistake)
        template = made.template or {}
        self._tell_apart(template.get("Resources", {}))
        return self._placed(template)

    def _tell_apart(self, resources: Mapping[str, Any]) -> None:
        """Give each API a title of its own: SAM calls all of them by the stack's name, which is their address here."""
        documents = {name: _body(value) for name, value in resources.items() if value.get("Type") == _REST_API}
        named = {name for name in documents if "Name" in resources[name].get("Properties", {})}
        same = [name for name, body in documents.items() if name not in named and _title(body) == _STACK_NAME]
        for name in same[1:]:
            documents[name]["info"]["title"] = {"Fn::Sub": f"${{AWS::StackName}}-{name}"}
            text = f"the template's APIs have one name, {self._environment.stack}; {name} is called after itself too"
            origin = self.origins.of(name)
            self._report.note(origin.entry if origin else self._transform, "same-name", text)

    def _mistake(self, said: str) -> None:
        """Report what the translator complains of at the resource, or the property, that it names."""
        found = _MISTAKE.fullmatch(said)
        origin = self.origins.of(found["name"]) if found else None
        if found is None or origin is None:
            self._report.error(self.source.root.entries["Resources"], "invalid-sam", said)
            return
        at, name, text = origin.entry, found["name"], found["text"]
        event = _MISTAKE.fullmatch(text)
        part_of = self.origins.of(f"{name}{event['name']}") if event else None
        if event is not None and part_of is not None:
            at, name, text = part_of.entry, f"{name}, event {event['name']}", event["text"]
        declared = next((each for each in self.source.resources() if each.name == name), None)
        if declared is not None:
            paths = [path.split(".") for path in _QUOTED.findall(text)]
            at = next((declared.at(*path) for path in paths if declared.node(*path) is not None), at)
        self._report.error(at, "invalid-sam", f"{name}: {text}")

    def _placed(self, template: Mapping[str, Any]) -> Table:
        """Give the translated template as a tree with the places of the source."""
        root, placement = self.source.root, Placement(self._locations.texts)
        at = root.entries["Resources"]
        rest = {name: value for name, value in template.items() if name != "Resources"}
        made = placement.placed(rest, (root,), root)
        entries = dict(made.entries) if isinstance(made, Table) else {}
        resources: Mapping[str, Any] = template.get("Resources", {})
        listed = {name: self._resource(placement, name, value) for name, value in resources.items()}
        entries["Resources"] = msgspec.structs.replace(at, value=table(listed, at.line, at.column, at.file))
        kept = root.entries.get("Transform")
        if kept is not None and _EXTENSIONS in _transforms(kept):
            value = Leaf(value=_EXTENSIONS, line=kept.line, column=kept.column, file=kept.file)
            entries["Transform"] = msgspec.structs.replace(kept, value=value)
        return table(entries, root.line, root.column)

    def _resource(self, placement: Placement, name: str, value: Mapping[str, Any]) -> Entry:
        origin = self.origins.of(name)
        at = self.source.root.entries["Resources"] if origin is None else origin.entry
        entries = {}
        for key, inner in value.items():
            own = part(at.value, key) if origin is not None else None
            made = placement.placed(inner, _likes(origin, key, own), own or at)
            entries[key] = Entry(line=made.line, column=made.column, value=made, file=made.file)
        return msgspec.structs.replace(at, value=table(entries, at.line, at.column, at.file))

    def _settled(self, root: Table) -> Table:
        """Give the template with the texts of SAM's resources settled, as the language extensions do before SAM."""
        listed = root.entries["Resources"]
        if not isinstance(listed.value, Table):
            return root
        names = self._scope.parameters.items()
        known = _PSEUDO.union(name for name, each in names if not (each.secret or each.missing or each.unsettled))
        made = {}
        for name, entry in listed.value.entries.items():
            ours = (text_of(part(entry.value, "Type")) or "").startswith(PREFIX)
            made[name] = msgspec.structs.replace(entry, value=self._fold(entry.value, known)) if ours else entry
        at = listed.value
        entry = msgspec.structs.replace(listed, value=table(made, at.line, at.column, at.file))
        return table({**root.entries, "Resources": entry}, root.line, root.column, root.file)

    def _fold(self, node: Node, known: frozenset[str]) -> Node:
        if isinstance(node, Leaf):
            return node
        if isinstance(node, Sequence):
            items = tuple(self._fold(item, known) for item in node.items)
            return sequence(items, node.line, node.column, node.file)
        text = self._text(node) if _is_settled(node) and mentioned(node, {}).keys() <= known else None
        if text is not None:
            return Leaf(value=text, line=node.line, column=node.column, file=node.file)
        entries = {
            key: msgspec.structs.replace(entry, value=self._fold(entry.value, known))
            for key, entry in node.entries.items()
        }
        return table(entries, node.line, node.column, node.file)

    def _text(self, node: Node) -> str | None:
        """Give the text that a part of the template stands for, as far as parameters and mappings tell."""
        if isinstance(node, Leaf):
            return node.value if isinstance(node.value, str) else None
        if not isinstance(node, Table) or not any(key == "Ref" or key.startswith("Fn::") for key in node.entries):
            return None
        known = len(self._scope.report.findings())
        made = TreeResolver(self._scope).resolve(node)
        clean = len(self._scope.report.findings()) == known
        return made.value if clean and isinstance(made, Leaf) and isinstance(made.value, str) else None


def _is_settled(node: Node) -> bool:
    """Say whether a part is made of functions alone that parameters and mappings settle."""
    if isinstance(node, Leaf):
        return True
    if isinstance(node, Sequence):
        return all(map(_is_settled, node.items))
    functions = [key for key in node.entries if key == "Ref" or key.startswith("Fn::")]
    return set(functions) <= _SETTLED and all(_is_settled(entry.value) for entry in node.entries.values())


def _files(root: Node) -> Iterator[str]:
    """Give the files that parts of a tree come from, if not from its own."""
    todo = [root]
    while todo:
        node = todo.pop()
        if node.file:
            yield node.file
        elif isinstance(node, Sequence):
            todo += node.items
        elif isinstance(node, Table):
            todo += [entry.value for entry in node.entries.values()]


def _body(resource: Mapping[str, Any]) -> Any:
    return resource.get("Properties", {}).get("Body", {})


def _title(body: Any) -> object:
    info = body.get("info") if isinstance(body, dict) else None
    return info.get("title") if isinstance(info, dict) else None


def _scope(root: Table, given: Given, environment: Environment, path: Path) -> Scope:
    """Give the names that stand for a value before there is any resource; what is wrong with them is reported later."""
    aside = Report(str(path))
    scope = Scope(environment, aside, {}, given)
    scope.parameters = read_parameters(section(root, "Parameters", aside), given, aside)
    for name, entry in section(root, "Mappings", aside).items():
        if isinstance(entry.value, Table):
            scope.mappings[name] = entry.value
    return scope


def _transforms(entry: Entry) -> list[str | None]:
    return [text_of(item) for item in (entry.value.items if isinstance(entry.value, Sequence) else (entry.value,))]


def _as_cloudformation(root: Table) -> Table:
    """Give a template without SAM's transform, which is not CloudFormation's to apply."""
    entry = root.entries["Transform"]
    listed = entry.value.items if isinstance(entry.value, Sequence) else ()
    rest = tuple(item for item in listed if text_of(item) != TRANSFORM)
    entries = {name: other for name, other in root.entries.items() if name != "Transform"}
    if rest:
        entries["Transform"] = msgspec.structs.replace(
            entry, value=sequence(rest, entry.line, entry.column, entry.file)
        )
    return table(entries, root.line, root.column, root.file)


def _likes(origin: Origin | None, key: str, own: Node | None) -> tuple[Node, ...]:
    if origin is not None and key == "Properties":
        return origin.likes
    return (own,) if own is not None else ()
