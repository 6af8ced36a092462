"""A template's file to a graph of resources."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from inferway.faults import Findings
from inferway.formats.cloudformation.nested import Surroundings
from inferway.formats.cloudformation.stack import Builder, Stack
from inferway.formats.cloudformation.template import read_template
from inferway.formats.document import read_text
from inferway.formats.nodes import SyntaxFault
from inferway.formats.report import Report
from inferway.formats.resources import Environment, Provision, ResourceGraph

NAMES: Final = tuple(
    f"{stem}.{suffix}" for stem in ("template", "cloudformation") for suffix in ("yaml", "yml", "json")
)
"""File names that are looked for in a folder, in this order."""

_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".template"})
_RESOURCES: Final = re.compile(r"""^["']?Resources["']?[ \t]*:|[{,]\s*"Resources"\s*:""", re.MULTILINE)
_TYPE: Final = re.compile(r"""["']?Type["']?\s*:\s*["']?(?:AWS|Custom|Alexa)::[A-Za-z0-9@_-]+""")
_NOTHING: Final = Stack(resources=(), outputs=(), exports={})


def recognises(path: Path) -> bool:
    """Whether a file is, by its head words, a template: it has `Resources`, and one of them a type of the vendor's."""
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return False
    try:
        text = read_text(path)
    except SyntaxFault:
        return False
    return _RESOURCES.search(text) is not None and _TYPE.search(text) is not None


def read(path: Path, environment: Environment, provision: Provision) -> tuple[ResourceGraph, Findings]:
    """Read a template; an empty graph with findings where it is none."""
    exports = {name: value for stack in environment.stack_references.values() for name, value in stack.items()}
    stack, findings = read_stack(path, environment, provision, exports)
    files = tuple(dict.fromkeys((path, *stack.files)))
    return ResourceGraph(resources=stack.resources, outputs=stack.outputs, files=files), findings


def read_stack(
    path: Path,
    environment: Environment,
    provision: Provision,
    exports: Mapping[str, object],
    *,
    bare: bool = False,
    located: Mapping[str, Path] | None = None,
) -> tuple[Stack, Findings]:
    """Read a template as a stack of its own; `exports` are those of the stacks before it, by name.

    A `bare` one is one of a CDK app's: it may be without resources, and shares its parameters with others. `located`
    are files here by the last part of the URLs that they are to have, for the templates of nested stacks.
    """
    report = Report(str(path))
    try:
        root = read_template(path)
        around = Surroundings(located=located or {}, sharing=bare)
        stack = Builder(root, environment, report, exports, around).build(provision)
    except SyntaxFault as fault:
        return _NOTHING, (*report.findings(), fault.finding(str(path)))
    return stack, report.findings()
