"""The manifest of a cloud assembly: which stacks it holds, in which order, where their assets are, what is missing.

Source: https://github.com/aws/aws-cdk, packages/@aws-cdk/cloud-assembly-schema (schema/cloud-assembly.schema.json and
schema/assets.schema.json).
"""

import contextlib
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
_TEMPLATES: Final = "*.template.json"
_NESTED: Final = ".nested.template.json"
_SAYS: Final = {"aws:cdk:error": Severity.ERROR, "aws:cdk:warning": Severity.NOTE}
"""What a construct says of itself (`Annotations`): the command line stops at the first, and prints the second."""


Kind = TypeVar("Kind")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a construct's metadata."""

    type: str
    data: object = None


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a manifest; its metadata, by the path of a construct, may stand in a file of its own."""

    type: str
    environment: str = ""
    properties: Mapping[str, object] = {}
    dependencies: tuple[str, ...] = ()
    metadata: Mapping[str, tuple[Said, ...]] = {}
    additionalMetadataFile: str = ""  # noqa: N815 - the schema's own name


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A value that an app wanted from an account, and went on without."""

    key: str
    provider: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A manifest's entries."""

    artifacts: Mapping[str, Artifact] = {}
    missing: tuple[Missing, ...] = ()


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

    `after` names the artifacts of its own manifest that come before it, `constructs` its resources' paths in the app by
    their logical names.
    """

    artifact: str
    name: str
    template: Path
    parameters: Mapping[str, str]
    region: str
    account: str
    after: tuple[str, ...]
    constructs: Mapping[str, str] = {}


class Assembly(msgspec.Struct, frozen=True, kw_only=True):
    """All stacks of an assembly and those in it, and its assets by the key that templates know them by."""

    stacks: tuple[StackFile, ...]
    assets: Mapping[str, Path]
    files: tuple[Path, ...]


def read_assembly(folder: Path, findings: list[Finding]) -> Assembly:
    """Read the manifests in a folder and its stages'; what cannot be read is reported and left out.

    A folder without a manifest is read for its templates.
    """
    if not (folder / MANIFEST).is_file():
        return _without_manifest(folder, findings)
    reading = _Reading(folder, findings)
    while reading.todo and len(reading.files) < _MOST_ASSEMBLIES:
        reading.read(reading.todo.pop(0))
    return Assembly(stacks=tuple(reading.stacks), assets=reading.assets, files=tuple(reading.files))


class _Reading:
    """Reads an assembly and those in it; `todo` are the folders that are still to be read."""

    def __init__(self, folder: Path, findings: list[Finding]) -> None:
        self._top = folder.resolve()
        self._findings = findings
        self.todo = [folder]
        self.stacks: list[StackFile] = []
        self.assets: dict[str, Path] = {}
        self.files: list[Path] = []

    def read(self, here: Path) -> None:
        """Read one folder's manifest."""
        path = here / MANIFEST
        manifest = _decoded(path, Manifest, self._findings)
        self.files.append(path)
        if manifest is None:
            return
        for missing in manifest.missing:
            self._findings.append(_missing(missing, path))
        for name, artifact in manifest.artifacts.items():
            if artifact.type == "aws:cloudformation:stack":
                self._stack(here, name, artifact)
            elif artifact.type == "cdk:cloud-assembly":
                inner = self._inside(here, artifact.properties.get("directoryName"))
                self.todo += [inner] if inner is not None else []
            elif artifact.type == "cdk:asset-manifest":
                file = self._inside(here, artifact.properties.get("file"))
                listed = _decoded(file, Assets, self._findings) if file is not None else None
                self.assets.update(_assets(here, listed) if listed is not None else ())

    def _stack(self, here: Path, name: str, artifact: Artifact) -> None:
        template = self._inside(here, artifact.properties.get("templateFile"))
        said = dict(artifact.metadata)
        more = self._inside(here, artifact.additionalMetadataFile) if artifact.additionalMetadataFile else None
        if more is not None:
            said |= _decoded(more, dict[str, tuple[Said, ...]], self._findings) or {}
        given = _parameters(artifact)
        for construct, entries in said.items():
            for entry in entries:
                self._heed(entry, construct, here, given)
        if template is not None:
            ids = {
                str(entry.data): construct.strip("/")
                for construct, entries in said.items()
                for entry in entries
                if entry.type == "aws:cdk:logicalId"
            }
            self.stacks.append(msgspec.structs.replace(_stack(template, name, artifact, given), constructs=ids))

    def _heed(self, entry: Said, construct: str, here: Path, given: dict[str, str]) -> None:
        """Report what a construct says; note an asset that is listed with its stack, as before asset manifests."""
        severity = _SAYS.get(entry.type)
        if severity is not None:
            text = f"{construct.strip('/')}: {entry.data}"
            place = Place(file=str(here / MANIFEST))
            self._findings.append(Finding(severity=severity, code="cdk-annotation", text=text, place=place))
        elif entry.type == "aws:cdk:asset":
            asset = _convert(entry.data)
            key = f"{asset.id}{Path(asset.path).suffix if asset.packaging == 'file' else '.zip'}"
            self.assets[key] = here / asset.path
            given |= {asset.s3BucketParameter: "cdk-assets", asset.s3KeyParameter: f"||{key}"}
            given |= {asset.artifactHashParameter: asset.id}
            given.pop("", None)

    def _inside(self, here: Path, name: object) -> Path | None:
        """Give a file of the assembly; None, with a finding, for one that is outside."""
        path = here / str(name or "")
        with contextlib.suppress(ValueError, OSError, RuntimeError):  # no name of a file, or links in a circle
            if path.resolve().is_relative_to(self._top):
                return path
        text = f"the assembly names a file outside its folder: {str(name)[:200]}"
        place = Place(file=str(here / MANIFEST))
        self._findings.append(Finding(severity=Severity.ERROR, code="bad-manifest", text=text, place=place))
        return None


class LegacyAsset(msgspec.Struct, frozen=True, kw_only=True):
    """An asset as a stack's metadata lists it; the parameters say how its template knows it."""

    path: str = ""
    id: str = ""
    packaging: str = "zip"
    s3BucketParameter: str = ""  # noqa: N815 - the schema's own names
    s3KeyParameter: str = ""  # noqa: N815
    artifactHashParameter: str = ""  # noqa: N815


def _convert(data: object) -> LegacyAsset:
    try:
        return msgspec.convert(data, LegacyAsset)
    except msgspec.ValidationError:
        return LegacyAsset()


def _missing(missing: Missing, manifest: Path) -> Finding:
    text = (
        f"the app looks a value up in an account ({missing.provider}: {missing.key}) and went on with a stand-in;"
        " run `cdk synth` once with the account's credentials, which keeps the value in cdk.context.json, or write it"
        " there"
    )
    place = Place(file=str(manifest))
    return Finding(severity=Severity.WARNING, code="missing-context", text=text, place=place)


def _without_manifest(folder: Path, findings: list[Finding]) -> Assembly:
    """Read the templates of a folder, and the lists of assets beside them, where no manifest says how they belong."""
    assets: dict[str, Path] = {}
    for file in sorted(folder.glob("*.assets.json")):
        listed = _decoded(file, Assets, findings)
        assets.update(_assets(folder, listed) if listed is not None else ())
    templates = [file for file in sorted(folder.glob(_TEMPLATES)) if not file.name.endswith(_NESTED)]
    stacks = [_stack(file, file.name.removesuffix(_TEMPLATES[1:]), Artifact(type=""), {}) for file in templates]
    return Assembly(stacks=tuple(stacks), assets=assets, files=())


def _parameters(artifact: Artifact) -> dict[str, str]:
    parameters = artifact.properties.get("parameters")
    return {str(key): str(value) for key, value in parameters.items()} if isinstance(parameters, dict) else {}


def _stack(template: Path, name: str, artifact: Artifact, parameters: Mapping[str, str]) -> StackFile:
    account, _, region = artifact.environment.removeprefix("aws://").partition("/")
    return StackFile(
        artifact=name,
        name=str(artifact.properties.get("stackName") or name),
        template=template,
        parameters=parameters,
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
