"""Requests as curl sends them: what its arguments say, and what it adds (curl's manual page)."""

import pytest

from inferway.cli.curl_command import Asked, read_curl

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("command", "method", "path", "headers", "body"),
    [
        ("curl http://a/b", "GET", "/b", {"host": "a", "user-agent": "curl/8", "accept": "*/*"}, b""),
        ("curl a.example:8080", "GET", "/", {"host": "a.example:8080"}, b""),
        ("curl -I http://a/", "HEAD", "/", {}, b""),
        ("curl -d x=1 -d y=2 http://a/", "POST", "/", {"content-type": FORM}, b"x=1&y=2"),
        (
            "curl --json '{}' http://a/",
            "POST",
            "/",
            {"content-type": "application/json", "accept": "application/json"},
            b"{}",
        ),
        ("curl -G -d x=1 'http://a/b?z=0'", "GET", "/b?z=0&x=1", {}, b""),
        ("curl -u me:secret http://a/", "GET", "/", {"authorization": "Basic bWU6c2VjcmV0"}, b""),
        (
            "curl -kso /dev/null -e http://b/ -b c=1 http://a/",
            "GET",
            "/",
            {"referer": "http://b/", "cookie": "c=1"},
            b"",
        ),
        ("curl -H 'Accept: text/html' http://a/", "GET", "/", {"accept": "text/html"}, b""),
    ],
)
def test_what_is_sent(command: str, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    asked = read_curl(command)
    assert (asked.method, asked.path, asked.body) == (method, path, body)
    assert headers.items() <= sent(asked).items()


@pytest.mark.parametrize("option", ["-A ''", "-H 'User-Agent:'"])
def test_a_header_that_is_taken_away(option: str) -> None:
    assert set(sent(read_curl(f"curl {option} http://a/"))) == {"host", "accept"}


def sent(asked: Asked) -> dict[str, str]:
    """Give the headers by their names in lower case."""
    return {name.lower(): value for name, value in asked.headers}
