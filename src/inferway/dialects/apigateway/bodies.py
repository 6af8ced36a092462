"""The OpenAPI document that an API is imported from, where its resource has one.

Source: CloudFormation Template Reference, "AWS::ApiGateway::RestApi" (Body, BodyS3Location).
"""

from pathlib import Path

from inferway.dialects.apigateway.resource_view import ResourceView
from inferway.formats import openapi
from inferway.formats.cursor import Cursor, Report
from inferway.formats.document import parse_document
from inferway.formats.nodes import Node, SyntaxFault, node_of, plain
from inferway.formats.presence import is_file
from inferway.formats.resources import LOCAL_PATH, Resource


def imported(api: ResourceView, findings: Report) -> Resource | None:
    """Give the document of an API; None where it has none, or, with findings, one that cannot be read."""
    body, location = api["Body"], api["BodyS3Location"]
    if body.value:
        try:
            resource, found = openapi.document(_tree(body), body.place.file, api.label)
        except SyntaxFault as fault:
            body.error(fault.code, f"the Body cannot be read: {fault.text}")
            return None
        findings.update(dict.fromkeys(found))
        return resource
    return _local(location, findings) if location.value else None


def has_body(api: ResourceView) -> bool:
    """Say whether an API is imported from a document."""
    return bool(api["Body"].value or api["BodyS3Location"].value)


def _tree(body: Cursor) -> Node:
    """Give a document that stands in a property; in Pulumi's it is a text."""
    if not isinstance(body.value, str):
        return body.node()
    return node_of(plain(parse_document(body.value)), body.place.line, body.place.column)


def _local(location: Cursor, findings: Report) -> Resource | None:
    given = location.value if isinstance(location.value, str) else location[LOCAL_PATH].value
    path = Path(location.place.file).parent / given if isinstance(given, str) and "://" not in given else None
    if path is None or not is_file(path):
        location.error("unserved-property", "the document lies in the cloud; name a local file, or give it as Body")
        return None
    graph, found = openapi.read(path)
    findings.update(dict.fromkeys(found))
    return graph.resources[0] if graph.resources else None
