"""The generated SDK in Node.js, calling a running gateway."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

pytestmark = pytest.mark.timeout(300)

KEEPER = {"accessKey": "AKIDKEEPER", "secretKey": "a-secret-of-the-keeper/+="}
VISITOR = {
    "accessKey": "ASIAVISITOR",
    "secretKey": "a-secret-of-a-visitor",
    "sessionToken": "a token/+= of a session==",
    "region": "us-east-1",
}
STRANGER = {"accessKey": "AKIDSTRANGER", "secretKey": "a-secret-of-a-stranger"}


class Served(Protocol):
    """A running gateway."""

    url: str
    site: Path


Call = Callable[..., tuple[int, Any]]


@pytest.fixture
def call(served: Served, tmp_path: Path) -> Call:
    """Call a method of the client as a program does that stands beside the unpacked SDK."""
    if shutil.which("node") is None:
        pytest.fail("the SDK's tests need Node.js: apt-get install nodejs")

    def give(expression: str, **config: str) -> tuple[int, Any]:
        program = tmp_path / "program.mjs"
        program.write_text(
            f"import apigClientFactory from {json.dumps(str(served.site / 'apiGateway-js-sdk' / 'apigClient.js'))};\n"
            f"const apigClient = apigClientFactory.newClient({json.dumps(config)});\n"
            f"const result = await apigClient.{expression}.catch((result) => result);\n"
            "console.log(JSON.stringify([result.status, result.data]));\n"
        )
        ran = subprocess.run(["node", program], capture_output=True, text=True, timeout=60, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")
        status, data = json.loads(ran.stdout)
        return status, data

    return give


def test_an_open_method(call: Call) -> None:
    assert call("rootGet()") == (200, {"path": "/prod/"})


def test_parameters_of_path_query_and_header(call: Call) -> None:
    params = "{ petId: 'a/b c ü* %2F', limit: 7, 'X-Trace': 't' }"
    assert call(f"petsPetIdGet({params})") == (200, {"pet": "a/b c ü* %2F", "limit": "7", "trace": "t"})


def test_a_body_that_the_model_asks_for(call: Call) -> None:
    assert call("petsPost({}, { name: 'Rex' })") == (200, {"path": "/prod/pets"})
    assert call("petsPost({}, { title: 'Rex' })") == (400, {"message": "Invalid request body"})


def test_an_api_key(call: Call) -> None:
    assert call("keyedGet()", apiKey="demo-key-of-the-pets") == (200, {"path": "/prod/keyed"})
    assert call("keyedGet()", apiKey="another") == (403, {"message": "Forbidden"})


@pytest.mark.parametrize(
    "expression",
    [
        "signedProxyGet({ proxy: 'a/b c/ü*:,' }, {}, { queryParams: { b: \"x+y ='&\", A: '', a: 'ä/?' } })",
        "signedProxyPost({ proxy: 'a' }, { text: 'größe' })",
        "signedProxyPut({ proxy: 'a' }, new Uint8Array([0, 255, 128]), { headers: { 'Content-Type': 'image/png' } })",
        "signedProxyDelete({ proxy: 'a..b' })",
    ],
)
def test_a_signed_call(call: Call, expression: str) -> None:
    assert call(expression, **KEEPER) == (200, {"caller": "arn:aws:iam::000000000000:user/keeper"})


def test_a_call_that_is_signed_with_temporary_credentials(call: Call) -> None:
    assert call("signedProxyGet({ proxy: 'a' })", **VISITOR) == (
        200,
        {"caller": "arn:aws:sts::000000000000:assumed-role/visitor/s1"},
    )


def test_refused_calls(call: Call) -> None:
    """The words of API Gateway for a call without a signature, for a wrong one, and for one that no policy allows."""
    assert call("signedProxyGet({ proxy: 'a' })") == (403, {"message": "Missing Authentication Token"})
    status, data = call("signedProxyGet({ proxy: 'a' })", **{**KEEPER, "secretKey": "another"})
    assert (status, data["message"].partition(".")[0]) == (
        403,
        "The request signature we calculated does not match the signature you provided",
    )
    status, data = call("signedProxyGet({ proxy: 'a' })", **STRANGER)
    assert status == 403
    assert data["Message"].startswith("User: arn:aws:iam::000000000000:user/stranger is not authorized to perform:")
