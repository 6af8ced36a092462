"""Names the constructs that findings are about where their template is gone before anybody could open it.

Source: AWS CDK, "Constructs and the construct tree" (https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html): each
resource has its construct's path in its metadata, `aws:cdk:path`.
"""

from bisect import bisect_right
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Place
from inferway.formats.cdk.manifest import MANIFEST
from inferway.formats.cloudformation.template import part, read_template, text_of
from inferway.formats.nodes import SyntaxFault, Table
from inferway.formats.resources import Places, Resource

_PATH: Final = "aws:cdk:path"


class Constructs:
    """The constructs of the templates below a folder, which a program has made and which goes with us.

    A place in them becomes `PROGRAM#PATH/OF/CONSTRUCT`, one elsewhere stays.
    """

    def __init__(self, folder: Path, program: Path) -> None:
        self._folder = folder.absolute()
        self._program = program
        self._known: dict[str, list[tuple[int, str]]] = {}

    def place(self, place: Place) -> Place:
        """Give the place that a reader can look up."""
        file = Path(place.file).absolute()
        if not place.file or not file.is_relative_to(self._folder):
            return place
        listed = self._of(place.file)
        index = bisect_right(listed, place.line, key=lambda each: each[0]) - 1
        if file.name == MANIFEST:
            return Place(file=str(self._program))
        name = listed[index][1] if index >= 0 else file.relative_to(self._folder).as_posix()
        return Place(file=f"{self._program}#{name}")

    def finding(self, finding: Finding) -> Finding:
        """Give a finding with such a place."""
        return msgspec.structs.replace(finding, place=self.place(finding.place))

    def resource(self, resource: Resource) -> Resource:
        """Give a resource with such places."""
        return msgspec.structs.replace(resource, places=_Places(resource.places, self), type_place=None)

    def _of(self, file: str) -> list[tuple[int, str]]:
        """Give the constructs of a template by the line in which each of its resources begins."""
        if file not in self._known:
            self._known[file] = _read(Path(file)) if file.endswith(".json") else []
        return self._known[file]


def _read(template: Path) -> list[tuple[int, str]]:
    try:
        resources = part(read_template(template), "Resources")
    except SyntaxFault:
        return []
    made = []
    for name, entry in resources.entries.items() if isinstance(resources, Table) else ():
        metadata = part(entry.value, "Metadata")
        path = text_of(part(metadata, _PATH)) if metadata is not None else None
        made.append((entry.line, (path or f"{template.name}/{name}").removesuffix("/Resource")))
    return made


class _Places:
    """A resource's places, each as its construct."""

    def __init__(self, places: Places, constructs: Constructs) -> None:
        self._places = places
        self._constructs = constructs

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path of keys and indexes."""
        return self._constructs.place(self._places.find(*path))
