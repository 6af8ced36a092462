"""Reads small templates: resources are provisioned with their logical name as identifier and one attribute."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inferway.faults import Finding
from inferway.formats import cloudformation
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    if resource.type.startswith("AWS::Unknown"):
        return None
    attributes = {
        "Arn": f"arn:{environment.region}:{resource.name}",
        "Key": f"key of {resource.name}",
        "A.B": "nested",
        "List": ["l1", "l2"],
        "Seen": msgspec.json.encode(resource.properties).decode(),
    }
    return Provisioned(id=f"id-{resource.name}", attributes=attributes, secrets=frozenset(("Key",)))


class Read(msgspec.Struct, frozen=True):
    """A graph, with what was found."""

    graph: ResourceGraph
    findings: list[Finding]

    @property
    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]

    @property
    def texts(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)

    def value(self, name: str = "R") -> Any:
        """Give the property V of a resource."""
        (found,) = (resource.properties["V"] for resource in self.graph.resources if resource.name == name)
        return found

    def outputs(self) -> dict[str, Any]:
        return {output.name: output.value for output in self.graph.outputs}


@pytest.fixture
def read_template(tmp_path: Path) -> Callable[..., Read]:
    """Read a template's text, in YAML unless the name says otherwise."""

    def read_text(text: str, name: str = "t.yaml", **environment: Any) -> Read:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        graph, findings = cloudformation.read(path, Environment(**environment), provision)
        return Read(graph, list(findings))

    return read_text


@pytest.fixture
def read_value(read_template: Callable[..., Read]) -> Callable[..., Read]:
    """Read a template whose resource R has the property V as given, beside what `rest` adds below it."""

    def read_text(value: str, rest: str = "", **environment: Any) -> Read:
        head = "Resources:\n  A: {Type: 'AWS::Known::Thing'}\n  U: {Type: 'AWS::Unknown::Thing'}\n"
        text = f"{head}  R:\n    Type: AWS::Known::Thing\n    Properties:\n      V: {value}\n{rest}"
        return read_template(text, **environment)

    return read_text
