"""Measures what authorization adds to a request: `python benchmarks/authorization/run.py`.

One gateway, started as users start it, on a core of its own, serves the same MOCK method once per case: open, and
behind each kind of authorization. The load is wrk's on another core. A figure is the CPU time (user and system) of the
gateway's processes per request; what a case adds is its figure less that of the open method, in the same round of the
same run.
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

# Run as a script, only this file's own folder is on the path; the imports below start at the project's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.gateway.process_tree import ProcessTree
from joserfc import jwk, jwt

from inferway.credentials.signing import Credentials, sign
from inferway.exchange import Request

GATEWAY_CORE, LOAD_CORE = 0, 1
QUERY: Final = "items=101,131,162"
KEYS: Final = Credentials(access_key="AKIDBENCH", secret="a-secret-for-the-benchmark")
INFERWAY: Final = Path(sys.executable).with_name("inferway")
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

METHOD: Final[dict[str, Any]] = {
    "responses": {"200": {"description": "ok"}},
    "x-amazon-apigateway-integration": {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": '{"ok": true}'}}},
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
    now = int(time.time())
    claims = {
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
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
    return {"Authorization": "Bearer " + jwt.encode({"alg": "RS256", "kid": "bench"}, claims, KEY)}


class Case(NamedTuple):
    """One method: what it asks for, what a client sends, and what that may add to a request, in microseconds of CPU."""

    name: str
    security: list[dict[str, list[str]]]
    headers: Callable[[str, str], Mapping[str, str]]
    budget: float


CASES: Final = (
    Case("open", [], nothing, 0),
    Case("open, sent a signature", [], signature, 40),
    Case("AWS_IAM (Signature Version 4)", [{"signed": []}], signature, 40),
    Case("open, sent a token", [], token, 60),
    Case("COGNITO_USER_POOLS (RS256)", [{"pool": []}], token, 60),
    Case("JWT with a scope (RS256)", [{"jwt": ["ratings/read"]}], token, 60),
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


def start(folder: Path, port: int) -> ProcessTree:
    """Start the gateway and wait until it answers."""
    (folder / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    (folder / "inferway.toml").write_text(BINDINGS, encoding="utf-8")
    command = [str(INFERWAY), "run", str(folder), "--port", str(port)]
    tree = ProcessTree(command, core=GATEWAY_CORE, environment={}, log=folder / "log")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not tree.ended():
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/prod{path_of(0)}", timeout=1).close()
            return tree
        time.sleep(0.05)
    tree.stop()
    raise RuntimeError(f"the gateway did not start: {tree.output()}")


def load(case: Case, path: str, host: str, seconds: int) -> int:
    """Ask as fast as it is answered; give the number of requests, which all have to be answered with 200."""
    url, headers = f"http://{host}{path}?{QUERY}", case.headers(host, path)
    with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=10) as answer:
        if answer.status != 200:
            raise RuntimeError(f"{case.name}: {answer.status}")
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["taskset", "--cpu-list", str(LOAD_CORE), "wrk", "-t1", "-c16", f"-d{seconds}s", *given, url]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise RuntimeError(f"{case.name}: {printed}")
    return int(printed.split(" requests in ")[0].split()[-1])


def measure(tree: ProcessTree, case: Case, number: int, host: str, seconds: int) -> float:
    """Give the CPU time per request in microseconds."""
    path = f"/bench/prod{path_of(number)}"
    load(case, path, host, 1)
    before = tree.cpu_seconds()
    count = load(case, path, host, seconds)
    return (tree.cpu_seconds() - before) / count * 1e6


def main() -> int:
    """Measure every case once in every round, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1, help="of load for each case in each round")
    options = parser.parse_args()
    os.sched_setaffinity(0, {LOAD_CORE})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        tree = start(Path(folder), port)
        try:
            rounds = [
                [measure(tree, case, number, f"127.0.0.1:{port}", options.seconds) for number, case in enumerate(CASES)]
                for _ in range(options.rounds)
            ]
        finally:
            tree.stop()
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
