"""The construct's app synthesizes, with the real CDK and node, and gives what its template alone gives."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inferway.convert import Conversion, load
from inferway.definition.codec import encode
from inferway.faults import Severity
from inferway.formats.resources import Environment

ROOT = Path(__file__).parents[3]
TEMPLATE = ROOT / "tests" / "golden" / "apigateway" / "resources" / "construct.template.json"
PYTHON = Path(os.environ.get("INFERWAY_CDK_PYTHON") or ROOT / ".venv-cdk" / "bin" / "python")

APP = '''\
import aws_cdk as cdk
from aws_solutions_constructs.aws_apigateway_sagemakerendpoint import ApiGatewayToSageMakerEndpoint

REQUEST_TEMPLATE = """{
    "instances": [
#set( $user_id = $input.params("user_id") )
#set( $items = $input.params("items") )
#foreach( $item in $items.split(",") )
    {"in0": [$user_id], "in1": [$item]}#if( $foreach.hasNext ),#end
    $esc.newline
#end
    ]
}"""

app = cdk.App(outdir="cdk.out")
stack = cdk.Stack(app, "SageMakerConstruct")
ApiGatewayToSageMakerEndpoint(
    stack,
    "test-apigw-sagemakerendpoint",
    endpoint_name="my-endpoint",
    resource_path="{user_id}",
    request_mapping_template=REQUEST_TEMPLATE,
)
app.synth()
'''
"""The construct's minimal example, which says itself where to synthesize to."""

pytestmark = pytest.mark.timeout(300)


class Synthesized(NamedTuple):
    """What came of the app itself, and the folder that it synthesized to."""

    conversion: Conversion
    out: Path


@pytest.fixture(scope="module")
def python() -> str:
    """Give an interpreter that has the CDK; fail with what installs it."""
    if shutil.which("node") is None:
        pytest.fail("the CDK needs Node.js: apt-get install nodejs")
    if not PYTHON.is_file() or subprocess.run([PYTHON, "-c", "import jsii, constructs"], check=False).returncode != 0:
        pytest.fail("python3 -m venv .venv-cdk && .venv-cdk/bin/python -m pip install -r requirements/cdk.txt")
    return str(PYTHON)


@pytest.fixture(scope="module")
def synthesized(tmp_path_factory: pytest.TempPathFactory, python: str) -> Synthesized:
    """Load the app, which runs it: some ten seconds."""
    main = tmp_path_factory.mktemp("construct") / "app.py"
    main.write_text(APP, "utf-8")
    conversion = load(main, environment=lambda: Environment(python=python))
    return Synthesized(conversion, main.parent / "cdk.out")


def content(conversion: Conversion) -> list[Any]:
    """Give the definitions without places and without identifiers, which the stack's name is part of."""

    def stripped(value: Any) -> Any:
        if isinstance(value, list):
            return [stripped(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {key: stripped(part) for key, part in value.items() if key not in {"place", "id", "resource", "hosts"}}

    return [stripped(json.loads(encode(definition))) for definition in conversion.definitions]


def errors(conversion: Conversion) -> list[str]:
    return [str(finding) for finding in conversion.findings if finding.severity is Severity.ERROR]


def test_the_app_gives_what_the_template_gives(synthesized: Synthesized) -> None:
    assert errors(synthesized.conversion) == []
    assert content(synthesized.conversion) == content(load(TEMPLATE))
    (api,) = synthesized.conversion.definitions
    assert [(route.method, route.path, route.authorization) for route in api.routes] == [
        ("GET", "/{user_id}", "AWS_IAM")
    ]


def test_the_assembly_gives_what_the_template_gives(synthesized: Synthesized) -> None:
    assembly = load(synthesized.out)
    assert errors(assembly) == []
    assert content(assembly) == content(load(TEMPLATE))


def test_the_template_is_the_known_one(synthesized: Synthesized) -> None:
    made = synthesized.out / "SageMakerConstruct.template.json"
    assert json.loads(made.read_text("utf-8")) == json.loads(TEMPLATE.read_text("utf-8"))
