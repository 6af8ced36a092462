"""What a definition declares of what stands behind its APIs."""

from inferway.definition.bindings import Declared
from inferway.dialects.aws_resources.tables import declared_tables
from inferway.faults import Findings
from inferway.formats.resources import ResourceGraph


def declared(graph: ResourceGraph) -> tuple[Declared, Findings]:
    """Give the tables that a graph declares, with findings for what is not kept of them."""
    tables, findings = declared_tables(graph)
    return Declared(tables=tables), findings
