import json
from pathlib import Path

import pytest

from inferway.app.up import ModelApi, definition, find_example, model_project, name_of, public_document
from inferway.definition.stage import Throttle
from inferway.definition.steps import Invoke
from inferway.definition.targets import SageMakerEndpoint
from inferway.faults import Severity

KEY = "0123456789abcdef0123"


def api(folder: Path, example: str = "", name: str = "numbers") -> ModelApi:
    return ModelApi(name=name, folder=folder, key=KEY, throttle=Throttle(rate=10, burst=20), example=example)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    code = tmp_path / "numbers" / "code"
    code.mkdir(parents=True)
    (code / "inference.py").write_text("def model_fn(d): ...\ndef predict_fn(data, model): ...\n")
    return tmp_path / "numbers"


def test_the_project_serves_one_stage_with_a_key_and_a_limit(folder: Path) -> None:
    project = model_project(api(folder))
    (deployment,) = project.deployments
    assert (deployment.api.slug, deployment.stage.name) == ("models", "numbers")
    assert project.bindings.keys["numbers"].value == KEY
    (plan,) = deployment.plans
    assert (plan.keys, plan.throttle) == (("numbers",), Throttle(rate=10, burst=20))
    assert project.bindings.endpoints["numbers"].serve == str(folder.resolve())


def test_nothing_is_found_in_its_definition(folder: Path) -> None:
    assert model_project(api(folder)).findings == ()


def test_only_predict_needs_the_key_and_calls_the_model(folder: Path) -> None:
    (deployment,) = model_project(api(folder)).deployments
    routes = {(route.method, route.path): route for route in deployment.api.routes}
    assert {key: route.api_key_required for key, route in routes.items()} == {
        ("GET", "/"): False,
        ("GET", "/openapi.json"): False,
        ("POST", "/predict"): True,
    }
    (invoke,) = (step for step in routes["POST", "/predict"].pipeline.invoke if isinstance(step, Invoke))
    assert isinstance(invoke.target, SageMakerEndpoint)
    assert invoke.target.name == "numbers"


def test_a_folder_without_a_script_is_an_error(tmp_path: Path) -> None:
    findings = model_project(api(tmp_path)).findings
    assert [(found.severity, found.code) for found in findings] == [(Severity.ERROR, "model-script-missing")]


def test_the_public_document_says_nothing_of_how_it_is_served(folder: Path) -> None:
    text = json.dumps(public_document(api(folder, '{"a":1}')))
    assert "x-amazon" not in text
    assert KEY not in text
    assert str(folder) not in text
    assert '"example": {"a": 1}' in text


def test_no_page_holds_the_key(folder: Path) -> None:
    assert KEY not in json.dumps(definition(api(folder)))


def test_no_example_can_end_the_literal_of_a_page(folder: Path) -> None:
    example = json.dumps({"]]#": "]]# $input.body #set($x = 1)"})
    pages = definition(api(folder, example))["paths"]
    for path in ("/", "/openapi.json"):
        case = pages[path]["get"]["x-amazon-apigateway-integration"]["responses"]["default"]
        assert case["responseTemplates"]["application/json"].count("]]#") == 1


@pytest.mark.parametrize("place", ["example.json", "code/example.json"])
def test_an_example_is_found(folder: Path, place: str) -> None:
    (folder / place).write_text('{\n  "a": [1, 2]\n}\n')
    assert find_example(folder) == '{"a":[1,2]}'


def test_there_need_be_no_example(folder: Path) -> None:
    assert find_example(folder) == ""


@pytest.mark.parametrize("text", ["{", "", json.dumps("x" * 70_000)])
def test_a_bad_example_is_refused(folder: Path, text: str) -> None:
    (folder / "example.json").write_text(text)
    with pytest.raises(ValueError, match="example"):
        find_example(folder)


@pytest.mark.parametrize(
    ("folder_name", "name"),
    [("movies", "movies"), ("my model (2)", "my-model-2"), ("_x_", "x"), ("模型", "model"), ("a" * 70, "a" * 63)],
)
def test_the_name_of_a_folder(tmp_path: Path, folder_name: str, name: str) -> None:
    assert name_of(tmp_path / folder_name) == name
    assert api(tmp_path, name=name).path == f"/models/{name}"


# SageMaker API reference, CreateEndpoint, EndpointName: ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}
@pytest.mark.parametrize("name", ["", "-a", "a-", "a b", "a/b", "a_b", "a" * 64])
def test_a_name_that_no_endpoint_can_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a name"):
        api(tmp_path, name=name)
