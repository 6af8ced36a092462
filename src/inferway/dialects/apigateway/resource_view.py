"""A resource's properties under one spelling, whichever format they were written in."""

from collections.abc import Iterator, Mapping

from inferway.dialects.apigateway.property_names import PROPERTIES
from inferway.dialects.apigateway.resource_kind import Kind
from inferway.dialects.apigateway.resource_kinds import BY_TYPE, UNSERVED
from inferway.dialects.aws_resources.property_check import check_properties
from inferway.faults import Severity
from inferway.formats.cursor import Cursor, Report
from inferway.formats.report import nearest
from inferway.formats.resources import Resource


class View:
    """Properties by CloudFormation's names; `names` maps them to Pulumi's, None where they are CloudFormation's."""

    __slots__ = ("at", "names")

    def __init__(self, at: Cursor, names: Mapping[str, str] | None) -> None:
        self.at = at
        self.names = names

    def __getitem__(self, name: str) -> Cursor:
        """Give a property."""
        return self.at[self.spelled(name)]

    def inside(self, name: str) -> "View":
        """Give the properties within a property."""
        return View(self[name], self.names)

    def items(self, name: str) -> Iterator["View"]:
        """Give the properties within each item of a list."""
        for item in self[name].items():
            yield View(item, self.names)

    def spelled(self, name: str) -> str:
        """Give a property's name as the format has it."""
        if self.names is None:
            return name
        return self.names.get(name) or f"{name[0].lower()}{name[1:]}"


class ResourceView(View):
    """One resource of the service."""

    __slots__ = ("attributes", "id", "kind", "label", "type")

    def __init__(self, resource: Resource, kind: Kind, findings: Report) -> None:
        names = kind.pulumi_names if resource.type == kind.pulumi else None
        super().__init__(Cursor.of(resource, findings), names)
        self.kind = kind
        self.type = resource.type
        self.id = resource.id
        self.label = resource.name
        self.attributes = resource.attributes

    @property
    def is_pulumi(self) -> bool:
        """Whether the format is Pulumi's, whose defaults are its own."""
        return self.names is not None

    def api(self) -> str:
        """Give the identifier of the API that the resource belongs to."""
        return self["RestApiId"].text()

    def report(self, *, checked: bool) -> None:
        """Report what is not read of the resource; names that there are not, where nobody has `checked` them."""
        if self.kind.name in UNSERVED:
            severity, text = UNSERVED[self.kind.name]
            say(self.at, severity, "unserved-resource", f"{self.label}: {text}")
            return
        silent = {self.spelled(name) for name in self.kind.silent | self.kind.reads}
        reported = {self.spelled(name): found for name, found in self.kind.reported.items()}
        for key, part in self.at.entries():
            if key in reported and part.value not in (None, [], {}):
                say(part, reported[key][0], "unserved-property", reported[key][1])
            elif not checked and key not in silent and key not in reported:
                known = nearest(key, silent | set(reported))
                part.warning("unknown-property", f"{self.type} has no property {key}; it is ignored{known}")


def say(at: Cursor, severity: Severity, code: str, text: str) -> None:
    """Report with a severity that a table gives."""
    {Severity.ERROR: at.error, Severity.WARNING: at.warning, Severity.NOTE: at.note}[severity](code, text)


def views(resources: tuple[Resource, ...], findings: Report) -> dict[str, list[ResourceView]]:
    """Give the resources of the service by kind, with what is not read of them reported."""
    made: dict[str, list[ResourceView]] = {}
    for resource in resources:
        kind = BY_TYPE.get(resource.type)
        if kind is None:
            continue
        view = ResourceView(resource, kind, findings)
        view.report(checked=check_properties(resource, view.at, PROPERTIES))
        made.setdefault(kind.name, []).append(view)
    return made
