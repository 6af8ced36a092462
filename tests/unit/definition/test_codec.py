import msgspec
import pytest

from inferway.definition.api import ApiDefinition, ErrorResponse, Model, RequestLimits, Route
from inferway.definition.codec import decode, encode
from inferway.definition.expression import Expression
from inferway.definition.steps import (
    Assignment,
    BodyTemplate,
    Choose,
    Invoke,
    LimitByStage,
    MapRequest,
    MapResponse,
    Pipeline,
    Refuse,
    RequireApiKey,
    ResponseCase,
    Retry,
    RunPipeline,
    When,
)
from inferway.definition.targets import HttpUrl, Mock, SageMakerEndpoint, Unserved
from inferway.faults import FaultKind, Place

HERE = Place(file="api.yaml", line=3, column=5)
TEXT = Expression(language="vtl", text="é $x", place=HERE)
PIPELINE = Pipeline(
    request=(
        RequireApiKey(),
        LimitByStage(),
        Refuse(kind=FaultKind.AUTHORIZER_MISCONFIGURED, cause="no"),
        MapRequest(
            method="POST",
            headers=(Assignment(name="X", value=TEXT),),
            templates=(BodyTemplate(content_type="application/json", template=TEXT),),
        ),
    ),
    invoke=tuple(
        Invoke(target=target, timeout=1.5)
        for target in (
            SageMakerEndpoint(name="e", place=HERE),
            HttpUrl(url="http://x", place=HERE),
            Mock(),
            Unserved(what="w", place=HERE),
        )
    ),
    response=(
        MapResponse(cases=(ResponseCase(status=200, place=HERE), ResponseCase(status=400, pattern="4..", place=HERE))),
        Choose(when=(When(condition=TEXT, steps=(LimitByStage(),)),), otherwise=(RequireApiKey(),)),
        Retry(condition=TEXT, count=2, interval=0.5, steps=(RunPipeline(name="f", pipeline=Pipeline()),)),
    ),
)
API = ApiDefinition(
    dialect="apigateway",
    name="A",
    slug="a",
    limits=RequestLimits(url=1, headers=2, body=3),
    routes=(Route(method="GET", path="/", pipeline=PIPELINE, place=HERE),),
    models=(Model(name="M", schema="{}", place=HERE),),
    error_responses=(ErrorResponse(kind="THROTTLED", status=429, place=HERE),),
    place=HERE,
)


def test_a_definition_comes_back_equal() -> None:
    assert decode(encode(API)) == API


def test_the_form_is_canonical_json_in_a_versioned_envelope() -> None:
    data = encode(API)
    assert data.startswith(b'{"api":{"base":null,"description":"","dialect":"apigateway",')
    assert data.endswith(b',"inferway":1}')
    assert encode(decode(data)) == data
    assert msgspec.json.encode(msgspec.json.decode(data), order="sorted") == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"inferway": 2, "api": {"shape": "new"}}', "version 2"),
        (b'{"inferway": 1, "api": {"name": "A"}}', "not a definition"),
        (b'{"inferway": 1}', "not a definition"),
        (b'{"api": {}}', "not a definition"),
        (b'{"inferway": 1, "api": ', "not a definition"),
        (b"[]", "not a definition"),
        (b"\xff", "not a definition"),
        (b'{"a":' * 100_000, "not a definition"),
    ],
)
def test_anything_else_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decode(data)
