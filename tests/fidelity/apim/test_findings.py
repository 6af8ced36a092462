"""What is reported of a service, where, and what becomes of it: nothing is lost silently."""

from typing import Any

import pytest

Lab = Any

CALL = "/ml-model/predict"
VALIDATE = (
    '<validate-content unspecified-content-type-action="prevent" max-size="1" size-exceeded-action="prevent">{}'
    "</validate-content>"
)


def found(lab: Lab, *extra: Any, **parts: Any) -> list[str]:
    findings: list[str] = lab.read(lab.service(*extra, **parts))[1]
    return findings


@pytest.mark.parametrize(
    ("policy", "line", "column", "said"),
    [
        ("<policies>\n  <inbound><base></inbound>\n</policies>", 2, 19, "mismatched tag"),
        ("<policies>\n <inbound/>", 2, 12, "no element found"),
        ("", 1, 1, "no element found"),
        ("<policies>&nope;</policies>", 1, 11, "undefined entity"),
        ('<!DOCTYPE p [<!ENTITY a "aa">]>\n<policies>&a;</policies>', 1, 11, "no document type"),
        ("<policies><inbound>@(1</inbound></policies", 1, 33, "unclosed token"),
    ],
)
def test_a_policy_that_is_no_xml_is_an_error_with_its_line(
    lab: Lab, policy: str, line: int, column: int, said: str
) -> None:
    service = lab.service(("ApiPolicy", "policy", {"apiId": "ml-model", "policyId": "policy", "value": policy}))
    (finding,) = lab.read(service)[1]
    assert finding.startswith("program.py:4: error: the api's policy is no XML: ")
    assert said in finding
    assert f"(line {line}, column " in finding


def test_entities_that_multiply_are_refused_at_once(lab: Lab) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE p [<!ENTITY e0 "bomb">{entities}]><policies><inbound>&e11;</inbound></policies>'
    (finding,) = found(lab, api_policy=bomb)
    assert "no document type" in finding


@pytest.mark.parametrize(
    "policy",
    [
        f"<policies><inbound>{'<choose>' * 100}{'</choose>' * 100}</inbound></policies>",
        f"<policies><inbound>{' ' * 300_000}</inbound></policies>",
        "<policies><inbound>\ue000</inbound></policies>",
    ],
)
def test_a_policy_that_is_too_deep_or_too_large_is_an_error(lab: Lab, policy: str) -> None:
    (finding,) = found(lab, api_policy=policy)
    assert "[bad-policy]" in finding


def test_a_huge_policy_of_many_expressions_is_read(lab: Lab) -> None:
    setting = '<set-variable name="v" value="@("a" + "b")" />'
    assert not found(lab, api_policy=lab.policy(inbound=setting * 5_000))


@pytest.mark.parametrize(
    "policy",
    [
        "<no-such-policy />",
        '<include-fragment fragment-id="x" />',
        '<set-backend-service backend-id="none" />',
        '<rate-limit calls="@(1)" renewal-period="10" />',
        '<rate-limit calls="1" renewal-period="301" />',
        '<rate-limit-by-key calls="1" renewal-period="10" />',
        '<quota calls="@(1)" renewal-period="10" />',
        '<quota-by-key calls="1" renewal-period="10" counter-key="x" />',
        '<check-header name="" failed-check-httpcode="401" failed-check-error-message="" ignore-case="true" />',
        '<ip-filter action="allow"><address>nowhere</address></ip-filter>',
        '<ip-filter action="allow" />',
        VALIDATE.format('<content validate-as="json" schema-id="none" action="prevent" />'),
        '<set-status code="200" />',
    ],
)
def test_a_guard_that_cannot_be_read_is_an_error_and_refuses(lab: Lab, policy: str) -> None:
    service = lab.service(api_policy=lab.policy(inbound=f"\n{policy}"))
    findings = lab.read(service)[1]
    assert any(": error: " in finding and "(line 2, column " in finding for finding in findings)
    played = lab.play(service, ("POST", CALL), findings=True)
    assert played.statuses == [500]
    assert not played.calls


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ('<set-header name="a b"><value>x</value></set-header>', "bad-header"),
        ('<set-header name="Content-Length" exists-action="delete" />', "unchangeable-header"),
        ('<set-header name="x" exists-action="never" />', "bad-attribute"),
        ('<set-variable value="x" />', "missing-attribute"),
        ('<return-response><set-status kode="404" reason="no" /></return-response>', "missing-attribute"),
        ("<choose><otherwise /></choose>", "missing-element"),
        ('<choose><when condition="maybe" /></choose>', "bad-condition"),
        ('<set-variable name="x" value="@(1 +)" />', "bad-expression"),
        ('<set-variable name="x" value="@(context.Response.StatusCode" />', "bad-expression"),
        ('<set-body>@{ return "a; }</set-body>', "bad-expression"),
        ('<set-variable name="x" value="@(context.Secrets)" />', "bad-expression"),
        ('<retry condition="true" count="51" interval="1" />', "bad-attribute"),
        ("<forward-request />", "misplaced-policy"),
        ("<return-response><set-method>GET</set-method></return-response>", "misplaced-policy"),
        ("<cors />", "missing-element"),
        ('<validate-jwk header-name="x" />', "unknown-policy"),
        ('<rate-limit calls="@(1)" renewal-period="10" />', "bad-limit"),
        ('<set-variable name="x" value="@(context.Request.Methode)" />', "bad-expression"),
        ('<set-variable name="x" value="@(new FileStream("x"))" />', "bad-expression"),
        ('<set-variable name="x" value="@(DateTime.FromBinary(1))" />', "bad-expression"),
        ('<set-variable name="x" value="@(XDocumnt.Parse("x"))" />', "bad-expression"),
        ("<set-body>{{nothing}}</set-body>", "unknown-named-value"),
    ],
)
def test_a_mistake_in_a_policy_is_an_error(lab: Lab, policy: str, code: str) -> None:
    (finding,) = found(lab, api_policy=lab.policy(inbound=policy))
    assert ": error: " in finding
    assert finding.endswith(f"[{code}]")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("Backend", "b", {"backendId": "b", "url": "ftp://x", "protocol": "http"}), "bad-url"),
        (("Backend", "b", {"backendId": "b", "url": "http://x", "protocol": "soap"}), "unserved-backend"),
        (("Backend", "b", {"backendId": "b", "type": "Pool", "pool": {"services": []}}), "unserved-backend"),
        (("NamedValue", "v", {"displayName": "v", "keyVault": {"secretIdentifier": "https://v"}}), "unserved-secret"),
        (("GlobalSchema", "s", {"schemaId": "s", "schemaType": "json", "value": "{"}), "bad-schema"),
        (("ProductApi", "p", {"productId": "none", "apiId": "ml-model"}), "dangling-link"),
        (
            ("ApiOperation", "o", {"apiId": "none", "operationId": "o", "method": "GET", "urlTemplate": "/"}),
            "unknown-api",
        ),
        (("ApiOperation", "o", {"apiId": "ml-model", "operationId": "o", "method": "GET"}), "no-template"),
        (("Subscription", "s", {"sid": "s", "scope": "/nothing", "state": "active"}), "bad-scope"),
        (("Subscription", "s", {"sid": "s", "scope": "/products/none", "state": "active"}), "dangling-link"),
        (("Policy", "p", {"policyId": "policy", "format": "xml-link", "value": "https://x"}), "unserved-link"),
        (("Api", "a", {"apiId": "a", "path": "a", "apiType": "graphql"}), "unserved-api"),
        (("Api", "a", {"apiId": "a", "path": "a", "format": "wsdl", "value": "<w/>"}), "unserved-format"),
        (("Api", "a", {"apiId": "a", "path": "a", "format": "openapi+json", "value": "{"}), "bad-document"),
        (("Api", "a", {"apiId": "a", "path": "a", "apiVersion": "v1"}), "unserved-version"),
    ],
)
def test_a_resource_that_cannot_be_served_is_reported(lab: Lab, given: Any, code: str) -> None:
    findings = found(lab, given)
    assert [finding.rpartition("[")[2] for finding in findings] == [f"{code}]"]
    assert findings[0].startswith("program.py:4: ")


def test_a_named_value_is_named_by_its_display_name(lab: Lab) -> None:
    value = ("NamedValue", "v", {"namedValueId": "id", "displayName": "shown", "value": "PUT"})
    (finding,) = found(lab, value, api_policy=lab.policy(inbound="<set-method>{{id}}</set-method>"))
    assert "there is no named value id; id is to be named shown" in finding


def test_an_identifier_where_the_name_of_an_api_is_asked_for_is_told(lab: Lab) -> None:
    identifier = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/svc/apis/ml-model"
    operation = {"apiId": identifier, "operationId": "o", "method": "GET", "urlTemplate": "/"}
    (finding,) = found(lab, ("ApiOperation", "o", operation))
    assert finding.endswith("this is an identifier, where the API's name is asked for [unknown-api]")


def test_an_api_without_a_backend_is_reported(lab: Lab) -> None:
    (finding,) = found(lab, api={"serviceUrl": None})
    assert finding.endswith("[no-backend]")
    assert lab.play(lab.service(api={"serviceUrl": None}), ("POST", CALL), findings=True).statuses == [500]


def test_a_version_that_is_a_segment_is_part_of_the_path(lab: Lab) -> None:
    service = lab.service(api={"apiVersion": "v2", "apiVersionSet": {"versioningScheme": "Segment"}})
    assert lab.play(service, ("POST", "/ml-model/v2/predict"), ("POST", CALL)).statuses == [200, 404]


def test_a_named_value_whose_secret_was_not_exported_is_told_where_it_is_used(lab: Lab) -> None:
    secret = ("NamedValue", "v", {"displayName": "model-key", "secret": True})
    assert lab.read(lab.service(secret))[1] == []
    header = '<set-header name="x" exists-action="override"><value>{{ model-key }}</value></set-header>'
    policy = ("ApiPolicy", "p", {"apiId": "ml-model", "policyId": "policy", "value": lab.policy(header)})
    backend = ("Backend", "b", {"backendId": "b", "url": "http://x/{{model-key}}", "protocol": "http"})
    for more in (policy, backend):
        told = [finding for finding in lab.read(lab.service(secret, more))[1] if "[no-named-value]" in finding]
        assert len(told) == 1
        assert ": warning: the named value model-key has no value, as secrets are exported; " in told[0]
        given = ("NamedValue", "w", {"displayName": "model-key", "value": "s"})
        for both in ((given, secret), (secret, given)):
            assert lab.read(lab.service(*both, more))[1] == []


def test_a_guard_that_compares_with_an_unexported_secret_stays_shut(lab: Lab) -> None:
    """An empty text in the secret's place would let everybody in who sends an empty header."""
    secret = ("NamedValue", "v", {"displayName": "gate-key", "secret": True})
    condition = "context.Request.Headers.GetValueOrDefault(&quot;k&quot;, &quot;&quot;) == &quot;{{gate-key}}&quot;"
    open_if = f'<choose><when condition="@({condition})" /><otherwise><return-response /></otherwise></choose>'
    policy = ("ApiPolicy", "p", {"apiId": "ml-model", "policyId": "policy", "value": lab.policy(open_if)})
    assert lab.play(lab.service(secret, policy), ("POST", CALL), findings=True).statuses == [500]
    given = ("NamedValue", "w", {"displayName": "gate-key", "value": "s"})
    played = lab.play(lab.service(given, policy), ("POST", CALL), ("POST", CALL, {"k": "s"}))
    assert [bool(call) for call in played.calls] == [True]


def test_a_backend_that_only_the_cloud_knows_can_be_bound(lab: Lab) -> None:
    """As templates name one: the output of a resource that has no model here."""
    backend = ("Backend", "b", {"backendId": "b", "url": "local::site::endpoint", "protocol": "http"})
    policy = {"apiId": "ml-model", "policyId": "policy", "value": lab.policy('<set-backend-service backend-id="b" />')}
    service = lab.service(backend, ("ApiPolicy", "p", policy))
    (finding,) = lab.read(service)[1]
    assert ": warning: only the cloud knows where the backend b is; bind https://local::site::endpoint to a" in finding
    urls = {"https://local::site::endpoint": "/bound"}
    played = lab.play(service, ("POST", "/ml-model/predict"), findings=True, urls=urls)
    assert played.statuses == [200]
    assert played.call.target == "/bound/predict"
