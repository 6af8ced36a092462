"""Folders of artifacts.

Expected names of files and folders: the sample artifacts of the APIOps Toolkit (https://github.com/Azure/apiops) and
"Artifact Directory Format" of the APIOps CLI; overrides: its "Environment Overrides".
"""

from pathlib import Path
from typing import Any

import pytest

from inferway.formats.apiops import reader
from inferway.formats.resources import Environment

Folders = Any

POLICY = "<policies>\n  <inbound/>\n</policies>\n"


def described(**properties: Any) -> dict[str, Any]:
    return {"properties": properties}


def test_a_folder_is_recognised_by_what_it_holds(folders: Folders, tmp_path: Path) -> None:
    assert reader.recognises(folders.folder)
    assert reader.recognises(folders.artifacts)
    assert not reader.recognises(tmp_path / "none")
    assert not reader.recognises(folders.artifacts / "apis")
    assert not reader.recognises(folders.artifacts / "apis" / "movies" / "apiInformation.json")
    (tmp_path / "other" / "apis" / "x").mkdir(parents=True)
    assert not reader.recognises(tmp_path / "other")


def test_what_is_no_folder_of_artifacts_is_an_error(tmp_path: Path) -> None:
    graph, (finding,) = reader.read(tmp_path, Environment(), lambda *_: None)
    assert not graph.resources
    assert (finding.code, finding.severity) == ("not-apiops", "error")


@pytest.mark.parametrize("spaced", [True, False])
def test_each_artifact_is_a_resource(folders: Folders, spaced: bool) -> None:
    values, sets, fragments = (
        ("named values", "version sets", "policy fragments")
        if spaced
        else ("namedValues", "versionSets", "policyFragments")
    )
    folders.put(
        {
            "policy.xml": POLICY,
            "apis/movies/policy.xml": POLICY,
            "apis/movies/operations/predict/policy.xml": POLICY,
            "apis/movies/operations/list/operationInformation.json": described(method="GET"),
            "apis/movies/diagnostics/applicationinsights/diagnosticInformation.json": described(),
            "apis/movies/tags.json": [{"name": "good"}],
            "apis/movies;rev=2/apiInformation.json": described(path="movies"),
            f"{values}/model/namedValueInformation.json": described(displayName="model", value="m"),
            f"{sets}/vs/versionSetInformation.json": described(displayName="vs"),
            f"{fragments}/trace/policy.xml": "<fragment />",
            "backends/model/backendInformation.json": described(url="http://x"),
            "loggers/l/loggerInformation.json": described(),
            "groups/g/groupInformation.json": described(),
            "tags/good/tagInformation.json": described(displayName="good"),
            "products/starter/productInformation.json": described(displayName="Starter"),
            "products/starter/policy.xml": POLICY,
            "products/starter/apis.json": [{"name": "movies"}],
            "products/starter/groups.json": [{"name": "developers"}],
            "products/gold/productInformation.json": described(displayName="Gold"),
            "products/gold/apis/movies/productApiInformation.json": {},
            "subscriptions/me/subscriptionInformation.json": described(scope="/products/starter"),
            "schemas/s/schemaInformation.json": described(schemaType="json"),
            "gateways/edge/gatewayInformation.json": described(),
        }
    )
    done = folders.read()
    assert not done.findings
    assert set(done.resources) == {
        "policies policy",
        "apis movies",
        "apis movies;rev=2",
        "apis/policies movies/policy",
        "apis/operations/policies movies/predict/policy",
        "apis/operations movies/list",
        "apis/diagnostics movies/applicationinsights",
        "apis/tags movies/good",
        "namedValues model",
        "apiVersionSets vs",
        "policyFragments trace",
        "backends model",
        "loggers l",
        "groups g",
        "tags good",
        "products starter",
        "products/policies starter/policy",
        "products/apis starter/movies",
        "products/groups starter/developers",
        "products gold",
        "products/apis gold/movies",
        "subscriptions me",
        "schemas s",
        "gateways edge",
    }
    assert done.properties("policyFragments trace") == {"format": "rawxml", "value": "<fragment />"}
    assert done.resources["apis movies"].properties["name"] == "movies-project/movies"


def test_places_are_those_of_each_file(folders: Folders) -> None:
    folders.put({"apis/movies/policy.xml": POLICY, "apis/movies/specification.yaml": "openapi: 3.0.1\npaths: {}\n"})
    done = folders.read()
    api, policy = done.resources["apis movies"].places, done.resources["apis/policies movies/policy"].places
    folder = folders.artifacts / "apis" / "movies"
    assert str(api.find("properties", "path")) == f"{folder / 'apiInformation.json'}:3:11"
    assert str(api.find("properties", "value")) == f"{folder / 'specification.yaml'}:1:1"
    assert str(api.inside(2, 1, "properties", "value")) == f"{folder / 'specification.yaml'}:2:1"
    assert str(policy.inside(2, 3, "properties", "value")) == f"{folder / 'policy.xml'}:2:3"
    assert done.properties("apis movies")["format"] == "openapi"
    assert folder / "specification.yaml" in done.graph.files


def test_overrides_of_the_stack(folders: Folders) -> None:
    folders.put(
        {
            "backends/model/backendInformation.json": described(url="http://dev", credentials={"query": {"a": ["1"]}}),
            "apis/movies/diagnostics/x/diagnosticInformation.json": described(verbosity="Information"),
        }
    )
    configuration = """apimServiceName: movies-prod
backends:
  - name: Model
    properties:
      url: "https://{#HOST#}/{#[PATH]#}"
apis:
  - name: movies
    properties: {serviceUrl: "https://prod"}
    diagnostics:
      - name: x
        properties: {verbosity: Error}
"""
    folders.put({"configuration.prod.yaml": configuration}, below="")
    assert folders.read().properties("backends model")["url"] == "http://dev"
    done = folders.read(stack="prod", HOST="prod.example", PATH="v1")
    assert not done.findings
    backend = done.resources["backends model"]
    assert done.properties("backends model") == {
        "url": "https://prod.example/v1",
        "credentials": {"query": {"a": ["1"]}},
    }
    assert backend.properties["name"] == "movies-prod/model"
    assert str(backend.places.find("properties", "url")) == f"{folders.folder / 'configuration.prod.yaml'}:5:12"
    assert done.properties("apis movies")["serviceUrl"] == "https://prod"
    assert done.properties("apis/diagnostics movies/x") == {"verbosity": "Error"}
    assert folders.folder / "configuration.prod.yaml" in done.graph.files


def test_what_an_override_does_not_meet_is_a_warning(folders: Folders) -> None:
    folders.put({"configuration.dev.yaml": "backends:\n  - name: none\n    properties: {url: '{#URL#}'}\n"}, below="")
    done = folders.read()
    assert done.codes == ["no-token-value", "unmatched-override"]
    assert "configuration.dev.yaml:3: warning: the token URL has no value; give --param URL=VALUE" in done.findings[0]
    assert "it overrides backends/none, which is no artifact here" in done.findings[1]


def test_a_secret_that_was_not_extracted_is_given(folders: Folders) -> None:
    folders.put({"named values/key/namedValueInformation.json": described(displayName="model-key", secret=True)})
    done = folders.read()
    assert done.codes == ["no-named-value"]
    assert "give --param key=VALUE" in done.findings[0]
    for name in ("key", "model-key"):
        given = folders.read(**{name: "s3cret"})
        assert not given.findings
        assert given.properties("namedValues key")["value"] == "s3cret"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("backends/b/backendInformation.json", "{", "json-syntax"),
        ("backends/b/backendInformation.json", '"x"', "bad-artifact"),
        ("products/p/apis.json", '{"name": "x"}', "bad-artifact"),
        ("products/p/apis.json", "[1]", "bad-artifact"),
        ("backends/b/backendInformation.json", "[" * 5_000, "too-deep"),
        ("apis/movies/specification.json", "x" * 7_000_000, "file-too-large"),
    ],
)
def test_a_broken_artifact_is_an_error_with_its_file(folders: Folders, name: str, text: str, code: str) -> None:
    folders.put({"products/p/productInformation.json": described(), name: text})
    done = folders.read()
    assert done.codes == [code]
    assert str(folders.artifacts / name) in done.findings[0]
    assert ": error: " in done.findings[0]


def test_broken_overrides_are_an_error(folders: Folders) -> None:
    folders.put({"configuration.dev.yaml": "backends: [\n"}, below="")
    assert folders.read().codes == ["yaml-syntax"]
    folders.put({"configuration.dev.yaml": "- 1\n"}, below="")
    assert folders.read().codes == []
