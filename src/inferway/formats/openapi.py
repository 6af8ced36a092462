"""OpenAPI 3.0 and Swagger 2.0 documents, in YAML or JSON, as one resource `openapi:document`."""

import re
from pathlib import Path
from typing import Final

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.document import parse_document, read_document, read_text
from inferway.formats.nodes import Leaf, Node, NodePlaces, SyntaxFault, Table, plain
from inferway.formats.references import resolve_references
from inferway.formats.resources import Environment, Provision, Resource, ResourceGraph

NAMES: Final = tuple(f"{stem}.{suffix}" for stem in ("openapi", "swagger") for suffix in ("yaml", "yml", "json"))
"""File names that are looked for in a folder, in this order."""

DOCUMENT: Final = "openapi:document"

_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
_YAML_HEAD: Final = re.compile(r"""^["']?(?:openapi|swagger)["']?[ \t]*:""", re.MULTILINE)
_JSON_HEAD: Final = re.compile(r'[{,]\s*"(?:openapi|swagger)"\s*:\s*"?[0-9]')


def recognises(path: Path) -> bool:
    """Whether a file is, or by its name or head means to be, an OpenAPI or Swagger document."""
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    if path.name.lower() in NAMES:
        return True
    try:
        text = read_text(path)
    except SyntaxFault:
        return False
    if not text.lstrip().startswith("{"):
        return _YAML_HEAD.search(text) is not None
    if _JSON_HEAD.search(text) is None:
        return False
    try:
        root = parse_document(text)
    except SyntaxFault:
        return True
    return isinstance(root, Table) and not root.entries.keys().isdisjoint(("openapi", "swagger"))


def read(
    path: Path,
    environment: Environment | None = None,  # noqa: ARG001 - a format's form; a document knows of no place
    provision: Provision | None = None,  # noqa: ARG001 - nor of other resources
) -> tuple[ResourceGraph, Findings]:
    """Read a document; an empty graph with findings where it is none."""
    file = str(path)
    try:
        root = read_document(path)
    except SyntaxFault as fault:
        return ResourceGraph(resources=()), (fault.finding(file),)
    resource, findings = document(root, file, path.stem)
    return ResourceGraph(resources=() if resource is None else (resource,)), findings


def document(root: Node, file: str, name: str) -> tuple[Resource | None, Findings]:
    """Give the resource that a tree is as a document; None with findings where it is none."""
    try:
        root, findings = resolve_references(root, file)
    except SyntaxFault as fault:
        return None, (fault.finding(file),)
    if not isinstance(root, Table):
        place = Place(file=file, line=root.line, column=root.column)
        return None, (_error("not-openapi", "an OpenAPI document is a mapping", place),)
    places = NodePlaces(file, root)
    versions = _version(root, places)
    if any(finding.severity is Severity.ERROR for finding in versions):
        return None, versions
    properties = {key: plain(entry.value) for key, entry in root.entries.items()}
    resource = Resource(type=DOCUMENT, name=_title(root) or name, properties=properties, places=places)
    return resource, versions + findings


def _version(root: Table, places: NodePlaces) -> Findings:
    for key, served in (("openapi", "3.0"), ("swagger", "2.0")):
        if key not in root.entries:
            continue
        version, place = _text(root.entries[key].value), places.find(key)
        if version == served or version.startswith(f"{served}."):
            return ()
        if key == "openapi" and re.fullmatch(r"3\.[1-9][0-9]*(\..*)?", version):
            text = f"OpenAPI {version} is read as 3.0; what only {version} has is ignored or refused"
            return (Finding(severity=Severity.WARNING, code="openapi-version", text=text, place=place),)
        return (_error("openapi-version", f"{key} {version!r} is not read; 3.0 and 2.0 are", place),)
    return (_error("not-openapi", "the document has neither `openapi` nor `swagger`", places.find()),)


def _title(root: Table) -> str:
    info = root.entries.get("info")
    if info is None or not isinstance(info.value, Table) or "title" not in info.value.entries:
        return ""
    return _text(info.value.entries["title"].value)


def _text(node: Node) -> str:
    return str(node.value) if isinstance(node, Leaf) and node.value is not None else ""


def _error(code: str, text: str, place: Place) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=place)
