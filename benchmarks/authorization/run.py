"""Measures what authorization adds to a request: `python benchmarks/authorization/run.py`.

One gateway, started as users start it, on a core of its own, serves the same MOCK method once per case: open, and
behind each kind of authorization. The load is wrk's on another core. A figure is the CPU time (user and system) of the
gateway's processes per request; what a case adds is its figure less that of the open method, in the same round of the
same run.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

# Run as a script, only this file's own folder is on the path; the imports below start at the project's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.loaded_gateway import METHOD, LoadedGateway, loaded_gateway
from joserfc import jwk, jwt

from inferway.credentials.signing import Credentials, sign
from inferway.credentials.tokens.signed_tokens import MOST
from inferway.exchange import Request

QUERY: Final = "items=101,131,162"
KEYS: Final = Credentials(access_key="AKIDBENCH", secret="a-secret-for-the-benchmark")
KEY: Final = jwk.RSAKey.generate_key(2048, {"kid": "bench", "use": "sig", "alg": "RS256"})
POOL: Final = "us-east-1_Benchmark"
ISSUER: Final = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"
KEY_SET: Final = json.dumps({"keys": [KEY.as_dict(private=False)]})

BINDINGS: Final = f"""
[identities.bench]
access_key = "{KEYS.access_key}"
secret_key = "{KEYS.secret}"

[[identities.bench.policies]]
Version = "2012-10-17"
Statement = [{{ Effect = "Allow", Action = "execute-api:Invoke", Resource = "arn:aws:execute-api:*:*:*/prod/GET/*" }}]

[issuers.{POOL}]
jwks = '{KEY_SET}'

[account]
throttle = {{ rate = 1000000, burst = 1000000 }}
"""

SCHEMES: Final[dict[str, Any]] = {
    "signed": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
    "pool": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": [f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}"],
        },
    },
    "jwt": {
        "type": "oauth2",
        "flows": {},
        "x-amazon-apigateway-authorizer": {
            "type": "jwt",
            "identitySource": "method.request.header.Authorization",
            "jwtConfiguration": {
                "issuers": [{"issuer": ISSUER, "audiences": ["bench"]}],
                "defaultAlgorithms": ["RS256"],
            },
        },
    },
}


def nothing(host: str, path: str) -> dict[str, str]:  # noqa: ARG001 - as the others take it
    """Send what an open method needs."""
    return {}


def signature(host: str, path: str) -> dict[str, str]:
    """Sign the request; the signature holds for five minutes."""
    request = Request(method="GET", path=path, query=QUERY, headers=[(b"host", host.encode())])
    made = sign(request, KEYS, region="us-east-1", service="execute-api", now=time.time())
    return {name.decode(): value.decode() for name, value in made}


def token(host: str, path: str) -> dict[str, str]:  # noqa: ARG001 - as the others take it
    """Send a token with the claims of a user pool's identity token."""
    return {"Authorization": "Bearer " + signed("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")}


def signed(subject: str) -> str:
    """Give a token about somebody."""
    now = int(time.time())
    claims = {
        "sub": subject,
        "aud": "bench",
        "email_verified": True,
        "token_use": "id",
        "auth_time": now,
        "iss": ISSUER,
        "cognito:username": "janedoe",
        "cognito:groups": ["analysts", "operators"],
        "given_name": "Jane",
        "email": "janedoe@example.com",
        "exp": now + 3600,
        "iat": now,
        "scope": "ratings/read ratings/write",
    }
    return str(jwt.encode({"alg": "RS256", "kid": "bench"}, claims, KEY))


def write_turns(file: Path) -> None:
    """Write wrk's script that sends one token after the other, more of them than the gateway remembers."""
    tokens = ",\n".join(f'"{signed(f"user-{number}")}"' for number in range(MOST + 512))
    file.write_text(
        f"""local tokens = {{
{tokens}
}}
local turn = 0
function request()
  turn = turn % #tokens + 1
  wrk.headers["Authorization"] = "Bearer " .. tokens[turn]
  return wrk.format()
end
""",
        encoding="ascii",
    )


class Case(NamedTuple):
    """One method: what it asks for, what a client sends, and what that may add to a request, in microseconds of CPU."""

    name: str
    security: list[dict[str, list[str]]]
    headers: Callable[[str, str], Mapping[str, str]]
    budget: float
    in_turns: bool = False
    """Whether each request brings another token."""


CASES: Final = (
    Case("open", [], nothing, 0),
    Case("open, sent a signature", [], signature, 40),
    Case("AWS_IAM (Signature Version 4)", [{"signed": []}], signature, 40),
    Case("open, sent a token", [], token, 60),
    Case("open, sent another token each time", [], nothing, 60, in_turns=True),
    Case("COGNITO_USER_POOLS (RS256), another token each time", [{"pool": []}], nothing, 60, in_turns=True),
    Case("JWT with a scope (RS256), another token each time", [{"jwt": ["ratings/read"]}], nothing, 60, in_turns=True),
    Case("JWT with a scope (RS256), the same token", [{"jwt": ["ratings/read"]}], token, 60),
)
"""The open method first; every case after is held against it."""


def path_of(number: int) -> str:
    """Give the path of a case's method, alike for all."""
    return f"/case-{number}/ratings/321"


def document() -> dict[str, Any]:
    """Give the API: a method per case."""
    paths = {
        f"/case-{number}/ratings/{{user}}": {"get": METHOD | ({"security": case.security} if case.security else {})}
        for number, case in enumerate(CASES)
    }
    return {
        "openapi": "3.0.1",
        "info": {"title": "bench", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": SCHEMES},
    }


def write(folder: Path) -> None:
    """Put the API and its bindings into a folder."""
    (folder / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    (folder / "inferway.toml").write_text(BINDINGS, encoding="utf-8")
    write_turns(folder / "turns.lua")


def measure(gateway: LoadedGateway, case: Case, number: int, seconds: int) -> float:
    """Give the CPU time per request in microseconds, once the case is warm."""
    path = f"/bench/prod{path_of(number)}"
    given = [part for name, value in case.headers(gateway.host, path).items() for part in ("-H", f"{name}: {value}")]
    if case.in_turns:
        given += ["-s", str(gateway.folder / "turns.lua")]
    url = f"http://{gateway.host}{path}?{QUERY}"
    gateway.cpu_per_request(url, given, 1)
    return gateway.cpu_per_request(url, given, seconds)


def main() -> int:
    """Measure every case once in every round, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1, help="of load for each case in each round")
    options = parser.parse_args()
    with loaded_gateway(write, f"/bench/prod{path_of(0)}") as gateway:
        rounds = [
            [measure(gateway, case, number, options.seconds) for number, case in enumerate(CASES)]
            for _ in range(options.rounds)
        ]
    print("| case | CPU µs/request | added µs | may add |\n| --- | --- | --- | --- |")
    over = False
    for number, case in enumerate(CASES):
        added = statistics.median(one[number] - one[0] for one in rounds)
        over |= added > case.budget
        spent = statistics.median(one[number] for one in rounds)
        print(
            f"| {case.name} | {spent:.1f} | {added:.1f} | {case.budget:g} |"
            if number
            else f"| open | {spent:.1f} | | |"
        )
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
