"""Reads templates that a test writes, with a stand-in for the dialects."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inferway.formats.arm import reader
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


class Done(NamedTuple):
    """What came of a template."""

    graph: ResourceGraph
    findings: list[str]

    @property
    def outputs(self) -> dict[str, object]:
        return {output.name: output.value for output in self.graph.outputs}

    @property
    def names(self) -> list[object]:
        return [resource.properties["name"] for resource in self.graph.resources]

    @property
    def codes(self) -> list[str]:
        return [finding.rpartition("[")[2].rstrip("]") for finding in self.findings]


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give a service a URL, and whatever ends in keys a secret; nobody knows other providers."""
    if not resource.type.startswith("Test.Api/"):
        return None
    name = str(resource.properties["name"])
    attributes = {"url": f"{environment.base_url}/{name}", "key": f"secret of {name}"}
    return Provisioned(id=f"/made/{name}", attributes=attributes, secrets=frozenset(("key",)))


class Templates:
    """Writes templates and reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, text: str | Mapping[str, Any], name: str = "azuredeploy.json") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text, indent=1), encoding="utf-8")
        return path

    def read(self, template: str | Mapping[str, Any], stack: str = "dev", **parameters: str) -> Done:
        given = template if isinstance(template, str) else {"$schema": SCHEMA, "resources": [], **template}
        environment = Environment(secret=b"s", parameters=parameters, stack=stack)
        graph, findings = reader.read(self.write(given), environment, provision)
        return Done(graph, [str(finding) for finding in findings])

    def value(self, expression: str, **sections: Any) -> object:
        """Give what an expression evaluates to; there may be no finding."""
        done = self.read({**sections, "outputs": {"it": {"type": "object", "value": {"is": f"[{expression}]"}}}})
        assert not done.findings, done.findings
        (value,) = done.outputs.values()
        assert isinstance(value, dict)
        return value["is"]

    def error(self, expression: str, **sections: Any) -> str:
        """Give the one finding that an expression makes."""
        (finding,) = self.read({**sections, "outputs": {"it": {"type": "string", "value": f"[{expression}]"}}}).findings
        return finding


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    return Templates(tmp_path)
