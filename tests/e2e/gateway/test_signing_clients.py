"""Three independent signers against a running gateway: botocore, requests-aws4auth, npm's aws4; each with its client.

What they put on the wire is theirs; what they signed has to be found again from it.
"""

import json
import subprocess
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests

AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials
Session: Any = import_module("botocore.httpsession").URLLib3Session
AWS4Auth: Any = import_module("requests_aws4auth").AWS4Auth

HERE = Path(__file__).parent
MODULES = Path(__file__).parents[3] / ".node" / "node_modules"
PROXY = {
    "responses": {"200": {"description": "who is there, and where"}},
    "security": [{"signed": []}],
    "x-amazon-apigateway-integration": {
        "type": "mock",
        "requestTemplates": dict.fromkeys(
            ("application/json", "text/plain", "application/x-www-form-urlencoded"), '{"statusCode": 200}'
        ),
        "responses": {
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": "$context.identity.userArn $context.path"},
            }
        },
    },
}
SCHEME = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"}
DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "echo", "version": "1"},
    "paths": {
        "/": {"x-amazon-apigateway-any-method": PROXY},
        "/{proxy+}": {"x-amazon-apigateway-any-method": PROXY},
    },
    "components": {"securitySchemes": {"signed": SCHEME}},
}
BINDINGS = """
[identities.lasting]
access_key = "AKIDLASTING"
secret_key = "a-secret-that-lasts/+="
policies = ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"]

[identities.passing]
access_key = "ASIAPASSING"
secret_key = "a-secret-that-passes"
session_token = "a token/+= of a session=="
arn = "arn:aws:sts::000000000000:assumed-role/reader/s1"
policies = ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"]
"""
LASTING = ("AKIDLASTING", "a-secret-that-lasts/+=", None)
PASSING = ("ASIAPASSING", "a-secret-that-passes", "a token/+= of a session==")


class Asked(NamedTuple):
    """One request, before it is signed."""

    target: str
    method: str = "GET"
    headers: Mapping[str, str] = MappingProxyType({})
    body: str = ""
    credentials: tuple[str, str, str | None] = LASTING
    presigned: bool = False


Send = Callable[[str, list[Asked]], list[tuple[int, str]]]

PATHS = [
    "/",
    "/plain",
    "/slash/",
    "/two//slashes",
    "/a%20b",
    "/%C3%A4/%E6%97%A5%E6%9C%AC",
    "/100%25",
    "/twice%2520encoded",
    "/a%2Fb",
    "/star*",
    "/a+b",
    "/~tilde-._",
    "/user:pass@x,y",
    "/(a)'!$&=",
    "/%7Balready%7D",
]
AS_SENT = [
    "/parameters;z=1/b;c",
    "/lower%2fUPPER%2F",
    "/a/./b",
    "/a/../b",
    "/a/b/..",
    "/a/.",
    "/%2E%2E/a",
    "//a///",
]
"""Paths that the clients in Python change on their way out, after they have signed them."""

QUERIES = [
    "?b=2&a=1",
    "?a=1&a=0&a=",
    "?empty=&a=1",
    "?a=b+c",
    "?a=b%20c%2B",
    "?%C3%A4=%E6%97%A5",
    "?A=1&a=2&_=3&-=4&~=5",
    "?a=x%3Dy",
    "?a=1,2;3",
    "?a=*%2A",
    "?a=%2F/path:x@y",
    "?items%5B%5D=1&items%5B%5D=0",
]
HEADERS: list[dict[str, str]] = [
    {"X-Spaces": "a   b    c"},
    {"X-Empty": ""},
    {"X-Quoted": '"a b"'},
    {"X-Comma": "b, a,c"},
    {"X-Amz-Meta": "one"},
    {"x-LOWER-upper": "Value"},
    {"Content-Type": "text/plain; charset=utf-8"},
]
BODIES = ["{}", '{"text": "ä 日本 \\u0000"}', "a" * 100_000, "a=1&b=%20", "\r\n\r\n"]

ASKED = [
    *(Asked(path) for path in PATHS),
    *(Asked(f"/q{query}") for query in QUERIES),
    *(Asked("/h", headers=headers) for headers in HEADERS),
    *(Asked("/b", method, body=body) for body in BODIES for method in ("POST", "PUT")),
    *(Asked("/m", method) for method in ("POST", "DELETE", "PATCH", "OPTIONS")),
    Asked("/session?a=1", credentials=PASSING),
    Asked("/session", "POST", body="{}", credentials=PASSING),
]
PRESIGNED = [
    *(Asked(path, presigned=True) for path in PATHS),
    *(Asked(f"/q{query}", presigned=True) for query in QUERIES),
    Asked("/session?a=1", credentials=PASSING, presigned=True),
]


def botocore(url: str, asked: list[Asked]) -> list[tuple[int, str]]:
    session, answers = Session(), []
    for one in asked:
        made = AWSRequest(one.method, url + one.target, headers=dict(one.headers), data=one.body.encode())
        signer = AUTH.SigV4QueryAuth if one.presigned else AUTH.SigV4Auth
        signer(BotoCredentials(*one.credentials), "execute-api", "us-east-1").add_auth(made)
        answer = session.send(made.prepare())
        answers.append((answer.status_code, answer.text))
    session.close()
    return answers


def requests_aws4auth(url: str, asked: list[Asked]) -> list[tuple[int, str]]:
    answers = []
    with requests.Session() as session:
        for one in asked:
            key, secret, token = one.credentials
            auth = AWS4Auth(key, secret, "us-east-1", "execute-api", session_token=token, include_hdrs={"*"})
            answer = session.request(
                one.method, url + one.target, headers=one.headers, data=one.body.encode(), auth=auth, timeout=20
            )
            answers.append((answer.status_code, answer.text))
    return answers


def aws4(url: str, asked: list[Asked]) -> list[tuple[int, str]]:
    if not (MODULES / "aws4").is_dir():
        pytest.fail("npm's aws4 is not installed: run `make .node/.installed`")
    parts = urlsplit(url)
    given = []
    for one in asked:
        key, secret, token = one.credentials
        credentials = {"accessKeyId": key, "secretAccessKey": secret, **({"sessionToken": token} if token else {})}
        made = {"path": parts.path + one.target, "method": one.method, "headers": dict(one.headers)}
        made |= {"body": one.body} if one.body else {}
        given.append({**made, "credentials": credentials, "signQuery": one.presigned})
    ended = subprocess.run(
        ["node", HERE / "sign_and_send.mjs", MODULES, str(parts.port)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [(status, text) for status, text in json.loads(ended.stdout)]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, begin: Callable[..., Any]) -> str:
    folder = tmp_path_factory.mktemp("echo")
    (folder / "openapi.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    (folder / "inferway.toml").write_text(BINDINGS, encoding="utf-8")
    return f"{begin(folder).url}/echo/prod"


def refused(send: Send, url: str, asked: list[Asked]) -> list[tuple[Asked, tuple[int, str]]]:
    """Give what was not let in, or not as its signer."""
    answers = zip(asked, send(url, asked), strict=True)
    arns = {LASTING: "arn:aws:iam::000000000000:user/lasting", PASSING: "arn:aws:sts::000000000000:assumed-role/"}
    return [
        (one, answer) for one, answer in answers if answer[0] != 200 or not answer[1].startswith(arns[one.credentials])
    ]


@pytest.mark.parametrize("send", [botocore, requests_aws4auth, aws4])
def test_what_a_client_signs_in_a_header_is_let_in(gateway: str, send: Send) -> None:
    assert refused(send, gateway, ASKED) == []


def test_paths_are_signed_without_dots_and_empty_segments(gateway: str) -> None:
    asked = [Asked(path, presigned=presigned) for path in AS_SENT for presigned in (False, True)]
    assert refused(aws4, gateway, asked) == []


@pytest.mark.parametrize("send", [botocore, aws4])
def test_what_a_client_signs_in_the_query_is_let_in(gateway: str, send: Send) -> None:
    assert refused(send, gateway, PRESIGNED) == []
