"""Tests of events that nobody waits for."""

import asyncio

import pytest

from inferway.serving.functions.events import Events
from inferway.serving.functions.handler_process import Outcome
from inferway.serving.functions.runtime_api import Event


class Stand:
    """Stands in for a pool: fails as often as it is told."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.ran: list[str] = []

    async def invoke_later(self, event: Event) -> Outcome:
        self.ran.append(event.id)
        return Outcome(body=b"{}", failed=len(self.ran) <= self.failures)


@pytest.mark.parametrize(("failures", "runs"), [(0, 1), (1, 2), (2, 3), (9, 3)])
def test_an_event_that_fails_is_tried_twice_more(failures: int, runs: int) -> None:
    # invocation-async-error-handling: "two more attempts" by default. Its pauses, a minute and two, are not waited for.
    async def scenario() -> None:
        pool = Stand(failures)
        events = Events(pool, pauses=(0.0, 0.0))  # type: ignore[arg-type]  # a stand-in
        assert events.accept(Event(id="one", deadline=0.0, arn="", trace="", body=b"1"))
        for _ in range(30):
            await asyncio.sleep(0)
        assert pool.ran == ["one"] * runs
        await events.close()

    asyncio.run(scenario())
