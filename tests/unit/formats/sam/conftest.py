"""A template in a folder of its own, read with every resource provisioned by its name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.faults import Finding
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph
from inferway.formats.sam import reader

SERVERLESS = "AWS::Serverless-2016-10-31"


class Reading:
    """What came of a template."""

    def __init__(self, path: Path, graph: ResourceGraph, findings: list[Finding]) -> None:
        self.path = path
        self.graph = graph
        self.findings = findings

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]

    def of(self, kind: str) -> list[Resource]:
        return [resource for resource in self.graph.resources if resource.type == f"AWS::{kind}"]

    def one(self, kind: str) -> Resource:
        (resource,) = self.of(kind)
        return resource

    def line(self, text: str) -> int:
        """Give the 1-based line of the template that holds a text first."""
        lines = self.path.read_text("utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)


class Attributes(dict[str, str]):
    """Every attribute that may be asked for: `arn:Name` is the Arn of Name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> str:
        return f"{key.lower()}:{self._name}"


def provision(resource: Resource, environment: Environment) -> Provisioned:
    return Provisioned(id=resource.name, attributes=Attributes(resource.name))


Sam = Callable[..., Reading]


@pytest.fixture
def sam(tmp_path: Path) -> Sam:
    """Write resources under SAM's head, and files beside the template; read it."""

    def read(
        resources: str,
        head: str = "",
        files: dict[str, str] | None = None,
        transform: str = SERVERLESS,
        **environment: Any,
    ) -> Reading:
        path = tmp_path / "template.yaml"
        path.write_text(f"Transform: {transform}\n{head}Resources:\n{resources}", "utf-8")
        for name, text in (files or {}).items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        graph, findings = reader.read(path, Environment(**environment), provision)
        return Reading(path, graph, list(findings))

    return read
