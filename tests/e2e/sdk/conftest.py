"""A real `inferway run`, and the SDK that `inferway sdk` makes of the same definition for it."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

COMMAND = Path(sys.executable).with_name("inferway")

DEFINITION = """\
openapi: "3.0.1"
info: {title: pets, version: "1"}
x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
x-amazon-apigateway-request-validator: all
paths:
  /:
    get: {responses: &ok {"200": {description: it is there}}, x-amazon-apigateway-integration: &mock {
      type: mock, requestTemplates: {application/json: '{"statusCode": 200}'},
      responses: {default: {statusCode: "200", responseTemplates: {application/json: '{"path": "$context.path"}'}}}}}
  /pets:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name]}}}}
      responses: *ok
      x-amazon-apigateway-integration: *mock
  /pets/{petId}:
    get:
      parameters:
      - {name: petId, in: path, required: true, schema: {type: string}}
      - {name: limit, in: query, required: true, schema: {type: string}}
      - {name: X-Trace, in: header, required: true, schema: {type: string}}
      responses: *ok
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: >-
                {"pet": "$input.params('petId')", "limit": "$input.params('limit')",
                 "trace": "$input.params('X-Trace')"}
  /keyed:
    get: {security: [{key: []}], responses: *ok, x-amazon-apigateway-integration: *mock}
  /signed/{proxy+}:
    x-amazon-apigateway-any-method:
      security: [{signed: []}]
      parameters: [{name: proxy, in: path, required: true, schema: {type: string}}]
      responses: *ok
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}', image/png: '{"statusCode": 200}'}
        responses:
          default:
            statusCode: "200"
            responseTemplates: {application/json: '{"caller": "$context.identity.userArn"}'}
components:
  securitySchemes:
    key: {type: apiKey, name: x-api-key, in: header}
    signed: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
"""

BINDINGS = """\
site = "./site"

[keys]
demo = "demo-key-of-the-pets"

[usage_plans.basic]
stages = ["pets:prod"]
keys = ["demo"]
throttle = { rate = 1000, burst = 1000 }

[identities.keeper]
access_key = "AKIDKEEPER"
secret_key = "a-secret-of-the-keeper/+="
policies = ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"]

[identities.visitor]
access_key = "ASIAVISITOR"
secret_key = "a-secret-of-a-visitor"
session_token = "a token/+= of a session=="
arn = "arn:aws:sts::000000000000:assumed-role/visitor/s1"
policies = ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"]

[identities.stranger]
access_key = "AKIDSTRANGER"
secret_key = "a-secret-of-a-stranger"
"""


class Served(NamedTuple):
    """A running gateway: its URL, and the folder that it serves as a site, which holds the SDK."""

    url: str
    site: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the definition, and unpack its SDK, for the address that the gateway says, into its site."""
    project = tmp_path_factory.mktemp("pets")
    site = project / "site"
    site.mkdir()
    (project / "openapi.yaml").write_text(DEFINITION)
    (project / "inferway.toml").write_text(BINDINGS)
    log = project.with_suffix(".log")
    with log.open("w") as errors:
        process = subprocess.Popen(
            [COMMAND, "run", project, "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "INFERWAY_STATE": str(project.with_suffix(".state"))},
        )
        assert process.stdout is not None
        try:
            ready: dict[str, Any] = json.loads(process.stdout.readline() or "{}")
            if "url" not in ready:
                pytest.fail(f"the gateway did not start:\n{log.read_text()}")
            (api,) = ready["apis"]
            file = project.with_suffix(".zip")
            subprocess.run([COMMAND, "sdk", project, "-o", file, "--url", api["url"]], check=True, capture_output=True)
            with zipfile.ZipFile(file) as archive:
                archive.extractall(site)
            yield Served(ready["url"], site)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            process.stdout.close()
