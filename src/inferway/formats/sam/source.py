"""A SAM template as it is written: its resources, what they share, and what stands where in it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, plain

TRANSFORM: Final = "AWS::Serverless-2016-10-31"
PREFIX: Final = "AWS::Serverless::"
FUNCTION: Final = f"{PREFIX}Function"
API: Final = f"{PREFIX}Api"
GRAPHQL: Final = f"{PREFIX}GraphQLApi"

IMPLICIT_API: Final = "ServerlessRestApi"
"""The logical name of the API that functions' events make (SAM specification, "AWS::Serverless::Api")."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A resource of the template; `type` is "" where it says none."""

    name: str
    type: str
    entry: Entry
    properties: Node | None

    def node(self, *path: str) -> Node | None:
        """Give a part of the properties; None where there is none."""
        here = self.properties
        for step in path:
            here = part(here, step) if here is not None else None
        return here

    def entries(self, *path: str) -> Mapping[str, Entry]:
        """Give a mapping of the properties; empty where there is none."""
        here = self.node(*path)
        return here.entries if isinstance(here, Table) else {}

    def at(self, *path: str) -> Entry:
        """Give the entry of a property, of what holds it where it is absent."""
        found = self.entry
        for step in ("Properties", *path):
            entry = found.value.entries.get(step) if isinstance(found.value, Table) else None
            if entry is None:
                break
            found = entry
        return found


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A template's file and tree, its short forms written out."""

    path: Path
    root: Table

    @property
    def folder(self) -> Path:
        """The folder that local paths start from."""
        return self.path.parent

    def resources(self) -> Iterator[Declared]:
        """Give the resources in the order of the file."""
        listed = part(self.root, "Resources")
        for name, entry in listed.entries.items() if isinstance(listed, Table) else ():
            kind = text_of(part(entry.value, "Type")) or ""
            yield Declared(name=name, type=kind, entry=entry, properties=part(entry.value, "Properties"))

    def shared(self, kind: str) -> Node | None:
        """Give what `Globals` says of a type of resource."""
        section = part(self.root, "Globals")
        return part(section, kind.removeprefix(PREFIX)) if section is not None else None

    def data(self) -> dict[str, object]:
        """Give the template as plain data; `Fn::GetAtt` is a list in it, as SAM's own parser writes it."""
        made = _listed(plain(self.root))
        return made if isinstance(made, dict) else {}


def is_serverless(root: Node) -> bool:
    """Say whether a template asks for SAM's transform."""
    transform = part(root, "Transform")
    listed = transform.items if isinstance(transform, Sequence) else (transform,)
    return any(isinstance(item, Leaf) and item.value == TRANSFORM for item in listed)


def _listed(value: object) -> object:
    if isinstance(value, list):
        return [_listed(item) for item in value]
    if not isinstance(value, dict):
        return value
    attribute = value.get("Fn::GetAtt")
    if len(value) == 1 and isinstance(attribute, str):
        return {"Fn::GetAtt": attribute.split(".", 1)}
    return {key: _listed(item) for key, item in value.items()}
