"""Pages for whoever sits at this machine: whom they answer."""

import msgspec
import pytest

from inferway.app.loopback import refused
from inferway.exchange import Headers, Request

HOST: Headers = [(b"host", b"127.0.0.1:8080")]


def answer(client: str, headers: Headers) -> str:
    """Give why a request is refused, "" where it is not."""
    response = refused(Request(method="POST", path="/_inferway/invoke", headers=headers, client=client), "it")
    if response is None:
        return ""
    assert response.status == 403
    assert isinstance(response.body, bytes)
    message: str = msgspec.json.decode(response.body)["message"]
    return message


@pytest.mark.parametrize("host", [b"127.0.0.1:8080", b"localhost", b"movies.localhost:8080", b"[::1]:80"])
def test_this_machine_is_answered(host: bytes) -> None:
    assert answer("127.0.0.1", [(b"host", host)]) == ""
    assert answer("127.0.0.1", [(b"host", host), (b"origin", b"http://" + host)]) == ""


@pytest.mark.parametrize(
    ("client", "host"),
    [
        ("192.0.2.1", b"localhost"),
        ("", b"localhost"),
        ("127.0.0.1", b"rebound.example"),
        ("127.0.0.1", b"localhost.example"),
        ("127.0.0.1", b"127.0.0.1.example"),
        ("127.0.0.1", b""),
    ],
)
def test_another_machine_or_name_is_not(client: str, host: bytes) -> None:
    assert answer(client, [(b"host", host)]) == "it answers on the loopback interface only"


@pytest.mark.parametrize("origin", [b"https://evil.example", b"null", b"http://127.0.0.1:9999"])
def test_a_page_of_another_site_is_not(origin: bytes) -> None:
    assert answer("127.0.0.1", [*HOST, (b"origin", origin)]) == "it answers to its own page only"


@pytest.mark.parametrize("name", [b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"])
def test_whoever_comes_through_a_proxy_is_not(name: bytes) -> None:
    """A proxy on this machine connects from the loopback interface, and nginx rewrites Host to its upstream's."""
    assert answer("127.0.0.1", [*HOST, (name, b"127.0.0.1")]) == "it does not answer through a proxy"
