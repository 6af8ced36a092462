"""The manifest of a cloud assembly: which stacks it holds, in which order, and where their assets are.

Source: https://github.com/aws/aws-cdk, packages/@aws-cdk/cloud-assembly-schema (schema/cloud-assembly.schema.json and
schema/assets.schema.json).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from inferway.faults import Finding, Place, Severity
from inferway.formats.document import read_text
from inferway.formats.nodes import SyntaxFault

MANIFEST: Final = "manifest.json"

_MOST_ASSEMBLIES: Final = 100
"""Assemblies in one another; a stage of an app is one of its own."""

_UNKNOWN: Final = "unknown-"


Kind = TypeVar("Kind")


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a manifest."""

    type: str
    environment: str = ""
    properties: Mapping[str, object] = {}
    dependencies: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest's entries."""

    artifacts: Mapping[str, Artifact] = {}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where an asset is, from the manifest's folder on; "" for one that a command makes."""

    path: str = ""


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where an asset would be put."""

    objectKey: str = ""  # noqa: N815 - the schema's own name


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """A file or folder that a template refers to."""

    source: Source = Source()
    destinations: Mapping[str, Destination] = {}


class Assets(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest of assets."""

    files: Mapping[str, Asset] = {}


class StackFile(msgspec.Struct, frozen=True, kw_only=True):
    """A stack of an assembly: its name, its template, its parameters, and the Region and account it names, or "".

    `after` names the artifacts of its own manifest that come before it.
    """

    artifact: str
    name: str
    template: Path
    parameters: Mapping[str, str]
    region: str
    account: str
    after: tuple[str, ...]


class Assembly(msgspec.Struct, frozen=True, kw_only=True):
    """All stacks of an assembly and those in it, and its assets by the key that templates know them by."""

    stacks: tuple[StackFile, ...]
    assets: Mapping[str, Path]
    files: tuple[Path, ...]


def read_assembly(folder: Path, findings: list[Finding]) -> Assembly:
    """Read the manifests in a folder and its stages'; what cannot be read is reported and left out."""
    stacks: list[StackFile] = []
    assets: dict[str, Path] = {}
    files: list[Path] = []
    todo = [folder]
    while todo and len(files) < _MOST_ASSEMBLIES:
        here = todo.pop(0)
        manifest = _decoded(here / MANIFEST, Manifest, findings)
        files.append(here / MANIFEST)
        if manifest is None:
            continue
        for name, artifact in manifest.artifacts.items():
            if artifact.type == "aws:cloudformation:stack":
                stacks.append(_stack(here, name, artifact))
            elif artifact.type == "cdk:cloud-assembly":
                todo.append(here / str(artifact.properties.get("directoryName", "")))
            elif artifact.type == "cdk:asset-manifest":
                listed = _decoded(here / str(artifact.properties.get("file", "")), Assets, findings)
                assets.update(_assets(here, listed) if listed is not None else ())
    return Assembly(stacks=tuple(stacks), assets=assets, files=tuple(files))


def _stack(folder: Path, name: str, artifact: Artifact) -> StackFile:
    account, _, region = artifact.environment.removeprefix("aws://").partition("/")
    parameters = artifact.properties.get("parameters")
    return StackFile(
        artifact=name,
        name=str(artifact.properties.get("stackName") or name),
        template=folder / str(artifact.properties.get("templateFile", "")),
        parameters={str(key): str(value) for key, value in parameters.items()} if isinstance(parameters, dict) else {},
        region="" if region.startswith(_UNKNOWN) else region,
        account="" if account.startswith(_UNKNOWN) else account,
        after=artifact.dependencies,
    )


def _assets(folder: Path, listed: Assets) -> Iterator[tuple[str, Path]]:
    for asset in listed.files.values():
        for destination in asset.destinations.values():
            if asset.source.path and destination.objectKey:
                yield destination.objectKey, folder / asset.source.path


def _decoded(path: Path, kind: type[Kind], findings: list[Finding]) -> Kind | None:
    try:
        return msgspec.json.decode(read_text(path), type=kind)
    except SyntaxFault as fault:
        findings.append(fault.finding(str(path)))
    except (msgspec.DecodeError, RecursionError) as error:
        text = f"this is no manifest of the CDK: {error}"
        findings.append(Finding(severity=Severity.ERROR, code="bad-manifest", text=text, place=Place(file=str(path))))
    return None
