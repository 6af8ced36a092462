"""A resource in one view, by whichever format and provider it was written."""

from collections.abc import Mapping
from typing import Final

from inferway.dialects.apim.kind import PROVIDER, Kind
from inferway.dialects.apim.kinds import API, API_POLICY, OPERATION_POLICY, POLICY, PRODUCT_POLICY
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import Resource

_RENAMED: Final = (API, POLICY, API_POLICY, OPERATION_POLICY, PRODUCT_POLICY)
_FORMER: Final = {"value": ("policyContent", "contentValue"), "format": ("contentFormat",)}
"""Properties under the names that versions of 2018 and before had for them."""


def is_template(resource: Resource) -> bool:
    """Say whether a resource is written as a template writes it: its properties below `properties`."""
    return resource.type[:1] in "Mm"


class View:
    """A resource as the reader sees it: its kind, the names that make up its path, and its properties at one level."""

    def __init__(self, resource: Resource, kind: Kind, findings: Report) -> None:
        self.kind = kind
        self.resource = resource
        whole = Cursor.of(resource, findings)
        nested = resource.properties.get("properties")
        self._nested = whole["properties"] if isinstance(nested, Mapping) and is_template(resource) else whole
        self._whole = whole
        self.names = _names(resource, kind)

    @property
    def name(self) -> str:
        """The resource's own name: the last of its path."""
        return self.names[-1]

    @property
    def whole(self) -> Cursor:
        """The properties as written."""
        return self._whole

    def __getitem__(self, key: str) -> Cursor:
        """Give a property."""
        found = self._nested[key]
        if not found.present and self.kind in _RENAMED:
            for name in _FORMER.get(key, ()):
                if (former := self._nested[name]).present:
                    return former
        return found


def _names(resource: Resource, kind: Kind) -> tuple[str, ...]:
    """Give the names of a resource's path: from its identifier, else from its inputs, else from a template's name."""
    path = resource.id.partition(f"/providers/{PROVIDER}/")[2]
    names = tuple(path.split("/")[1::2])
    if len(names) == len(kind.path):
        return names
    given = [resource.properties.get(key) for key in kind.path]
    if all(isinstance(name, str) and name for name in given):
        return tuple(str(name) for name in given)
    written = resource.properties.get("name")
    if isinstance(written, str) and written.count("/") + 1 == len(kind.path):
        return tuple(written.split("/"))
    missing = [name if isinstance(name, str) else "" for name in given]
    return (*missing[:-1], missing[-1] or resource.name)
