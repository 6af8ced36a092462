"""Key sets: found, kept, fetched again, and never a way to hammer an issuer."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from inferway.credentials.tokens.key_sets import (
    FRESH,
    LARGEST,
    MOST_KEYS,
    PAUSE,
    STALE,
    FetchError,
    KeySet,
    KeySets,
    KeySource,
    read_key_set,
    read_keys,
)

ISSUER = "https://issuer.example/realm"
DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
KEYS = "https://keys.example/set.json"


class World:
    """An issuer that publishes, counts who asks, and may fail or stall; and a clock."""

    def __init__(self, *names: str) -> None:
        self.pages: dict[str, object] = {DISCOVERY: {"issuer": ISSUER, "jwks_uri": KEYS}}
        self.publish(*names)
        self.asked: list[str] = []
        self.now = 1000.0
        self.gate: asyncio.Event | None = None

    def publish(self, *names: str) -> None:
        self.pages[KEYS] = {"keys": [{"kty": "RSA", "kid": name} for name in names]}

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if self.gate is not None:
            await self.gate.wait()
        page = self.pages.get(url)
        if page is None:
            raise FetchError(f"{url} answered 500")
        return page if isinstance(page, bytes) else json.dumps(page).encode()

    def set(self, **source: str) -> KeySet:
        return KeySets(self.fetch, lambda: self.now).of(KeySource(issuer=ISSUER, **source))


def names(keys: tuple[Mapping[str, object], ...]) -> list[object]:
    return [key.get("kid") for key in keys]


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await scenario()

    asyncio.run(main())


def test_the_discovery_document_says_where_the_keys_are() -> None:
    world = World("a")
    assert names(asyncio.run(read_key_set(KeySource(issuer=ISSUER), world.fetch))) == ["a"]
    assert world.asked == [DISCOVERY, KEYS]


def test_a_slash_at_the_issuer_s_end_belongs_to_its_name_only() -> None:
    world = World("a")
    world.pages[DISCOVERY] = {"issuer": f"{ISSUER}/", "jwks_uri": KEYS}
    assert names(asyncio.run(read_key_set(KeySource(issuer=f"{ISSUER}/"), world.fetch))) == ["a"]


def test_a_key_set_s_own_url_is_asked_alone() -> None:
    world = World("a")
    assert names(asyncio.run(read_key_set(KeySource(issuer=ISSUER, url=KEYS), world.fetch))) == ["a"]
    assert world.asked == [KEYS]


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example", "jwks_uri": KEYS},
        {"jwks_uri": KEYS},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks_uri": "http://keys.example/set.json"},
        {"issuer": ISSUER, "jwks_uri": "file:///etc/passwd"},
        {"issuer": ISSUER, "jwks_uri": ["https://keys.example"]},
        b"<html>sign in</html>",
        b"[]",
        b"",
        b"{" * 100_000,
    ],
)
def test_a_discovery_document_of_somebody_else_or_none_is_refused(document: object) -> None:
    world = World("a")
    world.pages[DISCOVERY] = document
    with pytest.raises(FetchError):
        asyncio.run(read_key_set(KeySource(issuer=ISSUER), world.fetch))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"keys": {}},
        {"keys": [{"kid": str(n)} for n in range(MOST_KEYS + 1)]},
        b"<html></html>",
        b'{"keys":[],"keys":[]}',
        b" " * (LARGEST + 1),
    ],
    ids=["nothing", "no list", "too many", "HTML", "twice", "too large"],
)
def test_what_is_no_key_set_is_refused(document: object) -> None:
    world = World()
    world.pages[KEYS] = document
    with pytest.raises(FetchError):
        asyncio.run(read_key_set(KeySource(issuer=ISSUER, url=KEYS), world.fetch))


def test_keys_may_lack_a_name_and_the_first_of_two_counts() -> None:
    text = json.dumps({"keys": [{"kid": "a", "n": "1"}, {"kid": "a", "n": "2"}, {"n": "3"}, {"kid": 5}, "b", None]})
    assert names(read_keys(text)) == ["a", "a", None]
    assert World().set(keys=text).find("a") == {"kid": "a", "n": "1"}


def test_keys_that_are_given_are_never_fetched() -> None:
    async def scenario() -> None:
        world = World()
        given = world.set(keys='{"keys":[{"kid":"a"}]}')
        world.now += 10 * STALE
        given.keep_fresh()
        assert given.find("a") is not None
        assert not await given.look_again()
        assert world.asked == []

    run(scenario)


def test_however_many_ask_one_fetch_is_under_way() -> None:
    async def scenario() -> None:
        world = World("a")
        found = world.set(url=KEYS)
        world.gate = asyncio.Event()
        waiting = [asyncio.ensure_future(found.look_again()) for _ in range(100)]
        await asyncio.sleep(0)
        waiting[0].cancel()  # who gives up does not take the fetch from the others
        world.gate.set()
        assert await asyncio.gather(*waiting[1:]) == [True] * 99
        assert world.asked == [KEYS]
        assert found.find("a") is not None
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run(scenario)


def test_an_unknown_key_has_the_set_fetched_again_but_not_too_often() -> None:
    async def scenario() -> None:
        world = World("a")
        found = world.set(url=KEYS)
        assert await found.look_again()
        world.publish("a", "b")
        assert not await found.look_again()
        assert found.find("b") is None
        world.now += PAUSE
        assert await found.look_again()
        assert found.find("b") is not None
        for _ in range(1000):
            assert not await found.look_again()
        assert len(world.asked) == 2

    run(scenario)


def test_a_failing_issuer_is_asked_less_and_less_and_its_keys_stay() -> None:
    async def scenario() -> None:
        world = World("a")
        found = world.set(url=KEYS)
        await found.look_again()
        world.pages.clear()
        gaps, last = [], world.now
        for _ in range(300):
            world.now += 1
            if await found.look_again():
                gaps.append(world.now - last)
                last = world.now
        assert gaps[:6] == [5, 1, 2, 4, 8, 16]
        assert set(gaps[7:]) == {60}
        assert found.find("a") is not None
        assert "500" in found.problem

    run(scenario)


def test_known_keys_count_while_their_issuer_stalls() -> None:
    async def scenario() -> None:
        world = World("a")
        found = world.set(url=KEYS)
        await found.look_again()
        world.gate = asyncio.Event()
        world.now += FRESH + 1
        found.keep_fresh()
        await asyncio.sleep(0)
        found.keep_fresh()
        assert len(world.asked) == 2
        assert found.find("a") is not None
        world.gate.set()
        await found.look_again()

    run(scenario)


def test_a_key_that_is_withdrawn_goes_with_the_hour() -> None:
    async def scenario() -> None:
        world = World("a", "b")
        found = world.set(url=KEYS)
        await found.look_again()
        found.ready["b", "RS256"] = lambda signature, signed: True
        world.publish("a")
        world.now += FRESH + 1
        found.keep_fresh()
        await found.look_again()
        assert (found.find("b"), found.ready) == (None, {})

    run(scenario)


def test_keys_that_nobody_confirmed_for_a_day_are_dropped() -> None:
    async def scenario() -> None:
        world = World("a")
        found = world.set(url=KEYS)
        await found.look_again()
        world.pages.clear()
        world.now += STALE + 1
        found.keep_fresh()
        assert found.find("a") is None
        await found.look_again()

    run(scenario)


def test_one_source_has_one_set() -> None:
    sets = KeySets()
    first: Any = sets.of(KeySource(issuer=ISSUER))
    assert sets.of(KeySource(issuer=ISSUER)) is first
    assert sets.of(KeySource(issuer=ISSUER, url=KEYS)) is not first


def test_sets_without_a_fetch_say_so() -> None:
    async def scenario() -> None:
        found = KeySets().of(KeySource(issuer=ISSUER))
        await found.look_again()
        assert "cannot be fetched" in found.problem

    run(scenario)


def test_a_key_that_encrypts_hides_none_that_signs() -> None:
    keys = [{"kty": "RSA", "kid": "one", "use": use, "n": use} for use in ("enc", "sig")]
    made = KeySet(KeySource(issuer=ISSUER, keys=json.dumps({"keys": keys})), World().fetch, lambda: 0.0)
    assert made.find("one") == keys[1]
    assert made.keys == (keys[1],)
