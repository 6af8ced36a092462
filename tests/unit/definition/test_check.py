import msgspec
import pytest

from inferway.definition.api import ApiDefinition, ErrorResponse, Model, RequestLimits, Route
from inferway.definition.check import check
from inferway.definition.steps import Invoke, MapResponse, Parameter, ParameterIn, Pipeline, ResponseCase
from inferway.definition.targets import Mock
from inferway.faults import Place, Severity

HERE = Place(file="api.yaml", line=1)
THERE = Place(file="api.yaml", line=9)
ROUTE = Route(method="GET", path="/a/{id}", pipeline=Pipeline(invoke=(Invoke(target=Mock()),)), place=HERE)
API = ApiDefinition(
    dialect="apigateway",
    name="A",
    slug="a",
    limits=RequestLimits(url=1, headers=1, body=1),
    routes=(ROUTE,),
    place=HERE,
)


def with_route(**changes: object) -> ApiDefinition:
    return msgspec.structs.replace(API, routes=(msgspec.structs.replace(ROUTE, place=THERE, **changes),))


def codes(api: ApiDefinition) -> list[tuple[str, int]]:
    return [(finding.code, finding.place.line) for finding in check(api)]


def test_a_sound_definition_has_no_findings() -> None:
    assert check(API) == ()


@pytest.mark.parametrize("path", ["/", "/a", "/a/{b}/c", "/a/{rest+}", "/a/"])
def test_paths_that_are_sound(path: str) -> None:
    assert check(with_route(path=path)) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"path": "a"}, "bad-path"),
        ({"path": "/a/b{c}"}, "bad-path"),
        ({"path": "/a/{}"}, "bad-path"),
        ({"path": "/{a+}/b"}, "greedy-not-last"),
        ({"path": "/{a}/{a}"}, "duplicate-variable"),
        ({"method": "get"}, "bad-method"),
        ({"method": ""}, "bad-method"),
        ({"pipeline": Pipeline()}, "empty-pipeline"),
        ({"pipeline": Pipeline(invoke=(Invoke(target=Mock(), timeout=0.0),))}, "bad-timeout"),
        ({"parameters": (Parameter(location=ParameterIn.PATH, name="other"),)}, "missing-variable"),
    ],
)
def test_what_is_wrong_with_a_route_is_found_at_its_place(changes: dict[str, object], code: str) -> None:
    assert codes(with_route(**changes)) == [(code, 9)]


def test_a_query_parameter_needs_no_variable() -> None:
    assert check(with_route(parameters=(Parameter(location=ParameterIn.QUERY, name="other"),))) == ()


@pytest.mark.parametrize("pattern", [None, "4.."])
def test_two_cases_for_the_same_replies(pattern: str | None) -> None:
    case = ResponseCase(status=200, pattern=pattern, place=HERE)
    assert codes(with_route(pipeline=Pipeline(response=(MapResponse(cases=(case, case)),)))) == [("duplicate-case", 9)]


def test_two_routes_for_the_same_requests() -> None:
    second = msgspec.structs.replace(ROUTE, path="/a/{other}", place=THERE)
    assert codes(msgspec.structs.replace(API, routes=(ROUTE, second))) == [("duplicate-route", 9)]


def test_any_stands_beside_a_method_and_greedy_beside_plain() -> None:
    others = (
        msgspec.structs.replace(ROUTE, method="ANY"),
        msgspec.structs.replace(ROUTE, path="/a/{id+}"),
        msgspec.structs.replace(ROUTE, path="/a/{id}/b"),
    )
    assert check(msgspec.structs.replace(API, routes=(ROUTE, *others))) == ()


def test_names_are_unique() -> None:
    model = Model(name="M", schema="{}", place=HERE)
    response = ErrorResponse(kind="THROTTLED", place=HERE)
    api = msgspec.structs.replace(API, models=(model, model), error_responses=(response, response))
    assert [finding.text for finding in check(api)] == [
        "the model M is there 2 times",
        "the error response THROTTLED is there 2 times",
    ]


def test_an_api_without_routes_is_served_with_a_warning() -> None:
    (finding,) = check(msgspec.structs.replace(API, routes=()))
    assert (finding.code, finding.severity) == ("no-routes", Severity.WARNING)


def test_an_api_without_a_slug_has_no_address() -> None:
    (finding,) = check(msgspec.structs.replace(API, slug=""))
    assert (finding.code, finding.severity) == ("no-slug", Severity.ERROR)
