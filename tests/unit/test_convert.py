import sys
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from inferway import convert
from inferway.convert import Conversion, load
from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.nodes import NodePlaces
from inferway.formats.resources import Environment, Provision, Resource, ResourceGraph
from inferway.formats.yaml_tree import parse_yaml

DOCUMENT = """\
openapi: 3.0.1
info: {title: My API}
paths:
  /health:
    get:
      responses: {200: {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: 200}}
"""


def only(conversion: Conversion) -> Finding:
    (finding,) = conversion.findings
    return finding


def test_a_file_becomes_its_definitions(tmp_path: Path) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(DOCUMENT, "utf-8")
    conversion = load(path)
    assert conversion.findings == ()
    assert [(api.name, api.slug, api.dialect) for api in conversion.definitions] == [("My API", "my-api", "apigateway")]
    assert conversion.files == (path,)


@pytest.mark.parametrize("name", ["openapi.yaml", "openapi.yml", "swagger.yaml"])
def test_a_folder_is_searched(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(DOCUMENT, "utf-8")
    (tmp_path / "other.yaml").write_text("a: 1", "utf-8")
    conversion = load(tmp_path)
    assert len(conversion.definitions) == 1
    assert conversion.files == (tmp_path / name,)


@pytest.mark.parametrize("name", ["template.yaml", "openapi.yaml", "anything.yaml"])
@pytest.mark.parametrize("folder", [True, False])
def test_a_document_that_is_no_text_is_told_as_such(tmp_path: Path, name: str, folder: bool) -> None:
    path = tmp_path / name
    path.write_bytes(b"Resources: {}\nDescription: caf\xe9\n")
    finding = only(load(tmp_path if folder else path))
    assert (finding.severity, finding.code) == (Severity.ERROR, "bad-encoding")
    assert (finding.place.file, finding.place.line) == (str(path), 2)


def test_findings_of_one_kind_are_bounded(tmp_path: Path) -> None:
    paths: dict[str, object] = {f"/p{number}": {"get": {"responses": {}}} for number in range(300)}
    path = tmp_path / "api.json"
    path.write_bytes(msgspec.json.encode({"openapi": "3.0.1", "info": {"title": "a"}, "paths": paths}))
    findings = [found for found in load(path).findings if found.code == "no-integration"]
    assert len(findings) == 201
    assert findings[-1].severity is Severity.ERROR
    assert findings[-1].text == "100 more of this kind"


def test_several_documents_in_a_folder_are_not_chosen_from(tmp_path: Path) -> None:
    for name in ("openapi.yaml", "swagger.json"):
        (tmp_path / name).write_text(DOCUMENT, "utf-8")
    conversion = load(tmp_path)
    assert conversion.definitions == ()
    finding = only(conversion)
    assert (finding.severity, finding.code) == (Severity.ERROR, "several-definitions")
    assert "openapi.yaml, swagger.json" in finding.text


def test_a_folder_without_a_document_says_what_was_looked_for(tmp_path: Path) -> None:
    finding = only(load(tmp_path))
    assert (finding.code, finding.place.file) == ("no-definition", str(tmp_path))
    assert "openapi.yaml" in finding.text
    assert "swagger.json" in finding.text


@pytest.mark.parametrize("name", ["none.yaml", "none"])
def test_a_path_that_is_not_there(tmp_path: Path, name: str) -> None:
    assert only(load(tmp_path / name)).code == "no-such-path"


def test_a_file_of_no_format_names_the_formats(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello", "utf-8")
    finding = only(load(path))
    assert finding.code == "unknown-format"
    assert "openapi" in finding.text


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    finding = only(load(tmp_path, "wsdl"))
    assert finding.code == "unknown-format"
    assert "'wsdl'" in finding.text
    assert "openapi" in finding.text


def test_a_named_format_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "definition"
    path.write_text(DOCUMENT, "utf-8")
    assert only(load(path)).code == "unknown-format"
    assert len(load(path, "openapi").definitions) == 1


def test_a_malformed_definition_gives_a_finding_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(DOCUMENT.replace("/health:", "/health: {"), "utf-8")
    conversion = load(path)
    finding = only(conversion)
    assert (finding.severity, finding.place.file) == (Severity.ERROR, str(path))
    assert finding.place.line >= 4
    assert conversion.files == (path,)


def test_findings_stand_in_the_order_of_their_places(tmp_path: Path) -> None:
    path = tmp_path / "openapi.yaml"
    extension = "x-amazon-apigateway-policy: {Version: '1'}\n"
    path.write_text(DOCUMENT.replace("type: mock", "type: magic") + extension + "x-amazon-apigateway-who: 1\n", "utf-8")
    lines = [finding.place.line for finding in load(path).findings]
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_a_resource_that_no_dialect_claims_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("", "utf-8")
    places = NodePlaces("x.yaml", parse_yaml("a: 1"))
    graph = ResourceGraph(resources=(Resource(type="Other::Thing", name="T", properties={}, places=places),))

    def read(path: Path, environment: Environment, provision: Provision) -> tuple[ResourceGraph, Findings]:
        return graph, ()

    syntax = ModuleType("x_format")
    vars(syntax).update(NAMES=("x.yaml",), recognises=lambda path: True, read=read)
    monkeypatch.setitem(sys.modules, "x_format", syntax)
    monkeypatch.setattr(convert, "FORMATS", {"x": "x_format"})
    finding = only(load(path))
    assert (finding.code, finding.severity, finding.place) == (
        "unclaimed-resource",
        Severity.WARNING,
        Place(file="x.yaml", line=1, column=1),
    )
    assert "Other::Thing" in finding.text


def test_a_folder_is_recognised_by_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "my-api.yaml").write_text(DOCUMENT, "utf-8")
    (tmp_path / "notes.yaml").write_text("a: 1", "utf-8")
    (tmp_path / "setup.py").write_text("import os", "utf-8")
    conversion = load(tmp_path)
    assert (conversion.files, conversion.findings) == ((tmp_path / "my-api.yaml",), ())


def test_a_file_of_a_known_name_comes_before_others(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(DOCUMENT, "utf-8")
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, "utf-8")
    assert load(tmp_path).files == (tmp_path / "openapi.yaml",)


def test_a_project_comes_before_documents_that_it_may_read(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(DOCUMENT, "utf-8")
    (tmp_path / "cdk.json").write_text('{"app": "python app.py"}', "utf-8")
    assert convert.find(tmp_path) == (("cdk", tmp_path / "cdk.json"), ())


def test_two_projects_in_one_folder_are_not_chosen_from(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime: python\n", "utf-8")
    (tmp_path / "cdk.json").write_text('{"app": "python app.py"}', "utf-8")
    found, (finding,) = convert.find(tmp_path)
    assert (found, finding.code) == (None, "several-definitions")
    assert "Pulumi.yaml, cdk.json" in finding.text
    assert convert.find(tmp_path, "cdk") == (("cdk", tmp_path / "cdk.json"), ())
