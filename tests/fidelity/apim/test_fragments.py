"""Fragments of policies. Source: "Reuse policy configurations in your API Management policy definitions"."""

from typing import Any

Lab = Any

TRACED = '<fragment><set-header name="X-Trace" exists-action="override"><value>{}</value></set-header></fragment>'


def fragment(name: str, value: str, **more: Any) -> tuple[str, str, dict[str, Any]]:
    return "PolicyFragment", name, {"id": name, "value": value, "format": "rawxml", **more}


def test_a_fragment_stands_where_it_is_included(lab: Lab) -> None:
    query = '<set-query-parameter name="a"><value>b</value></set-query-parameter>'
    policy = lab.policy(inbound=f'<include-fragment fragment-id="trace" />{query}')
    service = lab.service(fragment("trace", TRACED.format("@(context.Api.Id)")), api_policy=policy)
    call = lab.ask(service).call
    assert call.headers["x-trace"] == "ml-model"
    assert call.target == "/predict?a=b"


def test_a_fragment_stands_within_other_policies_and_with_named_values(lab: Lab) -> None:
    inside = '<choose><when condition="@(true)"><include-fragment fragment-id="trace" /></when></choose>'
    service = lab.service(
        fragment("trace", TRACED.format("{{who}}")),
        ("NamedValue", "who", {"namedValueId": "who", "displayName": "who", "value": "me"}),
        api_policy=lab.policy(inbound=inside),
    )
    assert lab.ask(service).call.headers["x-trace"] == "me"


def test_a_mistake_around_fragments_is_an_error_and_refuses(lab: Lab) -> None:
    def refused(name: str, *fragments: Any) -> str:
        policy = lab.policy(inbound=f'<include-fragment fragment-id="{name}" />')
        service = lab.service(*fragments, api_policy=policy)
        (finding,) = lab.read(service)[1]
        assert lab.play(service, ("POST", "/ml-model/predict"), findings=True).answer.status == 500
        return str(finding)

    assert "there is no policy fragment 'none'; known are: trace" in refused("none", fragment("trace", TRACED))
    nested = fragment("a", '<fragment><include-fragment fragment-id="a" /></fragment>')
    said = refused("a", nested)
    assert "a fragment cannot include another one (line 1, column 11 of the fragment a)" in said


def test_a_fragment_has_no_base_and_begins_with_fragment(lab: Lab) -> None:
    policy = lab.policy(inbound='<include-fragment fragment-id="a" />')
    (finding,) = lab.read(lab.service(fragment("a", "<fragment><base /></fragment>"), api_policy=policy))[1]
    assert "base cannot stand in a fragment" in finding
    findings = lab.read(lab.service(fragment("a", "<policies />"), api_policy=policy))[1]
    assert "the fragment a begins with policies, not fragment" in findings[0]
