"""A folder of artifacts to a graph of resources, as templates write them."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.apiops.layout import FRAGMENTS, POLICY, SECTIONS, SERVICE, SPECIFICATIONS, Section
from inferway.formats.apiops.leftovers import leftovers
from inferway.formats.apiops.overrides import Overrides, as_mapping, merged
from inferway.formats.apiops.places import ArtifactPlaces
from inferway.formats.cursor import Report
from inferway.formats.document import read_document, read_text
from inferway.formats.nodes import Leaf, Node, NodePlaces, Sequence, SyntaxFault, Table, plain, table
from inferway.formats.presence import is_file
from inferway.formats.resources import Environment, OnePlace, Places, Provision, Resource, ResourceGraph

NAMES: Final = ("apimartifacts", "apim-artifacts", "artifacts", "apim-extract")
"""Names of folders that hold artifacts, in the folder of a project."""

_MOST_FILES: Final = 5_000
_MOST_FOLDERS: Final = 200
_UNLIKE_A_NAME: Final = re.compile(r"[^A-Za-z0-9-]+")
_DEFAULT: Final = "apim"
_MOST_NAMED: Final = 20
_EXTRACTOR: Final = "configuration.extractor"
"""What is extracted, and not what is published ("Environment Overrides" and the toolkit's own configuration files)."""

_FRAGMENT: Final = ((POLICY, "rawxml"),)


def recognises(path: Path) -> bool:
    """Whether a path is a folder of artifacts, or of a project that holds one."""
    return path.is_dir() and _artifacts(path) is not None


def _artifacts(folder: Path) -> Path | None:
    """Give the folder of artifacts: this one, or the one in it."""
    if _holds_artifacts(folder):
        return folder
    known = [folder / name for name in NAMES if _holds_artifacts(folder / name)]
    if known:
        return known[0]
    try:
        inner = [each for each in islice(sorted(folder.iterdir()), _MOST_FOLDERS) if _holds_artifacts(each)]
    except OSError:
        return None
    return inner[0] if len(inner) == 1 else None


def _holds_artifacts(folder: Path) -> bool:
    for section in SECTIONS:
        for name in section.folders:
            inner = folder / name
            if not inner.is_dir():
                continue
            if any((each / file).is_file() for each in _folders(inner) for file in section.files):
                return True
    return False


def _folders(folder: Path) -> list[Path]:
    try:
        return [each for each in islice(sorted(folder.iterdir()), _MOST_FILES) if each.is_dir()]
    except OSError:
        return []


def read(path: Path, environment: Environment, provision: Provision) -> tuple[ResourceGraph, Findings]:
    """Read a folder of artifacts, with the overrides of the environment's stack; an empty graph where it is none."""
    report: Report = {}
    folder = _artifacts(path) if path.is_dir() else None
    if folder is None:
        text = "there are no artifacts of APIOps here, such as apis/NAME/apiInformation.json"
        finding = Finding(severity=Severity.ERROR, code="not-apiops", text=text, place=Place(file=str(path)))
        return ResourceGraph(resources=()), (finding,)
    file = _overrides_file(folder, environment.stack, report)
    overrides = Overrides(file, environment.parameters, report)
    given = environment.parameters.get("apimServiceName", "")
    service = given or overrides.service or _service_name(folder)
    reader = _Reader(folder, service, environment, overrides, report)
    made = list(reader.read())
    report.update(dict.fromkeys(leftovers(folder, reader.files)))
    overrides.check()
    resources = []
    for resource in made:
        provisioned = provision(resource, environment)
        if provisioned is not None:
            resource = msgspec.structs.replace(resource, id=provisioned.id, attributes=provisioned.attributes)
        resources.append(resource)
    files = (*reader.files, *((file,) if file is not None else ()))
    return ResourceGraph(resources=tuple(resources), files=files), tuple(report)


def _overrides_file(folder: Path, stack: str, report: Report) -> Path | None:
    """Give the file of a stack's overrides; where there is none, but others are or the stack was named, say so."""
    around = (folder.parent, folder)
    beside = [each / f"configuration.{stack}.{suffix}" for each in around for suffix in ("yaml", "yml")]
    file = next((each for each in beside if is_file(each)), None)
    if file is not None:
        return file
    found = (path for each in around for path in sorted(each.glob("configuration.*.y*ml")) if is_file(path))
    others = [path.name for path in islice(found, _MOST_NAMED) if path.stem != _EXTRACTOR]
    usual = stack == Environment().stack
    if others or not usual:
        there = f"there are {', '.join(others)}" if others else "there is no configuration of any stack"
        text = f"there is no configuration.{stack}.yaml, so that nothing is overridden; {there}"
        severity = Severity.NOTE if usual else Severity.WARNING
        report[Finding(severity=severity, code="no-overrides", text=text, place=Place(file=str(folder)))] = None
    return None


def _service_name(folder: Path) -> str:
    """Make the service's name from the folder's, of the project's where that is any folder of artifacts."""
    whole = folder.resolve()
    name = whole.parent.name if whole.name in NAMES else whole.name
    return _UNLIKE_A_NAME.sub("-", name).strip("-").lower() or _DEFAULT


class _Reader:
    """Reads one folder of artifacts; each file at most once."""

    def __init__(
        self, folder: Path, service: str, environment: Environment, overrides: Overrides, report: Report
    ) -> None:
        self.files: list[Path] = []
        self._folder = folder
        self._service = service
        self._environment = environment
        self._overrides = overrides
        self._report = report

    def read(self) -> Iterator[Resource]:
        """Give the service and all that stands in the folder."""
        place = OnePlace(Place(file=str(self._folder)))
        properties = {"type": SERVICE, "name": self._service, "properties": {}}
        yield Resource(type=SERVICE, name=self._service, properties=properties, places=place)
        yield from self._policy(self._folder, SERVICE, self._service, ())
        for section in SECTIONS:
            yield from self._section(section, self._folder, SERVICE, self._service, ())

    def _section(
        self, section: Section, folder: Path, parent_type: str, parent: str, path: tuple[tuple[str, str], ...]
    ) -> Iterator[Resource]:
        type_name = f"{parent_type}/{section.type}"
        for name in section.folders:
            for inner in _folders(folder / name):
                called, own = f"{parent}/{inner.name}", (*path, (section.key, inner.name))
                resource = self._artifact(section, inner, type_name, called, own)
                if resource is not None:
                    yield resource
                if section.policy:
                    yield from self._policy(inner, type_name, called, own)
                for file, kind in section.lists:
                    yield from self._listed(inner / file, f"{type_name}/{kind}", called)
                for child in section.children:
                    yield from self._section(child, inner, type_name, called, own)

    def _artifact(
        self, section: Section, folder: Path, type_name: str, name: str, path: tuple[tuple[str, str], ...]
    ) -> Resource | None:
        file = next((folder / each for each in section.files if (folder / each).is_file()), None)
        if file is None:
            if not section.without:
                return None
            root: Node = table({}, 1, 1)
            places: Places = OnePlace(Place(file=str(folder)))
        else:
            read = self._json(file)
            if not isinstance(read, Table):
                return None
            root, places = read, NodePlaces(str(file), read)
        properties = as_mapping(root)
        inner = properties.get("properties")
        held = dict(inner) if isinstance(inner, dict) else {}
        text = self._text(section, folder, held)
        if section.key == "namedValues":
            self._secret(held, name.rpartition("/")[2], places)
        override = self._overrides.of(*path)
        if override is not None:
            held = merged(held, as_mapping(override.entries["properties"].value))
        return Resource(
            type=type_name,
            name=name.partition("/")[2],
            properties={**properties, "type": type_name, "name": name, "properties": held},
            places=ArtifactPlaces(places, text, self._overrides.places(override) if override is not None else None),
        )

    def _text(self, section: Section, folder: Path, held: dict[str, object]) -> str:
        """Take an API's document or a fragment's policies from the file beside; give the file's name."""
        is_api = section.key == "apis" and section.policy
        for name, kind in SPECIFICATIONS if is_api else _FRAGMENT if section is FRAGMENTS else ():
            file = folder / name
            text = self._read(file) if file.is_file() else None
            if text is not None:
                held |= {"format": kind, "value": text}
                return str(file)
        return ""

    def _secret(self, held: dict[str, object], name: str, places: Places) -> None:
        """Give a named value without a value, as a secret is extracted, or in a vault, the parameter of its name."""
        shown = held.get("displayName")
        for known in (name, shown if isinstance(shown, str) else name):
            if known in self._environment.parameters:
                held["value"] = self._environment.parameters[known]
                held.pop("keyVault", None)
                return
        if held.get("keyVault"):
            text = f"the named value {name} is in Key Vault, which is not read; give --param {name}=VALUE"
            self._say(Severity.NOTE, "no-named-value", text, places.find("properties", "keyVault"))
        elif held.get("value") is None and self._overrides.of(("namedValues", name)) is None:
            text = f"the named value {name} has no value, as secrets are extracted; give --param {name}=VALUE"
            self._say(Severity.WARNING, "no-named-value", text, places.find("properties"))
            held["value"] = ""

    def _policy(
        self, folder: Path, parent_type: str, parent: str, path: tuple[tuple[str, str], ...]
    ) -> Iterator[Resource]:
        file = folder / POLICY
        text = self._read(file) if file.is_file() else None
        if text is None:
            return
        held: dict[str, object] = {"format": "rawxml", "value": text}
        override = self._overrides.of(*path, ("policies", "policy"))
        if override is not None:
            held = merged(held, as_mapping(override.entries["properties"].value))
        type_name, name = f"{parent_type}/policies", f"{parent}/policy"
        yield Resource(
            type=type_name,
            name=name.partition("/")[2],
            properties={"type": type_name, "name": name, "properties": held},
            places=ArtifactPlaces(OnePlace(Place(file=str(file), line=1, column=1)), str(file)),
        )

    def _listed(self, file: Path, type_name: str, parent: str) -> Iterator[Resource]:
        root = self._json(file) if file.is_file() else None
        if root is None:
            return
        if not isinstance(root, Sequence):
            self._say(Severity.ERROR, "bad-artifact", f"{file.name} must be a list of names", Place(file=str(file)))
            return
        for item in root.items:
            entry = item.entries.get("name") if isinstance(item, Table) else None
            value = entry.value if entry is not None else item
            if not isinstance(value, Leaf) or not isinstance(value.value, str):
                place = Place(file=str(file), line=item.line, column=item.column)
                self._say(Severity.ERROR, "bad-artifact", "an entry has a name", place)
                continue
            name = f"{parent}/{value.value}"
            yield Resource(
                type=type_name,
                name=name.partition("/")[2],
                properties={"type": type_name, "name": name, "properties": {}},
                places=OnePlace(Place(file=str(file), line=item.line, column=item.column)),
            )

    def _json(self, file: Path) -> Node | None:
        if not self._take(file):
            return None
        try:
            root = read_document(file)
        except SyntaxFault as fault:
            self._report[fault.finding(str(file))] = None
            return None
        if isinstance(root, Leaf):
            self._say(Severity.ERROR, "bad-artifact", f"{file.name} says {plain(root)!r} only", Place(file=str(file)))
            return None
        return root

    def _read(self, file: Path) -> str | None:
        if not self._take(file):
            return None
        try:
            return read_text(file)
        except SyntaxFault as fault:
            self._report[fault.finding(str(file))] = None
            return None

    def _take(self, file: Path) -> bool:
        """Count a file; say no to more than a folder may hold."""
        if len(self.files) < _MOST_FILES:
            self.files.append(file)
            return True
        text = f"more than {_MOST_FILES:,} files; the rest is not read"
        self._say(Severity.ERROR, "too-large", text, Place(file=str(self._folder)))
        return False

    def _say(self, severity: Severity, code: str, text: str, place: Place) -> None:
        self._report[Finding(severity=severity, code=code, text=text, place=place)] = None
