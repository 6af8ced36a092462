"""The seeds' programs with the least that makes them right, unmodified, each alone."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

BACKEND = "https://my-ml-model-backend.azurewebsites.net/predict"
SEEDS = Path(__file__).parents[2] / "fidelity" / "pulumi" / "programs" / "corrected"
KEPT = {"appsync": "appsync_lambda.txt", "management": "appsync_models.txt", "apim": "apim.txt"}

HEADERS = {"Ocp-Apim-Subscription-Key": "f1ed0025f1ed0025f1ed0025f1ed0025"}


@pytest.mark.parametrize("folder", KEPT)
def test_the_programs_are_kept_as_they_came(example: Path, folder: str) -> None:
    assert (example / folder / "corrected.py").read_bytes() == (SEEDS / KEPT[folder]).read_bytes()


def test_appsync_s_exported_url_and_key_work(start: Any, example: Path) -> None:
    gateway = start(example / "appsync" / "corrected.py")
    url, key = gateway.outputs["graphql_api_url"], gateway.outputs["graphql_api_key"]
    assert url.startswith(gateway.url)
    image = base64.b64encode((example / "appsync" / "images" / "4.png").read_bytes()).decode()
    query = {"query": "query ($image: String!) { predictImageLabel(image: $image) }", "variables": {"image": image}}
    assert gateway.post(urlsplit(url).path, {"x-api-key": key}, query).json == {"data": {"predictImageLabel": "4"}}
    refused = gateway.post(urlsplit(url).path, {"x-api-key": "da2-another"}, query)
    assert (refused.status, refused.json["errors"][0]["errorType"]) == (401, "UnauthorizedException")


def test_management_has_no_resolvers_and_answers_null(start: Any, example: Path) -> None:
    """AppSync resolves a field without a resolver from its parent, which for a root field has nothing."""
    gateway = start(example / "management" / "corrected.py")
    assert gateway.models('{ getModel(name: "movies") { id name } }') == {"getModel": None}
    assert gateway.models('mutation { addModel(name: "movies") { id name } }') == {"addModel": None}


def test_apim_forwards_to_the_backend_that_is_bound(start: Any, example: Path) -> None:
    """The document's program sends what it gets to the backend's /predict, which the bindings lead to the model."""
    gateway = start(example / "apim" / "corrected.py")
    assert gateway.outputs["api_management_service_endpoint"] == f"{gateway.url}/my-api-management-service"
    asked = {"instances": [{"in0": [321], "in1": [101]}, {"in0": [321], "in1": [131]}]}
    answer = gateway.apim(asked)
    assert answer.status == 200
    assert [len(one["scores"]) for one in answer.json["predictions"]] == [1, 1]
    assert answer.json == gateway.post("/my-api-management-service/ml-model/predict", HEADERS, asked).json
    assert gateway.apim(asked, key="").status == 401
    assert gateway.apim({"instances": 1}).status == 400  # the model's own refusal, passed on


@pytest.mark.parametrize("bound", ["endpoint", "url"])
def test_the_backend_may_be_anywhere(start: Any, example: Path, tmp_path: Path, bound: str) -> None:
    """An endpoint of the bindings, or any server that answers."""
    bindings = tmp_path / "inferway.toml"
    key = '[keys.demo]\nvalue = "f1ed0025f1ed0025f1ed0025f1ed0025"\nproduct = "ml-models"\n'
    model = example.parent / "movies" / "model"
    with served(model) if bound == "url" else nullcontext("endpoint:ratings/invocations") as target:
        urls = f'[urls]\n"{BACKEND}" = "{target}"\n'
        bindings.write_text(f'{urls}\n{key}\n[endpoints.ratings]\nserve = "{model}"\n')
        gateway = start(example / "apim" / "corrected.py", "--bindings", str(bindings))
        answer = gateway.apim({"instances": [{"in0": [321], "in1": [101]}]})
        assert (answer.status, len(answer.json["predictions"])) == (200, 1)


@contextmanager
def served(model: Path) -> Iterator[str]:
    """Serve a model without a gateway, and give where it answers."""
    command = [str(Path(sys.executable).with_name("inferway")), "serve", str(model), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["invocations"]
        finally:
            process.terminate()
