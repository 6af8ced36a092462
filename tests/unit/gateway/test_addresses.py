"""Addresses of deployments without a stage: an API's base, none, or several segments, with the slug and without."""

from collections.abc import Iterable, Mapping

import pytest

from inferway.gateway.routing import Addresses

Found = tuple[str | None, str, bool]


def addresses(
    given: Mapping[tuple[str, str], str], claims: Mapping[str, Iterable[str]] | None = None
) -> Addresses[str]:
    return Addresses(given, lambda mounted: (claims or {}).get(mounted, ()))


SERVICE = addresses(
    {("svc", "ml-model"): "ML", ("svc", "ml/v2"): "V2", ("svc", ""): "ALL", ("graph", ""): "G"},
    {"G": ["graphql"], "ALL": ["status"]},
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/svc/ml-model/predict", ("ML", "/predict", True)),
        ("/svc/ml/v2/predict", ("V2", "/predict", True)),
        ("/svc/ml/v2", ("V2", "", True)),
        ("/svc/ml/v22/x", ("ALL", "/ml/v22/x", True)),
        ("/svc/ml", ("ALL", "/ml", True)),
        ("/svc/other/x", ("ALL", "/other/x", True)),
        ("/svc", ("ALL", "", True)),
        ("/graph/graphql", ("G", "/graphql", True)),
        ("/ml-model/predict", ("ML", "/predict", False)),
        ("/ml/v2/predict", ("V2", "/predict", False)),
        ("/ml/v3/predict", (None, "/v3/predict", False)),
        ("/graphql", ("G", "/graphql", False)),
        ("/status/x", ("ALL", "/status/x", False)),
        ("/nothing", (None, "/", False)),
    ],
)
def test_a_base_is_found_with_the_slug_and_without(path: str, expected: Found) -> None:
    found, below, known = SERVICE.find(b"127.0.0.1", path)
    assert (found, known) == (expected[0], expected[2])
    if found is not None:
        assert below == expected[1]


def test_what_two_apis_claim_is_neither_s_at_the_root() -> None:
    two = addresses({("a", ""): "A", ("b", ""): "B"}, {"A": ["graphql"], "B": ["graphql"]})
    assert two.find(b"h", "/graphql")[0] is None
    assert two.find(b"h", "/a/graphql") == ("A", "/graphql", True)
    assert two.find(b"h", "/b/graphql") == ("B", "/graphql", True)
    assert two.find(b"b.localhost:80", "/graphql") == ("B", "/graphql", True)


def test_a_third_does_not_get_what_two_lost() -> None:
    three = addresses({("a", "x"): "A", ("b", "x"): "B", ("c", "x"): "C"})
    assert three.find(b"h", "/x/y")[0] is None


def test_stages_of_one_api_share_the_root() -> None:
    one = addresses({("a", "prod"): "P", ("a", "test"): "T"})
    assert (one.find(b"h", "/prod/x")[0], one.find(b"h", "/test/x")[0]) == ("P", "T")


def test_an_api_s_slug_comes_before_what_another_claims() -> None:
    one = addresses({("movies", "prod"): "M", ("svc", "movies"): "S"})
    assert one.find(b"h", "/movies/prod/x") == ("M", "/x", True)
    assert one.find(b"h", "/svc/movies/x") == ("S", "/x", True)


@pytest.mark.parametrize("host", [b"", b"localhost", b"a.b.localhost", b".localhost", b"nothing.localhost:1"])
def test_a_host_that_names_no_api_is_any_host(host: bytes) -> None:
    assert SERVICE.find(host, "/graphql") == ("G", "/graphql", False)


def test_faults_are_rendered_by_any_deployment_of_the_api() -> None:
    assert SERVICE.owner(b"", "/graph") == "G"
    assert SERVICE.owner(b"", "/svc/x") in ("ML", "V2", "ALL")
    assert SERVICE.owner(b"", "/nothing") is None


HOSTS = {"A": [("api.example.com", "v1")], "B": [("api.example.com", ""), ("*.b.example.com", "x/y")]}


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("api.example.com", "/v1/t", ("A", "/t", True)),
        ("API.example.com:8080", "/v1/t", ("A", "/t", True)),
        ("api.example.com", "/other/t", ("B", "/other/t", True)),
        ("one.b.example.com", "/x/y/t", ("B", "/t", True)),
        ("one.b.example.com", "/b/prod/t", (None, "/prod/t", True)),
        ("deep.one.b.example.com", "/b/prod/t", ("B", "/t", True)),
        ("other.example.com", "/a/prod/t", ("A", "/t", True)),
        ("other.example.com", "/id-of-a/prod/t", ("A", "/t", True)),
    ],
)
def test_a_host_of_its_own_leads_to_a_deployment(host: str, path: str, expected: Found) -> None:
    given = {("a", "prod"): "A", ("b", "prod"): "B"}
    served = Addresses(given, lambda _: (), lambda one: HOSTS[one], lambda one: f"id-of-{one.lower()}")
    assert served.find(host.encode(), path) == expected
    if expected[0] is None:
        assert served.owner(host.encode(), path) == "B"


def test_an_alias_gives_way_to_a_slug() -> None:
    given = {("a", "prod"): "A", ("b", "prod"): "B"}
    served = Addresses(given, lambda _: (), alias=lambda one: "b" if one == "A" else "")
    assert served.find(b"h", "/b/prod/t") == ("B", "/t", True)


def test_hosts_that_clients_make_up_do_not_pile_up() -> None:
    served = Addresses({("a", "prod"): "A"}, lambda _: (), lambda _: [("api.example.com", "")])
    for number in range(1000):
        assert served.find(f"h{number}.example".encode(), "/a/prod/t") == ("A", "/t", True)
        assert served.find(b"api.example.com", "/t") == ("A", "/t", True)
    assert len(served._host_headers) <= 256
