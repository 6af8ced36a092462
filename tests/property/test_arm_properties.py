"""Whatever stands in a template or in artifacts, reading it gives resources and findings, and raises nothing."""

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.convert import provision, read_graph
from inferway.faults import Finding
from inferway.formats.apiops import reader as apiops
from inferway.formats.arm import reader as arm
from inferway.formats.arm.expression import ExpressionError, parse
from inferway.formats.arm.functions.table import FUNCTIONS
from inferway.formats.arm.relaxed import strict
from inferway.formats.resources import Environment

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ENVIRONMENT = Environment(secret=b"s")
SERVICE = "Microsoft.ApiManagement/service"

TEMPLATE: dict[str, Any] = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "parameters": {"name": {"type": "string", "defaultValue": "svc"}, "n": {"type": "int", "defaultValue": 2}},
    "variables": {"a": "[concat(parameters('name'), '-a')]", "b": ["[variables('a')]"]},
    "resources": [
        {"type": SERVICE, "name": "[parameters('name')]", "properties": {"publisherName": "x"}},
        {
            "type": f"{SERVICE}/apis",
            "name": "[concat(parameters('name'), '/api', copyIndex())]",
            "copy": {"name": "loop", "count": "[parameters('n')]"},
            "dependsOn": ["[parameters('name')]"],
            "properties": {
                "path": "[format('p{0}', copyIndex())]",
                "serviceUrl": "[reference(parameters('name')).gatewayUrl]",
                "format": "openapi",
                "value": "openapi: 3.0.1\npaths: {/x: {get: {operationId: o}}}\n",
            },
        },
        {
            "type": f"{SERVICE}/apis/policies",
            "name": "[concat(parameters('name'), '/api0/policy')]",
            "condition": "[equals(1, 1)]",
            "properties": {"value": "<policies><inbound><base /></inbound></policies>"},
        },
        {
            "type": "Microsoft.Resources/deployments",
            "name": "inner",
            "properties": {
                "expressionEvaluationOptions": {"scope": "inner"},
                "parameters": {"p": {"value": "[variables('b')]"}},
                "template": {"parameters": {"p": {"type": "array"}}, "resources": [], "outputs": {}},
            },
        },
    ],
    "outputs": {"url": {"type": "string", "value": "[reference(parameters('name')).gatewayUrl]"}},
}

NAMES = st.sampled_from(["name", "n", "a", "b", "nobody", "loop", "svc", "inner", "x"])
ATOMS = st.one_of(NAMES.map(lambda name: f"'{name}'"), st.integers(-3, 12).map(str), st.just("copyIndex()"))
FUNCTION_NAMES = st.sampled_from(
    [*(each.name for each in FUNCTIONS.values()), "parameters", "variables", "reference", "listKeys", "if", "lambda"]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(FUNCTION_NAMES, st.lists(inner, max_size=3)).map(lambda call: f"{call[0]}({', '.join(call[1])})"),
        st.tuples(inner, st.sampled_from([".a", ".?b", "[0]", "[?'x']"])).map("".join),
    ),
    max_leaves=12,
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2_000),
    st.text(max_size=8),
    EXPRESSIONS.map(lambda text: f"[{text}]"),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["copy", "name", "count", "input", "type", "value", "properties", "resources", "template", "x"]
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


def changed(data: st.DataObject, value: Any) -> Any:
    """Give the value with a part of it replaced, removed or added."""
    if isinstance(value, dict) and value and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(value)))
        made = dict(value)
        if data.draw(st.integers(0, 6)):
            made[key] = changed(data, value[key])
        else:
            del made[key]
        return made
    if isinstance(value, list) and value and data.draw(st.integers(0, 5)):
        at = data.draw(st.integers(0, len(value) - 1))
        return [*value[:at], changed(data, value[at]), *value[at + 1 :]]
    return data.draw(VALUES)


def read(path: Path) -> None:
    graph, findings = arm.read(path, ENVIRONMENT, provision)
    conversion = read_graph(graph, findings)
    assert all(isinstance(finding, Finding) for finding in conversion.findings)
    json.dumps([dict(resource.properties) for resource in graph.resources])


def test_the_template_itself_is_without_findings(tmp_path: Path) -> None:
    path = tmp_path / "azuredeploy.json"
    path.write_text(json.dumps(TEMPLATE))
    graph, findings = arm.read(path, ENVIRONMENT, provision)
    assert not read_graph(graph, findings).findings
    assert len(graph.resources) == 4


@FEW
@given(st.data())
def test_any_template_gives_a_graph(tmp_path: Path, data: st.DataObject) -> None:
    value = copy.deepcopy(TEMPLATE)
    for _ in range(data.draw(st.integers(1, 3))):
        value = changed(data, value)
    path = tmp_path / "azuredeploy.json"
    path.write_text(json.dumps(value))
    read(path)


@FEW
@given(st.lists(EXPRESSIONS, min_size=1, max_size=4))
def test_any_expression_gives_a_value_or_a_finding(tmp_path: Path, expressions: list[str]) -> None:
    outputs = {f"o{at}": {"type": "string", "value": f"[{text}]"} for at, text in enumerate(expressions)}
    path = tmp_path / "azuredeploy.json"
    path.write_text(json.dumps({**TEMPLATE, "outputs": outputs}))
    read(path)


@given(st.text(alphabet="[]().,?'ab0-$_ \\\"", max_size=40))
def test_any_text_is_an_expression_or_none(text: str) -> None:
    with contextlib.suppress(ExpressionError):
        parse(f"[{text}]")


@given(st.text(alphabet='{}[]"\\/*n\n\r :1', max_size=60))
def test_relaxed_json_keeps_its_lines(text: str) -> None:
    assert strict(text).count("\n") >= text.count("\n") - text.count("\r\n")


@FEW
@given(st.data())
def test_any_folder_of_artifacts_gives_a_graph(tmp_path: Path, data: st.DataObject) -> None:
    files: dict[str, Any] = {
        "apis/a/apiInformation.json": {"properties": {"path": "a", "serviceUrl": "http://x", "apiVersion": ""}},
        "apis/a/specification.yaml": "openapi: 3.0.1\npaths: {/x: {get: {operationId: o}}}\n",
        "apis/a/policy.xml": "<policies><inbound><include-fragment fragment-id='f' /></inbound></policies>",
        "policy fragments/f/policy.xml": "<fragment />",
        "products/p/productInformation.json": {"properties": {"displayName": "p"}},
        "products/p/apis.json": [{"name": "a"}],
        "named values/v/namedValueInformation.json": {"properties": {"value": "x"}},
        "configuration.dev.yaml": {"backends": [{"name": "b", "properties": {"url": "x"}}]},
    }
    name = data.draw(st.sampled_from(sorted(files)))
    value = files[name]
    files[name] = data.draw(st.text(max_size=20)) if isinstance(value, str) else changed(data, value)
    for path, content in files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    graph, findings = apiops.read(tmp_path, ENVIRONMENT, provision)
    assert graph.resources
    read_graph(graph, findings)
