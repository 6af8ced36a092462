"""What definitions declare, joined with what bindings add: stages, plans, keys, products, and APIs without stages."""

from hashlib import sha256

from inferway.app.deploy import deployments, stages_of
from inferway.definition.api import ApiDefinition, RequestLimits, Route
from inferway.definition.bindings import Bindings, BoundKey, BoundPlan
from inferway.definition.stage import CacheSettings, RouteSettings, StageSettings
from inferway.definition.steps import Pipeline
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.faults import Place

HERE = Place(file="api.yaml", line=3)
VALUE = "a-value-of-twenty-letters"


def digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def api(
    base: str | None = None,
    *,
    name: str = "Movies",
    slug: str = "movies",
    stages: tuple[StageSettings, ...] = (),
    plans: tuple[UsagePlan, ...] = (),
    keys: tuple[ApiKey, ...] = (),
) -> ApiDefinition:
    route = Route(method="GET", path="/a", pipeline=Pipeline(), api_key_required=True, place=HERE)
    limits = RequestLimits(url=1, headers=1, body=1)
    return ApiDefinition(
        dialect="apigateway",
        name=name,
        slug=slug,
        limits=limits,
        routes=(route,),
        base=base,
        stages=stages,
        plans=plans,
        keys=keys,
        place=HERE,
    )


def test_declared_stages_take_the_place_of_the_default() -> None:
    made, _ = deployments((api(stages=(StageSettings(name="v1"), StageSettings(name="v2"))),), Bindings())
    assert [deployment.stage.name for deployment in made] == ["v1", "v2"]


def test_a_bound_stage_changes_a_declared_one_and_adds_others() -> None:
    own = RouteSettings(cache=CacheSettings(ttl=5))
    declared = StageSettings(name="v1", variables={"a": "1", "b": "2"}, routes={"/a/GET": RouteSettings(), "*/*": own})
    bound = (
        StageSettings(name="v1", variables={"b": "3"}, routes={"/a/GET": own}, cache=True),
        StageSettings(name="v2"),
    )
    first, second = stages_of(api(stages=(declared,)), Bindings(stages={"movies": bound}))
    assert (first.name, first.variables, first.cache) == ("v1", {"a": "1", "b": "3"}, True)
    assert first.routes == {"/a/GET": own, "*/*": own}
    assert second.name == "v2"


def test_an_api_with_a_base_has_no_stages() -> None:
    for base in ("", "ml-model", "ml/v2"):
        ((made,), _) = deployments((api(base),), Bindings(stages={"movies": (StageSettings(name="x"),)}))
        assert made.stage.name == base


def test_two_apis_of_one_service_differ_in_their_base() -> None:
    made, findings = deployments((api("one"), api("two", name="Other")), Bindings())
    assert ([deployment.stage.name for deployment in made], [f.code for f in findings if f.code == "slug"]) == (
        ["one", "two"],
        [],
    )
    made, findings = deployments((api("one"), api("one", name="Other")), Bindings())
    assert next(finding.text for finding in findings if finding.code == "slug").startswith(
        "two APIs have the address /movies/one/"
    )
    assert len(made) == 1


def test_declared_plans_cover_the_stages_that_they_name_or_all() -> None:
    plans = (UsagePlan(id="p", name="p", keys=(), stages=("v1",)), UsagePlan(id="q", name="q", keys=()))
    stages = (StageSettings(name="v1"), StageSettings(name="v2"))
    made, _ = deployments((api(stages=stages, plans=plans),), Bindings())
    assert [[plan.id for plan in deployment.plans] for deployment in made] == [["p", "q"], ["q"]]


def test_a_bound_plan_comes_after_the_declared() -> None:
    bound = BoundPlan(plan=UsagePlan(id="b", name="b", keys=()), stages=("movies:prod",))
    ((made,), _) = deployments((api(plans=(UsagePlan(id="d", name="d", keys=()),)),), Bindings(plans={"b": bound}))
    assert [plan.id for plan in made.plans] == ["d", "b"]


def test_a_subscription_s_two_values_open_its_product() -> None:
    """API Management, "Subscriptions": each has a primary and a secondary key; either opens what it is for."""
    plan = UsagePlan(id="ml-models", name="ML models", keys=("other",))
    for product in ("ml-models", "ML models"):
        key = BoundKey(name="demo", value=VALUE, secondary=f"{VALUE}-2", product=product, enabled=False)
        ((made,), _) = deployments((api("x", plans=(plan,)),), Bindings(keys={"demo": key}))
        assert made.plans[0].keys == ("other", "demo")
        assert [(known.id, known.digest, known.enabled) for known in made.keys] == [
            ("demo", digest(VALUE), False),
            ("demo", digest(f"{VALUE}-2"), False),
        ]


def test_a_key_of_a_product_opens_no_other_api() -> None:
    key = BoundKey(name="demo", value=VALUE, product="elsewhere")
    ((made,), _) = deployments((api("x", plans=(UsagePlan(id="p", name="p", keys=()),)),), Bindings(keys={"d": key}))
    assert (made.keys, made.plans[0].keys) == ((), ())


def test_a_bound_key_adds_none_to_an_api_that_declares_its_own() -> None:
    """Such a binding gives a declared key its value (PROTOCOL: Environment.keys); it is no key of its own."""
    own = ApiKey(id="own", name="own", digest=digest("own"))
    bindings = Bindings(keys={"demo": BoundKey(name="demo", value=VALUE)})
    assert [key.id for key in deployments((api(keys=(own,)),), bindings)[0][0].keys] == ["own"]
    assert [key.id for key in deployments((api(),), bindings)[0][0].keys] == ["demo"]
