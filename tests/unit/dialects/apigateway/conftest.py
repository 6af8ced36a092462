"""Reads small documents: a method's parts are given, the rest is filled in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.definition.api import ApiDefinition
from inferway.dialects.apigateway.reader import read
from inferway.faults import Finding
from inferway.formats import openapi

ReadDocument = Callable[[str], tuple[ApiDefinition, list[Finding]]]


@pytest.fixture
def read_document(tmp_path: Path) -> ReadDocument:
    """Read YAML below `openapi` and `info`; give the API and all findings."""

    def read_text(text: str) -> tuple[ApiDefinition, list[Finding]]:
        path = tmp_path / "api.yaml"
        head = "" if "swagger:" in text else "openapi: 3.0.1\ninfo: {title: T}\n"
        path.write_text(head + text, "utf-8")
        graph, found = openapi.read(path)
        (api,), findings = read(graph)
        return api, [*found, *findings]

    return read_text


MOCK = "{type: mock, requestTemplates: {application/json: '{}'}, responses: {default: {statusCode: 200}}}"


@pytest.fixture
def read_method(read_document: ReadDocument) -> ReadDocument:
    """Read one `GET /a/{id}` from an integration's YAML in flow style, put in where the text says so.

    `PARAMETERS`, `id` in the path and `q` in the query, are declared, and the response 200 with the header `X-A`.
    """

    def read_text(integration: str) -> tuple[ApiDefinition, list[Finding]]:
        return read_document(f"""\
paths:
  /a/{{id}}:
    get:
      parameters:
        - {{name: id, in: path, required: true}}
        - {{name: q, in: query}}
        - {{name: X-H, in: header}}
      responses: {{200: {{description: ok, headers: {{X-A: {{}}}}}}, 500: {{description: no}}}}
      x-amazon-apigateway-integration: {integration}
""")

    return read_text
