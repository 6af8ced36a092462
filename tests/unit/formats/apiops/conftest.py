"""Writes folders of artifacts and reads them."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inferway.formats.apiops import reader
from inferway.formats.resources import Environment, Resource, ResourceGraph

API = "apis/movies/apiInformation.json"


class Done(NamedTuple):
    """What came of a folder."""

    graph: ResourceGraph
    findings: list[str]

    @property
    def resources(self) -> dict[str, Resource]:
        """By type behind the service, and name."""
        return {
            f"{made.type.partition('service/')[2]} {made.name}": made
            for made in self.graph.resources
            if made.type.count("/") > 1
        }

    def properties(self, key: str) -> dict[str, Any]:
        properties = self.resources[key].properties["properties"]
        assert isinstance(properties, dict)
        return properties

    @property
    def codes(self) -> list[str]:
        return [finding.rpartition("[")[2].rstrip("]") for finding in self.findings]


class Folders:
    """A project's folder with artifacts in `apimartifacts`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.artifacts = folder / "apimartifacts"

    def put(self, files: dict[str, Any], below: str = "apimartifacts") -> None:
        for name, content in files.items():
            path = self.folder / below / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")

    def read(self, path: Path | None = None, stack: str = "dev", **parameters: str) -> Done:
        environment = Environment(secret=b"s", stack=stack, parameters=parameters)
        graph, findings = reader.read(path or self.folder, environment, lambda *_: None)
        return Done(graph, [str(finding) for finding in findings])


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    made = Folders(tmp_path / "Movies Project")
    made.put({API: {"properties": {"path": "movies", "displayName": "Movies"}}})
    return made
