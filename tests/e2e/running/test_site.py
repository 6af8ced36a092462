"""A site at the root: its files and nothing else of the machine, and no path that an API has."""

import os
import socket
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

DEFINITION = """
openapi: 3.0.1
info: {title: t, version: "1"}
paths:
  /status:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: "200", responseTemplates: {application/json: '{"of": "the API"}'}}}
"""
SECRET = "not for the web"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with an API at /t/prod and a site that has the same paths."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "openapi.yaml").write_text(DEFINITION)
    (folder / "inferway.toml").write_text('site = "./web"\n')
    web = folder / "web"
    for place in (web / "below", web / ".git", web / "t" / "prod", web / "_inferway"):
        place.mkdir(parents=True)
    (folder / "secret.txt").write_text(SECRET)
    (web / "index.html").write_text("<p>root</p>")
    (web / "below" / "index.html").write_text("<p>below</p>")
    (web / "app.js").write_text("1")
    (web / "style.css").write_text("p {}")
    (web / "data.json").write_text("{}")
    (web / "picture.png").write_bytes(b"\x89PNG")
    (web / "unknown.zzz9").write_bytes(b"\x00")
    (web / "with space ä.txt").write_text("named")
    (web / ".env").write_text(SECRET)
    (web / ".git" / "config").write_text(SECRET)
    (web / "t" / "prod" / "status").write_text("the site's")
    (web / "_inferway" / "health").write_text("the site's")
    (web / "out.txt").symlink_to(folder / "secret.txt")
    (web / "up").symlink_to(folder)
    (web / "inner.txt").symlink_to(web / "data.json")
    os.mkfifo(web / "pipe")
    with (web / "large.bin").open("wb") as large:
        large.truncate(16 * 1024 * 1024 + 1)
    return folder


@pytest.fixture(scope="module")
def site(served: Path, keep: Any) -> Any:
    return keep(served)


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        ("/", "text/html; charset=utf-8", b"<p>root</p>"),
        ("/index.html", "text/html; charset=utf-8", b"<p>root</p>"),
        ("/below/", "text/html; charset=utf-8", b"<p>below</p>"),
        ("/app.js", "text/javascript; charset=utf-8", b"1"),
        ("/style.css", "text/css; charset=utf-8", b"p {}"),
        ("/data.json?version=2", "application/json; charset=utf-8", b"{}"),
        ("/picture.png", "image/png", b"\x89PNG"),
        ("/unknown.zzz9", "application/octet-stream", b"\x00"),
        ("/with%20space%20%C3%A4.txt", "text/plain; charset=utf-8", b"named"),
        ("/inner.txt", "text/plain; charset=utf-8", b"{}"),
    ],
)
def test_a_file_with_its_content_type(site: Any, path: str, kind: str, body: bytes) -> None:
    """WHATWG, "MIME sniffing" and RFC 9239: text/javascript is the type of scripts."""
    answer = site.send("GET", path)
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, kind, body)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/below/../../secret.txt",
        "/below/%2e%2e/%2e%2e/secret.txt",
        "/%252e%252e/secret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/below\\..\\..\\secret.txt",
        "/....//secret.txt",
        "/out.txt",
        "/up/secret.txt",
        "/up/web/.env",
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/below/.%2e/.env",
        "/index.html%00",
        "/index.html%00.png",
        "/%00",
        "/pipe",
        "/large.bin",
        "/" + "a" * 300,
        "/" + "a/" * 500,
        "/%ff%fe",
        "/%c0%ae%c0%ae/secret.txt",
        "/nothing",
        "/data.json/x",
    ],
)
def test_nothing_else_of_the_machine(site: Any, path: str) -> None:
    answer = raw(site.url, path)
    assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 ")), answer[:80]
    assert SECRET.encode() not in answer


@pytest.mark.parametrize(
    "path", ["//etc/hostname", "///etc/hostname", "/below//../..//etc/hostname", "/%2fetc/hostname"]
)
def test_no_absolute_path(site: Any, path: str) -> None:
    assert raw(site.url, path).startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 "))


def raw(url: str, path: str) -> bytes:
    """Give what the gateway sends for a target that no client library would send as it is."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), 20) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode("latin-1")
        )
        received = b""
        while part := connection.recv(65_536):
            received += part
    return received


def test_an_api_s_path_is_the_api_s(site: Any) -> None:
    assert site.send("GET", "/t/prod/status").json == {"of": "the API"}
    assert b"the site's" not in site.send("POST", "/t/prod/status").body
    assert b"the site's" not in site.send("GET", "/t/prod/other").body
    assert site.send("GET", "/_inferway/health").json == {"status": "ok"}


def test_without_the_slug_too(site: Any) -> None:
    """/prod/status is the API's as long as no other claims it; the site has no such file, and would not be asked."""
    assert site.send("GET", "/prod/status").json == {"of": "the API"}


def test_head_is_get_without_the_body(site: Any) -> None:
    """RFC 9110, 9.3.2."""
    get, head = site.send("GET", "/index.html"), site.send("HEAD", "/index.html")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.body))
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in get.headers.items() if k != "date"
    }


@pytest.mark.parametrize("known", ["{0}", "W/{0}", '"other", {0}', '"other",W/{0}'])
def test_what_the_client_has_is_not_sent_again(site: Any, known: str) -> None:
    """RFC 9110, 13.1.2: If-None-Match compares weakly, with each of a list; 15.4.5: what a 304 repeats."""
    first = site.send("GET", "/index.html")
    again = site.send("GET", "/index.html", {"if-none-match": known.format(first.headers["etag"])})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == first.headers["cache-control"]


def test_a_changed_file_is_sent_again(site: Any, served: Path) -> None:
    file = served / "web" / "changing.txt"
    file.write_text("one")
    first = site.send("GET", "/changing.txt")
    file.write_text("another")
    again = site.send("GET", "/changing.txt", {"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (200, b"another")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_site_is_read_only(site: Any, method: str) -> None:
    assert site.send(method, "/index.html").status == 404
