"""The seeds' programs with the least that makes them right, unmodified, each alone."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

BACKEND = "https://my-ml-model-backend.azurewebsites.net/predict"
SEEDS = Path(__file__).parents[2] / "fidelity" / "pulumi" / "programs" / "corrected"
KEPT = {"appsync": "appsync_lambda.txt", "management": "appsync_models.txt", "apim": "apim.txt"}

HEADERS = {"Ocp-Apim-Subscription-Key": "f1ed0025f1ed0025f1ed0025f1ed0025"}


@pytest.fixture
def model(example: Path) -> Iterator[str]:
    """Give the address at which the movies model answers, without a gateway."""
    command = [str(Path(sys.executable).with_name("inferway")), "serve", str(example.parent / "movies" / "model")]
    with subprocess.Popen(
        [*command, "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as served:
        try:
            assert served.stdout is not None
            yield json.loads(served.stdout.readline())["invocations"]
        finally:
            served.terminate()


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


def test_apim_forwards_to_the_backend_that_is_bound(start: Any, example: Path, model: str, tmp_path: Path) -> None:
    bindings = tmp_path / "inferway.toml"
    bindings.write_text(
        f'[urls]\n"{BACKEND}" = "{model}"\n\n'
        '[keys.demo]\nvalue = "f1ed0025f1ed0025f1ed0025f1ed0025"\nproduct = "ml-models"\n'
    )
    gateway = start(example / "apim" / "corrected.py", "--bindings", str(bindings))
    assert gateway.outputs["api_management_service_endpoint"] == f"{gateway.url}/my-api-management-service"
    asked = {"instances": [{"in0": [321], "in1": [101]}, {"in0": [321], "in1": [131]}]}
    answer = gateway.apim(asked)
    assert answer.status == 200
    assert [len(one["scores"]) for one in answer.json["predictions"]] == [1, 1]
    assert answer.json == gateway.post("/my-api-management-service/ml-model/predict", HEADERS, asked).json
    assert gateway.apim(asked, key="").status == 401
