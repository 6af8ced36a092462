"""HTTPS: a development certificate, certificates of one's own, and domains whose clients have to show theirs."""

import contextlib
import http.client
import json
import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

DEFINITION = """
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /a:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default: {statusCode: "200", responseTemplates: {application/json: '$input.params("X-Forwarded-Proto")'}}
"""
TEMPLATE = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: t}}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        RequestTemplates: {application/json: '{"statusCode": 200}'}
        IntegrationResponses: [{StatusCode: 200, ResponseTemplates: {application/json: fine}}]
      MethodResponses: [{StatusCode: 200}]
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: Method, Properties: {RestApiId: !Ref Api}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: prod, DeploymentId: !Ref Deployment}
  One:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: one.example, MutualTlsAuthentication: {TruststoreUri: s3://trust/one.pem}}
  Two:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: two.example, MutualTlsAuthentication: {TruststoreUri: s3://trust/two.pem}}
  Open: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: open.example}}
  M1: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref One, RestApiId: !Ref Api, Stage: prod}}
  M2: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref Two, RestApiId: !Ref Api, Stage: prod}}
  M3: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: !Ref Open, RestApiId: !Ref Api, Stage: prod}}
"""
Start = Callable[..., Any]


class Pair(NamedTuple):
    """A certificate and its key."""

    certificate: Path
    key: Path


def openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)


def authority(folder: Path, name: str) -> Pair:
    pair = Pair(folder / f"{name}.pem", folder / f"{name}.key")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2, "-subj",
            f"/C=DE/O=Test/CN={name}", "-keyout", pair.key, "-out", pair.certificate)  # fmt: skip
    return pair


def client(folder: Path, name: str, signer: Pair) -> Pair:
    pair, request = Pair(folder / f"{name}.pem", folder / f"{name}.key"), folder / f"{name}.csr"
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/C=DE/O=Test/CN={name}",
            "-keyout", pair.key, "-out", request)  # fmt: skip
    openssl("x509", "-req", "-in", request, "-CA", signer.certificate, "-CAkey", signer.key, "-CAcreateserial",
            "-days", 2, "-out", pair.certificate)  # fmt: skip
    return pair


def context_of(authority_file: Path | None, shown: Pair | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authority_file)
    if shown is not None:
        context.load_cert_chain(shown.certificate, shown.key)
    return context


class Connection(http.client.HTTPSConnection):
    """A connection to this machine under the name of a domain."""

    def __init__(self, url: str, domain: str, context: ssl.SSLContext, session: ssl.SSLSession | None = None) -> None:
        super().__init__("127.0.0.1", urlsplit(url).port, timeout=30, context=context)
        self._domain, self._given, self._session = domain, context, session

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._given.wrap_socket(self.sock, server_hostname=self._domain, session=self._session)


def get(
    url: str,
    domain: str,
    context: ssl.SSLContext,
    path: str,
    host: str = "",
    session: ssl.SSLSession | None = None,
) -> tuple[int, str]:
    connection = Connection(url, domain, context, session)
    try:
        connection.request("GET", path, headers={"host": host or domain})
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


FORBIDDEN = (403, '{"message":"Forbidden"}')


@pytest.mark.parametrize("more", [(), ("--workers", "2"), ("--edge", "asgi")])
def test_a_development_certificate(tmp_path: Path, start: Start, more: tuple[str, ...]) -> None:
    (tmp_path / "openapi.yaml").write_text(DEFINITION)
    gateway = start(tmp_path / "openapi.yaml", "--tls", *more)
    assert gateway.url.startswith("https://127.0.0.1:")
    trusted = context_of(tmp_path / "state" / "tls" / "ca.pem")
    for name in ("127.0.0.1", "localhost", "t.localhost"):
        assert get(gateway.url, name, trusted, "/prod/a" if name == "t.localhost" else "/t/prod/a") == (200, "https")
    with pytest.raises(ssl.SSLCertVerificationError):
        get(gateway.url, "localhost", context_of(None), "/t/prod/a")
    with pytest.raises(ssl.SSLCertVerificationError):
        get(gateway.url, "elsewhere.example", trusted, "/t/prod/a")
    plain = http.client.HTTPConnection("127.0.0.1", urlsplit(gateway.url).port, timeout=10)
    plain.request("GET", "/t/prod/a")
    with pytest.raises((http.client.BadStatusLine, ConnectionError)):
        plain.getresponse()
    plain.close()


def test_the_authority_stays_and_its_key_is_the_owner_s(tmp_path: Path, start: Start) -> None:
    (tmp_path / "openapi.yaml").write_text(DEFINITION)
    start(tmp_path / "openapi.yaml", "--tls").stop()
    folder = tmp_path / "state" / "tls"
    first = (folder / "ca.pem").read_bytes()
    assert {file.stat().st_mode & 0o77 for file in folder.iterdir()} == {0}
    start(tmp_path / "openapi.yaml", "--tls").stop()
    assert (folder / "ca.pem").read_bytes() == first


def test_a_certificate_of_one_s_own(tmp_path: Path, start: Start, command: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(DEFINITION)
    pair = authority(tmp_path, "localhost")
    certificate, key = pair
    gateway = start(tmp_path / "openapi.yaml", "--tls-certificate", certificate, "--tls-key", key)
    trusted = context_of(certificate)
    trusted.check_hostname = False  # it names its domain in the subject alone
    assert get(gateway.url, "localhost", trusted, "/t/prod/a") == (200, "https")
    assert not (tmp_path / "state" / "tls").exists()
    for arguments, said in (
        (("--tls-certificate", tmp_path / "openapi.yaml"), "cannot be used"),
        (("--tls-certificate", certificate), "holds no private key"),
        (("--tls", "--tls-key", key), "a key needs its certificate"),
    ):
        done = subprocess.run(
            [command, "run", tmp_path / "openapi.yaml", "--port", "0", *arguments],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode in (1, 2), done.stderr
        assert said in done.stderr


@pytest.fixture
def mutual(tmp_path: Path, start: Start) -> tuple[Any, Path, dict[str, Pair]]:
    """Give a gateway with two domains of mutual TLS and an open one, and certificates of clients."""
    trust = tmp_path / "trust"
    trust.mkdir()
    one, two, other = (authority(tmp_path, name) for name in ("one", "two", "other"))
    (trust / "one.pem").write_bytes(one.certificate.read_bytes())
    (trust / "two.pem").write_bytes(two.certificate.read_bytes())
    clients = {name: client(tmp_path, f"client-{name}", signer) for name, signer in
               (("one", one), ("two", two), ("other", other))}  # fmt: skip
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "inferway.toml").write_text('[storage]\n"s3://trust" = "trust"\n')
    gateway = start(tmp_path / "template.yaml", "--tls")
    return gateway, tmp_path / "state" / "tls" / "ca.pem", clients


def test_a_domain_of_mutual_tls(mutual: tuple[Any, Path, dict[str, Pair]]) -> None:
    """API Gateway, "Turning on mutual TLS authentication for your REST APIs"."""
    gateway, ca, clients = mutual
    assert get(gateway.url, "one.example", context_of(ca, clients["one"]), "/") == (200, "fine")
    assert get(gateway.url, "two.example", context_of(ca, clients["two"]), "/") == (200, "fine")
    assert get(gateway.url, "one.example", context_of(ca), "/") == FORBIDDEN
    for shown in ("two", "other"):
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
            get(gateway.url, "one.example", context_of(ca, clients[shown]), "/")
    assert get(gateway.url, "open.example", context_of(ca), "/") == (200, "fine")


def test_a_connection_to_one_domain_does_not_open_another(mutual: tuple[Any, Path, dict[str, Pair]]) -> None:
    gateway, ca, clients = mutual
    assert get(gateway.url, "two.example", context_of(ca, clients["two"]), "/", host="one.example") == FORBIDDEN
    assert get(gateway.url, "open.example", context_of(ca), "/", host="one.example") == FORBIDDEN
    assert get(gateway.url, "open.example", context_of(ca, clients["one"]), "/", host="one.example") == FORBIDDEN
    assert get(gateway.url, "open.example", context_of(ca), "/", host="ONE.example:443") == FORBIDDEN


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_session_of_one_domain_does_not_open_another(
    mutual: tuple[Any, Path, dict[str, Pair]], version: ssl.TLSVersion
) -> None:
    gateway, ca, clients = mutual
    context = context_of(ca, clients["two"])
    context.minimum_version = context.maximum_version = version
    connection = Connection(gateway.url, "two.example", context)
    connection.request("GET", "/", headers={"host": "two.example"})
    assert connection.getresponse().read() == b"fine"
    assert isinstance(connection.sock, ssl.SSLSocket)
    session = connection.sock.session
    connection.close()
    try:
        status = get(gateway.url, "one.example", context, "/", session=session)[0]
    except (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected):
        status = 403
    assert status == 403


def test_without_its_trust_store_a_domain_lets_nobody_in(tmp_path: Path, start: Start) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "inferway.toml").write_text('[storage]\n"s3://trust" = "trust"\n')
    gateway = start(tmp_path / "template.yaml", "--tls")
    gateway.said("no client gets in at one.example")
    trusted = context_of(tmp_path / "state" / "tls" / "ca.pem")
    assert get(gateway.url, "one.example", trusted, "/") == FORBIDDEN
    assert get(gateway.url, "open.example", trusted, "/") == (200, "fine")


def test_without_tls_a_domain_of_mutual_tls_lets_nobody_in(tmp_path: Path, start: Start) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    gateway = start(tmp_path / "template.yaml")
    gateway.said("no client gets in at one.example, which asks for certificates: run with --tls")
    assert json.loads(gateway.send("GET", "/", {"host": "one.example"}).body) == {"message": "Forbidden"}
    assert gateway.send("GET", "/", {"host": "open.example"}).body == b"fine"


def test_a_client_that_breaks_off_its_handshake_harms_nobody(mutual: tuple[Any, Path, dict[str, Pair]]) -> None:
    gateway, ca, clients = mutual
    port = urlsplit(gateway.url).port
    assert port is not None
    for garbage in (
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 100,
        b"\x00" * 70_000,
    ):
        with socket.create_connection(("127.0.0.1", port), 10) as connection, contextlib.suppress(ConnectionError):
            connection.sendall(garbage)
    assert get(gateway.url, "one.example", context_of(ca, clients["one"]), "/") == (200, "fine")
