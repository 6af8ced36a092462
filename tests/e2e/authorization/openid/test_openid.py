"""Tokens of a real OpenID issuer, over sockets: issued, rotated, crafted, and an issuer that misbehaves."""

import http.client
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

Start = Callable[..., tuple[Any, Any]]

UNAUTHORIZED = (401, "UnauthorizedException", {"message": "Unauthorized"})


def test_a_token_for_client_credentials_opens_what_its_scopes_say(shop: Start) -> None:
    gateway, issuer = shop()
    token = issuer.token("orders:read")
    assert gateway.ask("/orders", token) == (200, "", {"sub": "orders-service"})
    assert gateway.ask("/orders", f"Bearer {token}")[0] == 200
    assert gateway.ask("/any", token)[0] == 200
    assert gateway.ask("/change", token) == (403, "ForbiddenException", {"message": "Forbidden"})
    assert gateway.ask("/change", issuer.token("orders:read orders:write".replace(" ", "+")))[0] == 200
    assert gateway.ask("/orders") == UNAUTHORIZED
    assert gateway.ask("/open") == (200, "", {"open": True})
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_a_bound_issuer_stands_in_for_a_user_pool(shop: Start) -> None:
    gateway, issuer = shop()
    assert gateway.ask("/pool", issuer.token()) == (200, "", {"scope": "orders:read"})
    assert gateway.ask("/pool", issuer.token("orders:write")) == UNAUTHORIZED
    expired = issuer.signed(exp=1, scope="orders:read")
    message = {"message": "The incoming token has expired"}
    assert gateway.ask("/pool", expired) == (401, "UnauthorizedException", message)


def test_a_new_key_is_found_and_the_issuer_is_not_hammered(shop: Start) -> None:
    gateway, issuer = shop()
    old = issuer.token()
    assert gateway.ask("/orders", old)[0] == 200
    issuer.rotate()
    new = issuer.token()
    deadline = time.monotonic() + 30
    while (status := gateway.ask("/orders", new)[0]) != 200:
        assert status == 401
        assert time.monotonic() < deadline
        for _ in range(20):
            assert gateway.ask("/orders", issuer.signed({"kid": "unknown"}))[0] == 401
        time.sleep(0.2)
    assert gateway.ask("/orders", old)[0] == 200
    assert issuer.asked.count("/keys") == 2


def test_crafted_tokens_are_refused(shop: Start) -> None:
    gateway, issuer = shop()
    good = issuer.token()
    assert gateway.ask("/any", good)[0] == 200
    now = int(time.time())
    crafted = [
        issuer.signed(exp=now - 60),
        issuer.signed(nbf=now + 600),
        issuer.signed(aud="another"),
        issuer.signed(iss="http://127.0.0.1:9"),
        issuer.signed({"kid": "../../keys"}),
        good[:-4],
        good + "=",
        good.rpartition(".")[0] + ".",
        good.replace(".", "", 1),
        "a" * 9000,
    ]
    for token in crafted:
        assert gateway.ask("/any", token) == UNAUTHORIZED
    assert gateway.ask("/any", good)[0] == 200


def test_a_header_of_a_megabyte_is_refused_at_the_door(shop: Start) -> None:
    gateway, issuer = shop()
    connection = http.client.HTTPConnection(urlsplit(gateway.url).netloc, timeout=20)
    try:
        connection.request("GET", "/shop/prod/any", headers={"Authorization": "a" * 1_000_000})
        assert connection.getresponse().status in {400, 431}
    except ConnectionError:
        pass  # the door was shut while the header was still being sent
    finally:
        connection.close()
    assert gateway.ask("/any", issuer.token())[0] == 200


@pytest.mark.parametrize("mood", ["reset", "redirect", "html", "flood"])
def test_an_issuer_that_misbehaves_is_told_and_may_recover(shop: Start, mood: str) -> None:
    gateway, issuer = shop(mood)
    token = issuer.token()
    assert gateway.ask("/any", token)[0] == 500
    assert gateway.ask("/any") == UNAUTHORIZED
    assert gateway.ask("/open")[0] == 200
    issuer.mood = ""
    deadline = time.monotonic() + 30
    while gateway.ask("/any", token)[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_an_issuer_that_stalls_holds_up_nobody_else(shop: Start) -> None:
    gateway, issuer = shop()
    good = issuer.token()
    assert gateway.ask("/any", good)[0] == 200
    issuer.mood = "stall"
    strange = issuer.signed({"kid": "unknown"})
    with ThreadPoolExecutor(20) as pool:
        deadline = time.monotonic() + 30
        while not issuer.stalled.is_set():
            assert time.monotonic() < deadline
            waiting = [pool.submit(gateway.ask, "/any", strange) for _ in range(20)]
            if not issuer.stalled.wait(0.5):
                assert {one.result()[0] for one in waiting} == {401}
        assert [gateway.ask("/any", good)[0] for _ in range(20)] == [200] * 20
        assert gateway.ask("/open")[0] == 200
        assert {one.result()[0] for one in waiting} == {401}
    assert issuer.asked.count("/.well-known/openid-configuration") == 2
