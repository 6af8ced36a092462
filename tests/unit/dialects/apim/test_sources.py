"""Texts that stand in files: linked ones, and those that a program read."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from inferway.dialects.apim.reader import read
from inferway.faults import Place
from inferway.formats.resources import OnePlace, Resource, ResourceGraph

Declared = tuple[str, Mapping[str, object]]
SERVICE = "azure-native:apimanagement:"
WRONG = "<policies>\n  <inbound>\n    <nope />\n  </inbound>\n</policies>\n"


def found(folder: Path, *resources: tuple[str, Mapping[str, object]]) -> list[str]:
    api: Declared = ("Api", {"apiId": "a", "path": "a", "serviceUrl": "http://x"})
    operation: Declared = ("ApiOperation", {"apiId": "a", "operationId": "o", "method": "GET", "urlTemplate": "/"})
    made = [
        Resource(
            type=SERVICE + kind,
            name=kind.lower(),
            properties={"serviceName": "svc", **properties},
            places=OnePlace(Place(file=str(folder / "main.py"), line=7)),
        )
        for kind, properties in (api, operation, *resources)
    ]
    return [str(finding) for finding in read(ResourceGraph(resources=tuple(made)))[1]]


def test_a_policy_that_a_program_read_has_the_places_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "api.xml").write_text(WRONG)
    policy = {"apiId": "a", "policyId": "policy", "format": "rawxml", "value": WRONG}
    (finding,) = found(tmp_path, ("ApiPolicy", policy))
    assert finding.startswith(f"{tmp_path / 'policies' / 'api.xml'}:3:5: error: there is no policy nope")
    assert "(line" not in finding


def test_a_policy_of_the_program_itself_has_its_lines_in_words(tmp_path: Path) -> None:
    policy = {"apiId": "a", "policyId": "policy", "format": "rawxml", "value": WRONG}
    (finding,) = found(tmp_path, ("ApiPolicy", policy))
    assert finding.startswith(f"{tmp_path / 'main.py'}:7: error: ")
    assert "(line 3, column 5 of the api's policy)" in finding


@pytest.mark.parametrize(
    "link", ["policies/api.xml", "https://raw.githubusercontent.com/someone/repo/main/policies/api.xml"]
)
def test_a_linked_policy_is_the_file_here(tmp_path: Path, link: str) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "api.xml").write_text(WRONG)
    policy = {"apiId": "a", "policyId": "policy", "format": "rawxml-link", "value": link}
    (finding,) = found(tmp_path, ("ApiPolicy", policy))
    assert finding.startswith(f"{tmp_path / 'policies' / 'api.xml'}:3:5: error: ")


def test_a_link_to_nothing_is_an_error(tmp_path: Path) -> None:
    policy = {"apiId": "a", "policyId": "policy", "format": "xml-link", "value": "https://x/none.xml"}
    (finding,) = found(tmp_path, ("ApiPolicy", policy))
    assert "[unserved-link]" in finding
    assert str(tmp_path) in finding


def test_a_linked_document_has_the_places_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text("openapi: 3.0.1\npaths:\n  /x:\n    get: {$ref: '#/none'}\n")
    api = {"apiId": "b", "path": "b", "serviceUrl": "http://x", "format": "openapi-link", "value": "api.yaml"}
    (finding,) = found(tmp_path, ("Api", api))
    assert finding.startswith(f"{tmp_path / 'api.yaml'}:4:")
    assert "[dangling-reference]" in finding
