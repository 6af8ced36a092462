"""Whoever has no credentials, or somebody else's: a flood of bad ones, and what must not be reached with them."""

import base64
import itertools
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwk, jwt

EDGES = ("protocol", "asgi")
ISSUER = "https://login.example.com"
POOL = "us-east-1_Attacked1"
LASTING = 4_102_444_800
KEY = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
KEY_SET = json.dumps({"keys": [KEY.as_dict(private=False)]})
BINDINGS = f"""
[issuers."{ISSUER}"]
jwks = '{KEY_SET}'

[issuers.{POOL}]
jwks = '{KEY_SET}'

[identities.ada]
access_key = "AKIDATTACK"
secret_key = "a-secret"
"""
SCHEMES = {
    "jwt": {
        "type": "oauth2",
        "flows": {},
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "identitySource": "method.request.header.Authorization",
            "jwtConfiguration": {
                "issuers": [{"issuer": ISSUER, "audiences": ["app"]}],
                "defaultAlgorithms": ["RS256", "ES256"],
            },
        },
    },
    "pool": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": [f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}"],
            "identityValidationExpression": "(a+)+b",
        },
    },
    "signed": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
}


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(key: Any = KEY, **claims: Any) -> str:
    made: str = jwt.encode({"alg": "RS256", "kid": "one"}, {"iss": ISSUER, "aud": "app", "exp": LASTING, **claims}, key)
    return made


FORGED = [
    token(OTHER),
    token(OTHER, aud=["a" * 40] * 120, iss=f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"),
    token(aud="another"),
    token(iss="https://evil.example"),
    token(exp=1),
    token(exp=str(LASTING)),
    token(exp=True),
    token(nbf=LASTING),
    token()[:-1],
    token() + "A",
    token() + "=",
    f"{part({'alg': 'none'})}.{part({'iss': ISSUER, 'aud': 'app', 'exp': LASTING})}.",
    f"{part({'alg': 'ES256', 'kid': 'one'})}.{part({'iss': ISSUER, 'aud': 'app', 'exp': LASTING})}.{'A' * 86}",
    f"{part({'alg': 'RS256', 'kid': 'one', 'crit': ['b64'], 'b64': False})}.{{}}.AA",
    "x" * 8_000,
]
SIGNATURES = [
    (
        "AWS4-HMAC-SHA256 Credential=AKIDATTACK/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, "
        "Signature=0"
    ),
    "AWS4-HMAC-SHA256 " + ",".join(f"a{number}=b" for number in range(800)),
    "Basic YTpi",
]


@pytest.fixture(params=EDGES)
def running(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    upstream: Any,
    write: Callable[..., Path],
    method: Callable[..., dict[str, Any]],
    start: Callable[..., Any],
) -> Any:
    paths = {"/ok": {"post": method("model", timeoutInMillis=5000)}} | {
        f"/{name}": {"post": method("model", operation={"security": [{name: []}]}, timeoutInMillis=5000)}
        for name in SCHEMES
    }
    bound = {"model": f"http://127.0.0.1:{upstream.port}"}
    folder: Path = write(tmp_path, paths, bound, components={"securitySchemes": SCHEMES})
    with (folder / "inferway.toml").open("a") as bindings:
        bindings.write(BINDINGS)
    return start(folder, "--edge", request.param)


def test_a_flood_of_bad_credentials_reaches_nothing_and_leaves_nothing(running: Any, upstream: Any) -> None:
    asked = [("jwt", f"Authorization: Bearer {one}", 401) for one in FORGED]
    asked += [("pool", f"Authorization: {one}", 401) for one in FORGED]
    asked += [("signed", f"Authorization: {one}", 403) for one in SIGNATURES]
    asked += [(name, "X-None: x", 403 if name == "signed" else 401) for name in SCHEMES]

    def ask(one: tuple[str, str, int]) -> tuple[int, int]:
        name, header, status = one
        given: int = running.ask(f"/attack/prod/{name}", b"well", header, timeout=60).status
        return given, status

    before = len(upstream.seen)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(ask, asked))  # what is imported and kept at first
        descriptors, resident = running.descriptors(), running.resident()
        for given, expected in pool.map(ask, itertools.chain.from_iterable([asked] * 10)):
            assert given == expected
    assert len(upstream.seen) == before
    good = running.ask("/attack/prod/jwt", b"well", f"Authorization: Bearer {token()}")
    assert (good.status, good.body) == (200, b'{"n": 1}')
    assert running.descriptors() <= descriptors + 20
    assert running.resident() <= resident + 20_000
    assert running.serves()


def test_nobody_behind_a_proxy_invokes_a_method(running: Any, upstream: Any) -> None:
    """nginx, as it is set up where nothing else is said, rewrites Host to that of its upstream."""
    body = json.dumps({"method": "POST", "path": "/attack/prod/jwt", "body": "well"})
    head = f"POST /_inferway/invoke HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nContent-Type: application/json\r\n"
    rest = f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    before = len(upstream.seen)
    answer = running.send(f"{head}X-Forwarded-For: 192.0.2.1\r\n{rest}".encode())
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert len(upstream.seen) == before
    assert running.send(f"{head}{rest}".encode()).startswith(b"HTTP/1.1 200 ")
