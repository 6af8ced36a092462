"""AuthorizerResults: what is kept, for how long, how much, and who waits for whom."""

import asyncio

import pytest

from inferway.caller import Authorized
from inferway.faults import Fault, FaultKind
from inferway.gateway import authorizer_results
from inferway.gateway.authorizer_results import AuthorizerResults, Found, Key

ADA = Authorized(principal="ada", policies=("{}",))
NO = Fault(kind=FaultKind.UNAUTHORIZED)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Authorizer:
    """Counts how often it is asked; answers when it is told to."""

    def __init__(self, answer: Found | Exception = ADA) -> None:
        self.asked = 0
        self.given_up = 0
        self.answer = answer
        self.ready = asyncio.Event()

    async def __call__(self) -> Found:
        self.asked += 1
        try:
            await self.ready.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def key(*values: str) -> Key:
    return tuple((value,) for value in values)


async def at_once(results: AuthorizerResults, of: Key, found: Found = ADA) -> Found:
    authorizer = Authorizer(found)
    authorizer.ready.set()
    return await results.ask(of, authorizer)


def test_a_result_is_kept_until_its_time_is_over() -> None:
    async def scenario() -> None:
        clock = Clock()
        results = AuthorizerResults(300, clock)
        assert await at_once(results, key("a")) is ADA
        clock.now += 299.9
        assert results.get(key("a")) is ADA
        assert results.get(key("b")) is None
        clock.now += 0.1
        assert results.get(key("a")) is None
        assert len(results) == 0

    asyncio.run(scenario())


def test_a_fault_is_told_and_not_kept() -> None:
    async def scenario() -> None:
        results = AuthorizerResults(300)
        assert await at_once(results, key("a"), NO) is NO
        assert results.get(key("a")) is None

    asyncio.run(scenario())


def test_who_comes_at_once_waits_for_one_answer() -> None:
    async def scenario() -> None:
        results, authorizer = AuthorizerResults(300), Authorizer()
        waiting = [asyncio.ensure_future(results.ask(key("a"), authorizer)) for _ in range(50)]
        other = asyncio.ensure_future(results.ask(key("b"), authorizer))
        await asyncio.sleep(0)
        authorizer.ready.set()
        assert await asyncio.gather(*waiting, other) == [ADA] * 51
        assert authorizer.asked == 2

    asyncio.run(scenario())


def test_a_failure_is_everybody_s_who_waits() -> None:
    async def scenario() -> None:
        results, authorizer = AuthorizerResults(300), Authorizer(OSError("gone"))
        waiting = [asyncio.ensure_future(results.ask(key("a"), authorizer)) for _ in range(3)]
        authorizer.ready.set()
        assert [type(one) for one in await asyncio.gather(*waiting, return_exceptions=True)] == [OSError] * 3
        assert await at_once(results, key("a")) is ADA

    asyncio.run(scenario())


def test_who_leaves_does_not_end_the_others_question() -> None:
    async def scenario() -> None:
        results, authorizer = AuthorizerResults(300), Authorizer()
        first, second = (asyncio.ensure_future(results.ask(key("a"), authorizer)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        authorizer.ready.set()
        assert await second is ADA
        assert (authorizer.asked, authorizer.given_up) == (1, 0)

    asyncio.run(scenario())


def test_the_question_ends_with_the_last_who_waits_and_can_be_asked_again() -> None:
    async def scenario() -> None:
        results, authorizer = AuthorizerResults(300), Authorizer()
        waiting = [asyncio.ensure_future(results.ask(key("a"), authorizer)) for _ in range(2)]
        await asyncio.sleep(0)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        again = asyncio.ensure_future(results.ask(key("a"), authorizer))  # before the first has noticed
        await asyncio.sleep(0)
        authorizer.ready.set()
        assert await again is ADA
        assert (authorizer.asked, authorizer.given_up) == (2, 1)

    asyncio.run(scenario())


def test_what_is_kept_is_bounded_in_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorizer_results, "MOST_RESULTS", 10)

    async def scenario() -> None:
        results = AuthorizerResults(300)
        for number in range(100):
            await at_once(results, key(str(number)))
        assert len(results) == 10
        assert results.get(key("99")) is ADA
        assert results.get(key("89")) is None

    asyncio.run(scenario())


def test_what_is_kept_is_bounded_in_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authorizer_results, "MOST_CHARACTERS", 100_000)

    async def scenario() -> None:
        results = AuthorizerResults(300)
        large = Authorized(principal="p", policies=("x" * 30_000,), context={"a": "y" * 10_000})
        for number in range(20):
            await at_once(results, key(str(number)), large)
        assert len(results) == 2
        await at_once(results, key("huge"), Authorized(principal="p" * 200_000))
        assert results.get(key("huge")) is None
        await at_once(results, key("z" * 90_000))
        assert len(results) == 1

    asyncio.run(scenario())


def test_what_has_expired_goes_as_others_come() -> None:
    async def scenario() -> None:
        clock = Clock()
        results = AuthorizerResults(10, clock)
        for number in range(5):
            await at_once(results, key(str(number)))
        clock.now += 20
        await at_once(results, key("new"))
        assert len(results) == 1

    asyncio.run(scenario())
