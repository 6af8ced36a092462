"""Definitions joined with bindings: stages, keys, plans, and what does not fit together."""

from inferway.app.deploy import deployments
from inferway.definition.api import ApiDefinition, RequestLimits, Route
from inferway.definition.bindings import Bindings, BoundKey, BoundPlan
from inferway.definition.stage import RouteSettings, StageSettings
from inferway.definition.steps import Pipeline
from inferway.definition.usage import UsagePlan
from inferway.faults import Findings, Place

HERE = Place(file="api.yaml", line=3)
LIMITS = RequestLimits(url=1, headers=1, body=1)


def api(name: str = "Movies", slug: str = "movies", *, keyed: bool = False) -> ApiDefinition:
    route = Route(method="GET", path="/a", pipeline=Pipeline(), api_key_required=keyed, place=HERE)
    return ApiDefinition(dialect="apigateway", name=name, slug=slug, limits=LIMITS, routes=(route,), place=HERE)


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings]


def test_without_bindings_there_is_one_stage_called_prod() -> None:
    (made,), findings = deployments((api(),), Bindings())
    assert (made.stage.name, made.keys, made.plans) == ("prod", (), ())
    assert findings == ()


def test_stages_are_found_by_title_or_slug() -> None:
    for name in ("Movies", "movies"):
        made, _ = deployments((api(),), Bindings(stages={name: (StageSettings(name="a"), StageSettings(name="b"))}))
        assert [deployment.stage.name for deployment in made] == ["a", "b"]


def test_a_plan_belongs_to_the_stages_it_names() -> None:
    key = BoundKey(name="web", value="x" * 20)
    plan = BoundPlan(plan=UsagePlan(id="p", name="p", keys=("web",)), stages=("movies:a",))
    stages: dict[str, tuple[StageSettings, ...]] = {"movies": (StageSettings(name="a"), StageSettings(name="b"))}
    made, _ = deployments((api(),), Bindings(keys={"web": key}, plans={"p": plan}, stages=stages))
    assert [len(deployment.plans) for deployment in made] == [1, 0]
    assert made[0].keys[0].id == "web"
    assert made[0].keys[0].digest != key.value.encode()


def test_two_apis_cannot_have_one_address() -> None:
    made, findings = deployments((api("a", "same"), api("b", "same")), Bindings())
    assert len(made) == 1
    assert codes(findings) == ["slug"]
    assert findings[0].place == HERE


def test_names_that_lead_nowhere_are_warned_about() -> None:
    plan = BoundPlan(plan=UsagePlan(id="p", name="p", keys=()), stages=("movie:prod",))
    bindings = Bindings(stages={"move": (StageSettings(),)}, plans={"p": plan})
    _, findings = deployments((api(),), bindings)
    assert codes(findings) == ["unknown-api", "unknown-api"]
    assert all("did you mean 'movies'?" in finding.text for finding in findings)


def test_a_plan_for_a_stage_that_is_not_there_is_an_error_since_its_limits_would_not_hold() -> None:
    plan = BoundPlan(plan=UsagePlan(id="p", name="p", keys=()), stages=("movies:prd",))
    _, findings = deployments((api(),), Bindings(plans={"p": plan}))
    assert [(finding.code, str(finding.severity)) for finding in findings] == [("unknown-stage", "error")]
    assert "did you mean 'prod'?" in findings[0].text


def test_settings_of_a_route_that_is_not_there_are_warned_about() -> None:
    stage = StageSettings(routes={"/b/GET": RouteSettings(), "*/*": RouteSettings()})
    _, findings = deployments((api(),), Bindings(stages={"movies": (stage,)}))
    assert codes(findings) == ["unknown-route"]


def test_keys_that_are_required_and_not_bound_are_warned_about() -> None:
    _, findings = deployments((api(keyed=True),), Bindings())
    assert codes(findings) == ["no-keys"]


def test_keys_without_a_plan_are_accepted_and_noted() -> None:
    bindings = Bindings(keys={"web": BoundKey(name="web", value="x" * 20)})
    _, findings = deployments((api(keyed=True),), bindings)
    assert codes(findings) == ["no-usage-plan"]


def test_the_deployments_name_changes_with_what_is_deployed() -> None:
    first = deployments((api(),), Bindings())[0][0].id
    assert deployments((api(),), Bindings())[0][0].id == first
    changed = deployments((api(),), Bindings(stages={"movies": (StageSettings(variables={"a": "b"}),)}))
    assert changed[0][0].id != first
