"""The addresses that a client can call."""

import pytest

from inferway.dialects.apigateway.sdk.javascript import is_address


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/movies/prod",
        "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/",
        "https://api.example.com",
        "http://[::1]:8080/movies/prod",
    ],
)
def test_an_address(url: str) -> None:
    assert is_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "movies/prod",
        "//host/prod",
        "ftp://host/prod",
        "javascript:alert(1)",
        "http:///prod",
        "http://host:99999/prod",
        "http://host:port/prod",
        "http://[::1/prod",
        "http://user:secret@host/prod",
        "http://host/prod?a=1",
        "http://host/prod#top",
        "http://host/pr od",
        "http://host\\prod",
        "http://host/größe",
        "http://host/prod\n",
    ],
)
def test_no_address(url: str) -> None:
    assert not is_address(url)
