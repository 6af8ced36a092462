"""Places of an app's findings: its templates are gone when somebody looks, its constructs are not."""

import json
from pathlib import Path

import pytest

from inferway.faults import Place
from inferway.formats.cdk.constructs import Constructs
from inferway.formats.resources import OnePlace, Resource

PROGRAM = Path("app/cdk.json")
TEMPLATE = {
    "Resources": {
        "TableCD117FA1": {"Type": "AWS::DynamoDB::Table", "Metadata": {"aws:cdk:path": "Shop/Table/Resource"}},
        "GetF1": {"Type": "AWS::ApiGateway::Method", "Metadata": {"aws:cdk:path": "Shop/Api/Default/GET"}},
        "Plain": {"Type": "AWS::SQS::Queue"},
    }
}
"""By lines: 3, 9, 15."""


@pytest.fixture
def constructs(tmp_path: Path) -> Constructs:
    (tmp_path / "Shop.template.json").write_text(json.dumps(TEMPLATE, indent=1), "utf-8")
    (tmp_path / "asset.1").mkdir()
    return Constructs(tmp_path, PROGRAM)


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        ("Shop.template.json", 3, "app/cdk.json#Shop/Table"),
        ("Shop.template.json", 8, "app/cdk.json#Shop/Table"),
        ("Shop.template.json", 9, "app/cdk.json#Shop/Api/Default/GET"),
        ("Shop.template.json", 16, "app/cdk.json#Shop.template.json/Plain"),
        ("Shop.template.json", 1, "app/cdk.json#Shop.template.json"),
        ("Gone.template.json", 7, "app/cdk.json#Gone.template.json"),
        ("manifest.json", 0, "app/cdk.json"),
        ("asset.1/index.py", 7, "app/cdk.json#asset.1/index.py"),
    ],
)
def test_a_place_in_a_template_is_its_construct(
    constructs: Constructs, tmp_path: Path, file: str, line: int, expected: str
) -> None:
    made = constructs.place(Place(file=str(tmp_path / file), line=line, column=3))
    assert made == Place(file=expected)


@pytest.mark.parametrize("file", ["/elsewhere/schema.graphql", ""])
def test_a_place_elsewhere_stays(constructs: Constructs, file: str) -> None:
    assert constructs.place(Place(file=file, line=4, column=2)) == Place(file=file, line=4, column=2)


def test_what_a_resource_says_of_itself_names_its_construct(constructs: Constructs, tmp_path: Path) -> None:
    here = Place(file=str(tmp_path / "Shop.template.json"), line=10)
    resource = Resource(type="AWS::ApiGateway::Method", name="GetF1", properties={}, places=OnePlace(here))
    assert constructs.resource(resource).places.find("HttpMethod") == Place(file="app/cdk.json#Shop/Api/Default/GET")
