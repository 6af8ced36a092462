"""A SAM template's file to a graph of resources: translated by Amazon's library, then read as CloudFormation."""

from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings
from inferway.formats.cloudformation.nested import Surroundings
from inferway.formats.cloudformation.parameters import Given
from inferway.formats.cloudformation.stack import Builder
from inferway.formats.cloudformation.template import read_template
from inferway.formats.document import read_text
from inferway.formats.nodes import SyntaxFault, Table
from inferway.formats.report import Report
from inferway.formats.resources import Environment, Provision, Resource, ResourceGraph
from inferway.formats.sam.locations import restored
from inferway.formats.sam.rendering import Rendering
from inferway.formats.sam.settings import applied, read_settings
from inferway.formats.sam.source import TRANSFORM, is_serverless
from inferway.formats.sam.unserved import Unserved

NAMES: Final = tuple(f"{stem}.{suffix}" for stem in ("template", "sam") for suffix in ("yaml", "yml", "json"))
"""File names that are looked for in a folder, in this order."""

_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".template"})


def recognises(path: Path) -> bool:
    """Whether a file is a template that names SAM's transform."""
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    try:
        return TRANSFORM in read_text(path)
    except SyntaxFault:
        return False


def read(path: Path, environment: Environment, provision: Provision) -> tuple[ResourceGraph, Findings]:
    """Read a template; an empty graph with findings where it is none, or cannot be translated."""
    found: list[Finding] = []
    environment = applied(read_settings(path.parent, found), environment)
    report = Report(str(path))
    files: list[Path] = [path]
    try:
        graph = _read(path, environment, provision, report, files)
    except SyntaxFault as fault:
        graph = ResourceGraph(resources=(), files=tuple(files))
        return graph, (*found, *report.findings(), fault.finding(str(path)))
    return graph, (*found, *report.findings())


def _read(
    path: Path, environment: Environment, provision: Provision, report: Report, files: list[Path]
) -> ResourceGraph:
    given = Given(parameters=environment.parameters, stored=environment.parameters)
    exports = {name: value for stack in environment.stack_references.values() for name, value in stack.items()}
    rendering = Rendering(path, read_template(path), given, environment, report)

    def nested(inner: Path, root: Table, given: Given, environment: Environment, report: Report) -> Table:
        if not is_serverless(root):
            return root
        made = Rendering(inner, root, given, environment, report)
        template = made.template()
        files.extend(made.files)
        return template

    template = rendering.template()
    files += rendering.files
    stack = Builder(template, environment, report, exports, Surroundings(prepare=nested)).build(provision)
    unserved = Unserved(rendering.source, rendering.origins, report)
    served = (each for each in stack.resources if not unserved.leaves_out(each))
    resources = tuple(unserved.without_events(_localized(each)) for each in served)
    unserved.report_silent_events()
    read = tuple(dict.fromkeys((*files, *stack.files)))
    return ResourceGraph(resources=resources, outputs=stack.outputs, files=read)


def _localized(resource: Resource) -> Resource:
    properties = restored(resource.properties)
    return msgspec.structs.replace(resource, properties=properties) if isinstance(properties, dict) else resource
