"""What a definition declares of what stands behind its APIs."""

import msgspec

from inferway.definition.bindings import Declared
from inferway.dialects.aws_resources.functions import declared_functions
from inferway.dialects.aws_resources.property_check import check_properties
from inferway.dialects.aws_resources.property_names import PROPERTIES
from inferway.dialects.aws_resources.tables import declared_tables
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import ResourceGraph


def declared(graph: ResourceGraph) -> tuple[Declared, Findings]:
    """Give the tables and functions that a graph declares, with findings for what is not kept of them."""
    findings: Report = {}
    for resource in graph.resources:
        check_properties(resource, Cursor.of(resource, findings), PROPERTIES)
    tables, of_tables = declared_tables(graph)
    declared, of_functions = declared_functions(graph)
    return msgspec.structs.replace(declared, tables=tables), (*findings, *of_tables, *of_functions)
