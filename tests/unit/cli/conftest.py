"""What the tests of the commands share: a way to call one, a definition, and a model folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from inferway.cli.program import program

DEFINITION = """\
openapi: "3.0.1"
info: {title: greetings, version: "1.0"}
paths:
  /hello/{name}:
    get:
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}, example: Ada}
      responses:
        "200": {description: A greeting.}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: '{"statusCode": 200}'
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: '{"message": "Hello $input.params("name")"}'
  /predict:
    post:
      security: [{api_key: []}]
      responses:
        "200": {description: A prediction.}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/numbers/invocations
        credentials: arn:aws:iam::123456789012:role/numbers
        responses:
          default: {statusCode: "200"}
components:
  securitySchemes:
    api_key: {type: apiKey, name: x-api-key, in: header}
"""

BINDINGS = """\
[endpoints.numbers]
url = "http://127.0.0.1:9/numbers"

[keys]
demo = "demo-key-for-the-greetings"

[apis.greetings.stages.live]
throttle = { rate = 50, burst = 5 }

[usage_plans.basic]
stages = ["greetings:live"]
keys = ["demo"]
throttle = { rate = 10, burst = 20 }
quota = { limit = 1000, period = "DAY" }
"""

MODEL = """\
def model_fn(model_dir):
    return sum


def predict_fn(data, model):
    return {"sum": model(data["numbers"])}
"""


@pytest.fixture
def call() -> Callable[..., Result]:
    runner = CliRunner()

    def call(*arguments: object, stdin: str | None = None) -> Result:
        return runner.invoke(program(), [str(argument) for argument in arguments], input=stdin, prog_name="inferway")

    return call


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "openapi.yaml").write_text(DEFINITION)
    (folder / "inferway.toml").write_text(BINDINGS)
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "numbers"
    (folder / "code").mkdir(parents=True)
    (folder / "code" / "inference.py").write_text(MODEL)
    return folder
