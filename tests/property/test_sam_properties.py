"""Any SAM template is read or reported, whatever stands where a function, an event or a path should."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.formats.resources import Environment
from inferway.formats.sam import reader, rendering
from inferway.formats.sam.settings import read_settings
from inferway.formats.sam.translation import Translation

TEXTS = st.sampled_from(
    ["", "src", "../x", "/", "\0", "x" * 300, "s3://b/k", "A", "B", "Api", "HttpApi", "AWS::Serverless::Api"]
)
SIMPLE = st.none() | st.booleans() | st.integers(0, 3) | TEXTS
INTRINSICS = st.sampled_from([{"Ref": "A"}, {"Ref": "P"}, {"Fn::Sub": "${P}/x"}, {"Fn::GetAtt": "A.Arn"}, {"Ref": []}])
ANY = st.recursive(
    SIMPLE | INTRINSICS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner), max_leaves=6
)
EVENT = st.fixed_dictionaries(
    {"Type": TEXTS | ANY},
    optional={
        "Properties": st.fixed_dictionaries({}, optional=dict.fromkeys(("Path", "Method", "RestApiId"), ANY)) | ANY
    },
)
NAMES = ("CodeUri", "ContentUri", "DefinitionUri", "SchemaUri", "Location", "InlineCode", "PackageType", "Metadata")
NESTED = ("Functions", "Resolvers", "DataSources", "ApiKeys", "Auth", "Domain")
PROPERTIES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(NAMES, ANY),
        **dict.fromkeys(NESTED, st.dictionaries(TEXTS, ANY, max_size=2) | ANY),
        "Events": st.dictionaries(TEXTS, EVENT | ANY, max_size=2) | ANY,
    },
)
KINDS = ("Api", "Function", "GraphQLApi", "LayerVersion", "Application", "HttpApi", "StateMachine", "SimpleTable", "X")
RESOURCE = st.fixed_dictionaries(
    {"Type": st.sampled_from([f"AWS::Serverless::{kind}" for kind in KINDS]) | ANY},
    optional={"Properties": PROPERTIES | ANY, "Metadata": ANY, "Condition": ANY, "DependsOn": ANY},
)
SHARED = st.fixed_dictionaries({}, optional=dict.fromkeys(KINDS, PROPERTIES | ANY))
TEMPLATE = st.fixed_dictionaries(
    {
        "Transform": st.sampled_from(
            ["AWS::Serverless-2016-10-31", ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"], ["other"]]
        ),
        "Resources": st.dictionaries(st.sampled_from("AB"), RESOURCE | ANY, max_size=2) | ANY,
    },
    optional={"Globals": SHARED | ANY, "Parameters": st.just({"P": {"Type": "String", "Default": "src"}}) | ANY},
)


@pytest.fixture(autouse=True)
def unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the template stand for its translation: the translator's own process costs half a second each."""

    def same(template: Mapping[str, Any], parameters: object, region: str) -> Translation:
        del parameters, region
        resources = {name: value for name, value in template["Resources"].items() if isinstance(value, dict)}
        return Translation(template={**template, "Resources": json.loads(json.dumps(resources))})

    monkeypatch.setattr(rendering, "translate", same)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(template=TEMPLATE)
def test_a_template_is_read_or_reported(tmp_path: Path, template: Any) -> None:
    path = tmp_path / "template.json"
    path.write_text(json.dumps(template), "utf-8")
    graph, findings = reader.read(path, Environment(), lambda resource, environment: None)
    assert path in graph.files
    assert all(finding.place.file for finding in findings)
    for resource in graph.resources:
        assert resource.places.find().file


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.dictionaries(st.just("default"), ANY) | ANY, given_text=st.text(max_size=20) | ANY)
def test_settings_are_read_or_reported(tmp_path: Path, content: Any, given_text: Any) -> None:
    parameters = {"parameters": {"parameter_overrides": given_text, "stack_name": content}}
    (tmp_path / "samconfig.yaml").write_text(json.dumps({"default": {"deploy": parameters}}), "utf-8")
    made = read_settings(tmp_path, [])
    assert all(isinstance(value, str) for value in made.parameters.values())
