"""What a definition declares of what stands behind its APIs."""

from importlib import import_module
from typing import Final

import msgspec

from inferway.definition.bindings import Declared
from inferway.definition.web_acl import Association
from inferway.dialects.aws_resources.endpoints import declared_endpoints
from inferway.dialects.aws_resources.functions import declared_functions
from inferway.dialects.aws_resources.property_check import check_properties
from inferway.dialects.aws_resources.property_names import PROPERTIES
from inferway.dialects.aws_resources.tables import declared_tables
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import ResourceGraph

_FIREWALL: Final = "inferway.dialects.aws_resources.firewall.associations"
"""The module that reads web ACLs; imported only where a graph holds one."""


def declared(graph: ResourceGraph) -> tuple[Declared, Findings]:
    """Give what a graph declares behind its APIs, with findings for what is not kept of them."""
    findings: Report = {}
    for resource in graph.resources:
        check_properties(resource, Cursor.of(resource, findings), PROPERTIES)
    tables, of_tables = declared_tables(graph)
    declared, of_functions = declared_functions(graph)
    web_acls, of_acls = _web_acls(graph)
    endpoints, of_endpoints = declared_endpoints(graph)
    declared = msgspec.structs.replace(declared, tables=tables, web_acls=web_acls, endpoints=endpoints)
    return declared, (*findings, *of_tables, *of_functions, *of_acls, *of_endpoints)


def _web_acls(graph: ResourceGraph) -> tuple[tuple[Association, ...], Findings]:
    if not any(resource.type.startswith(("AWS::WAFv2::", "aws:wafv2/")) for resource in graph.resources):
        return (), ()
    read: tuple[tuple[Association, ...], Findings] = import_module(_FIREWALL).associations(graph)
    return read
