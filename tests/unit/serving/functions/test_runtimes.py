"""Tests of the runtimes that are run here."""

import sys
from pathlib import Path

import msgspec
import pytest

from inferway.serving.functions.options import FunctionOptions, settings_of
from inferway.serving.functions.runtimes import Family, Runtime, command_of, module_folders, other_version, runtime_of


@pytest.mark.parametrize(
    ("identifier", "family", "version"),
    [
        # lambda-runtimes, "Supported runtimes"
        ("", Family.PYTHON, ""),
        ("python3.13", Family.PYTHON, "3.13"),
        ("nodejs24.x", Family.NODE, "24"),
        ("provided.al2023", Family.CUSTOM, ""),
        ("provided", Family.CUSTOM, ""),
    ],
)
def test_an_identifier_names_a_family_and_a_version(identifier: str, family: Family, version: str) -> None:
    assert runtime_of(identifier) == Runtime(family=family, version=version)


@pytest.mark.parametrize("identifier", ["java21", "dotnet8", "ruby3.4", "go1.x", "python", "Python3.12"])
def test_another_is_not_run(identifier: str) -> None:
    assert runtime_of(identifier) is None


def test_another_version_of_python_is_noted() -> None:
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    for runtime, python, said in (("python3.8", "", True), (f"python{own}", "", False), ("python3.8", "/x", False)):
        settings = settings_of("f", FunctionOptions(handler="a.b", runtime=runtime, python=python))
        assert bool(other_version(settings)) is said


def test_layers_are_found_where_the_service_looks(tmp_path: Path) -> None:
    # packaging-layers, "Layer paths for each Lambda runtime"
    for folder in (
        "python/lib/python3.12/site-packages",
        "python/lib/python3.9/site-packages",
        "nodejs/node20/node_modules",
        "nodejs/node22/node_modules",
        "nodejs/node_modules",
    ):
        (tmp_path / folder).mkdir(parents=True)

    def found(runtime: str) -> list[str]:
        base = settings_of("f", FunctionOptions(handler="a.b", runtime=runtime))
        return [
            str(Path(folder).relative_to(tmp_path))
            for folder in module_folders(msgspec.structs.replace(base, opt=str(tmp_path)))
        ]

    assert found("python3.12") == ["python/lib/python3.12/site-packages", "python"]
    assert found("nodejs22.x") == ["nodejs/node22/node_modules", "nodejs/node_modules"]
    assert found("provided.al2") == []


def test_nodes_heap_is_nine_tenths_of_what_is_stated() -> None:
    def heap(memory: int) -> tuple[str, ...]:
        return command_of(settings_of("f", FunctionOptions(handler="a.b", runtime="nodejs20.x", memory=memory)))[1:-1]

    assert heap(1000) == ("--max-semi-space-size=50", "--max-old-space-size=900")
    assert heap(0) == ()
