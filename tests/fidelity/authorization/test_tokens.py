"""Authorizers of user pools and of JWTs: which token opens a method, what a refusal says, what is handed on.

Tokens are made by joserfc, with the claims that Amazon Cognito puts into its own.
"""

import base64
import hmac
import json
import time
from functools import cache
from typing import Any

import pytest
from joserfc import jwk, jwt

from inferway.definition.issuer import Issuer
from inferway.definition.stage import StageSettings

POOL = "us-east-1_Example00"
ARN = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}"
COGNITO = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"
LOGIN = "https://login.example.com/"
UNAUTHORIZED = (401, "UnauthorizedException", '{"message":"Unauthorized"}')


@cache
def key(name: str) -> jwk.RSAKey:
    return jwk.RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


def issuer(name: str, *keys: str, **settings: Any) -> Issuer:
    published = {"keys": [key(one).as_dict(private=False) for one in keys]}
    return Issuer(**{"name": name, "keys": json.dumps(published), "leeway": 0.0, **settings})


POOLS = (issuer(COGNITO, "pool"), issuer(f"{COGNITO[:-1]}1", "second"))
LOGINS = (issuer(LOGIN, "login"), issuer("https://second.example", "second"))


def signed(claims: dict[str, Any], name: str, header: dict[str, Any] | None = None) -> str:
    given = {"alg": "RS256", "kid": name, **(header or {})}
    made = {claim: value for claim, value in claims.items() if value is not ...}
    return jwt.encode(given, made, key(name), algorithms=[given["alg"]])


def identity(name: str = "pool", /, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """Give an identity token as a user pool issues them."""
    now = int(time.time())
    made = {
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "aud": "app-client",
        "email_verified": True,
        "token_use": "id",
        "auth_time": now - 10,
        "iss": COGNITO,
        "cognito:username": "janedoe",
        "cognito:groups": ["admin", "team"],
        "exp": now + 3600,
        "iat": now - 10,
        **claims,
    }
    return signed(made, name, header)


def access(name: str = "pool", /, **claims: Any) -> str:
    """Give an access token as a user pool issues them."""
    made = {"aud": ..., "token_use": "access", "scope": "openid", "client_id": "app-client", "cognito:username": ...}
    return identity(name, **{**made, "username": "janedoe", **claims})


def oidc(name: str = "login", /, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """Give an access token of any issuer."""
    now = int(time.time())
    made = {"iss": LOGIN, "sub": "svc", "aud": "orders", "exp": now + 60, "iat": now - 5, "scope": "orders:read"}
    return signed({**made, **claims}, name, header)


def pools(*arns: str, **authorizer: Any) -> dict[str, Any]:
    own = {"type": "cognito_user_pools", "providerARNs": list(arns or (ARN,)), **authorizer}
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header"}
    return {**scheme, "x-amazon-apigateway-authtype": "cognito_user_pools", "x-amazon-apigateway-authorizer": own}


def logins(**changes: Any) -> dict[str, Any]:
    configuration = {
        "issuers": [{"issuer": LOGIN, "audiences": ["orders", "carts"]}],
        "defaultAlgorithms": ["RS256"],
        **changes,
    }
    own = {"type": "jwt", "identitySource": "method.request.header.Authorization", "jwtConfiguration": configuration}
    return {"type": "oauth2", "flows": {}, "x-amazon-apigateway-authorizer": own}


def api(lab: Any, scheme: dict[str, Any], *scopes: str, template: str = "in", **parts: Any) -> dict[str, Any]:
    schemes = {"guard": scheme, "key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
    operation = {**lab.rendering(template), "security": [{"guard": list(scopes)}], **parts.pop("operation", {})}
    paths = {"/t": {"get": operation}}
    document: dict[str, Any] = lab.document(paths, components={"securitySchemes": schemes}, **parts)
    return document


def ask(token: str, header: str = "Authorization", **more: str) -> tuple[Any, ...]:
    return "GET", "/t", {header: token, **more}


def said(answer: Any) -> tuple[int, str, str]:
    return answer.status, answer.error, answer.text


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_an_identity_token_opens_a_method_without_scopes(lab: Any, prefix: str) -> None:
    answer = lab.play(api(lab, pools()), ask(prefix + identity()), issuers=POOLS).answer
    assert (answer.status, answer.text) == (200, "in")


def test_an_access_token_does_not_open_a_method_without_scopes(lab: Any) -> None:
    assert said(lab.play(api(lab, pools()), ask(access()), issuers=POOLS).answer) == UNAUTHORIZED


def test_with_scopes_an_access_token_with_one_of_them_is_wanted(lab: Any) -> None:
    document = api(lab, pools(), "items/read", "items/write")
    tokens = [access(scope="openid items/write"), identity(), identity(scope="items/read")]
    answers = lab.play(document, *map(ask, tokens), issuers=POOLS).answers
    assert [answer.status for answer in answers] == [200, 401, 401]


def test_an_access_token_without_the_scopes_is_unauthorized(lab: Any) -> None:
    document = api(lab, pools(), "items/read")
    for scope in ("items/write", "items", "", ...):
        assert said(lab.play(document, ask(access(scope=scope)), issuers=POOLS).answer) == UNAUTHORIZED


@pytest.mark.parametrize("header", [{}, {"Authorization": ""}, {"Authorization": "Bearer "}, {"X-Token": "x"}])
def test_no_token_is_unauthorized(lab: Any, header: dict[str, str]) -> None:
    assert said(lab.play(api(lab, pools()), ("GET", "/t", header), issuers=POOLS).answer) == UNAUTHORIZED


def test_an_expired_token_is_told_so(lab: Any) -> None:
    expired = identity(exp=int(time.time()) - 1)
    answer = lab.play(api(lab, pools()), ask(expired), issuers=POOLS).answer
    assert said(answer) == (401, "UnauthorizedException", '{"message":"The incoming token has expired"}')


def test_a_token_that_is_not_the_pool_s_is_unauthorized(lab: Any) -> None:
    tokens = [
        identity("second"),
        identity("second", header={"kid": "pool"}),
        identity(iss=f"{COGNITO[:-1]}1"),
        identity(iss="https://evil.example"),
        identity()[:-10],
        identity(token_use="refresh"),
        identity(iat=int(time.time()) + 3600),
        "Bearer",
        "Basic dXNlcjpwYXNz",
        "x.y.z",
    ]
    for answer in lab.play(api(lab, pools()), *map(ask, tokens), issuers=POOLS).answers:
        assert said(answer) == UNAUTHORIZED


def test_several_pools_may_be_trusted(lab: Any) -> None:
    tokens = [identity(), identity("second", iss=f"{COGNITO[:-1]}1"), identity("second")]
    answers = lab.play(api(lab, pools(ARN, f"{ARN[:-1]}1")), *map(ask, tokens), issuers=POOLS).answers
    assert [answer.status for answer in answers] == [200, 200, 401]


def test_the_pool_may_be_a_stage_variable(lab: Any) -> None:
    document = api(lab, pools(ARN.replace(POOL, "${stageVariables.pool}")))
    for value, status in ((POOL, 200), ("us-east-1_Other", 401)):
        stage = StageSettings(name="prod", variables={"pool": value})
        assert lab.play(document, ask(identity()), issuers=POOLS, stage=stage).answer.status == status


def test_the_token_may_stand_in_another_header(lab: Any) -> None:
    document = api(lab, pools(identitySource="method.request.header.X-Token"))
    answers = lab.play(document, ask(identity(), "x-token"), ask(identity()), issuers=POOLS).answers
    assert [answer.status for answer in answers] == [200, 401]


def test_a_validation_expression_is_held_against_the_audience(lab: Any) -> None:
    document = api(lab, pools(identityValidationExpression="^app-.*"))
    tokens = [identity(), identity(aud="other"), identity(aud=...)]
    answers = lab.play(document, *map(ask, tokens), issuers=POOLS).answers
    assert [answer.status for answer in answers] == [200, 401, 401]
    scoped = api(lab, pools(identityValidationExpression="^app-.*"), "openid")
    assert (
        lab.play(scoped, ask(identity(aud=..., token_use="access", scope="openid")), issuers=POOLS).answer.status == 401
    )


def test_claims_are_texts(lab: Any) -> None:
    template = (
        "$context.authorizer.claims.sub|$context.authorizer.claims.email_verified|$context.authorizer.claims.exp|"
        "$context.authorizer.claims.auth_time|$context.authorizer.claims['cognito:groups']|"
        "$!context.authorizer.claims.none"
    )
    token = identity(exp=4102444800, auth_time=1680629979)
    answer = lab.play(api(lab, pools(), template=template), ask(token), issuers=POOLS).answer
    sub = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
    assert answer.text == f"{sub}|true|Fri Jan 01 00:00:00 UTC 2100|1680629979|admin,team|"


def test_a_function_s_event_has_the_claims_as_texts(lab: Any) -> None:
    operation = {"x-amazon-apigateway-integration": lab.function()}
    reply = lab.reply(body=b'{"statusCode": 200, "body": "in"}')
    token = identity(exp=4102444800, auth_time=1680629979, iat=1680629979)
    played = lab.play(api(lab, pools(), operation=operation), ask(token), issuers=POOLS, replies=(reply,))
    event = json.loads(played.call.body)
    assert event["requestContext"]["authorizer"] == {
        "claims": {
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "aud": "app-client",
            "email_verified": "true",
            "token_use": "id",
            "auth_time": "1680629979",
            "iss": COGNITO,
            "cognito:username": "janedoe",
            "cognito:groups": "admin,team",
            "exp": "Fri Jan 01 00:00:00 UTC 2100",
            "iat": "Tue Apr 04 17:39:39 UTC 2023",
        }
    }
    assert event["headers"]["Authorization"] == token


def test_refusals_are_the_gateway_response_unauthorized(lab: Any) -> None:
    responses = {
        "UNAUTHORIZED": {"statusCode": 418, "responseTemplates": {"application/json": "$context.error.message"}}
    }
    parts: dict[str, Any] = {"x-amazon-apigateway-gateway-responses": responses}
    document = api(lab, pools(), **parts)
    expired = identity(exp=int(time.time()) - 1)
    answers = lab.play(document, ("GET", "/t"), ask(expired), issuers=POOLS).answers
    assert [(one.status, one.text) for one in answers] == [
        (418, "Unauthorized"),
        (418, "The incoming token has expired"),
    ]


def test_the_token_is_asked_for_before_the_key(lab: Any) -> None:
    document = api(lab, pools(), operation={"security": [{"guard": [], "key": []}]})
    bound = {"k": "a-key-that-is-long-enough"}
    asked = [("GET", "/t"), ask(identity()), ask(identity(), **{"x-api-key": bound["k"]})]
    answers = lab.play(document, *asked, issuers=POOLS, keys=bound).answers
    assert [answer.status for answer in answers] == [401, 403, 200]


def test_a_jwt_of_a_trusted_issuer_for_one_of_its_audiences_opens_a_method(lab: Any) -> None:
    two = logins(issuers=[
        {"issuer": LOGIN, "audiences": ["orders", "carts"]},
        {"issuer": "https://second.example", "audiences": ["other"]},
    ])  # fmt: skip
    tokens = [
        oidc(),
        oidc(aud=["x", "carts"]),
        oidc("second", iss="https://second.example", aud="other"),
        oidc("second", iss="https://second.example"),
        oidc(aud="other"),
        oidc(aud=..., client_id="orders"),
        oidc(iss=LOGIN.rstrip("/")),
        oidc(exp=int(time.time()) - 1),
    ]
    answers = lab.play(api(lab, two), *map(ask, tokens), issuers=LOGINS).answers
    assert [answer.status for answer in answers] == [200, 200, 200, 401, 401, 401, 401, 401]
    assert said(answers[-1]) == UNAUTHORIZED


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_a_jwt_stands_alone_or_after_bearer(lab: Any, prefix: str) -> None:
    assert lab.play(api(lab, logins()), ask(prefix + oidc()), issuers=LOGINS).answer.status == 200


def test_a_jwt_without_the_scopes_is_forbidden(lab: Any) -> None:
    document = api(lab, logins(), "orders:read", "orders:write")
    tokens = [oidc(), oidc(scope=..., scp=["orders:write"]), oidc(scope="orders"), oidc(scope=...)]
    answers = lab.play(document, *map(ask, tokens), issuers=LOGINS).answers
    assert [answer.status for answer in answers] == [200, 200, 403, 403]
    assert said(answers[-1]) == (403, "ForbiddenException", '{"message":"Forbidden"}')


def test_a_jwt_has_the_additional_claims(lab: Any) -> None:
    rules = [
        {"claimName": "tenant", "format": "SINGLE_STRING", "required": True, "expectedValues": ["acme"]},
        {"claimName": "azp", "format": "SINGLE_STRING", "required": False, "expectedValues": ["app"]},
    ]
    issuers = [{"issuer": LOGIN, "audiences": ["orders"], "additionalClaims": rules}]
    tokens = [oidc(tenant="acme"), oidc(), oidc(tenant="Acme"), oidc(tenant=["acme"]), oidc(tenant="acme", azp="x")]
    answers = lab.play(api(lab, logins(issuers=issuers)), *map(ask, tokens), issuers=LOGINS).answers
    assert [answer.status for answer in answers] == [200, 401, 401, 401, 401]


def test_a_jwt_is_signed_by_an_algorithm_that_is_allowed(lab: Any) -> None:
    for allowed, status in ((["RS256"], 401), (["RS256", "RS512"], 200)):
        document = api(lab, logins(defaultAlgorithms=allowed))
        token = ask(oidc(header={"alg": "RS512"}))
        assert lab.play(document, token, issuers=LOGINS).answer.status == status


def test_claims_of_a_jwt_are_json(lab: Any) -> None:
    """The example of the page, whose value with a quote is a text in its quotes."""
    claims: dict[str, Any] = {"name": 'Doe, "Jane"', "iat": 1516239022, "version": "42", "roles": ["user", "editor"]}
    names = (*claims, "address", "place")
    template = "|".join(f"$context.authorizer.claims.{name}" for name in names)
    token = oidc(**claims, address={"city": "Seattle"}, place="é")
    answer = lab.play(api(lab, logins(), template=template), ask(token), issuers=LOGINS).answer
    assert answer.text == ('"Doe, \\"Jane\\""|1516239022|"42"|["user","editor"]|{"city":"Seattle"}|"\\u00E9"')


def test_a_function_s_event_has_a_jwt_s_claims_with_their_types(lab: Any) -> None:
    operation = {"x-amazon-apigateway-integration": lab.function()}
    reply = lab.reply(body=b'{"statusCode": 200, "body": "in"}')
    token = oidc(roles=["user"], version="42", address={"city": "Seattle"}, iat=1516239022)
    played = lab.play(api(lab, logins(), operation=operation), ask(token), issuers=LOGINS, replies=(reply,))
    claims = json.loads(played.call.body)["requestContext"]["authorizer"]["claims"]
    assert (claims["roles"], claims["version"], claims["address"]) == (["user"], "42", {"city": "Seattle"})
    assert claims["iat"] == 1516239022


def test_a_jwt_authorizer_of_an_http_api_is_taken(lab: Any) -> None:
    own = {
        "type": "jwt",
        "identitySource": "$request.header.Authorization",
        "jwtConfiguration": {"issuer": LOGIN, "audience": ["orders"]},
    }
    scheme = {"type": "oauth2", "flows": {}, "x-amazon-apigateway-authorizer": own}
    tokens = [oidc(), oidc(aud=..., client_id="orders"), oidc(aud="x", client_id="orders")]
    answers = lab.play(api(lab, scheme), *map(ask, tokens), issuers=LOGINS).answers
    assert [answer.status for answer in answers] == [200, 200, 401]


def test_a_scheme_of_openapi_s_own_is_taken_for_bound_audiences(lab: Any) -> None:
    scheme = {"type": "openIdConnect", "openIdConnectUrl": f"{LOGIN}.well-known/openid-configuration"}
    for bound, status in (((issuer(LOGIN.rstrip("/"), "login", audiences=("orders",)),), 200), ((), 401)):
        token = ask(oidc(iss=LOGIN.rstrip("/")))
        assert lab.play(api(lab, scheme), token, issuers=bound).answer.status == status


def test_no_crafted_token_opens_a_method(lab: Any) -> None:
    def part(value: object) -> bytes:
        text = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=")

    claims = {"iss": COGNITO, "sub": "eve", "aud": "app-client", "token_use": "id", "exp": 4102444800}
    secret = key("pool").as_pem(private=False)
    hmac_signed = part({"alg": "HS256", "kid": "pool"}) + b"." + part(claims)
    forged = key("eve").as_dict(private=False)
    twice = b'{"token_use":"access",' + json.dumps({**claims, "exp": 4102444800}).encode()[1:]
    tokens = [
        b".".join((part({"alg": "none"}), part(claims), b"")),
        b".".join((part({"alg": "none", "kid": "pool"}), part(claims), b"")),
        hmac_signed + b"." + part(hmac.digest(secret, hmac_signed, "sha256")),
        identity("eve").encode(),
        identity("eve", header={"kid": "pool", "jwk": forged}).encode(),
        identity("eve", header={"kid": "pool", "jku": "http://127.0.0.1:1/keys"}).encode(),
        identity("eve", header={"kid": "../pool"}).encode(),
        b".".join((part({"alg": "RS256", "kid": "pool"}), part(twice), b"YQ")),
        b".".join((part({"alg": "RS256", "kid": "pool"}), part(b'{"a":' + b"[" * 3000), b"YQ")),
        identity().encode() + b"=",
        identity().encode() + b".x",
        b"a" * 9000,
        b"." * 9000,
    ]
    asked = [ask(token.decode("latin-1")) for token in tokens]
    for answer in lab.play(api(lab, pools()), *asked, issuers=POOLS).answers:
        assert said(answer) == UNAUTHORIZED


def test_an_issuer_whose_keys_cannot_be_had_is_no_fault_of_the_caller(lab: Any) -> None:
    answer = lab.play(api(lab, logins()), ask(oidc())).answer
    assert (answer.status, answer.json) == (500, {"message": None})
