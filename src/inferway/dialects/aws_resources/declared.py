"""What a definition declares of what stands behind its APIs."""

import msgspec

from inferway.definition.bindings import Declared
from inferway.dialects.aws_resources.functions import declared_functions
from inferway.dialects.aws_resources.tables import declared_tables
from inferway.faults import Findings
from inferway.formats.resources import ResourceGraph


def declared(graph: ResourceGraph) -> tuple[Declared, Findings]:
    """Give the tables and functions that a graph declares, with findings for what is not kept of them."""
    tables, of_tables = declared_tables(graph)
    declared, of_functions = declared_functions(graph)
    return msgspec.structs.replace(declared, tables=tables), (*of_tables, *of_functions)
