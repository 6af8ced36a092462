"""What all deployments of one template have in common, and the resources that they declare."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from inferway.formats.arm.frame import Budget, Frame
from inferway.formats.arm.parameters import Given
from inferway.formats.arm.values import Value
from inferway.formats.nodes import Leaf, Table
from inferway.formats.report import Report
from inferway.formats.resources import Environment, Provision, Provisioned, Resource


class Item:
    """A resource as a template declares it, once for each turn of its loop.

    `existing` is one that the template does not make, only refers to; one that is not `wanted` its condition leaves
    out. Once it is settled it has a `resource`, or as a deployment `outputs`.
    """

    def __init__(
        self, *, symbol: str, type_name: str, name: str, node: Table, frame: Frame, existing: bool, wanted: bool
    ) -> None:
        self.symbol = symbol
        self.type = type_name
        self.name = name
        self.node = node
        self.frame = frame
        self.existing = existing
        self.wanted = wanted
        self.depends_on: list[tuple[str, Leaf]] = []
        self.settled = False
        self.resource: Resource | None = None
        self.provisioned: Provisioned | None = None
        self.outputs: dict[str, Value] = {}
        self.secret = False

    @property
    def label(self) -> str:
        """How it is called in findings."""
        return self.symbol or self.name

    @property
    def key(self) -> tuple[str, str]:
        """By what it is known: type and name, whatever their case."""
        return self.type.lower(), self.name.lower()


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """The world around all deployments of one template; `known` are all their resources.

    `trees` are the linked files as they are parsed, None for one that is no template, and `given` the linked files of
    parameters; `linking` are the templates that are being settled, each within the one before it, with their files and
    the values of their parameters.
    """

    environment: Environment
    provision: Provision
    report: Report
    budget: Budget
    resources: list[Resource]
    files: list[Path]
    known: dict[tuple[str, str], Item]
    active: dict[int, Item]
    trees: dict[Path, Table | None]
    given: dict[Path, dict[str, Given]]
    linking: list[tuple[Table, Path, Mapping[str, Value]]]
