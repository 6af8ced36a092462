"""A cloud assembly, the app that synthesizes it, or the folder of either, to a graph of resources."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.cdk.constructs import Constructs
from inferway.formats.cdk.manifest import MANIFEST, Assembly, StackFile, read_assembly
from inferway.formats.cdk.project import FILE, OUT, Project, python_app, read_project
from inferway.formats.cdk.sources import newer, watched
from inferway.formats.cdk.synthesis import Synthesis, run
from inferway.formats.cloudformation.order import in_order
from inferway.formats.cloudformation.reader import read_stack
from inferway.formats.document import read_text
from inferway.formats.nodes import Leaf, SyntaxFault
from inferway.formats.resources import LOCAL_PATH, Environment, Output, Provision, Resource, ResourceGraph

NAMES: Final = (FILE, OUT)
"""File names that are looked for in a folder: an app's, then an assembly's; `manifest.json` is many a thing's name."""

_IMPORT: Final = re.compile(r"^\s*(?:import|from)\s+aws_cdk\b", re.MULTILINE)
_KEYS: Final = ("S3Key", "Key")
_LOGICAL: Final = re.compile(r"\b[A-Za-z0-9]{9,255}\b")
"""A logical name that the CDK has made ends in eight digits of a hash."""


def recognises(path: Path) -> bool:
    """Whether a file is an assembly's manifest, an app's `cdk.json`, or a Python program that imports the CDK."""
    if not path.is_file():
        return False
    if path.name in NAMES:
        return True
    try:
        text = read_text(path) if path.name == MANIFEST or path.suffix == ".py" else ""
    except SyntaxFault:
        return False
    if path.suffix == ".py":
        return _IMPORT.search(text) is not None
    return '"artifacts"' in text and '"version"' in text


def read(path: Path, environment: Environment, provision: Provision) -> tuple[ResourceGraph, Findings]:
    """Read an assembly, running its app where there is none that is up to date; an empty graph where that fails."""
    findings: list[Finding] = []
    if path.name in {MANIFEST, OUT}:
        return _assembled(path.parent, (), environment, provision, findings)
    project = python_app(path) if path.suffix == ".py" else read_project(path, findings)
    if project.assembly is not None:
        return _assembled(project.assembly, project.files, environment, provision, findings)
    manifest = project.out / MANIFEST
    if project.files and manifest.is_file() and _is_fresh(project, environment):
        return _assembled(project.out, _sources(project), environment, provision, findings)
    if not project.app:
        text = "it names no `app`, and there is no cdk.out beside it; run `cdk synth` first"
        findings.append(_finding("no-assembly", text, path))
        return ResourceGraph(resources=(), files=project.files), tuple(findings)
    made = run(project, environment, path)
    if made.cannot_run and manifest.is_file():
        findings.append(_stale(made, manifest))
        return _assembled(project.out, _sources(project), environment, provision, findings)
    findings += made.findings
    if made.out is None:
        return ResourceGraph(resources=(), files=_sources(project), exit_status=made.exit_status), tuple(findings)
    graph, found = _assembled(made.out, (), environment, provision, findings)
    if made.out.is_relative_to(project.out):
        return msgspec.structs.replace(graph, files=_sources(project)), found
    constructs = Constructs(made.out, path)
    resources = tuple(map(constructs.resource, graph.resources))
    graph = msgspec.structs.replace(graph, resources=resources, files=_sources(project))
    return graph, tuple(map(constructs.finding, found))


def _is_fresh(project: Project, environment: Environment) -> bool:
    """Say whether what was synthesized is what the app would synthesize now."""
    if environment.parameters:
        return not project.app
    made = (project.out / MANIFEST).stat().st_mtime
    return not project.app or newer(project.folder, project.out, made) is None


def _sources(project: Project) -> tuple[Path, ...]:
    return tuple(dict.fromkeys((*project.files, *project.mains, *watched(project.folder, project.out))))


def _stale(made: Synthesis, manifest: Path) -> Finding:
    text = f"the app cannot be run here, so what cdk.out holds is served: {made.findings[0].text}"
    return Finding(severity=Severity.WARNING, code="stale-assembly", text=text, place=Place(file=str(manifest)))


def _assembled(
    folder: Path, sources: tuple[Path, ...], environment: Environment, provision: Provision, findings: list[Finding]
) -> tuple[ResourceGraph, Findings]:
    assembly = read_assembly(folder, findings)
    if not assembly.stacks and not findings:
        findings.append(_finding("no-stacks", "the assembly holds no stack", folder / MANIFEST))
    exports = {name: value for stack in environment.stack_references.values() for name, value in stack.items()}
    located = {key.rpartition("/")[2]: path for key, path in assembly.assets.items()}
    resources: list[Resource] = []
    outputs: list[Output] = []
    for stack in _ordered(assembly, findings):
        place = _place(stack, environment)
        made, found = read_stack(stack.template, place, provision, exports, bare=True, located=located)
        findings += [_readable(finding, stack) for finding in found]
        exports |= made.exports
        resources += [_with_assets(resource, assembly.assets) for resource in made.resources]
        prefix = f"{stack.name}." if len(assembly.stacks) > 1 else ""
        outputs += [msgspec.structs.replace(output, name=f"{prefix}{output.name}") for output in made.outputs]
    files = (*sources, *assembly.files, *(stack.template for stack in assembly.stacks))
    return ResourceGraph(resources=tuple(resources), outputs=tuple(outputs), files=files), tuple(findings)


def _ordered(assembly: Assembly, findings: list[Finding]) -> list[StackFile]:
    """Give the stacks, each after those that it depends on."""
    stacks = {stack.artifact: stack for stack in assembly.stacks}
    nowhere = Leaf(value=None, line=0, column=0)
    names, cycles = in_order({name: dict.fromkeys(stack.after, nowhere) for name, stack in stacks.items()})
    for cycle in cycles:
        text = f"the stacks {', '.join(name for name, _ in cycle)} depend on each other"
        findings.append(_finding("circular-reference", text, stacks[cycle[0][0]].template.parent / MANIFEST))
    return [stacks[name] for name in names]


def _readable(finding: Finding, stack: StackFile) -> Finding:
    """Say beside the logical names in a finding which constructs made them."""
    named = (word for word in _LOGICAL.findall(finding.text) if word in stack.constructs)
    paths = ", ".join(stack.constructs[word] for word in dict.fromkeys(named))
    return msgspec.structs.replace(finding, text=f"{finding.text} (from {paths})") if paths else finding


def _place(stack: StackFile, environment: Environment) -> Environment:
    return msgspec.structs.replace(
        environment,
        stack=stack.name,
        region=stack.region or environment.region,
        account=stack.account or environment.account,
        parameters={**stack.parameters, **environment.parameters},
    )


def _with_assets(resource: Resource, assets: Mapping[str, Path]) -> Resource:
    """Say beside each asset's key where the asset is."""
    properties = _located(resource.properties, assets)
    return msgspec.structs.replace(resource, properties=properties) if isinstance(properties, dict) else resource


def _located(value: object, assets: Mapping[str, Path]) -> object:
    if isinstance(value, list):
        return [_located(item, assets) for item in value]
    if not isinstance(value, Mapping):
        return value
    made = {key: _located(item, assets) for key, item in value.items()}
    for name in _KEYS:
        key = value.get(name)
        # An app of Python's has its library in a temporary folder, which takes the library's own functions with it.
        if isinstance(key, str) and key in assets and _exists(assets[key]):
            made[LOCAL_PATH] = str(assets[key])
    return made


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # no name of a file
        return False


def _finding(code: str, text: str, path: Path) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(path)))
