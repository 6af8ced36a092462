"""Runs programs for real, with the installed SDKs; kept as .txt because some of them are wrong on purpose."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.faults import Findings
from inferway.formats.pulumi.messages import Limits
from inferway.formats.pulumi.reader import read
from inferway.formats.resources import Environment, Provisioned, Resource, ResourceGraph

PROGRAMS = Path(__file__).with_name("programs")
PACKAGES = Path(__file__).parents[3] / ".node" / "node_modules"
Run = Callable[..., tuple[ResourceGraph, Findings]]


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give what the tests need of what a dialect gives."""
    if resource.type == "aws:appsync/graphQLApi:GraphQLApi":
        uris = {"GRAPHQL": f"{environment.base_url}/example/graphql", "REALTIME": "ws://127.0.0.1/"}
        return Provisioned(id="api1", attributes={"uris": uris, "arn": "arn:aws:appsync:us-east-1:1:apis/api1"})
    if resource.type == "aws:appsync/apiKey:ApiKey":
        return Provisioned(id="api1:key1", attributes={"key": "da2-key"}, secrets=frozenset({"key"}))
    if resource.type == "aws:cloudwatch/logGroup:LogGroup":
        name = str(resource.properties.get("name") or resource.name)
        arn = f"arn:aws:logs:{environment.region}:{environment.account}:log-group:{name}"
        return Provisioned(id="", attributes={"arn": arn})
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
def node(tmp_path: Path) -> Run:
    """Give a function that writes a program for Node.js, with files beside it, to a project of its own and runs it."""
    assert PACKAGES.is_dir(), "the packages of TypeScript programs are missing: make .node/.installed"

    def running(
        text: str,
        environment: Environment | None = None,
        limits: Limits | None = None,
        main: str = "index.ts",
        **files: str,
    ) -> tuple[ResourceGraph, Findings]:
        (tmp_path / "node_modules").symlink_to(PACKAGES)
        given = {
            "Pulumi_yaml": "name: shop\nruntime: nodejs\n",
            "package_json": '{"name": "shop", "dependencies": {"@pulumi/pulumi": "3", "@pulumi/aws": "7"}}',
            **files,
        }
        for name, content in given.items():
            stem, _, suffix = name.rpartition("_")
            (tmp_path / f"{stem.replace('__', '.')}.{suffix}").write_text(content)
        (tmp_path / main).parent.mkdir(exist_ok=True)
        (tmp_path / main).write_text(text)
        place = environment or Environment()
        # checking the types of a cloud's SDK takes five seconds; one test does it
        fast = {"env:PULUMI_NODEJS_TRANSPILE_ONLY": "true", **place.parameters}
        return read(
            tmp_path,
            Environment(parameters=fast, stack=place.stack, stack_references=place.stack_references, secret=b"s"),
            provision,
            limits or Limits(seconds=60),
        )

    return running


@pytest.fixture
def seed(run: Run) -> Run:
    """Give a function that runs one of the kept programs by its name."""

    def running(name: str) -> tuple[ResourceGraph, Findings]:
        return run((PROGRAMS / f"{name}.txt").read_text())

    return running
