"""The construct's API over a socket: signed by curl and by botocore, and what is tried instead of a signature."""

import http.server
import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from inferway.patterns import SageMakerApi

AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials

REQUEST = """{"instances": [
#foreach( $item in $input.params("items").split(",") )
{"in0": [$input.params("user_id")], "in1": [$item]}#if( $foreach.hasNext ),#end
#end
]}"""
RESPONSE = '{"ratings": $input.json("$.predictions[*].scores[0]")}'
PATH = "/movies/prod/predicted-ratings/321?items=101,131,162"
KEYS = ("AKIDANALYST", "a-secret-for-the-analyst")
BINDINGS = """
[endpoints.my-endpoint]
url = "{url}"

[identities.analyst]
access_key = "AKIDANALYST"
secret_key = "a-secret-for-the-analyst"
policies = ["arn:aws:iam::aws:policy/AmazonAPIGatewayInvokeFullAccess"]
"""


class Model(http.server.BaseHTTPRequestHandler):
    """A model that rates an item with its number."""

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["content-length"])))
        made = json.dumps({"predictions": [{"scores": one["in1"]} for one in given["instances"]]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(made)))
        self.end_headers()
        self.wfile.write(made)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def gateway(start: Callable[..., Any], model: str, tmp_path: Path) -> Any:
    api = SageMakerApi(
        endpoint_name="my-endpoint",
        resource_name="predicted-ratings",
        resource_path="{user_id}",
        request_mapping_template=REQUEST,
        response_mapping_template=RESPONSE,
        api_gateway_props={"rest_api_name": "movies"},
    )
    (tmp_path / "template.json").write_text(json.dumps(api.to_cloudformation()), encoding="utf-8")
    (tmp_path / "inferway.toml").write_text(BINDINGS.format(url=model), encoding="utf-8")
    return start(tmp_path)


@pytest.fixture
def url(gateway: Any) -> str:
    given: str = gateway.url
    return given


def signed(url: str, method: str = "GET") -> dict[str, str]:
    asked = AWSRequest(method, url)
    AUTH.SigV4Auth(BotoCredentials(*KEYS), "execute-api", "us-east-1").add_auth(asked)
    return {"Host": urlsplit(url).netloc, **dict(asked.headers.items())}


def send(url: str, lines: list[str]) -> tuple[int, str]:
    """Send a request of these lines and give the status and the body."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20) as connection:
        text = "\r\n".join([f"GET {PATH} HTTP/1.1", *lines, "Connection: close", "", ""])
        connection.sendall(text.encode("latin-1"))
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    head, _, body = answer.decode("latin-1").partition("\r\n\r\n")
    return int(head.split(" ")[1]), body


def lines_of(headers: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]


@pytest.mark.parametrize("target", [PATH, f"{PATH}&"])
def test_curl_signs_a_call(url: str, target: str) -> None:
    command = ["curl", "-s", "--max-time", "20", "--aws-sigv4", "aws:amz:us-east-1:execute-api", "--user"]
    ended = subprocess.run([*command, ":".join(KEYS), url + target], capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout) == {"ratings": [101, 131, 162]}
    ended = subprocess.run([*command, f"{KEYS[0]}:another", url + target], capture_output=True, text=True, check=True)
    assert "does not match" in json.loads(ended.stdout)["message"]


def test_the_access_log_has_the_construct_s_line(gateway: Any) -> None:
    url = gateway.url
    assert send(url, lines_of(signed(url + PATH)))[0] == 200
    assert send(url, [f"Host: {urlsplit(url).netloc}"])[0] == 403
    lines = [json.loads(json.loads(gateway.wait_for('"line"'))["line"]) for _ in range(2)]
    assert [(line["status"], line["resourcePath"]) for line in lines] == [
        ("200", "/predicted-ratings/{user_id}"),
        ("403", "/predicted-ratings/{user_id}"),
    ]
    assert lines[0]["user"] == lines[0]["caller"] != "-"
    assert lines[1]["user"] == "-"


def test_what_is_tried_instead_of_a_signature(url: str) -> None:
    headers = signed(url + PATH)
    good = lines_of(headers)
    assert send(url, good)[0] == 200
    authorization = f"Authorization: {headers['Authorization']}"
    without = [line for line in good if not line.startswith("Authorization")]
    tried = {
        "nothing": without,
        "twice": [*good, authorization],
        "another besides": [*good, "Authorization: Bearer x"],
        "folded": [*without, "X-A: b\r\n Authorization: x"],
        "a blank before the colon": [*without, authorization.replace(":", " :", 1)],
        "an underscore for a name": [*without, authorization.replace("Authorization", "Authorization_", 1)],
        "another host": [line.replace("127.0.0.1", "127.0.0.2") for line in good],
        "two dates": [f"X-Amz-Date: {20150830}T123600Z", *good],
        "huge": [*without, f"Authorization: AWS4-HMAC-SHA256 {'Credential=' * 800}"],
    }
    statuses = {name: send(url, lines)[0] for name, lines in tried.items()}
    assert {name: status for name, status in statuses.items() if status not in (400, 403, 431)} == {}
    assert send(url, [line.replace("Authorization", "AUTHORIZATION") for line in good])[0] == 200
