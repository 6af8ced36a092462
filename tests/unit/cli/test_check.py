import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]


def line_of(file: Path, text: str) -> int:
    return file.read_text().partition(text)[0].count("\n") + 1


def test_a_sound_project(call: Call, project: Path) -> None:
    result = call("check", project)
    assert (result.exit_code, result.stdout) == (0, "2 served, 0 differ, 0 ignored\n")


def test_an_unbound_endpoint_is_a_warning_with_its_line(call: Call, project: Path) -> None:
    bindings = project / "inferway.toml"
    bindings.write_text(bindings.read_text().replace("endpoints.numbers", "endpoints.number"))
    result = call("check", project)
    definition = project / "openapi.yaml"
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{definition}:{line_of(definition, 'arn:aws:apigateway')}:")
    assert "warning: endpoint 'numbers' is not bound; did you mean 'number'?" in result.stdout
    assert result.stdout.endswith("2 served, 1 differ, 0 ignored\n")


def test_an_error_is_status_1(call: Call, project: Path) -> None:
    definition = project / "openapi.yaml"
    definition.write_text(definition.read_text().replace('statusCode: "200"', 'statusCode: "2000"', 1))
    result = call("check", definition)
    assert result.exit_code == 1
    assert f"{definition}:{line_of(definition, '2000')}:" in result.stdout
    assert result.stdout.endswith("1 error\n")


def test_a_url_that_cannot_be_called_is_found(call: Call, project: Path) -> None:
    bindings = project / "inferway.toml"
    bindings.write_text(bindings.read_text().replace("http://127.0.0.1:9/numbers", "http://:99999"))
    result = call("check", project)
    assert result.exit_code == 1
    assert f"{bindings}:" in result.stdout
    assert "[bindings]" in result.stdout


def test_no_model_is_started(call: Call, project: Path, model: Path) -> None:
    (model / "code" / "inference.py").write_text(
        f"def model_fn(folder):\n    open({str(model / 'started')!r}, 'w')\ndef predict_fn(data, model):\n    ...\n"
    )
    bindings = project / "inferway.toml"
    bindings.write_text(bindings.read_text().replace('url = "http://127.0.0.1:9/numbers"', f'serve = "{model}"'))
    assert call("check", project).exit_code == 0
    assert not (model / "started").exists()


def test_a_missing_model_folder_is_an_error(call: Call, project: Path) -> None:
    bindings = project / "inferway.toml"
    bindings.write_text(bindings.read_text().replace('url = "http://127.0.0.1:9/numbers"', 'serve = "./nothing"'))
    result = call("check", project)
    assert result.exit_code == 1
    assert "[model-folder-missing]" in result.stdout


def test_other_bindings_can_be_named(call: Call, project: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    result = call("check", project, "--bindings", empty, "--json")
    codes = {finding["code"] for finding in json.loads(result.stdout)["findings"]}
    assert codes == {"no-keys", "unbound-endpoint"}


def test_a_finding_is_said_once(call: Call, project: Path) -> None:
    definition = project / "openapi.yaml"
    definition.write_text(definition.read_text().replace("#if", "").replace("Hello $input", "#if($x) $input"))
    findings = [json.dumps(f, sort_keys=True) for f in json.loads(call("check", project, "--json").stdout)["findings"]]
    assert findings
    assert len(findings) == len(set(findings))


def test_json(call: Call, project: Path) -> None:
    definition = project / "openapi.yaml"
    definition.write_text(definition.read_text().replace("type: mock", "type: teapot"))
    result = call("check", project, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 1
    assert document["errors"] == 1
    assert document["findings"][0] == {
        "severity": "error",
        "code": "integration-type",
        "text": "'teapot' is no type of integration; there are aws, aws_proxy, http, http_proxy, mock",
        "file": str(definition),
        "line": line_of(definition, "type: teapot"),
        "column": 15,
    }


def test_a_route_that_fails_closed_is_not_counted_as_served(call: Call, project: Path) -> None:
    definition = project / "openapi.yaml"
    definition.write_text(
        definition.read_text().replace("api_key: {type: apiKey,", "api_key: {type: oauth2, flows: {},")
    )
    assert "1 served, " in call("check", project).stdout


def test_an_empty_folder(call: Call, tmp_path: Path) -> None:
    result = call("check", tmp_path)
    assert result.exit_code == 1
    assert "error: the folder holds no definition" in result.stdout
    assert result.stdout.endswith("0 served, 0 differ, 0 ignored, 1 error\n")


def test_the_apis_of_one_service_are_all_counted(call: Call, tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / "apis" / name
        folder.mkdir(parents=True)
        described = {"properties": {"path": name, "serviceUrl": "http://127.0.0.1:9"}}
        (folder / "apiInformation.json").write_text(json.dumps(described))
        (folder / "specification.yaml").write_text("openapi: 3.0.1\npaths: {/x: {get: {operationId: x}}}\n")
    result = call("check", tmp_path)
    assert result.stdout == "2 served, 0 differ, 0 ignored\n"


@pytest.mark.parametrize(
    ("policy", "served"),
    [
        ("<validate-jwt />", 0),
        ('<retry condition="true" count="1" interval="1"><validate-jwt /></retry>', 0),
        ('<choose><when condition="true"><validate-jwt /></when></choose>', 1),
        ('<choose><when condition="true"><validate-jwt /></when><otherwise><validate-jwt /></otherwise></choose>', 0),
        ("<return-response /><validate-jwt />", 1),
        ('<set-variable name="c" value="@(context.Request.Certificate)" />', 0),
    ],
)
def test_a_route_is_not_served_where_it_can_never_be(call: Call, tmp_path: Path, policy: str, served: int) -> None:
    folder = tmp_path / "apis" / "one"
    folder.mkdir(parents=True)
    described = {"properties": {"path": "one", "serviceUrl": "http://127.0.0.1:9"}}
    (folder / "apiInformation.json").write_text(json.dumps(described))
    (folder / "specification.yaml").write_text("openapi: 3.0.1\npaths: {/x: {get: {operationId: x}}}\n")
    (folder / "policy.xml").write_text(f"<policies><inbound>{policy}</inbound></policies>")
    result = call("check", tmp_path)
    assert result.exit_code == 0
    assert f"\n{served} served, 0 differ, " in result.stdout
