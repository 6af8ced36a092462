"""A pattern's template as a graph of resources, which dialects read like any other."""

import json
from collections.abc import Mapping

import msgspec

from inferway.faults import Findings, Place
from inferway.formats.cloudformation.stack import Builder
from inferway.formats.json_tree import parse_json
from inferway.formats.nodes import SyntaxFault, Table
from inferway.formats.report import Report
from inferway.formats.resources import Environment, OnePlace, Provision, ResourceGraph


def graph_of(
    template: Mapping[str, object],
    place: Place,
    places: Mapping[str, Place],
    environment: Environment,
    provision: Provision,
) -> tuple[ResourceGraph, Findings]:
    """Resolve a template that a program made; what there is to say of it stands at the place where it was made.

    `places` are those of resources by their names, where they were made somewhere else.
    """
    report = Report(place.file)
    try:
        root = parse_json(json.dumps(template))
        assert isinstance(root, Table)  # noqa: S101 - it was a mapping
        stack = Builder(root, environment, report, {}).build(provision)
    except SyntaxFault as fault:
        found = msgspec.structs.replace(fault.finding(place.file), place=place)
        return ResourceGraph(resources=()), (found,)
    resources = tuple(
        msgspec.structs.replace(resource, places=OnePlace(places.get(resource.name, place)))
        for resource in stack.resources
    )
    findings = tuple(msgspec.structs.replace(finding, place=place) for finding in report.findings())
    return ResourceGraph(resources=resources, outputs=stack.outputs), findings
