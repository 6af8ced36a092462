"""HTTP backends over TLS: the certificate that a stage shows them, and certificates of theirs that nobody knows.

Sources: API Gateway, "Generate and configure an SSL certificate for backend authentication";
"x-amazon-apigateway-integration.tlsConfig object".
"""

import http.client
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

TEMPLATE: Final = """
Resources:
  Backend: {{Type: AWS::ApiGateway::ClientCertificate, Properties: {{Description: shown to the backend}}}}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: t
      Body:
        openapi: "3.0.1"
        info: {{title: t, version: "1"}}
        paths:
          /known: {{get: {{x-amazon-apigateway-integration: {{type: http_proxy, httpMethod: GET, uri: "{url}"}}}}}}
          /private:
            get:
              x-amazon-apigateway-integration:
                {{type: http_proxy, httpMethod: GET, uri: "{url}", tlsConfig: {{insecureSkipVerification: true}}}}
          /streamed:
            get:
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                uri: "{url}"
                responseTransferMode: STREAM
                tlsConfig: {{insecureSkipVerification: true}}
          /elsewhere:
            get:
              x-amazon-apigateway-integration:
                {{type: http_proxy, httpMethod: GET, uri: "{named}", tlsConfig: {{insecureSkipVerification: true}}}}
  Deployment: {{Type: AWS::ApiGateway::Deployment, Properties: {{RestApiId: !Ref Api}}}}
  Prod:
    Type: AWS::ApiGateway::Stage
    Properties:
      {{RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: prod, ClientCertificateId: !Ref Backend}}
  Dev:
    Type: AWS::ApiGateway::Stage
    Properties: {{RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: dev}}
"""
Start = Callable[..., Any]


def self_signed(folder: Path, name: str) -> Path:
    """Make a certificate for this machine's address that signed itself, with its key."""
    file, key = folder / f"{name}.pem", folder / f"{name}.key"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    names = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(file)]
    subprocess.run([*command, *names], check=True, capture_output=True, timeout=60)
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file


class Handler(BaseHTTPRequestHandler):
    """Says whose certificate it was shown."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        connection: Any = self.connection
        shown = connection.getpeercert() or {}
        said = str([value for part in shown.get("subject", ()) for _, value in part]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server whose handshakes happen in threads of their own; those that fail are the client's affair."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Give the port of a server that asks for certificates, and the one that it knows."""
    shown = self_signed(tmp_path, "shown")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path, "server"))
    context.load_verify_locations(shown)
    context.verify_mode = ssl.CERT_OPTIONAL
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, shown
    server.shutdown()
    thread.join()
    server.server_close()


def ask(url: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("GET", f"/t/{path}")
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def write(folder: Path, port: int, bindings: str) -> Path:
    file = folder / "template.yaml"
    file.write_text(TEMPLATE.format(url=f"https://127.0.0.1:{port}/", named=f"https://localhost:{port}/"))
    (folder / "inferway.toml").write_text(bindings)
    return file


ERROR: Final = '{"message": "Internal server error"}'


def test_a_stage_shows_its_backends_its_certificate(tmp_path: Path, start: Start, backend: tuple[int, Path]) -> None:
    port, _ = backend
    gateway = start(write(tmp_path, port, '[client_certificates]\nBackend = "shown.pem"\n'))
    assert ask(gateway.url, "prod/private") == (200, "['shown']")
    assert ask(gateway.url, "prod/streamed") == (200, "['shown']")
    assert ask(gateway.url, "dev/private") == (200, "[]")
    assert ask(gateway.url, "prod/private") == (200, "['shown']")


def test_bindings_name_the_certificate_of_a_stage(tmp_path: Path, start: Start, backend: tuple[int, Path]) -> None:
    port, _ = backend
    stage = '[apis.t.stages.dev]\nclient_certificate = "mine"\n'
    gateway = start(write(tmp_path, port, f'[client_certificates]\nmine = "shown.pem"\n{stage}'))
    assert ask(gateway.url, "dev/private") == (200, "['shown']")


def test_certificates_of_unknown_authorities_are_taken_where_the_definition_says_so(
    tmp_path: Path, start: Start, backend: tuple[int, Path]
) -> None:
    port, _ = backend
    gateway = start(write(tmp_path, port, ""))
    assert ask(gateway.url, "dev/known") == (500, ERROR)
    assert ask(gateway.url, "dev/private") == (200, "[]")
    assert ask(gateway.url, "dev/elsewhere") == (500, ERROR), "the name is checked all the same"


def test_without_its_file_a_certificate_is_missed(tmp_path: Path, command: Path, backend: tuple[int, Path]) -> None:
    done = subprocess.run(
        [command, "check", write(tmp_path, backend[0], "")], capture_output=True, text=True, timeout=60, check=False
    )
    assert "backends are called without the client certificate Backend of the stage prod" in done.stdout + done.stderr
    assert '[client_certificates] Backend = "file.pem"' in done.stdout + done.stderr
