"""Folders of artifacts.

Expected names of files and folders: the sample artifacts of the APIOps Toolkit (https://github.com/Azure/apiops) and
"Artifact Directory Format" of the APIOps CLI; overrides: its "Environment Overrides".
"""

from pathlib import Path
from typing import Any

import pytest

from inferway.convert import read_graph
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


def test_a_stack_without_a_file_is_told_with_those_that_have_one(folders: Folders) -> None:
    folders.put({"apis/movies/apiInformation.json": described(path="movies")})
    assert not folders.read().findings
    (finding,) = folders.read(stack="nope").findings
    assert "warning: there is no configuration.nope.yaml" in finding
    assert "there is no configuration of any stack [no-overrides]" in finding
    folders.put({"configuration.prod.yaml": "{}", "configuration.extractor.yaml": "{}"}, below="")
    (finding,) = folders.read(stack="nope").findings
    assert finding.endswith("there are configuration.prod.yaml [no-overrides]")
    (finding,) = folders.read().findings
    assert "note: there is no configuration.dev.yaml" in finding
    assert not folders.read(stack="prod").findings


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
    for nothing in ("- 1\n", "", "\n  # later\n"):
        folders.put({"configuration.dev.yaml": nothing}, below="")
        assert folders.read().codes == []


def test_a_secret_in_a_vault_is_given(folders: Folders) -> None:
    vault = {"secretIdentifier": "https://v.vault.azure.net/secrets/s"}
    folders.put(
        {"named values/key/namedValueInformation.json": described(displayName="k", secret=True, keyVault=vault)}
    )
    done = folders.read()
    assert done.codes == ["no-named-value"]
    assert "namedValueInformation.json:5:3: note: " in done.findings[0]
    assert "is in Key Vault, which is not read; give --param key=VALUE" in done.findings[0]
    assert "keyVault" in done.properties("namedValues key")
    given = folders.read(k="s3cret")
    assert not given.findings
    assert given.properties("namedValues key") == {"displayName": "k", "secret": True, "value": "s3cret"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("apis/bare/specification.yaml", "specification.yaml is not read: apis/bare has no apiInformation.json"),
        (
            "apis/Movies/Original/1/apiInformation.json",
            "apis/Movies has no apiInformation.json itself, only deeper, as versions of APIOps before 3.0 wrote it",
        ),
        ("apis/movies/notes/tagInformation.json", "tagInformation.json is not read: nothing of this name belongs here"),
        ("apis/movies/releaseInformation.json", "releaseInformation.json is not read: nothing of this name"),
        ("apis/movies/apiInformation.yaml", "apiInformation.yaml is not read: nothing of this name belongs here"),
        ("backend/model/backendInformation.json", "backendInformation.json is not read: backend is none of apis, "),
        ("backendInformation.json", "backendInformation.json is not read: it describes something in one of apis, "),
    ],
)
def test_what_is_not_read_is_told(folders: Folders, name: str, said: str) -> None:
    folders.put({name: "{}" if name.endswith("json") else "openapi: 3.0.1"})
    done = folders.read()
    assert done.codes == ["unread-artifact"]
    assert done.findings[0].startswith(f"{folders.artifacts / name}: warning: ")
    assert said in done.findings[0]


def test_one_warning_is_enough_for_an_artifact(folders: Folders) -> None:
    old = "apis/Old/Original/1"
    folders.put(
        {f"{old}/apiInformation.json": described(), f"{old}/policy.xml": POLICY, f"{old}/specification.yaml": ""}
    )
    (finding,) = folders.read().findings
    assert "; so are 2 more [unread-artifact]" in finding
    folders.put({f"apis/bare{number}/specification.yaml": "" for number in range(30)})
    done = folders.read()
    assert len(done.findings) == 21
    assert "files of 11 more artifacts are not read" in done.findings[-1]


def test_of_two_documents_the_one_that_is_read_is_told(folders: Folders) -> None:
    folders.put({f"apis/movies/specification.{kind}": "openapi: 3.0.1\npaths: {}\n" for kind in ("json", "yaml")})
    done = folders.read()
    assert done.codes == ["unread-artifact"]
    assert "specification.json is not read: specification.yaml stands beside it" in done.findings[0]
    assert done.properties("apis movies")["format"] == "openapi"


def test_what_stands_beside_artifacts_is_nobodys_concern(folders: Folders) -> None:
    others = ("README.md", "apis/movies/notes.txt", ".git/apis/x/apiInformation.json", "apis/.DS_Store")
    workspace = "workspaces/w/apis/x/apiInformation.json"
    folders.put({**dict.fromkeys(others, "x"), workspace: described()})
    assert not folders.read().findings


def test_what_changes_nothing_among_overrides_is_a_warning(folders: Folders) -> None:
    folders.put({"backends/model/backendInformation.json": described(url="http://dev")})
    folders.put({"configuration.dev.yaml": "backends:\n  - name: model\n    url: http://prod\n"}, below="")
    done = folders.read()
    assert done.codes == ["bad-override"]
    assert "configuration.dev.yaml:3:10: warning: url of backends/model changes nothing here; " in done.findings[0]
    assert done.properties("backends model")["url"] == "http://dev"


def test_the_first_of_two_overrides_of_one_name_counts(folders: Folders) -> None:
    folders.put({"backends/model/backendInformation.json": described(url="http://dev")})
    twice = "".join(f"  - {{name: model, properties: {{url: 'http://{host}'}}}}\n" for host in ("a", "b"))
    folders.put({"configuration.dev.yaml": f"backends:\n{twice}"}, below="")
    done = folders.read()
    assert done.properties("backends model")["url"] == "http://a"
    assert done.codes == ["unmatched-override"]


@pytest.mark.parametrize("name", ["My API", "größe", "a.b_c-d", "UPPER", "x;rev=2", "%2e%2e", "'q\"", "名"])
def test_folders_may_be_named_oddly(folders: Folders, name: str) -> None:
    folders.put({f"apis/{name}/apiInformation.json": described(path="x"), f"apis/{name}/policy.xml": POLICY})
    done = folders.read()
    assert not done.findings
    assert done.resources[f"apis {name}"].properties["name"] == f"movies-project/{name}"
    assert f"apis/policies {name}/policy" in done.resources


def test_links_that_lead_round_end(folders: Folders) -> None:
    (folders.artifacts / "apis" / "round").symlink_to(folders.artifacts, target_is_directory=True)
    (folders.artifacts / "apis" / "movies" / "operations").symlink_to(folders.artifacts / "apis")
    (folders.artifacts / "policy.xml").symlink_to(folders.artifacts / "policy.xml")
    (folders.artifacts / "products").mkdir()
    (folders.artifacts / "products" / "gone").symlink_to(folders.artifacts / "nowhere")
    done = folders.read()
    assert "apis movies" in done.resources
    assert all("unread-artifact" in finding for finding in done.findings)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b'\xef\xbb\xbf{"properties": {"path": "m"}}', ""), (b'{"a": "\xff"}', "bad-encoding"), (b"", "json-syntax")],
)
def test_bytes_that_are_no_text(folders: Folders, content: bytes, code: str) -> None:
    (folders.artifacts / "apis" / "movies" / "apiInformation.json").write_bytes(content)
    done = folders.read()
    assert done.codes == ([code] if code else [])


def test_a_policy_that_names_what_is_absent_has_its_place(folders: Folders) -> None:
    header = '<set-header name="x"><value>{{absent}}</value></set-header>'
    folders.put(
        {
            "apis/movies/specification.yaml": "openapi: 3.0.1\npaths: {/x: {get: {operationId: o}}}\n",
            "apis/movies/policy.xml": f"<policies>\n  <inbound>\n    {header}\n  </inbound>\n</policies>\n",
        }
    )
    done = folders.read()
    errors = [str(finding) for finding in read_graph(done.graph, ()).findings if finding.severity == "error"]
    place = f"{folders.artifacts / 'apis' / 'movies' / 'policy.xml'}:3:33"
    assert errors == [f"{place}: error: there is no named value absent [unknown-named-value]"]
