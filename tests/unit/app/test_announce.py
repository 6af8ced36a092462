"""What is said of a project that serves: exported addresses as they are here, and keys that may call."""

from hashlib import sha256

import pytest

from inferway.app.announce import example_calls, served
from inferway.app.project import Project
from inferway.definition.api import ApiDefinition, Host, RequestLimits, Route
from inferway.definition.bindings import Bindings
from inferway.definition.deployment import Deployment
from inferway.definition.stage import StageSettings, Throttle
from inferway.definition.steps import BodySchema, Pipeline, RequireApiKey, ValidateBody
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.faults import Place
from inferway.formats.resources import Output

HERE = Place(file="f")
URL = "http://127.0.0.1:8080"


def project(
    *outputs: Output,
    keys: tuple[ApiKey, ...] = (),
    plans: tuple[UsagePlan, ...] = (),
    routes: tuple[Route, ...] = (),
) -> Project:
    api = ApiDefinition(
        dialect="apigateway",
        name="Shop",
        slug="shop",
        id="abc123",
        hosts=(Host(name="films.azure-api.net"), Host(name="own.example.com", base="v1", stage="prod")),
        limits=RequestLimits(url=1, headers=1, body=1),
        routes=routes,
        place=HERE,
    )
    deployment = Deployment(
        id="d",
        api=api,
        stage=StageSettings(name="prod"),
        keys=keys,
        plans=plans,
        account_throttle=Throttle(rate=1, burst=1),
        identities=(),
    )
    shown = {sha256(name.encode()).digest(): f"value of {name}" for name in ("a", "b", "c")}
    return Project(deployments=(deployment,), bindings=Bindings(), findings=(), stamps={}, outputs=outputs, keys=shown)


@pytest.mark.parametrize(
    ("exported", "expected"),
    [
        ("https://abc123.execute-api.us-east-1.amazonaws.com/prod/", f"{URL}/shop/prod/"),
        ("https://abc123.execute-api.us-east-1.amazonaws.com", f"{URL}/shop/"),
        ("https://abc1234.execute-api.us-east-1.amazonaws.com/prod/", None),
        ("https://films.azure-api.net/v1/films?a=b", f"{URL}/shop/v1/films?a=b"),
        ("https://films.azure-api.net", f"{URL}/shop/"),
        ("https://films.azure-api.net.example.com/", None),
        ("https://own.example.com/v1", None),
        ("https://elsewhere/abc123.", None),
        ({"a": ["https://films.azure-api.net/v1"], "b": 1}, {"a": [f"{URL}/shop/v1"], "b": 1}),
        ("abc123", None),
        (3, None),
        ({"a": 1}, None),
    ],
)
def test_an_exported_address_is_the_one_here(exported: object, expected: object) -> None:
    given = served(project(Output(name="o", value=exported)), URL).outputs["o"]
    assert given == (exported if expected is None else expected)


def key(name: str, *, enabled: bool = True) -> ApiKey:
    return ApiKey(id=name, name=name, digest=sha256(name.encode()).digest(), enabled=enabled)


def test_keys_that_may_call_are_shown() -> None:
    every = (key("a"), key("b", enabled=False), key("c"), key("unknown"))
    assert served(project(keys=every), URL).apis[0].keys == ("value of a", "value of c")
    plan = UsagePlan(id="p", name="p", keys=("c", "b"))
    assert served(project(keys=every, plans=(plan,)), URL).apis[0].keys == ("value of c",)


def test_keys_that_count_without_a_plan_are_shown_where_plans_have_none() -> None:
    every = (key("a"), key("c"))
    plan, empty = UsagePlan(id="p", name="p", keys=("c",)), UsagePlan(id="q", name="q", keys=())

    def keys(*plans: UsagePlan, required: bool = True, planless: bool = True) -> tuple[str, ...]:
        asks = RequireApiKey(header="x", planless=planless, optional=not required)
        route = Route(method="GET", path="/", pipeline=Pipeline(request=(asks,)), api_key_required=required, place=HERE)
        return served(project(keys=every, plans=plans, routes=(route,)), URL).apis[0].keys

    assert keys(plan) == ("value of c",)
    assert keys(empty) == keys() == ("value of a", "value of c")
    assert keys(empty, required=False) == keys(required=False) == ()
    assert keys(empty, planless=False) == ()


def route(method: str, *steps: ValidateBody, body: str = "", authorization: str = "NONE") -> Route:
    return Route(
        method=method,
        authorization=authorization,
        path=f"/{method.lower()}",
        pipeline=Pipeline(request=steps, invoke=(), response=()),
        example_body=body,
        place=HERE,
    )


SCHEMA = BodySchema(content_type="application/json", schema='{"type": "object"}', model="m", place=HERE)
VALIDATED = ValidateBody(schemas=(SCHEMA,))


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        ((route("POST"), route("GET")), f"curl {URL}/shop/prod/get"),
        ((route("POST", VALIDATED), route("PUT")), f"curl -X PUT {URL}/shop/prod/put"),
        (
            (route("POST", VALIDATED, body="{}"),),
            f"curl -X POST -H 'content-type: application/json' -d '{{}}' {URL}/shop/prod/post",
        ),
        ((route("OPTIONS"),), None),
        ((route("GET", authorization="AWS_IAM"), route("PUT")), f"curl -X PUT {URL}/shop/prod/put"),
        ((route("GET", authorization="CUSTOM"),), None),
    ],
)
def test_the_call_to_try_is_one_that_works(routes: tuple[Route, ...], expected: str | None) -> None:
    assert example_calls(project(routes=routes), URL) == ([expected] if expected else [])
