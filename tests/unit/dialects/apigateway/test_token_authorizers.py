"""Authorizers that ask for a token, as documents write them.

Expected values: API Gateway's "Integrate a REST API with an Amazon Cognito user pool", "Control access to REST APIs
using JWT authorizers", "Control access to HTTP APIs with JWT authorizers", and the service model of CreateAuthorizer.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest

from inferway.definition.api import ApiDefinition
from inferway.definition.steps import Refuse, Step
from inferway.definition.token_steps import ClaimForm, ExpectedClaim, RequireToken, TrustedIssuer
from inferway.faults import FaultKind, Finding

Read = Callable[[str], tuple[ApiDefinition, list[Finding]]]

POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Example"
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example"


def read(read_document: Read, scheme: dict[str, Any], *scopes: str, **operation: Any) -> tuple[Step, list[str]]:
    cases = {"default": {"statusCode": 200}}
    integration = {"type": "mock", "requestTemplates": {"application/json": "{}"}, "responses": cases}
    method = {"security": [{"tokens": list(scopes)}], "x-amazon-apigateway-integration": integration, **operation}
    paths = {"/a": {"get": {"responses": {"200": {"description": ""}}, **method}}}
    schemes = {"securitySchemes": {"tokens": scheme}}
    api, findings = read_document(f"paths: {json.dumps(paths)}\ncomponents: {json.dumps(schemes)}\n")
    return api.routes[0].pipeline.request[0], [f"{finding.severity}: {finding.code}" for finding in findings]


def user_pools(*arns: str, **authorizer: Any) -> dict[str, Any]:
    own = {"type": "cognito_user_pools", "providerARNs": list(arns), **authorizer}
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": own,
    }


def jwt(**authorizer: Any) -> dict[str, Any]:
    own = {"type": "jwt", "identitySource": "method.request.header.Authorization", **authorizer}
    return {"type": "oauth2", "flows": {}, "x-amazon-apigateway-authorizer": own}


def configured(**changes: Any) -> dict[str, Any]:
    issuer = {"issuer": "https://login.example.com/", "audiences": ["api"], **changes}
    return {"issuers": [issuer], "defaultAlgorithms": ["RS256", "ES256"]}


@pytest.mark.parametrize(("scopes", "use"), [((), "id"), (("api/read", "api/write"), "access")])
def test_user_pools_want_an_identity_token_or_with_scopes_an_access_token(
    read_document: Read, scopes: tuple[str, ...], use: str
) -> None:
    step, findings = read(read_document, user_pools(POOL), *scopes)
    assert findings == []
    assert isinstance(step, RequireToken)
    (issuer,) = step.issuers
    assert (issuer.issuer, issuer.key_path, issuer.audiences) == (ISSUER, "/.well-known/jwks.json", None)
    assert issuer.claims == (ExpectedClaim(name="token_use", values=(use,)),)
    assert (step.scopes, step.header, step.algorithms) == (scopes, "authorization", ("RS256",))
    assert (step.claim_form, step.expired) == (ClaimForm.PLAIN, FaultKind.EXPIRED_TOKEN)
    assert step.unscoped is FaultKind.UNAUTHORIZED


def test_several_pools_a_header_and_a_pattern(read_document: Read) -> None:
    second = "arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_Made"
    scheme = user_pools(
        POOL, second, identitySource="method.request.header.X-Token", identityValidationExpression="^app-.*"
    )
    step, findings = read(read_document, scheme)
    assert findings == []
    assert isinstance(step, RequireToken)
    assert [issuer.is_declared for issuer in step.issuers] == [False, True]
    assert (step.header, step.audience_pattern) == ("x-token", "^app-.*")


def test_the_pool_may_be_a_stage_variable(read_document: Read) -> None:
    arn = "arn:aws:cognito-idp:us-east-2:111122223333:userpool/${stageVariables.MyUserPool}"
    step, findings = read(read_document, user_pools(arn))
    assert findings == []
    assert isinstance(step, RequireToken)
    assert step.issuers[0].issuer == "https://cognito-idp.us-east-2.amazonaws.com/${stageVariables.MyUserPool}"


def test_an_authorizer_that_is_named_by_the_extension_too_is_found(read_document: Read) -> None:
    extension = {"x-amazon-apigateway-auth": {"type": "COGNITO_USER_POOLS"}}
    step, findings = read(read_document, user_pools(POOL), **extension)
    assert findings == []
    assert isinstance(step, RequireToken)


def test_a_jwt_authorizer_of_a_rest_api(read_document: Read) -> None:
    claims = [
        {"claimName": "tenant", "format": "SINGLE_STRING", "required": True, "expectedValues": ["a"]},
        {"claimName": "azp", "format": "SINGLE_STRING"},
    ]
    step, findings = read(read_document, jwt(jwtConfiguration=configured(additionalClaims=claims)), "orders:read")
    assert findings == []
    assert step == RequireToken(
        issuers=(
            TrustedIssuer(
                issuer="https://login.example.com/",
                audiences=("api",),
                claims=(ExpectedClaim(name="tenant", values=("a",), required=True), ExpectedClaim(name="azp")),
            ),
        ),
        algorithms=("RS256", "ES256"),
        scopes=("orders:read",),
        claim_form=ClaimForm.JSON,
        unscoped=FaultKind.ACCESS_DENIED,
    )


def test_a_jwt_authorizer_of_an_http_api(read_document: Read) -> None:
    configuration = {"issuer": "https://login.example.com", "audience": ["a", "b"]}
    step, findings = read(
        read_document, jwt(identitySource="$request.header.Authorization", jwtConfiguration=configuration)
    )
    assert findings == []
    assert isinstance(step, RequireToken)
    (issuer,) = step.issuers
    assert (issuer.audiences, issuer.audience_claims) == (("a", "b"), ("aud", "client_id"))
    assert step.algorithms == ("RS256", "RS384", "RS512")


def test_a_scheme_of_openapi_s_own_names_its_issuer(read_document: Read) -> None:
    url = "https://login.example.com/realm/.well-known/openid-configuration"
    step, findings = read(read_document, {"type": "openIdConnect", "openIdConnectUrl": url})
    assert findings == []
    assert isinstance(step, RequireToken)
    assert (step.issuers[0].issuer, step.issuers[0].audiences) == ("https://login.example.com/realm", ())


@pytest.mark.parametrize(
    ("scheme", "codes"),
    [
        (user_pools("a"), ["warning: bad-provider", "warning: no-provider"]),
        (user_pools(), ["warning: no-provider"]),
        (user_pools(POOL, identityValidationExpression="("), ["error: bad-pattern"]),
        (user_pools(POOL, identitySource="method.request.querystring.t"), ["error: bad-identity-source"]),
        (
            user_pools(POOL, identitySource="method.request.header.A, method.request.header.B"),
            ["error: bad-identity-source"],
        ),
        (jwt(), ["warning: no-issuer"]),
        (jwt(jwtConfiguration={"issuers": [], "defaultAlgorithms": ["RS256"]}), ["warning: no-issuer"]),
        (jwt(jwtConfiguration=configured(issuer="login.example.com")), ["error: bad-issuer", "warning: no-issuer"]),
        (jwt(jwtConfiguration=configured(issuer="https://u@x/")), ["error: bad-issuer", "warning: no-issuer"]),
        (jwt(jwtConfiguration=configured(issuer="https://x/?a")), ["error: bad-issuer", "warning: no-issuer"]),
        (jwt(jwtConfiguration=configured(issuer="https://x/#a")), ["error: bad-issuer", "warning: no-issuer"]),
        (jwt(jwtConfiguration=configured(issuer="https://[x")), ["error: bad-issuer", "warning: no-issuer"]),
        (
            jwt(jwtConfiguration={**configured(), "defaultAlgorithms": ["HS256", "none"]}),
            ["error: bad-algorithm", "error: bad-algorithm", "warning: no-issuer"],
        ),
        ({"type": "openIdConnect", "openIdConnectUrl": "https://x"}, ["warning: no-issuer"]),
        ({"type": "openIdConnect"}, ["warning: no-issuer"]),
    ],
)
def test_what_cannot_be_served_is_told_and_lets_nobody_in(
    read_document: Read, scheme: dict[str, Any], codes: list[str]
) -> None:
    step, findings = read(read_document, scheme)
    assert findings == codes
    assert step == Refuse(kind=FaultKind.AUTHORIZER_MISCONFIGURED, cause="the authorizer cannot be served as it stands")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"audiences": []}, "error: bad-issuer"),
        ({"additionalClaims": [{"claimName": "aud"}]}, "error: bad-claim"),
        ({"additionalClaims": [{"claimName": ""}]}, "error: bad-claim"),
        ({"additionalClaims": [{"claimName": "a", "format": "STRING_ARRAY"}]}, "error: bad-claim"),
        # Ignored, these would take tokens of any value of the claim.
        ({"additionalClaims": [{"claimName": "a", "expectedValue": ["b"]}]}, "error: unknown-property"),
        ({"additionalClaim": [{"claimName": "a"}]}, "error: unknown-property"),
        ({"additionalClaims": [{"claimName": "a", "expectedValues": "b"}]}, "error: wrong-type"),
    ],
)
def test_what_the_service_refuses_of_an_issuer_is_an_error(
    read_document: Read, changes: dict[str, Any], code: str
) -> None:
    step, findings = read(read_document, jwt(jwtConfiguration=configured(**changes)))
    assert findings == [code]
    assert isinstance(step, RequireToken)


def test_what_an_authorizer_of_tokens_does_not_have_is_told(read_document: Read) -> None:
    odd = user_pools(POOL, identityValidationExpresion="^x$")
    assert read(read_document, odd)[1] == ["warning: unknown-property"]
    configuration = {**configured(), "defaultAlgoritms": []}
    assert read(read_document, jwt(jwtConfiguration=configuration))[1] == ["warning: unknown-property"]


def test_an_issuer_stands_there_once(read_document: Read) -> None:
    twice = {**configured(), "issuers": configured()["issuers"] * 2}
    step, findings = read(read_document, jwt(jwtConfiguration=twice))
    assert findings == ["error: bad-issuer"]
    assert isinstance(step, RequireToken)
    assert len(step.issuers) == 1
