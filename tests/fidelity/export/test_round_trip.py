"""What is exported with every extension is the same API when it is read again; and it is OpenAPI."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.convert import Conversion, load
from inferway.definition.api import ApiDefinition
from inferway.dialects.apigateway.export.document import Export, export
from inferway.dialects.apigateway.export.exportable import exportables
from inferway.dialects.apigateway.export.options import ExportOptions, ExportType, Extension
from inferway.formats.written import json_text, yaml_text

ReadBack = Callable[[Export], ApiDefinition]
Canonical = Callable[[ApiDefinition], Any]
Problems = Callable[[dict[str, Any]], list[str]]

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "apigateway"
CDK = ROOT / ".venv-cdk" / "bin"

EXAMPLES = [
    ROOT / "examples" / "movies",
    ROOT / "examples" / "waf",
    ROOT / "examples" / "five-doors" / "article",
    ROOT / "examples" / "five-doors" / "construct",
    *(ROOT / "examples" / "formats" / name for name in ("cdk", "cloudformation", "openapi", "patterns", "sam")),
    *(ROOT / "examples" / "formats" / name for name in ("pulumi-python", "pulumi-typescript", "pulumi-yaml")),
]
SOURCES = [
    *EXAMPLES,
    *(path for path in sorted((GOLDEN / "sources").iterdir()) if path.name != "refused.yaml"),
    *sorted((GOLDEN / "resources").iterdir()),
]


def exports(
    source: Path, kind: str, extension: Extension = Extension.API_GATEWAY
) -> list[tuple[ApiDefinition, Export]]:
    return exports_of(load(source), kind, extension)


def exports_of(
    conversion: Conversion, kind: str, extension: Extension = Extension.API_GATEWAY
) -> list[tuple[ApiDefinition, Export]]:
    apis = {api.id: api for api in conversion.definitions}
    options = ExportOptions(type=ExportType(kind), extensions=frozenset((extension,)))
    return [(apis[each.id], export(each, options)) for each in exportables(conversion.graph) if each.id in apis]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_a_definition_comes_back(
    source: Path, read_back: ReadBack, canonical: Canonical, problems: Problems, monkeypatch: pytest.MonkeyPatch
) -> None:
    if source.name == "cdk":  # as where its environment is active
        monkeypatch.setenv("VIRTUAL_ENV", str(CDK.parent))
        monkeypatch.setenv("PATH", os.pathsep.join((str(CDK), os.environ["PATH"])))
    conversion = load(source)
    made = [each for kind in ExportType for each in exports_of(conversion, kind)]
    assert made, conversion.findings
    for api, exported in made:
        expected, found = canonical(api), canonical(read_back(exported))
        if any(note.startswith("an import drops") for note in exported.notes):
            expected, found = _without_schemas(expected), _without_schemas(found)
        assert found == expected
        assert problems(exported.document) == []


def _without_schemas(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_schemas(each) for key, each in value.items() if key != "schema"}
    return [_without_schemas(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", list(ExportType))
@pytest.mark.parametrize("extension", list(Extension))
def test_a_document_is_openapi_whatever_it_has_besides(kind: str, extension: Extension, problems: Problems) -> None:
    ((_, exported),) = exports(ROOT / "examples" / "movies", kind, extension)
    assert problems(exported.document) == []


def test_keywords_that_an_import_drops_are_said() -> None:
    ((_, exported),) = exports(GOLDEN / "resources" / "plans.yaml", "oas30")
    assert "an import drops minItems of the model Row" in exported.notes


def test_an_exported_document_exports_as_itself(tmp_path: Path) -> None:
    """As the vendor's own published exports do: what is written once is written the same again."""
    for kind in ExportType:
        ((_, first),) = exports(ROOT / "examples" / "movies", kind)
        path = tmp_path / f"{kind}.json"
        path.write_text(json_text(first.document))
        ((_, second),) = exports(path, kind)
        assert second.document == first.document


@pytest.mark.parametrize("write", [json_text, yaml_text])
def test_either_syntax_holds_the_same(write: Callable[[object], str], tmp_path: Path, canonical: Canonical) -> None:
    ((api, made),) = exports(ROOT / "examples" / "movies", "oas30")
    path = tmp_path / ("openapi.json" if write is json_text else "openapi.yaml")
    path.write_text(write(made.document), encoding="utf-8")
    (again,) = load(path).definitions
    assert canonical(again) == canonical(api)


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,7}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
TYPES = st.sampled_from(("application/json", "text/csv", "image/png"))
STATUSES = st.sampled_from(("200", "201", "400", "500"))


@st.composite
def integrations(draw: st.DrawFn, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    kind = draw(st.sampled_from(("MOCK", "http", "HTTP_PROXY", "aws", "aws_proxy")))
    made: dict[str, Any] = {"type": kind}
    if kind != "MOCK":
        made["httpMethod"] = "POST"
        made["uri"] = (
            "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
            "arn:aws:lambda:us-east-1:123456789012:function:f/invocations"
            if kind.startswith("aws")
            else "https://models.example.com/" + draw(NAMES)
        )
    if kind in ("http", "HTTP_PROXY") and parameters:
        places = {"path": "path", "query": "querystring", "header": "header"}
        made["requestParameters"] = {
            f"integration.request.header.{draw(NAMES)}": f"method.request.{places[each['in']]}.{each['name']}"
            for each in draw(st.lists(st.sampled_from(parameters), max_size=2))
        }
    if kind in ("MOCK", "http", "aws"):
        made["requestTemplates"] = draw(
            st.dictionaries(TYPES, TEXTS.filter(lambda text: not set("#$") & set(text)), max_size=2)
        )
        made["passthroughBehavior"] = draw(st.sampled_from(("when_no_match", "NEVER", "WHEN_NO_TEMPLATES")))
    made["timeoutInMillis"] = draw(st.integers(50, 29_000))
    patterns = draw(st.lists(st.sampled_from(("default", "4\\d{2}", "5..", "on")), unique=True, max_size=3))
    made["responses"] = {pattern: {"statusCode": draw(STATUSES)} for pattern in patterns}
    return made


SCHEMAS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(("string", "number", "integer", "boolean"))}, optional={"title": TEXTS}
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}),
        st.fixed_dictionaries(
            {"type": st.just("object")},
            optional={"properties": st.dictionaries(NAMES, inner, max_size=3), "additionalProperties": st.booleans()},
        ),
    ),
    max_leaves=4,
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    models = draw(st.dictionaries(NAMES, SCHEMAS, max_size=3))
    paths: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 3))):
        variable = draw(st.sampled_from(("", "/{id}", "/{rest+}")))
        item: dict[str, Any] = {}
        for method in draw(st.lists(st.sampled_from(("get", "post", "x-amazon-apigateway-any-method")), unique=True)):
            item[method] = draw(operations(variable.strip("/{+}"), models, f"{method}{number}"))
        paths[f"/p{number}{variable}"] = item
    made: dict[str, Any] = {
        "openapi": "3.0.1",
        "info": {"title": draw(NAMES), "version": draw(TEXTS), "description": draw(TEXTS)},
        "paths": paths,
        "components": {
            "schemas": models,
            "securitySchemes": {
                "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
                "signed": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                },
            },
        },
        "x-amazon-apigateway-request-validators": {
            "all": {"validateRequestBody": True, "validateRequestParameters": True}
        },
    }
    if draw(st.booleans()):
        made["x-amazon-apigateway-request-validator"] = "all"
    if draw(st.booleans()):
        made["security"] = draw(st.sampled_from(([{"key": []}], [{"signed": []}], [{"key": []}, {"signed": []}])))
    if draw(st.booleans()):
        made["x-amazon-apigateway-auth"] = {"type": draw(st.sampled_from(("NONE", "AWS_IAM")))}
    if draw(st.booleans()):
        made["x-amazon-apigateway-binary-media-types"] = ["image/png", "*/*"]
    if draw(st.booleans()):
        made["x-amazon-apigateway-gateway-responses"] = {
            "DEFAULT_4XX": {"statusCode": 404, "responseTemplates": {"application/json": draw(TEXTS)}}
        }
    return made


@st.composite
def operations(draw: st.DrawFn, variable: str, models: dict[str, Any], name: str) -> dict[str, Any]:
    places = st.sampled_from(("query", "header"))
    pairs = draw(st.lists(st.tuples(places, NAMES), unique_by=lambda pair: (pair[0], pair[1].lower()), max_size=3))
    parameters: list[dict[str, Any]] = [
        {"in": place, "name": each, "required": draw(st.booleans()), "schema": {"type": "integer"}}
        for place, each in pairs
    ]
    if variable and draw(st.booleans()):
        parameters.append({"in": "path", "name": variable, "required": True, "schema": {"type": "string"}})
    for parameter in parameters:
        if draw(st.booleans()):
            parameter["example"] = draw(TEXTS)
    made: dict[str, Any] = {
        "operationId": name,
        "parameters": parameters,
        "responses": {status: {"description": ""} for status in draw(st.lists(STATUSES, unique=True))},
        "x-amazon-apigateway-integration": draw(integrations(parameters)),
    }
    if draw(st.booleans()):
        references = [{"$ref": f"#/components/schemas/{model}"} for model in models]
        schema = draw(st.one_of(SCHEMAS, *(st.just(reference) for reference in references)))
        content_types = draw(st.lists(TYPES, unique=True, min_size=1))
        made["requestBody"] = {"content": {each: {"schema": schema} for each in content_types}}
    if draw(st.booleans()):
        made["security"] = draw(st.sampled_from(([], [{"key": []}], [{"signed": []}])))
    return made


@pytest.mark.parametrize("kind", list(ExportType))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents())
def test_any_document_comes_back(
    kind: str,
    document: dict[str, Any],
    tmp_path: Path,
    read_back: ReadBack,
    canonical: Canonical,
    problems: Problems,
) -> None:
    path = tmp_path / "openapi.json"
    path.write_text(json_text(document))
    ((api, exported),) = exports(path, kind)
    assert exported.notes == ()
    assert canonical(read_back(exported)) == canonical(api)
    assert problems(exported.document) == []
