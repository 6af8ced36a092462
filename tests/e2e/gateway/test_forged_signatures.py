"""What is sent instead of a signature, over a socket: each is refused at once, and the gateway serves on."""

import contextlib
import hashlib
import http.client
import json
import socket
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials

KEYS = ("AKIDLASTING", "a-secret-that-lasts")
MOCK = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200"}},
}
METHOD = {
    "responses": {"200": {"description": "ok"}},
    "x-amazon-apigateway-auth": {"type": "AWS_IAM"},
    "x-amazon-apigateway-integration": MOCK,
}
DOCUMENT = {
    "openapi": "3.0.1",
    "info": {"title": "echo", "version": "1"},
    "paths": {"/a": {"get": METHOD, "post": METHOD}},
}
BINDINGS = """
[identities.lasting]
access_key = "AKIDLASTING"
secret_key = "a-secret-that-lasts"
policies = ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"]
"""
Headers = dict[str, str]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, begin: Callable[..., Any]) -> str:
    folder: Path = tmp_path_factory.mktemp("echo")
    (folder / "openapi.json").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    (folder / "inferway.toml").write_text(BINDINGS, encoding="utf-8")
    return f"{begin(folder).url}/echo/prod/a"


def signed(url: str, method: str = "GET", body: bytes = b"", headers: Headers | None = None) -> Headers:
    made = AWSRequest(method, url, data=body, headers=dict(headers or {}))
    AUTH.SigV4Auth(BotoCredentials(*KEYS), "execute-api", "us-east-1").add_auth(made)
    return dict(made.headers.items())


def presigned(url: str, expires: int = 60) -> str:
    made = AWSRequest("GET", url)
    AUTH.SigV4QueryAuth(BotoCredentials(*KEYS), "execute-api", "us-east-1", expires=expires).add_auth(made)
    given: str = made.url
    return given


def send(url: str, lines: list[str], target: str = "", body: bytes = b"") -> tuple[int, str]:
    """Send a request with these header lines, and give the status and the body."""
    parts = urlsplit(url)
    method = "POST" if body else "GET"
    asked = target or (f"{parts.path}?{parts.query}" if parts.query else parts.path)
    head = "\r\n".join([f"{method} {asked} HTTP/1.1", f"Host: {parts.netloc}", *lines, "Connection: close", "", ""])
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20) as connection:
        answer = b""
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):  # it may be answered before all was sent
            connection.sendall(head.encode("latin-1") + body)
        with contextlib.suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                answer += chunk
    status, _, given = answer.decode("latin-1").partition("\r\n\r\n")
    return (int(status.split(" ")[1]) if status else 0), given


def lines_of(headers: Headers, **changes: str) -> list[str]:
    return [f"{name}: {value}" for name, value in (headers | changes).items()]


def said(answer: tuple[int, str]) -> str:
    assert answer[0] == 403, answer
    message: str = json.loads(answer[1])["message"]
    return message


def test_a_signature_that_holds_is_let_in_and_so_is_its_replay(url: str) -> None:
    # Signature Version 4 has no nonce: for five minutes a copy is as good ("Authentication methods", IAM User Guide)
    lines = lines_of(signed(url))
    assert [send(url, lines)[0] for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize(
    "changed",
    [
        lambda made: made[:-1] + ("0" if made[-1] != "0" else "1"),
        lambda made: made[:-1],
        lambda made: made + "0",
        lambda made: made.upper(),
        lambda made: "0" * 64,
        lambda made: made * 50,
        lambda made: "é" * 64,
        lambda made: "",
    ],
    ids=["forged", "truncated", "longer", "upper case", "zeros", "oversized", "not ASCII", "empty"],
)
def test_a_signature_that_is_changed_is_refused(url: str, changed: Callable[[str], str]) -> None:
    headers = signed(url)
    assert send(url, lines_of(headers))[0] == 200  # so that its signer is known
    head, _, made = headers["Authorization"].rpartition("Signature=")
    assert send(url, lines_of(headers, Authorization=f"{head}Signature={changed(made)}"))[0] == 403


def test_what_a_known_signer_signed_cannot_be_changed(url: str) -> None:
    headers = signed(url, headers={"X-Extra": "1"})
    assert send(url, lines_of(headers))[0] == 200
    assert send(url, lines_of(headers, **{"X-Extra": "2"}))[0] == 403
    assert send(f"{url}?a=1", lines_of(headers))[0] == 403
    assert send(url, [*lines_of(headers), "Content-Length: 1"], body=b"x")[0] == 403
    assert send(url, [line for line in lines_of(headers) if not line.startswith("X-Extra")])[0] == 403
    assert send(url, [*lines_of(headers), "X-Extra: 1"])[0] == 403
    assert send(url, lines_of(headers, **{"X-Amz-Security-Token": "a-token"}))[0] == 403


@pytest.mark.parametrize(
    ("lines", "statuses"),
    [
        (["Authorization: AWS4-HMAC-SHA256 Credential={c}, SignedHeaders={names}, Signature={zeros}"], (403,)),
        (["Authorization: AWS4-HMAC-SHA256 Credential={huge}, SignedHeaders=host, Signature={zeros}"], (403,)),
        (["Authorization: AWS4-HMAC-SHA256 {commas}"], (403,)),
        (["Authorization: AWS4-HMAC-SHA256 {million}"], (400, 431)),
        (["X-Amz-Date: 20261121T000000Z", "X-Padding: {million}"], (400, 431)),
        (["{many}"], (400, 431)),
    ],
    ids=["names", "credential", "commas", "1 MB", "1 MB beside", "headers"],
)
def test_what_is_too_much_is_refused(url: str, lines: list[str], statuses: tuple[int, ...]) -> None:
    parts = {
        "c": "AKIDLASTING/20261121/us-east-1/execute-api/aws4_request",
        "names": ";".join(f"h{number}" for number in range(1600)),
        "zeros": "0" * 64,
        "huge": "A" * 8000 + "/20261121/us-east-1/execute-api/aws4_request",
        "commas": "," * 8000,
        "million": "x" * 1_000_000,
        "many": "\r\n".join(f"X-Header-{number}: 1" for number in range(5000)),
    }
    assert send(url, [line.format(**parts) for line in lines])[0] in statuses
    assert send(url, lines_of(signed(url)))[0] == 200


def test_thousands_of_signed_headers_in_a_query_are_refused(url: str) -> None:
    names = "%3B".join(f"h{number}" for number in range(4000))
    assert send(presigned(url).replace("SignedHeaders=host", f"SignedHeaders={names}"), [])[0] == 414
    few = "%3B".join(f"h{number}" for number in range(900))
    assert send(presigned(url).replace("SignedHeaders=host", f"SignedHeaders={few}"), [])[0] == 403


def test_two_authorizations_are_refused(url: str) -> None:
    lines = lines_of(signed(url))
    authorization = next(line for line in lines if line.startswith("Authorization"))
    assert send(url, [*lines, authorization])[0] == 403
    assert send(url, ["Authorization: Bearer x", *lines])[0] == 403


def test_a_header_goes_before_a_query(url: str) -> None:
    # which of the two counts is our choice; neither lends the other what it lacks
    good = presigned(url)
    assert send(good, [])[0] == 200
    forged = lines_of(
        signed(url), Authorization="AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0"
    )
    assert send(good, forged)[0] == 403
    assert send(good, ["Authorization: Bearer x"])[0] == 403
    assert send(good, lines_of(signed(good)))[0] == 200
    assert send(good.replace("X-Amz-Signature=", "X-Amz-Signature=0"), lines_of(signed(good)))[0] == 403


@pytest.mark.parametrize("algorithm", ["AWS4-ECDSA-P256-SHA256", "AWS4-HMAC-SHA1", "aws4-hmac-sha256"])
def test_another_algorithm_is_named_and_refused(url: str, algorithm: str) -> None:
    # Signature Version 4A among them; its credential has no Region, its header names a set of them
    headers = signed(url) | {"X-Amz-Region-Set": "*"}
    headers["Authorization"] = headers["Authorization"].replace("AWS4-HMAC-SHA256", algorithm)
    headers["Authorization"] = headers["Authorization"].replace("/us-east-1", "")
    assert said(send(url, lines_of(headers))) == f"Unsupported AWS 'algorithm': '{algorithm}'."
    query = presigned(url).replace("AWS4-HMAC-SHA256", algorithm)
    assert said(send(query, [])) == f"Unsupported AWS 'algorithm': '{algorithm}'."


def test_an_expired_query_is_refused(url: str) -> None:
    longer = presigned(url, expires=60).replace("X-Amz-Expires=60", "X-Amz-Expires=600")
    assert said(send(longer, [])).startswith("The request signature we calculated does not match")
    old = presigned(url).replace("X-Amz-Date=202", "X-Amz-Date=201").replace("%2F202", "%2F201")
    assert said(send(old, [])).startswith("Signature expired: ")


@pytest.mark.parametrize("given", ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "0" * 64])
def test_a_payload_has_to_be_signed_whatever_a_header_says_of_it(url: str, given: str) -> None:
    # users' reports: only S3 takes these (aws-sdk-js-v3 308, opendal-reqsign 346)
    headers = signed(url, "POST", b'{"a": 1}', {"X-Amz-Content-SHA256": given, "Content-Type": "application/json"})
    answer = send(url, [*lines_of(headers), "Content-Length: 8"], body=b'{"a": 1}')
    assert said(answer).startswith("The request signature we calculated does not match the signature you provided.")


def test_a_body_may_come_in_chunks(url: str) -> None:
    body = b'{"a": "' + b"x" * 5000 + b'"}'
    headers = signed(url, "POST", body, {"Content-Type": "application/json"})
    parts = urlsplit(url)
    statuses = []
    for sent in (body, body[:-1]):
        connection = http.client.HTTPConnection(parts.netloc, timeout=20)
        pieces = iter([sent[:1000], sent[1000:]])
        connection.request("POST", parts.path, body=pieces, headers=headers, encode_chunked=True)
        statuses.append(connection.getresponse().status)
        connection.close()
    assert statuses == [200, 403]


@pytest.mark.parametrize("value", ["  a   b\t c  ", "\u00c3\u00a0 \u00c2\u0085x", '"a   b"', ",,", " "])
def test_a_header_s_blanks_are_folded_and_its_bytes_stay(url: str, value: str) -> None:
    # Latin-1 as sent: the second holds UTF-8 whose bytes other readings would take for blanks
    assert send(url, signed_by_hand(url, value))[0] == 200


def signed_by_hand(url: str, value: str) -> list[str]:
    """Sign a request with a header whose value is canonical by the guide: trimmed, blanks within as one."""
    made = AWSRequest("GET", url)
    signer = AUTH.SigV4Auth(BotoCredentials(*KEYS), "execute-api", "us-east-1")
    signer.add_auth(made)
    moment = made.headers["X-Amz-Date"]
    canonical = b" ".join(value.encode("latin-1").split())
    parts = urlsplit(url)
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    text = (
        f"GET\n{parts.path}\n\nhost:{parts.netloc}\nx-amz-date:{moment}\nx-folded:".encode()
        + canonical
        + f"\n\nhost;x-amz-date;x-folded\n{empty}".encode()
    )
    made.context["timestamp"] = moment
    scope = f"{moment[:8]}/us-east-1/execute-api/aws4_request"
    string = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(text).hexdigest()}"
    signature = signer.signature(string, made)
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={KEYS[0]}/{scope}, SignedHeaders=host;x-amz-date;x-folded, Signature={signature}"
    )
    return [f"X-Amz-Date: {moment}", f"X-Folded: {value}", f"Authorization: {authorization}"]


def test_a_header_s_values_are_joined_in_their_order(url: str) -> None:
    lines = signed_by_hand(url, "b,a,c")
    several = [line for line in lines if not line.startswith("X-Folded")]
    assert send(url, [*several, "X-Folded: b", "X-Folded:  a", "X-Folded: c"])[0] == 200
    assert send(url, [*several, "X-Folded: a", "X-Folded: b", "X-Folded: c"])[0] == 403
