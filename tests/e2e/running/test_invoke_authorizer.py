"""`inferway invoke --authorizer`: a method's authorizer alone, as TestInvokeAuthorizer answers.

Sources: API Gateway API reference, "TestInvokeAuthorizer" (clientStatus "is 0 if the authorizer succeeded", latency,
log, policy, principalId, authorization, claims); logs that users of the service published (sbarski/serverless-
architectures-aws issue 11, ExpanseLLC/lambda_authorizer issue 1).
"""

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwk, jwt

HANDLER = """
def handler(event, context):
    token = event["authorizationToken"]
    if token == "unauthorized":
        raise Exception("Unauthorized")
    if token == "nothing":
        return None
    if token == "raises":
        raise ValueError("no such user")
    effect = "Deny" if token == "denied" else "Allow"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {"principalId": "user", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""
URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:000000000000:function:who/invocations"
)
POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_Example00"
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example00"
OPERATION = {
    "responses": {"200": {"description": "ok"}},
    "x-amazon-apigateway-integration": {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200"}},
    },
}
HEADER = {"type": "apiKey", "name": "Authorization", "in": "header"}
DEFINITION = {
    "openapi": "3.0.1",
    "info": {"title": "t", "version": "1"},
    "paths": {
        "/asked/{id}": {"get": {**OPERATION, "security": [{"who": []}]}},
        "/pool": {"get": {**OPERATION, "security": [{"pool": []}]}},
        "/open": {"get": OPERATION},
    },
    "components": {
        "securitySchemes": {
            "who": {
                **HEADER,
                "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": URI},
            },
            "pool": {
                **HEADER,
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
            },
        }
    },
}
STAMP = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [0-3][0-9] [0-9:]{8} UTC [0-9]{4} : "


@pytest.fixture
def key() -> Any:
    return jwk.RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture
def gateway(tmp_path: Path, start: Callable[..., Any], key: Any) -> Any:
    (tmp_path / "openapi.json").write_text(json.dumps(DEFINITION))
    (tmp_path / "who").mkdir()
    (tmp_path / "who" / "index.py").write_text(HANDLER)
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    (tmp_path / "inferway.toml").write_text(
        f'[functions.who]\npath = "./who"\nhandler = "index.handler"\n[issuers."{POOL}"]\njwks = "./jwks.json"\n'
    )
    return start(tmp_path / "openapi.json")


def tried(gateway: Any, command: Path, path: str, token: str = "", *more: str) -> Any:
    done = subprocess.run(
        [command, "invoke", "GET", path, "--authorizer", "-H", f"Authorization: {token}", *more, "--url", gateway.url,
         "--json"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lines(seen: Any) -> list[str]:
    head, *rest = seen["log"].splitlines()
    assert re.fullmatch("Execution log for request [0-9a-f-]{36}", head)
    assert all(re.match(STAMP, line) for line in rest), rest
    return [re.sub(f"^{STAMP}", "", line) for line in rest]


def test_who_is_let_in_is_told_with_the_policy(gateway: Any, command: Path) -> None:
    seen = tried(gateway, command, "/t/prod/asked/7", "a-token-of-somebody")
    assert set(seen) == {"clientStatus", "latency", "principalId", "policy", "authorization", "claims", "log"}
    assert (seen["clientStatus"], seen["principalId"], seen["claims"]) == (0, "user", {})
    (statement,) = json.loads(seen["policy"])["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
    assert statement["Resource"].endswith("/ESTestInvoke-stage/GET/asked/7")
    said = lines(seen)
    assert re.fullmatch("Starting authorizer: who for request: [0-9a-f-]{36}", said[0])
    assert said[1] == "Incoming identity: *************mebody"
    assert re.fullmatch(r"Endpoint request URI: https://lambda\.us-east-1\.amazonaws\.com/.*:who/invocations", said[2])
    event = json.loads(said[3].removeprefix("Endpoint request body after transformations: "))
    assert (event["type"], event["authorizationToken"]) == ("TOKEN", "a-token-of-somebody")
    assert said[4].startswith("Sending request to https://lambda.us-east-1.amazonaws.com/")
    assert json.loads(said[5].removeprefix("Authorizer result body before parsing: "))["principalId"] == "user"
    assert said[6:] == [
        "Using valid authorizer policy for principal: **er",
        "Successfully completed authorizer execution",
    ]


def test_the_policy_is_told_and_not_asked(gateway: Any, command: Path) -> None:
    """Documented: 0 "if the authorizer succeeded", whatever its policy says; each test asks anew."""
    assert gateway.send("GET", "/t/prod/asked/7", {"authorization": "denied"}).status == 403
    seen = tried(gateway, command, "/t/prod/asked/7", "denied")
    assert (seen["clientStatus"], json.loads(seen["policy"])["Statement"][0]["Effect"]) == (0, "Deny")


def test_who_is_refused_is_told_with_the_status(gateway: Any, command: Path) -> None:
    for token, status, last in (
        ("unauthorized", 401, "Unauthorized request: "),
        ("", 401, "Unauthorized request: "),
        ("nothing", 500, "AuthorizerConfigurationException"),
        ("raises", 500, "AuthorizerConfigurationException"),
    ):
        seen = tried(gateway, command, "/t/prod/asked/7", token)
        assert (seen["clientStatus"], seen["principalId"], seen["policy"]) == (status, "", ""), token
        assert lines(seen)[-1].startswith(last)
    seen = tried(gateway, command, "/t/prod/asked/7", "nothing")
    assert lines(seen)[-3:] == [
        "Authorizer result body before parsing: null",
        "Execution failed due to configuration error: Could not parse policy",
        "AuthorizerConfigurationException",
    ]
    assert len(lines(tried(gateway, command, "/t/prod/asked/7"))) == 2  # nobody was asked


def test_a_user_pool_s_claims_are_told(gateway: Any, command: Path, key: Any) -> None:
    """Documented: claims, "returned from the Cognito Your User Pool configured for the API"."""
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": "ada", "aud": "app", "token_use": "id", "iat": now, "exp": now + 600}
    token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
    seen = tried(gateway, command, "/t/prod/pool", token)
    assert (seen["clientStatus"], seen["policy"]) == (0, "")
    assert {name: seen["claims"][name] for name in ("sub", "aud", "token_use")} == {
        "sub": "ada",
        "aud": "app",
        "token_use": "id",
    }
    assert tried(gateway, command, "/t/prod/pool", token + "x")["clientStatus"] == 401


def test_what_has_no_authorizer_is_told(gateway: Any, command: Path) -> None:
    done = subprocess.run(
        [command, "invoke", "GET", "/t/prod/open", "--authorizer", "--url", gateway.url],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "the API has no method GET /open that asks an authorizer" in " ".join(done.stderr.split())


def test_it_can_be_read(gateway: Any, command: Path) -> None:
    done = subprocess.run(
        [command, "invoke", "GET", "/t/prod/asked/7", "--authorizer", "-H", "Authorization: a", "--url", gateway.url],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = done.stdout.splitlines()
    assert shown[0] == "Status: 0 (the authorizer let the caller in)"
    assert "Principal: user" in shown
    assert shown[-1].endswith("Successfully completed authorizer execution")
