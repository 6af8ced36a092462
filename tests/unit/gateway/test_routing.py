"""Route trees and addresses."""

from dataclasses import dataclass

import pytest

from inferway.gateway.routing import Addresses, RouteTree


@dataclass(frozen=True)
class Given:
    method: str
    path: str


TREE = RouteTree(
    [
        Given("GET", "/"),
        Given("GET", "/pets"),
        Given("POST", "/pets"),
        Given("GET", "/pets/{id}"),
        Given("GET", "/pets/mine"),
        Given("ANY", "/pets/{id}/toys/{toy}"),
        Given("GET", "/files/{proxy+}"),
        Given("DELETE", "/{first}/mine/last"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "template", "parameters"),
    [
        ("GET", "/", "/", {}),
        ("GET", "", "/", {}),
        ("POST", "/pets", "/pets", {}),
        ("GET", "/pets/", "/pets", {}),
        ("GET", "/pets/7", "/pets/{id}", {"id": "7"}),
        ("GET", "/pets/mine", "/pets/mine", {}),
        ("GET", "/pets/a%2Fb", "/pets/{id}", {"id": "a/b"}),
        ("PATCH", "/pets/7/toys/b%20c", "/pets/{id}/toys/{toy}", {"id": "7", "toy": "b c"}),
        ("GET", "/files/a/b/c", "/files/{proxy+}", {"proxy": "a/b/c"}),
        ("DELETE", "/pets/mine/last", "/{first}/mine/last", {"first": "pets"}),
    ],
)
def test_the_most_specific_resource_is_found(method: str, path: str, template: str, parameters: dict[str, str]) -> None:
    found = TREE.match(method, path)
    assert found is not None
    assert (found[0].path, found[1]) == (template, parameters)


@pytest.mark.parametrize(("method", "path"), [("PUT", "/pets"), ("GET", "/dogs"), ("GET", "/files"), ("GET", "/a//b")])
def test_an_unknown_route_is_not_found(method: str, path: str) -> None:
    assert TREE.match(method, path) is None


def test_any_stands_for_what_the_dialect_says() -> None:
    routes = [Given("ANY", "/a"), Given("PURGE", "/a")]
    some, every = RouteTree(routes, frozenset(("GET", "PUT"))), RouteTree(routes)
    named = ("GET", "PUT", "get", "QUERY", "PURGE")
    assert [some.match(method, "/a") is not None for method in named] == [True, True, False, False, True]
    assert all(every.match(method, "/a") is not None for method in named)


ADDRESSES = Addresses(
    {("movies", "prod"): "MP", ("movies", "test"): "MT", ("pets", "test"): "PT"}, claims=lambda mounted: ()
)


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        (b"127.0.0.1:8080", "/movies/prod/a/b", ("MP", "/a/b", True)),
        (b"127.0.0.1", "/movies/prod", ("MP", "", True)),
        (b"127.0.0.1", "/movies/dev/a", (None, "/a", True)),
        (b"127.0.0.1", "/prod/a", ("MP", "/a", False)),
        (b"127.0.0.1", "/test/a", (None, "/a", False)),
        (b"pets.localhost:8080", "/test/a", ("PT", "/a", True)),
        (b"PETS.localhost", "/test/a", ("PT", "/a", True)),
        (b"pets.localhost", "/prod/a", (None, "/a", True)),
        (b"dogs.localhost", "/movies/test/", ("MT", "/", True)),
        (b"", "/", (None, "", False)),
    ],
)
def test_addresses(host: bytes, path: str, expected: tuple[str | None, str, bool]) -> None:
    assert ADDRESSES.find(host, path) == expected
