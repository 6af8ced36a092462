"""One service in the words of each provider: azure-native, a template, the classic provider, which is Terraform's.

Source: Pulumi, azure-native and azure (classic), apimanagement; Azure Resource Manager, Microsoft.ApiManagement.
"""

from typing import Any

import pytest

Lab = Any

CLASSIC = "azure:apimanagement/"
ARM = "Microsoft.ApiManagement/service"
SET_HEADER = '<set-header name="{}" exists-action="override"><value>1</value></set-header>'


def classic(lab: Lab, **api: Any) -> list[Any]:
    """Give a service of the classic provider with every kind that is served."""
    here = {"apiManagementName": "svc", "resourceGroupName": "group"}
    manager = "/subscriptions/x/resourceGroups/group/providers/Microsoft.ApiManagement/service/svc"
    of_api = {**here, "apiName": "ml-model"}
    made = [
        ("service:Service", "service", {"name": "svc", "resourceGroupName": "group", "skuName": "Developer_1"}),
        (
            "api:Api",
            "api",
            {
                **here,
                "name": "ml-model",
                "revision": "1",
                "path": "ml-model",
                "protocols": ["https"],
                "serviceUrl": lab.backend,
                **api,
            },
        ),
        (
            "apiOperation:ApiOperation",
            "operation",
            {
                **of_api,
                "operationId": "predict",
                "displayName": "Predict",
                "method": "POST",
                "urlTemplate": "/predict",
                "responses": [
                    {
                        "statusCode": 200,
                        "representations": [
                            {
                                "contentType": "application/json",
                                "examples": [{"name": "default", "value": '{"mocked": true}'}],
                            }
                        ],
                    }
                ],
            },
        ),
        ("apiPolicy:ApiPolicy", "p1", {**of_api, "xmlContent": lab.policy(inbound=SET_HEADER.format("api"))}),
        (
            "apiOperationPolicy:ApiOperationPolicy",
            "p2",
            {**of_api, "operationId": "predict", "xmlContent": lab.policy(inbound=INCLUDE)},
        ),
        ("policy:Policy", "p3", {"apiManagementId": manager, "xmlContent": GLOBAL}),
        ("policyFragment:PolicyFragment", "f", {"apiManagementId": manager, "name": "f", "value": FRAGMENT}),
        ("namedValue:NamedValue", "n", {**here, "name": "n", "displayName": "word", "value": "of-the-fragment"}),
        ("product:Product", "product", {**here, "productId": "starter", "displayName": "S", "published": True}),
        ("productApi:ProductApi", "link", {**here, "apiName": "ml-model", "productId": "starter"}),
        (
            "productPolicy:ProductPolicy",
            "p4",
            {**here, "productId": "starter", "xmlContent": lab.policy(inbound=SET_HEADER.format("product"))},
        ),
        (
            "subscription:Subscription",
            "sub",
            {
                **here,
                "subscriptionId": "me",
                "displayName": "me",
                "productId": f"{manager}/products/starter",
                "state": "active",
                "primaryKey": "own-key",
            },
        ),
    ]
    return [(CLASSIC + kind, name, properties) for kind, name, properties in made]


GLOBAL = (
    "<policies><inbound>" + SET_HEADER.format("everywhere") + "</inbound><backend><forward-request /></backend>"
    "<outbound /><on-error /></policies>"
)
INCLUDE = '<include-fragment fragment-id="f" />'
FRAGMENT = "<fragment>" + SET_HEADER.format("{{word}}") + "</fragment>"


def test_a_service_of_the_classic_provider(lab: Lab) -> None:
    played = lab.play(
        classic(lab),
        ("POST", "/ml-model/predict"),
        ("POST", "/ml-model/predict", {"Ocp-Apim-Subscription-Key": "own-key"}),
    )
    assert played.statuses == [401, 200]
    assert {"everywhere", "api", "product", "of-the-fragment"} <= played.call.headers.keys()


def test_an_import_of_the_classic_provider(lab: Lab) -> None:
    document = "openapi: 3.0.1\npaths:\n  /models/{name}:\n    get: {operationId: show, responses: {}}\n"
    service = classic(lab, **{"import": {"contentFormat": "openapi", "contentValue": document}})
    assert (
        lab.play(service, ("GET", "/ml-model/models/a", {"Ocp-Apim-Subscription-Key": "own-key"})).answer.status == 200
    )


def test_a_backend_and_a_mock_of_the_classic_provider(lab: Lab) -> None:
    backend = {
        "apiManagementName": "svc",
        "name": "b",
        "protocol": "http",
        "url": lab.backend,
        "credentials": {"header": {"X-Secret": "s"}, "authorization": {"scheme": "Basic", "parameter": "abc"}},
    }
    key = {"Ocp-Apim-Subscription-Key": "own-key"}
    select = lab.policy(inbound='<set-backend-service backend-id="b" />')
    service = [each for each in classic(lab) if each[1] != "p2"]
    policy = {"apiManagementName": "svc", "apiName": "ml-model", "operationId": "predict"}
    chosen = [
        *service,
        (f"{CLASSIC}backend:Backend", "b", backend),
        (f"{CLASSIC}apiOperationPolicy:ApiOperationPolicy", "p", {**policy, "xmlContent": select}),
    ]
    call = lab.play(chosen, ("POST", "/ml-model/predict", key)).call
    assert (call.headers["x-secret"], call.headers["authorization"]) == ("s", "Basic abc")
    mock = lab.policy(inbound='<mock-response status-code="200" />')
    mocked = [*service, (f"{CLASSIC}apiOperationPolicy:ApiOperationPolicy", "p", {**policy, "xmlContent": mock})]
    assert lab.play(mocked, ("POST", "/ml-model/predict", key)).answer.json == {"mocked": True}


@pytest.mark.parametrize(("kind", "value"), [("format", "value"), ("contentFormat", "policyContent")])
def test_a_service_of_a_template(lab: Lab, kind: str, value: str) -> None:
    service = [
        (ARM, "s", {"name": "svc", "properties": {}}),
        (
            f"{ARM}/apis",
            "a",
            {
                "name": "svc/ml-model",
                "properties": {"path": "ml-model", "serviceUrl": lab.backend, "subscriptionRequired": False},
            },
        ),
        (
            f"{ARM}/apis/operations",
            "o",
            {"name": "svc/ml-model/predict", "properties": {"method": "POST", "urlTemplate": "/predict"}},
        ),
        (
            f"{ARM}/apis/policies",
            "p",
            {
                "name": "svc/ml-model/policy",
                "properties": {kind: "xml", value: lab.policy(inbound=SET_HEADER.format("api"))},
            },
        ),
    ]
    assert lab.ask(service).call.headers["api"] == "1"


@pytest.mark.parametrize("version", ["", "/v20220801", "/v20240601preview"])
def test_any_version_of_a_type_is_read(lab: Lab, version: str) -> None:
    service = [
        (kind.replace("ApiOperation", f"azure-native:apimanagement{version}:ApiOperation"), name, given)
        for kind, name, given in lab.service()
    ]
    assert lab.ask(service).answer.status == 200


def test_a_version_set_gives_its_apis_their_segment(lab: Lab) -> None:
    versions = {"versionSetId": "vs", "displayName": "vs", "versioningScheme": "Segment"}
    service = lab.service(
        ("ApiVersionSet", "vs", versions),
        api={"apiVersion": "v2", "apiVersionSetId": "/apiVersionSets/vs"},
    )
    assert lab.play(service, ("POST", "/ml-model/v2/predict")).answer.status == 200
    (finding,) = lab.read(lab.service(api={"apiVersion": "v2", "apiVersionSetId": "/apiVersionSets/no"}))[1]
    assert "there is no version set no" in finding


def test_versions_in_headers_and_queries_are_left_out_with_a_warning(lab: Lab) -> None:
    versions = {"versionSetId": "vs", "displayName": "vs", "versioningScheme": "Header", "versionHeaderName": "v"}
    service = lab.service(("ApiVersionSet", "vs", versions), api={"apiVersion": "v2", "apiVersionSetId": "vs"})
    apis, findings = lab.read(service)
    assert not apis
    assert len(findings) == 1
    assert ": warning: " in findings[0]


def test_a_link_puts_an_api_into_a_product(lab: Lab) -> None:
    service = lab.service(
        ("Product", "p", {"productId": "p", "displayName": "p", "subscriptionRequired": False}),
        ("ProductApiLink", "l", {"productId": "p", "apiLinkId": "l", "apiId": "/subscriptions/x/apis/ml-model"}),
        api={"subscriptionRequired": True},
    )
    assert lab.ask(service).answer.status == 200


def test_the_services_own_address_in_an_exported_document_is_no_backend(lab: Lab) -> None:
    document = "openapi: 3.0.1\nservers: [{url: 'https://x.azure-api.net/a'}]\npaths: {/x: {get: {operationId: x}}}\n"
    findings = lab.read(lab.service(api={"serviceUrl": "", "format": "openapi", "value": document}))[1]
    assert any("nothing says where requests go" in finding for finding in findings)


def test_the_built_in_subscription_may_stand_among_the_others(lab: Lab) -> None:
    """As it is extracted: its scope is the service itself."""
    built_in = {"sid": "master", "displayName": "Built-in all-access subscription", "state": "active"}
    scope = "/subscriptions/x/resourceGroups/group/providers/Microsoft.ApiManagement/service/svc/"
    service = lab.service(("Subscription", "master", {**built_in, "scope": scope}), api={"subscriptionRequired": True})
    assert lab.play(service, ("POST", "/ml-model/predict", {"Ocp-Apim-Subscription-Key": lab.master})).statuses == [200]


@pytest.mark.parametrize(
    "kind", ["Group", "Logger", "Diagnostic", "ApiDiagnostic", "Tag", "TagByApi", "ProductGroup", "User", "ApiRelease"]
)
def test_what_has_no_effect_on_answers_is_read_quietly(lab: Lab, kind: str) -> None:
    assert lab.read(lab.service((kind, "x", {"apiId": "ml-model", "productId": "p"})))[1] == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("notifications", "svc/BCC"),
        ("diagnostics/loggers", "svc/applicationinsights/x"),
        ("portalsettings", "svc/signin"),
    ],
)
def test_what_the_portal_exports_beside_it_is_read_quietly(lab: Lab, kind: str, name: str) -> None:
    service = [
        (f"{ARM}/apis", "a", {"name": "svc/a", "properties": {"path": "a", "serviceUrl": lab.backend}}),
        (f"{ARM}/apis/operations", "o", {"name": "svc/a/o", "properties": {"method": "GET", "urlTemplate": "/o"}}),
        (f"{ARM}/{kind}", "x", {"name": name}),
    ]
    assert lab.read(service)[1] == []


def revisions(lab: Lab, *more: Any, **said: Any) -> Any:
    """Read the API m in revisions, each with the properties that are said of it, and what else there is."""
    service = []
    for number, (name, properties) in enumerate(said.items()):
        api = name.replace("_", ";rev=")
        given = {"path": "m", "serviceUrl": lab.backend, "subscriptionRequired": False, **properties}
        operation = {"method": "GET", "urlTemplate": f"/{name}"}
        service += [
            (f"{ARM}/apis", f"a{number}", {"name": f"svc/{api}", "properties": given}),
            (f"{ARM}/apis/operations", f"o{number}", {"name": f"svc/{api}/o", "properties": operation}),
        ]
    return [*service, *more]


def reached(lab: Lab, service: Any) -> list[str]:
    """Give the names of the operations that calls without a revision reach."""
    apis, _ = lab.read(service)
    assert all(api.name == "m" for api in apis)
    return [route.path.strip("/") for api in apis for route in api.routes]


def release(name: str) -> Any:
    identifier = f"/subscriptions/x/resourceGroups/g/providers/{ARM}/svc/apis/{name}"
    return (f"{ARM}/apis/releases", "r", {"name": f"svc/{name}/r", "properties": {"apiId": identifier}})


def test_calls_without_a_revision_reach_the_current_one(lab: Lab) -> None:
    """ "Revisions in Azure API Management": a release makes a revision current; the first one is by itself."""
    assert reached(lab, revisions(lab, m={}, m_2={})) == ["m"]
    assert reached(lab, revisions(lab, release("m;rev=2"), m={}, m_2={})) == ["m_2"]
    assert reached(lab, revisions(lab, release("m;rev=2"), m_2={}, m_3={})) == ["m_2"]
    assert reached(lab, revisions(lab, m={"isCurrent": False}, m_2={"isCurrent": True})) == ["m_2"]
    assert reached(lab, revisions(lab, m_1={})) == ["m_1"]
    assert reached(lab, revisions(lab, m_2={})) == []
    product = (f"{ARM}/products", "p", {"name": "svc/p", "properties": {"subscriptionRequired": False}})
    link = (f"{ARM}/products/apis", "l", {"name": "svc/p/m;rev=2"})
    service = revisions(lab, release("m;rev=2"), product, link, m_2={"subscriptionRequired": True})
    assert lab.play(service, ("GET", "/m/m_2")).statuses == [200]


@pytest.mark.parametrize("kind", ["Certificate", "Gateway", "Workspace", "GraphQLApiResolver", "Cache"])
def test_what_is_left_out_is_a_warning(lab: Lab, kind: str) -> None:
    (finding,) = lab.read(lab.service((kind, "x", {})))[1]
    assert f"program.py:4: warning: x of type azure-native:apimanagement:{kind} is left out: " in finding


def test_swagger_and_openapi_are_imported_alike(lab: Lab) -> None:
    swagger = """swagger: "2.0"
host: backend.example
schemes: [https]
basePath: /base
paths:
  /predict:
    post:
      operationId: Predict It!
      consumes: [application/json]
      parameters: [{in: body, name: body, schema: {$ref: '#/definitions/In'}}]
      responses: {200: {description: ok, examples: {application/json: {a: 1}}}}
definitions: {In: {type: object, required: [x]}}
"""
    validate = (
        '<validate-content unspecified-content-type-action="prevent" max-size="100" size-exceeded-action="prevent">'
        '<content type="application/json" validate-as="json" action="prevent" /></validate-content>'
    )
    policy = {
        "apiId": "ml-model",
        "operationId": "predict-it",
        "policyId": "policy",
        "value": lab.policy(inbound=validate),
    }
    service = [
        *lab.service(api={"format": "swagger-json", "value": swagger, "serviceUrl": ""})[:2],
        ("ApiOperationPolicy", "p", {"resourceGroupName": "group", "serviceName": "svc", **policy}),
    ]
    played = lab.play(service, *(("POST", "/ml-model/predict", {}, body) for body in ('{"y": 1}', '{"x": 1}')))
    assert played.statuses == [400, 200]
    assert played.call.target == "/base/predict"
    mock = {
        **policy,
        "value": lab.policy(inbound='<mock-response status-code="200" content-type="application/json" />'),
    }
    mocked = [*service[:-1], ("ApiOperationPolicy", "p", {**service[-1][2], **mock})]
    assert lab.play(mocked, ("POST", "/ml-model/predict")).answer.json == {"a": 1}
