"""Runs programs for real, with the installed SDKs; kept as .txt because some of them are wrong on purpose."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.faults import Findings
from inferway.formats.pulumi.messages import Limits
from inferway.formats.pulumi.reader import read
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph

PROGRAMS = Path(__file__).with_name("programs")
Run = Callable[..., tuple[ResourceGraph, Findings]]


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give what the tests need of what a dialect gives."""
    if resource.type == "aws:appsync/graphQLApi:GraphQLApi":
        uris = {"GRAPHQL": f"{environment.base_url}/example/graphql", "REALTIME": "ws://127.0.0.1/"}
        return Provisioned(id="api1", attributes={"uris": uris, "arn": "arn:aws:appsync:us-east-1:1:apis/api1"})
    if resource.type == "aws:appsync/apiKey:ApiKey":
        return Provisioned(id="api1:key1", attributes={"key": "da2-key"}, secrets=frozenset({"key"}))
    if resource.type == "azure-native:apimanagement:ApiManagementService":
        return Provisioned(id="/service", attributes={"gatewayUrl": environment.base_url})
    return None


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give a function that writes a program to a folder of its own and runs it."""

    def running(
        text: str, environment: Environment | None = None, limits: Limits | None = None
    ) -> tuple[ResourceGraph, Findings]:
        file = tmp_path / "program.py"
        file.write_text(text)
        return read(file, environment or Environment(), provision, limits or Limits(seconds=30))

    return running


@pytest.fixture
def seed(run: Run) -> Run:
    """Give a function that runs one of the kept programs by its name."""

    def running(name: str) -> tuple[ResourceGraph, Findings]:
        return run((PROGRAMS / f"{name}.txt").read_text())

    return running
