"""What definitions declare of endpoints under what the bindings say, and what that comes to where it is served."""

from typing import Any

from inferway.app.served_endpoints import served_endpoint, with_declared_endpoints
from inferway.definition.balancing import Balancing, Routing
from inferway.definition.bindings import Bindings, Declared
from inferway.definition.endpoints import (
    AsyncInference,
    BoundEndpoint,
    BoundModel,
    BoundShadow,
    BoundVariant,
    Capture,
    DeclaredEndpoint,
    ServedShadow,
    ServedVariant,
)
from inferway.faults import Findings, Place

DECLARED = DeclaredEndpoint(
    name="movies",
    variants=(BoundVariant(name="a", model="m-a", weight=3.0), BoundVariant(name="b", model="m-b", weight=1.0)),
    shadows=(BoundShadow(name="s", model="m-s", sampling=10.0),),
    routing=Routing.LEAST_OUTSTANDING_REQUESTS,
    capture=Capture(destination="s3://c"),
    asynchronous=AsyncInference(output="s3://o"),
    place=Place(file="template.yaml", line=7),
)


def joined(**bindings: Any) -> tuple[Bindings, Findings]:
    return with_declared_endpoints(Bindings(**bindings), Declared(endpoints=(DECLARED,)))


def models(*names: str) -> dict[str, BoundModel]:
    return {f"m-{name}": BoundModel(name=f"m-{name}", url=f"http://{name}") for name in names}


def test_variants_live_where_their_models_are_bound() -> None:
    made, findings = joined(models=models("a", "b", "s"))
    endpoint = made.endpoints["movies"]
    assert {name: (one.url, one.weight) for name, one in endpoint.variants.items()} == {
        "a": ("http://a", 3.0),
        "b": ("http://b", 1.0),
    }
    assert (endpoint.shadows["s"].url, endpoint.shadows["s"].sampling) == ("http://s", 10.0)
    assert (endpoint.routing, endpoint.capture, endpoint.asynchronous) == (
        DECLARED.routing,
        DECLARED.capture,
        DECLARED.asynchronous,
    )
    assert findings == ()


def test_what_nothing_binds_is_left_out_and_said() -> None:
    made, findings = joined(models=models("a"))
    assert set(made.endpoints["movies"].variants) == {"a"}
    assert made.endpoints["movies"].shadows == {}
    assert [finding.code for finding in findings] == ["unbound-variant", "unbound-variant"]
    assert "[models.m-b]" in findings[0].text
    assert findings[0].place.line == 7
    nowhere, findings = joined()
    assert nowhere.endpoints == {}
    assert [finding.text.partition(";")[2].split()[1] for finding in findings] == ["[models.m-a]", "[models.m-b]"]


def test_the_bindings_come_first() -> None:
    bound = BoundEndpoint(
        name="movies",
        variants={"a": BoundVariant(name="a", serve="/m", weight=9.0)},
        shadows={"s": BoundShadow(name="s", url="http://mine", sampling=50.0)},
        capture=Capture(destination="s3://mine"),
    )
    made, findings = joined(endpoints={"movies": bound}, models=models("a", "b"))
    endpoint = made.endpoints["movies"]
    assert (endpoint.variants["a"].serve, endpoint.variants["a"].weight) == ("/m", 9.0)
    assert endpoint.variants["b"].url == "http://b"
    assert endpoint.shadows["s"].url == "http://mine"
    assert endpoint.capture == Capture(destination="s3://mine")
    assert findings == ()


def test_one_place_for_all_variants_stays_as_plain_as_it_is() -> None:
    bound = BoundEndpoint(name="movies", url="http://all")
    made, findings = joined(endpoints={"movies": bound})
    assert made.endpoints["movies"] is bound
    assert findings == ()


def test_an_endpoint_is_served_where_its_parts_are() -> None:
    endpoint = BoundEndpoint(
        name="movies",
        variants={"a": BoundVariant(name="a", url="http://a"), "b": BoundVariant(name="b", serve="/m", weight=2.0)},
        shadows={"s": BoundShadow(name="s", serve="/n", sampling=5.0)},
        routing=Routing.LEAST_OUTSTANDING_REQUESTS,
    )
    served = served_endpoint(endpoint, {"variants/a": ("http://a",), "shadows/s": ("http://s",)})
    balancing = Balancing(routing=Routing.LEAST_OUTSTANDING_REQUESTS)
    assert served.variants == (
        ServedVariant(name="a", urls=("http://a",), balancing=balancing),
        ServedVariant(name="b", urls=(), weight=2.0, balancing=balancing),
    )
    assert served.shadows == (ServedShadow(name="s", urls=("http://s",), sampling=5.0),)
