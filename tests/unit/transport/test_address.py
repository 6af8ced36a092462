"""Addresses read from URLs."""

import pytest

from inferway.transport.address import parse_address


# RFC 9110, section 7.2: Host is the authority, the port left out where it is the scheme's own.
@pytest.mark.parametrize(
    ("url", "host", "port", "authority"),
    [
        ("http://model.test", "model.test", 80, "model.test"),
        ("http://model.test:80/", "model.test", 80, "model.test"),
        ("http://model.test:8080", "model.test", 8080, "model.test:8080"),
        ("https://Model.Test", "model.test", 443, "model.test"),
        ("https://10.0.0.1:8443", "10.0.0.1", 8443, "10.0.0.1:8443"),
        ("http://[::1]:9000", "::1", 9000, "[::1]:9000"),
        ("http://bücher.test", "xn--bcher-kva.test", 80, "xn--bcher-kva.test"),
    ],
)
def test_host_port_and_authority(url: str, host: str, port: int, authority: str) -> None:
    address = parse_address(url)
    assert (address.host, address.port, address.authority) == (host, port, authority)
    assert address.text == f"{url[: url.index(':')]}://{authority}"


def test_a_unix_socket() -> None:
    address = parse_address("unix:///run/model%20one.sock")
    assert address.socket_path == "/run/model one.sock"
    assert address.authority == "localhost"
    assert address.text == "unix:///run/model one.sock"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "model.test:80",
        "ftp://model.test",
        "http://",
        "http://:80",
        "http://model.test:0",
        "http://model.test:65536",
        "http://model.test:x",
        "http://model.test/path",
        "http://model.test?q",
        "http://model.test#f",
        "http://user:secret@model.test",
        "http://a..b",
        "http://" + "a" * 64 + ".test",
        "http://model test",
        "http://model\r\n.test",
        "http://[::1",
        "http://a,b",
        "unix://",
        "unix:///",
        "unix://host/path",
    ],
)
def test_what_is_no_servers_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_address(url)


def test_a_refusal_does_not_show_credentials() -> None:
    with pytest.raises(ValueError, match="credentials") as caught:
        parse_address("http://user:secret@model.test")
    assert "secret" not in str(caught.value)
