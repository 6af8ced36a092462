"""What the service has and Inferway does not: what is left out, what is refused where it stands, what goes on."""

import json
from typing import Any

import pytest

from inferway.dialects.apim.policies.unserved import UNSERVED

Lab = Any

CALL: tuple[Any, ...] = ("POST", "/ml-model/predict", {}, '{"a": 1}')
VAULT = ("NamedValue", "v", {"displayName": "key", "keyVault": {"secretIdentifier": "https://v"}})
POOL = ("Backend", "b", {"backendId": "b", "type": "Pool", "pool": {"services": []}})
JWT = '<validate-jwt header-name="Authorization"><openid-config url="https://x.example" /></validate-jwt>'
CONTENT = (
    '<validate-content unspecified-content-type-action="prevent" max-size="1" size-exceeded-action="prevent">'
    '<content validate-as="xml" schema-id="x" action="prevent" /></validate-content>'
)


def warned(lab: Lab, service: Any) -> list[str]:
    """Give the findings, of which none is an error: the definition runs."""
    findings: list[str] = lab.read(service)[1]
    assert not [finding for finding in findings if ": error: " in finding]
    return [finding for finding in findings if ": warning: " in finding]


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (JWT, "unserved-policy"),
        ('<validate-azure-ad-token tenant-id="t" />', "unserved-policy"),
        (
            '<limit-concurrency key="k" max-count="1"><set-method>PUT</set-method></limit-concurrency>',
            "unserved-policy",
        ),
        ('<send-request response-variable-name="r"><set-url>https://x</set-url></send-request>', "unserved-policy"),
        ('<json-to-xml apply="always" />', "unserved-policy"),
        ('<cache-lookup-value key="k" variable-name="v" />', "unserved-policy"),
        ('<llm-token-limit counter-key="k" tokens-per-minute="1" />', "unserved-policy"),
        (
            '<authentication-managed-identity resource="r" output-token-variable-name="token" />',
            "unserved-policy",
        ),
        (
            '<get-authorization-context provider-id="p" authorization-id="a" context-variable-name="auth" />',
            "unserved-policy",
        ),
        ('<set-body template="liquid">{{body.x}}</set-body>', "unserved-template"),
        ('<set-backend-service sf-service-instance-name="x" />', "unserved-backend"),
        ('<set-backend-service backend-id="dapr" dapr-app-id="x" />', "unserved-backend"),
        ('<quota bandwidth="10" renewal-period="10" />', "unserved-bandwidth"),
        ('<rate-limit-by-key calls="@(1)" renewal-period="10" counter-key="k" />', "unserved-expression"),
        ('<rate-limit-by-key calls="1" renewal-period="10" counter-key="k" increment-count="2" />', "unserved-count"),
        ('<ip-filter action="allow"><address>@("192.0.2.7")</address></ip-filter>', "unserved-expression"),
        (
            '<retry condition="true" count="@(1)" interval="1"><set-method>PUT</set-method></retry>',
            "unserved-expression",
        ),
        ('<cors><allowed-origins><origin>@("x")</origin></allowed-origins></cors>', "unserved-expression"),
        (
            '<return-response><set-body template="liquid">{{body.x}}</set-body></return-response>',
            "unserved-template",
        ),
        ('<set-header name="@("x")"><value>x</value></set-header>', "unserved-expression"),
        (CONTENT, "unserved-validation"),
    ],
)
def test_what_a_request_must_not_pass_without_is_refused_where_it_stands(lab: Lab, policy: str, code: str) -> None:
    service = lab.service(api_policy=lab.policy(inbound=f"\n{policy}"))
    (finding,) = warned(lab, service)
    assert finding.startswith("program.py:4: ")
    assert "what comes to it is refused with a 500 (line 2, column " in finding
    assert finding.endswith(f"[{code}]")
    played = lab.play(service, CALL, findings=True)
    assert not played.calls
    assert played.statuses == [500]
    assert played.answer.headers["content-type"] == "application/json"
    told = json.loads(played.answer.body)
    assert told.pop("activityId")
    assert told == {"statusCode": 500, "message": "Internal server error"}


@pytest.mark.parametrize("section", ["inbound", "backend", "outbound", "on_error"])
def test_each_policy_of_the_table_is_a_warning_in_each_section(lab: Lab, section: str) -> None:
    for name in UNSERVED:
        (finding,) = warned(lab, lab.service(api_policy=lab.policy(**{section: f"<{name} />"})))
        assert f": warning: the policy {name} is not served" in finding
        assert finding.endswith("[unserved-policy]")


@pytest.mark.parametrize(
    "policy",
    [
        "<emit-metric />",
        "<llm-emit-token-metric />",
        "<azure-openai-emit-token-metric />",
        '<log-to-eventhub logger-id="l">x</log-to-eventhub>',
        '<publish-to-dapr topic="t">x</publish-to-dapr>',
        "<send-one-way-request />",
        "<cross-domain />",
        "<cache-lookup />",
        '<cache-store-value key="k" value="v" duration="1" />',
    ],
)
def test_what_only_tells_others_or_saves_work_is_left_out(lab: Lab, policy: str) -> None:
    service = lab.service(api_policy=lab.policy(inbound=f"{policy}<set-method>PUT</set-method>"))
    (finding,) = warned(lab, service)
    name = policy[1:].split(maxsplit=1)[0].partition(">")[0]
    assert f": warning: the policy {name} is not served; it is left out: " in finding
    played = lab.play(service, CALL, findings=True)
    assert played.statuses == [200]
    assert played.call.method == "PUT"


@pytest.mark.parametrize(
    "policy",
    [
        '<authentication-managed-identity resource="r" />',
        '<authentication-managed-identity resource="r" output-token-variable-name="t" ignore-error="true" />',
        '<authentication-certificate thumbprint="x" />',
        '<authentication-basic username="u" password="p" />',
    ],
)
def test_what_gives_credentials_to_the_backend_is_left_out(lab: Lab, policy: str) -> None:
    service = lab.service(api_policy=lab.policy(inbound=policy))
    (finding,) = warned(lab, service)
    assert "it is left out: the backend that is bound here gets no credentials from it" in finding
    played = lab.play(service, CALL, findings=True)
    assert played.statuses == [200]
    assert "authorization" not in played.call.headers


def test_an_authorization_context_that_may_fail_is_null(lab: Lab) -> None:
    context = '<get-authorization-context context-variable-name="auth" ignore-error="true" />'
    told = '<set-header name="x"><value>@(context.Variables["auth"] == null ? "none" : "some")</value></set-header>'
    service = lab.service(api_policy=lab.policy(inbound=context + told))
    assert len(warned(lab, service)) == 1
    assert lab.play(service, CALL, findings=True).call.headers["x"] == "none"


def test_within_choose_only_its_branch_is_refused(lab: Lab) -> None:
    guarded = f'<choose><when condition="@(context.Request.Headers.ContainsKey("Guard"))">{JWT}</when></choose>'
    service = lab.service(api_policy=lab.policy(inbound=guarded))
    played = lab.play(service, CALL, ("POST", "/ml-model/predict", {"Guard": "1"}, "{}"), CALL, findings=True)
    assert played.statuses == [200, 500, 200]
    assert len(played.calls) == 2


def test_in_outbound_the_backend_is_called_and_its_answer_kept_back(lab: Lab) -> None:
    service = lab.service(api_policy=lab.policy(outbound='<json-to-xml apply="always" />'))
    played = lab.play(service, CALL, findings=True, replies=(lab.reply(body=b'{"secret": 1}'),))
    assert played.statuses == [500]
    assert len(played.calls) == 1
    assert "secret" not in played.answer.text


def test_on_error_runs_for_a_policy_that_is_not_served(lab: Lab) -> None:
    told = (
        '<return-response><set-status code="503" /><set-body>'
        '@(context.LastError.Source + " " + context.LastError.Section + " " + context.LastError.Path)'
        "</set-body></return-response>"
    )
    service = lab.service(
        api_policy=lab.policy(inbound=f'<choose><when condition="true">{JWT}</when></choose>', on_error=told)
    )
    answer = lab.play(service, CALL, findings=True).answer
    assert (answer.status, answer.text) == (503, "validate-jwt inbound choose/when[1]/validate-jwt")


def test_what_is_refused_in_one_operation_leaves_the_others(lab: Lab) -> None:
    common = {"apiId": "ml-model", "operationId": "other"}
    other = ("ApiOperation", "other", {**common, "displayName": "Other", "method": "GET", "urlTemplate": "/other"})
    service = lab.service(other, operation_policy=lab.policy(inbound=JWT))
    assert lab.play(service, CALL, ("GET", "/ml-model/other"), findings=True).statuses == [500, 200]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('@(XDocument.Parse("x").ToString())', "The name 'XDocument' does not exist"),
        ("@(context.Request.Body.As<XElement>().Value)", "The type 'XElement' is not known"),
        ("@(context.Request.Certificate.Thumbprint)", "'IRequest' does not contain a definition for 'Certificate'"),
        ('@("a".AsJwt().Subject)', "'string' does not contain a definition for 'AsJwt'"),
        ("@(new System.Collections.Generic.Queue<int>().Count)", "The type 'System.Collections.Generic.Queue<int>'"),
        ("@(Math.Acos(1))", "'Math' does not contain a definition for 'Acos'"),
        ('@(((Authorization)context.Variables["a"]).AccessToken)', "The type 'Authorization' is not known"),
    ],
)
def test_an_expression_that_the_service_takes_and_is_not_served_fails_when_it_is_evaluated(
    lab: Lab, value: str, said: str
) -> None:
    header = f'<set-header name="x" exists-action="override"><value>{value}</value></set-header>'
    inside = f'<choose><when condition="@(context.Request.Headers.ContainsKey("Go"))">{header}</when></choose>'
    service = lab.service(api_policy=lab.policy(inbound=inside))
    (finding,) = warned(lab, service)
    assert said in finding
    assert ": not served; it fails when it is evaluated (line " in finding
    assert finding.endswith("[unserved-expression]")
    played = lab.play(service, CALL, ("POST", "/ml-model/predict", {"Go": "1"}, "{}"), findings=True)
    assert played.statuses == [200, 500]
    assert len(played.calls) == 1


def test_a_condition_that_is_not_served_fails_only_where_it_is_reached(lab: Lab) -> None:
    inside = (
        '<choose><when condition="@(context.Request.Headers.ContainsKey("First"))"><set-method>PUT</set-method></when>'
        '<when condition="@(context.Request.Certificate == null)"><set-method>GET</set-method></when></choose>'
    )
    service = lab.service(api_policy=lab.policy(inbound=inside))
    played = lab.play(service, ("POST", "/ml-model/predict", {"First": "1"}, "{}"), CALL, findings=True)
    assert played.statuses == [200, 500]


def test_an_expression_that_is_not_served_is_an_error_of_its_evaluation(lab: Lab) -> None:
    said = '@(context.LastError.Source + " " + context.LastError.Reason)'
    told = f"<return-response><set-body>{said}</set-body></return-response>"
    header = '<set-header name="x"><value>@(context.Request.Certificate.Thumbprint)</value></set-header>'
    service = lab.service(api_policy=lab.policy(inbound=header, on_error=told))
    assert lab.play(service, CALL, findings=True).answer.text == "set-header ExpressionValueEvaluationFailure"


def test_a_backend_that_is_not_served_refuses_where_it_is_chosen(lab: Lab) -> None:
    (unused,) = warned(lab, lab.service(POOL))
    assert "the backend b is a pool, which is not served yet; what leads to it is refused" in unused
    chosen = '<set-backend-service backend-id="b" />'
    policy = {"apiId": "ml-model", "policyId": "policy", "value": lab.policy(chosen)}
    service = lab.service(POOL, ("ApiPolicy", "p", policy))
    assert any(
        "the backend b is not served; what comes to it is refused" in finding for finding in warned(lab, service)
    )
    assert lab.play(service, CALL, findings=True).statuses == [500]


def test_a_named_value_in_a_vault_refuses_where_it_is_asked_for(lab: Lab) -> None:
    (noted,) = lab.read(lab.service(VAULT))[1]
    assert ": note: " in noted
    guard = '<check-header name="Key" failed-check-httpcode="401" failed-check-error-message="no" ignore-case="false">'
    for inbound in (
        "<set-method>{{key}}</set-method>",
        f"{guard}<value>{{{{key}}}}</value></check-header>",
        '<set-backend-service base-url="https://x/{{key}}" />',
        '<choose><when condition="@(context.Request.Method != "{{key}}")"><set-method>PUT</set-method></when></choose>',
        "{{key}}",
    ):
        service = lab.service(VAULT, api_policy=lab.policy(inbound=inbound))
        (asked,) = warned(lab, service)
        assert "the named value key is in Key Vault, which is not served; what needs it is refused" in asked
        played = lab.play(service, CALL, findings=True)
        assert played.statuses == [500]
        assert not played.calls


def test_a_backend_is_called_without_credentials_that_are_in_a_vault(lab: Lab) -> None:
    given = {
        "header": {"k": ["{{key}}"], "other": ["1"]},
        "authorization": {"scheme": "Bearer", "parameter": "{{key}}"},
    }
    backend = {"backendId": "b", "url": lab.backend, "protocol": "http", "credentials": given}
    policy = {"apiId": "ml-model", "policyId": "policy", "value": lab.policy('<set-backend-service backend-id="b" />')}
    service = lab.service(VAULT, ("Backend", "b", backend), ("ApiPolicy", "p", policy))
    (finding,) = warned(lab, service)
    assert "the named value key is in Key Vault, which is not served; the backend is called without" in finding
    played = lab.play(service, CALL, findings=True)
    assert played.statuses == [200]
    assert played.call.headers["other"] == "1"
    assert not {"k", "authorization"} & played.call.headers.keys()


def test_a_backend_is_called_without_a_client_certificate(lab: Lab) -> None:
    backend = {"backendId": "b", "url": lab.backend, "protocol": "http", "credentials": {"certificateIds": ["c"]}}
    policy = {"apiId": "ml-model", "policyId": "policy", "value": lab.policy('<set-backend-service backend-id="b" />')}
    service = lab.service(("Backend", "b", backend), ("ApiPolicy", "p", policy))
    (finding,) = warned(lab, service)
    assert "client certificates are not served; what answers for the backend b gets none" in finding
    assert lab.play(service, CALL, findings=True).statuses == [200]


@pytest.mark.parametrize("kind", ["wsdl", "wadl-xml", "graphql-link", "odata", "grpc"])
def test_an_api_of_a_format_that_is_not_read_leaves_the_others(lab: Lab, kind: str) -> None:
    other = ("Api", "a", {"apiId": "a", "path": "a", "format": kind, "value": "x", "serviceUrl": lab.backend})
    (finding,) = warned(lab, lab.service(other))
    assert f"an API in the format {kind} is not served" in finding
    assert lab.play(lab.service(other), CALL, findings=True).statuses == [200]


def test_a_backend_whose_url_is_in_a_vault_refuses_where_it_is_chosen(lab: Lab) -> None:
    backend = {"backendId": "b", "url": "{{key}}", "protocol": "http"}
    policy = {"apiId": "ml-model", "policyId": "policy", "value": lab.policy('<set-backend-service backend-id="b" />')}
    service = lab.service(VAULT, ("Backend", "b", backend), ("ApiPolicy", "p", policy))
    assert any("only Key Vault knows where the backend b is" in finding for finding in warned(lab, service))
    assert lab.play(service, CALL, findings=True).statuses == [500]


def test_a_value_beside_that_in_a_vault_is_taken(lab: Lab) -> None:
    given = ("NamedValue", "w", {"displayName": "key", "value": "PUT"})
    service = lab.service(VAULT, given, api_policy=lab.policy(inbound="<set-method>{{key}}</set-method>"))
    assert not warned(lab, service)
    assert lab.play(service, CALL, findings=True).call.method == "PUT"
