"""`inferway up`: a managed API in front of one model folder, defined as an OpenAPI document of the vendor's."""

import json
import re
from pathlib import Path
from typing import Any, Final

import msgspec

from inferway.app.deploy import deployments
from inferway.app.project import Project, bound_keys
from inferway.app.up_page import CONTENT_SECURITY_POLICY, page
from inferway.convert import read_graph
from inferway.definition.bindings import Bindings, BoundKey, BoundPlan
from inferway.definition.endpoints import BoundEndpoint
from inferway.definition.stage import StageSettings, Throttle
from inferway.definition.usage import UsagePlan
from inferway.faults import Place
from inferway.formats.openapi import DOCUMENT
from inferway.formats.resources import Resource, ResourceGraph
from inferway.serving.folder import check_model_folder

SLUG: Final = "models"

_INTEGRATION: Final = "x-amazon-apigateway-integration"
_URI: Final = "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/{}/invocations"
_ROLE: Final = "arn:aws:iam::123456789012:role/inferway"
_NAME: Final = re.compile("[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}")
_LARGEST_EXAMPLE: Final = 64 * 1024  # bytes; it stands in templates, which may have 300 KB

# What the model itself refused keeps its status and its text (SageMaker Runtime, "InvokeEndpoint", ModelError).
_MODEL_ERROR: Final = (
    "#set($context.responseOverride.status = $input.path('$.OriginalStatusCode'))$input.path('$.OriginalMessage')"
)
_PROTECT: Final = f'#set($context.responseOverride.header.Content-Security-Policy = "{CONTENT_SECURITY_POLICY}")'
# A mapping's static value cannot hold the quotes of a policy; a template can.


class ModelApi(msgspec.Struct, frozen=True, kw_only=True):
    """What `inferway up` puts in front of a model folder; `example` is a JSON body, "" where there is none."""

    name: str
    folder: Path
    key: str
    throttle: Throttle
    example: str = ""

    def __post_init__(self) -> None:
        """Refuse a name that no endpoint can have (SageMaker API reference, `CreateEndpoint`, `EndpointName`)."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be a name: up to 63 letters and digits, with single '-' between")

    @property
    def path(self) -> str:
        """Where the API stands on its gateway."""
        return f"/{SLUG}/{self.name}"


def name_of(folder: Path) -> str:
    """Give the name that a folder's API has by default."""
    words = re.sub("[^a-zA-Z0-9]+", "-", folder.resolve().name).strip("-")
    return words[:63].strip("-") or "model"


def find_example(folder: Path) -> str:
    """Give the body of `example.json` in a model folder or its `code` folder, "" where there is none.

    Raises ValueError for one that is no JSON or larger than 64 KB.
    """
    for file in (folder / "example.json", folder / "code" / "example.json"):
        if file.is_file():
            data = file.read_bytes()
            if len(data) > _LARGEST_EXAMPLE:
                raise ValueError(f"{file}: an example may have {_LARGEST_EXAMPLE // 1024} KB")
            try:
                return msgspec.json.encode(msgspec.json.decode(data)).decode()
            except msgspec.DecodeError as error:
                raise ValueError(f"{file}: no JSON: {error}") from None
    return ""


def model_project(api: ModelApi) -> Project:
    """Give the project that serves a model folder; nothing is started."""
    properties = definition(api)
    resource = Resource(type=DOCUMENT, name=SLUG, properties=properties, places=_Folder(api.folder))
    conversion = read_graph(ResourceGraph(resources=(resource,)))
    plan = UsagePlan(id=api.name, name=api.name, keys=(api.name,), throttle=api.throttle)
    bindings = Bindings(
        endpoints={api.name: BoundEndpoint(name=api.name, serve=str(api.folder.resolve()))},
        keys={api.name: BoundKey(name=api.name, value=api.key)},
        stages={SLUG: (StageSettings(name=api.name),)},
        plans={api.name: BoundPlan(plan=plan, stages=(f"{SLUG}:{api.name}",))},
    )
    made, joined = deployments(conversion.definitions, bindings)
    models = check_model_folder(api.folder)
    return Project(
        deployments=made,
        bindings=bindings,
        findings=(*conversion.findings, *joined, *models),
        stamps={},
        keys=bound_keys(bindings),
    )


class _Folder:
    """Places of a document that no file holds: all are the model's folder."""

    def __init__(self, folder: Path) -> None:
        self._place = Place(file=str(folder))

    def find(self, *path: str | int) -> Place:  # noqa: ARG002 - the protocol's form
        """Give the folder."""
        return self._place


def public_document(api: ModelApi) -> dict[str, Any]:
    """Give the OpenAPI document that clients see."""
    example = {"example": msgspec.json.decode(api.example)} if api.example else {}
    refusals = {
        "400": "The model cannot read the body.",
        "403": "The key is missing or unknown.",
        "413": "The body is too large.",
        "429": f"More than {api.throttle.rate:g} requests a second; try again later.",
        "500": "The model failed.",
        "504": "The model did not answer in time.",
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": api.name, "version": "1.0", "description": f"Predictions of the model {api.name}."},
        "servers": [{"url": api.path}],
        "paths": {
            "/predict": {
                "post": {
                    "operationId": "predict",
                    "summary": "Predict with the model.",
                    "security": [{"api_key": []}],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": {}, **example}}},
                    "responses": {
                        "200": {"description": "The prediction.", "content": {"application/json": {"schema": {}}}},
                        **{
                            status: {
                                "description": text,
                                "content": {"application/json": {"schema": {"type": "object"}}},
                            }
                            for status, text in refusals.items()
                        },
                    },
                }
            }
        },
        "components": {"securitySchemes": {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}},
    }


def definition(api: ModelApi) -> dict[str, Any]:
    """Give the definition: `POST /predict` on the model, and two pages without a key, `/` and `/openapi.json`."""
    limit = f"{api.throttle.rate:g} requests a second, {api.throttle.burst} at once"
    document = json.dumps(public_document(api), ensure_ascii=False)
    return {
        "openapi": "3.0.3",
        "info": {"title": SLUG, "version": "1.0", "description": f"Predictions of the model {api.name}."},
        "paths": {
            "/": {"get": _page("text/html; charset=utf-8", page(api.name, api.path, api.example, limit), _PROTECT)},
            # In JSON a # stands in texts only, so it can be escaped, and cannot end the template's literal.
            "/openapi.json": {"get": _page("application/json", document.replace("#", "\\u0023"))},
            "/predict": {"post": _predict(api)},
        },
        "components": {"securitySchemes": {"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}},
    }


def _predict(api: ModelApi) -> dict[str, Any]:
    content_type = {"Content-Type": {"schema": {"type": "string"}}}
    return {
        "operationId": "predict",
        "security": [{"api_key": []}],
        "parameters": [{"name": "Accept", "in": "header", "schema": {"type": "string"}}],
        "responses": {
            "200": {"description": "The prediction.", "headers": content_type},
            "413": {"description": "The body is too large."},
            "500": {"description": "The model failed."},
        },
        _INTEGRATION: {
            "type": "aws",
            "httpMethod": "POST",
            "uri": _URI.format(api.name),
            "credentials": _ROLE,
            "passthroughBehavior": "when_no_match",
            "requestParameters": {"integration.request.header.Accept": "method.request.header.Accept"},
            "responses": {
                r"2\d{2}": {
                    "statusCode": "200",
                    "responseParameters": {
                        "method.response.header.Content-Type": "integration.response.header.Content-Type"
                    },
                },
                "424": {"statusCode": "500", "responseTemplates": {"application/json": _MODEL_ERROR}},
                "413": {
                    "statusCode": "413",
                    "responseTemplates": {"application/json": """{"message": $input.json('$.Message')}"""},
                },
                "default": {
                    "statusCode": "500",
                    "responseTemplates": {"application/json": '{"message": "The model failed"}'},
                },
            },
        },
    }


def _page(content_type: str, text: str, prepare: str = "") -> dict[str, Any]:
    """Give a route that answers with a text; `prepare` is a template that is evaluated before it."""
    return {
        "responses": {
            "200": {"description": "A page.", "headers": {"Content-Type": {"schema": {"type": "string"}}}},
        },
        _INTEGRATION: {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {
                "default": {
                    "statusCode": "200",
                    "responseParameters": {"method.response.header.Content-Type": f"'{content_type}'"},
                    "responseTemplates": {"application/json": f"{prepare}#[[{text}]]#"},
                }
            },
        },
    }
