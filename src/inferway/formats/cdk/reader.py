"""A cloud assembly, the app that synthesizes it, or the folder of either, to a graph of resources."""

import atexit
import json
import re
import shlex
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.cdk.manifest import MANIFEST, Assembly, StackFile, read_assembly
from inferway.formats.cdk.program import App, Ending, synthesize
from inferway.formats.cloudformation.order import in_order
from inferway.formats.cloudformation.reader import read_stack
from inferway.formats.document import read_text
from inferway.formats.nodes import Leaf, SyntaxFault
from inferway.formats.resources import LOCAL_PATH, Environment, Output, Provision, Resource, ResourceGraph

OUT: Final = "cdk.out"
"""The folder into which the CDK's command line synthesizes, and a file in it that says of which version it is."""

NAMES: Final = ("cdk.json", OUT)
"""File names that are looked for in a folder: an app's, then an assembly's; `manifest.json` is many a thing's name."""

_IMPORT: Final = re.compile(r"^\s*(?:import|from)\s+aws_cdk\b", re.MULTILINE)
_KEYS: Final = ("S3Key", "Key")
_NOTHING: Final = ResourceGraph(resources=())
_MOST_SOURCES: Final = 200


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
    """Read an assembly, running its app where there is none yet; an empty graph with findings where that fails."""
    findings: list[Finding] = []
    if path.name in {MANIFEST, OUT}:
        return _assembled(path.parent, (), environment, provision, findings)
    if path.suffix == ".py":
        return _run(path, {}, environment, provision, findings)
    out = path.parent / OUT
    settings = _settings(path, findings)
    main = _main(path, settings)
    sources = (path,) if main is None else (path, *_sources(main))
    if (out / MANIFEST).is_file():
        _report_stale(out / MANIFEST, sources, findings)
        return _assembled(out, sources, environment, provision, findings)
    if main is None:
        text = "there is no cdk.out beside it, and its app is no Python program; run `cdk synth` first"
        findings.append(_finding("no-assembly", text, path))
        return _NOTHING, tuple(findings)
    context = settings.get("context")
    return _run(main, context if isinstance(context, dict) else {}, environment, provision, findings)


def _assembled(
    folder: Path, sources: tuple[Path, ...], environment: Environment, provision: Provision, findings: list[Finding]
) -> tuple[ResourceGraph, Findings]:
    assembly = read_assembly(folder, findings)
    if not assembly.stacks and not findings:
        findings.append(_finding("no-stacks", "the assembly holds no stack", folder / MANIFEST))
    exports = {name: value for stack in environment.stack_references.values() for name, value in stack.items()}
    resources: list[Resource] = []
    outputs: list[Output] = []
    for stack in _ordered(assembly, findings):
        made, found = read_stack(stack.template, _place(stack, environment), provision, exports, bare=True)
        findings += found
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
        if isinstance(key, str) and key in assets:
            made[LOCAL_PATH] = str(assets[key])
    return made


def _run(
    main: Path, context: Mapping[str, object], environment: Environment, provision: Provision, findings: list[Finding]
) -> tuple[ResourceGraph, Findings]:
    """Run the app, and read what it synthesized: where it was told to, or in the `cdk.out` that it names itself."""
    own = main.parent / OUT / MANIFEST
    before = own.stat().st_mtime_ns if own.is_file() else 0
    out = Path(tempfile.mkdtemp(prefix="inferway-cdk-"))
    # What has no folder of its own, such as an inline template, is there for as long as it may be served.
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    ending = synthesize(App(main=main.resolve(), out=out, python=environment.python, context=context))
    sources = _sources(main)
    if ending.timed_out or ending.code != 0:
        findings.append(_failure(main, ending))
        return ResourceGraph(resources=(), files=sources), tuple(findings)
    if not (out / MANIFEST).is_file() and own.is_file() and own.stat().st_mtime_ns != before:
        out = own.parent
    if not (out / MANIFEST).is_file():
        text = "the program ended without synthesizing; it has to call app.synth()"
        findings.append(_finding("no-assembly", text, main))
        return ResourceGraph(resources=(), files=sources), tuple(findings)
    graph, found = _assembled(out, sources, environment, provision, findings)
    return msgspec.structs.replace(graph, files=sources), found


def _failure(main: Path, ending: Ending) -> Finding:
    said = ending.last
    if ending.timed_out:
        text = "the program took too long and was ended"
    elif "No module named 'aws_cdk'" in said:
        text = f"{said}; install aws-cdk-lib for the interpreter that runs it"
    elif "'node'" in said:
        text = f"{said}; the CDK needs Node.js"
    else:
        text = f"the program failed: {said or f'it ended with code {ending.code}'}"
    place = Place(file=ending.file or str(main), line=ending.line)
    return Finding(severity=Severity.ERROR, code="program-failed", text=text, place=place)


def _settings(path: Path, findings: list[Finding]) -> Mapping[str, object]:
    try:
        made = json.loads(read_text(path))
    except SyntaxFault as fault:
        findings.append(fault.finding(str(path)))
        return {}
    except (ValueError, RecursionError) as error:
        findings.append(_finding("json-syntax", str(error), path))
        return {}
    return made if isinstance(made, dict) else {}


def _main(path: Path, settings: Mapping[str, object]) -> Path | None:
    """Give the Python program that `cdk.json` names as its app, if it names one."""
    try:
        words = shlex.split(str(settings.get("app", "")))
    except ValueError:
        return None
    files = [path.parent / word for word in words if word.endswith(".py")]
    return files[0] if len(files) == 1 and files[0].is_file() else None


def _sources(main: Path) -> tuple[Path, ...]:
    """Give the app's file and the other programs beside it, whose change may change what it makes."""
    others = [file for file in sorted(main.parent.glob("*.py"))[:_MOST_SOURCES] if file != main]
    return (main, *others)


def _report_stale(manifest: Path, sources: tuple[Path, ...], findings: list[Finding]) -> None:
    made = manifest.stat().st_mtime
    newer = next((source for source in sources if source.stat().st_mtime > made), None)
    if newer is not None:
        text = f"{newer.name} is newer than cdk.out, which is what runs; run `cdk synth` again"
        place = Place(file=str(manifest))
        findings.append(Finding(severity=Severity.WARNING, code="stale-assembly", text=text, place=place))


def _finding(code: str, text: str, path: Path) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(path)))
