"""A real OpenID issuer, built with Authlib, and a real `inferway run` that asks for its tokens."""

import base64
import contextlib
import http.client
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc import jwk, jwt

COMMAND = Path(sys.executable).with_name("inferway")


def authlib(module: str) -> Any:
    try:
        return import_module(f"authlib.{module}")
    except ImportError:
        pytest.fail("Authlib is not installed: run `pip install authlib`")


rfc6749, rfc9068, discovery = authlib("oauth2.rfc6749"), authlib("oauth2.rfc9068"), authlib("oidc.discovery")
requests = authlib("oauth2.rfc6749.requests")

CLIENT = ("orders-service", "a-secret-of-the-service")
AUDIENCE = "orders-api"
SCOPES = "orders:read orders:write"
POOL = "us-east-1_Example00"


class Client(rfc6749.ClientMixin):  # type: ignore[name-defined, misc]  # Authlib has no types
    """The one client, which has a secret and may act for itself."""

    def get_client_id(self) -> str:
        return CLIENT[0]

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(one for one in (scope or "").split() if one in SCOPES.split())

    def check_client_secret(self, secret: str) -> bool:
        return secret == CLIENT[1]

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_grant_type(self, grant: str) -> bool:
        return grant == "client_credentials"


class Tokens(rfc9068.JWTBearerTokenGenerator):  # type: ignore[name-defined, misc]  # as above
    """Makes access tokens with the issuer's newest key; Authlib's name no key."""

    def __init__(self, issuer: "OpenIdIssuer") -> None:
        super().__init__(issuer=issuer.url)
        self._owner = issuer

    def get_jwks(self) -> Any:
        return self._owner.keys[-1]

    def get_audiences(self, client: Any, user: Any, scope: Any) -> str:
        return AUDIENCE


class Server(rfc6749.AuthorizationServer):  # type: ignore[name-defined, misc]  # as above
    """Authlib's authorization server, its requests and responses as plain tuples."""

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT[0] else None

    def save_token(self, token: Any, request: Any) -> None:
        """Keep nothing."""

    def create_oauth2_request(self, request: tuple[dict[str, str], bytes]) -> Any:
        headers, body = request
        # The transport is loopback: Authlib is told the address that the issuer would have behind its TLS.
        made = requests.OAuth2Request("POST", "https://issuer.example/token", headers=headers)
        made._body = dict(parse_qsl(body.decode()))
        made.payload = requests.BasicOAuth2Payload(made._body)
        return made

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any]:
        return status, body

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Tell nobody."""


class OpenIdIssuer:
    """The issuer at `url`: discovery, keys, tokens for client credentials. `mood` makes it misbehave."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.mood = ""
        self.stalled = threading.Event()
        self.release = threading.Event()
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                issuer.answer(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status, made = issuer.server.create_token_response((dict(self.headers), body))
                issuer.write(self, status, json.dumps(made).encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.keys = [self._key(0)]
        self.server = Server(scopes_supported=SCOPES.split())
        self.server.register_grant(rfc6749.grants.ClientCredentialsGrant)
        self.server.register_token_generator("default", Tokens(self))
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def _key(self, number: int) -> jwk.RSAKey:
        return jwk.RSAKey.generate_key(2048, {"kid": f"key-{number}", "use": "sig", "alg": "RS256"})

    def rotate(self) -> None:
        """Publish a new key, and sign with it from now on."""
        self.keys.append(self._key(len(self.keys)))

    def answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        if self.mood == "stall":
            self.stalled.set()
            self.release.wait(60)
            handler.close_connection = True
        elif self.mood == "reset":
            handler.close_connection = True
        elif self.mood == "redirect":
            handler.send_response(302)
            handler.send_header("location", "http://127.0.0.1:9/keys")
            handler.send_header("content-length", "0")
            handler.end_headers()
        elif self.mood == "html":
            self.write(handler, 200, b"<html>sign in</html>", "text/html")
        elif self.mood == "flood":
            self.write(handler, 200, b" " * 5_000_000)
        elif handler.path == "/.well-known/openid-configuration":
            self.write(handler, 200, json.dumps(self._metadata()).encode())
        else:
            published = {"keys": [key.as_dict(private=False) for key in self.keys]}
            self.write(handler, 200, json.dumps(published).encode())

    def _metadata(self) -> dict[str, Any]:
        made = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        for member in ("jwks_uri", "response_types_supported", "id_token_signing_alg_values_supported"):
            # As above: Authlib wants the addresses that would stand behind TLS.
            getattr(discovery.OpenIDProviderMetadata({**made, "jwks_uri": "https://x/keys"}), f"validate_{member}")()
        return made

    def write(
        self, handler: http.server.BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "application/json"
    ) -> None:
        with contextlib.suppress(OSError):
            handler.send_response(status)
            handler.send_header("content-type", kind)
            handler.send_header("content-length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

    def token(self, scope: str = "orders:read") -> str:
        """Give an access token, asked for as any client asks."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        basic = base64.b64encode(":".join(CLIENT).encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        with contextlib.closing(connection):
            connection.request("POST", "/token", f"grant_type=client_credentials&scope={scope}", headers)
            reply = connection.getresponse()
            made = json.loads(reply.read())
        assert reply.status == 200, made
        return str(made["access_token"])

    def signed(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """Give a token of this issuer's that its server would not issue."""
        now = int(time.time())
        made = {"iss": self.url, "sub": "eve", "aud": AUDIENCE, "exp": now + 600, "iat": now, **claims}
        return jwt.encode({"alg": "RS256", "kid": self.keys[-1].kid, **(header or {})}, made, self.keys[-1])

    def stop(self) -> None:
        self.release.set()
        self._http.shutdown()
        self._http.server_close()


class Gateway:
    """A running gateway."""

    def __init__(self, folder: Path) -> None:
        with (folder / "stderr").open("wb") as errors:
            self.process = subprocess.Popen(
                [COMMAND, "run", folder, "--port", "0", "--json"],
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(os.environ),
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, (folder / "stderr").read_text()
        self.url: str = json.loads(line)["url"]

    def ask(self, path: str, token: str | None = None, **headers: str) -> tuple[int, str, Any]:
        """Give status, error type and JSON body of a GET below the API's stage."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        sent = dict(headers) if token is None else {"Authorization": token, **headers}
        with contextlib.closing(connection):
            connection.request("GET", f"/shop/prod{path}", headers=sent)
            reply = connection.getresponse()
            body = reply.read()
        return reply.status, reply.headers.get("x-amzn-ErrorType", ""), json.loads(body or b"null")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(45)
        finally:
            self.process.kill()
            assert self.process.stdout is not None
            self.process.stdout.close()


def user_pool() -> dict[str, Any]:
    """Give a security scheme that asks for the tokens of a user pool."""
    arn = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}"
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [arn]},
    }


def jwts(issuer: str) -> dict[str, Any]:
    """Give a security scheme that asks for an issuer's tokens."""
    authorizer = {
        "type": "jwt",
        "identitySource": "method.request.header.Authorization",
        "jwtConfiguration": {
            "issuers": [{"issuer": issuer, "audiences": [AUDIENCE]}],
            "defaultAlgorithms": ["RS256"],
        },
    }
    return {"type": "oauth2", "flows": {}, "x-amazon-apigateway-authorizer": authorizer}


def operation(template: str, *security: dict[str, list[str]]) -> dict[str, Any]:
    """Give a GET whose response is a template."""
    case = {"statusCode": "200", "responseTemplates": {"application/json": template}}
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": case},
    }
    described = {"responses": {"200": {"description": ""}}, "x-amazon-apigateway-integration": integration}
    return {"get": {"security": list(security), **described}}


def document(issuer: str) -> dict[str, Any]:
    """Give an API with a method for each scope, one without, one for a user pool, one for anybody."""
    subject = '{"sub": $context.authorizer.claims.sub}'
    paths = {
        "/orders": operation(subject, {"jwt": ["orders:read"]}),
        "/change": operation(subject, {"jwt": ["orders:write"]}),
        "/any": operation(subject, {"jwt": []}),
        "/pool": operation('{"scope": "$context.authorizer.claims.scope"}', {"pool": ["orders:read"]}),
        "/open": operation('{"open": true}'),
    }
    schemes = {"jwt": jwts(issuer), "pool": user_pool()}
    info = {"title": "shop", "version": "1"}
    return {"openapi": "3.0.1", "info": info, "paths": paths, "components": {"securitySchemes": schemes}}


Shop = tuple[Gateway, OpenIdIssuer]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Callable[[str], Shop]]:
    """Start an issuer in a mood, and a gateway that trusts it, and to which it is bound as a pool."""
    running: list[Any] = []

    def start(mood: str = "") -> Shop:
        issuer = OpenIdIssuer()
        running.append(issuer)
        issuer.mood = mood
        (tmp_path / "openapi.json").write_text(json.dumps(document(issuer.url)))
        (tmp_path / "inferway.toml").write_text(f'[issuers.{POOL}]\nissuer = "{issuer.url}"\n')
        gateway = Gateway(tmp_path)
        running.insert(0, gateway)
        return gateway, issuer

    yield start
    for one in running:
        one.stop()
