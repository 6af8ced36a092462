"""Projects in a folder of their own, evaluated with a provision that models one type."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from inferway.faults import Findings
from inferway.formats.pulumi.reader import read
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph

Read = Callable[..., tuple[ResourceGraph, Findings]]

HEAD = "name: movies\nruntime: yaml\n"


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    if resource.type != "aws:apigateway/restApi:RestApi":
        return None
    arn = f"arn:aws:apigateway:{environment.region}::/restapis/{resource.name}"
    attributes = {"arn": arn, "rootResourceId": f"{resource.name}-root", "key": "hush"}
    return Provisioned(id=f"id-of-{resource.name}", attributes=attributes, secrets=frozenset({"key"}))


@pytest.fixture
def program(tmp_path: Path) -> Read:
    """Give what writes a program below the project's head, and reads it."""

    def write_and_read(text: str, **environment: object) -> tuple[ResourceGraph, Findings]:
        (tmp_path / "Pulumi.yaml").write_text(HEAD + dedent(text), encoding="utf-8")
        return read(tmp_path, Environment(**environment), provision)  # type: ignore[arg-type]  # any of its fields

    return write_and_read
