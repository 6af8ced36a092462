from pathlib import Path

import pytest

from inferway.faults import Severity
from inferway.formats.openapi import NAMES, read, recognises


def write(folder: Path, text: str, name: str = "api.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("api.yaml", "openapi: 3.0.1\n", True),
        ("api.yml", "info: {}\n'swagger': '2.0'\n", True),
        ("api.json", '{"info": {}, "swagger": "2.0"}', True),
        ("api.json", '{"swagger": "2.0", "info"', True),
        ("api.json", '{"Body": {"openapi": "3.0.1"}}', False),
        ("api.yaml", "Body:\n  openapi: 3.0.1\n", False),
        ("api.yaml", "a: b: c\nopenapi: 3.0.1\n", True),
        ("api.txt", "openapi: 3.0.1\n", False),
        ("api.json", "[]", False),
        ("openapi.yaml", "", True),
        ("swagger.json", "{", True),
    ],
)
def test_a_document_is_recognised_by_its_head_even_where_it_is_malformed(
    tmp_path: Path, name: str, text: str, expected: bool
) -> None:
    assert recognises(write(tmp_path, text, name)) is expected


def test_a_folder_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").mkdir()
    assert not recognises(tmp_path / "openapi.yaml")
    assert not recognises(tmp_path / "none.yaml")


def test_bytes_that_are_no_text_are_not_recognised(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_bytes(b"openapi: \xff")
    assert not recognises(path)


def test_names_of_a_folders_document() -> None:
    assert NAMES == ("openapi.yaml", "openapi.yml", "openapi.json", "swagger.yaml", "swagger.yml", "swagger.json")


def test_a_document_is_one_resource_with_places(tmp_path: Path) -> None:
    text = (
        "openapi: 3.0.1\ninfo: {title: Pets}\npaths:\n  /a:\n    get:\n"
        "      responses:\n        200: {description: on}\n"
    )
    path = write(tmp_path, text)
    graph, findings = read(path)
    assert findings == ()
    (resource,) = graph.resources
    assert (resource.type, resource.name) == ("openapi:document", "Pets")
    assert resource.properties["paths"] == {"/a": {"get": {"responses": {"200": {"description": "on"}}}}}
    place = resource.places.find("paths", "/a", "get", "responses", "200")
    assert (place.file, place.line, place.column) == (str(path), 7, 9)


def test_without_a_title_the_file_gives_the_name(tmp_path: Path) -> None:
    graph, _ = read(write(tmp_path, "openapi: 3.0.1\n"))
    assert graph.resources[0].name == "api"


@pytest.mark.parametrize("version", ["openapi: 3.0", "openapi: 3.0.3", "swagger: '2.0'", "swagger: 2.0"])
def test_versions_that_are_read(tmp_path: Path, version: str) -> None:
    graph, findings = read(write(tmp_path, version))
    assert len(graph.resources) == 1
    assert findings == ()


def test_openapi_3_1_is_read_with_a_warning(tmp_path: Path) -> None:
    graph, (finding,) = read(write(tmp_path, "info: {}\nopenapi: 3.1.0\n"))
    assert len(graph.resources) == 1
    assert (finding.severity, finding.code, finding.place.line) == (Severity.WARNING, "openapi-version", 2)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("openapi: 4.0.0", "openapi-version", 1, 10),
        ("swagger: '1.2'", "openapi-version", 1, 10),
        ("openapi: {}", "openapi-version", 1, 1),
        ("info: {}", "not-openapi", 1, 1),
        ("- a", "not-openapi", 1, 1),
        ("openapi: 3.0.1\npaths: {a: {}, a: {}}\n", "duplicate-key", 2, 16),
        ("openapi: 3.0.1\npaths: [\n", "yaml-syntax", 3, 1),
    ],
)
def test_a_malformed_document_gives_a_finding_with_file_and_line(
    tmp_path: Path, text: str, code: str, line: int, column: int
) -> None:
    path = write(tmp_path, text)
    graph, findings = read(path)
    assert graph.resources == ()
    (finding,) = findings
    assert (finding.severity, finding.code) == (Severity.ERROR, code)
    assert (finding.place.file, finding.place.line, finding.place.column) == (str(path), line, column)


def test_references_between_parts_are_resolved(tmp_path: Path) -> None:
    text = (
        "openapi: 3.0.1\npaths:\n  /a: {$ref: '#/x-items/a'}\nx-items:\n  a:\n    get:\n"
        "      parameters: [{$ref: '#/components/parameters/P'}]\n"
        "components: {parameters: {P: {name: p, in: query}}}\n"
    )
    graph, findings = read(write(tmp_path, text))
    assert findings == ()
    resource = graph.resources[0]
    assert resource.properties["paths"] == {"/a": {"get": {"parameters": [{"name": "p", "in": "query"}]}}}
    assert resource.places.find("paths", "/a", "get", "parameters", 0, "name").line == 8
