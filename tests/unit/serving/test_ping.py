"""Tests of waiting for a model process."""

import asyncio

import pytest

from inferway.serving import ping


def test_a_cancellation_that_comes_with_an_answer_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        tries = 0

        async def refused(host: str, port: int) -> int:
            nonlocal tries
            tries += 1
            asyncio.get_running_loop().call_soon(waiting.cancel)
            raise ConnectionRefusedError

        monkeypatch.setattr(ping, "_answering_process", refused)
        waiting = asyncio.ensure_future(ping.until_ready("127.0.0.1", 1, 1))
        await asyncio.wait({waiting}, timeout=30)
        assert waiting.cancelled()
        assert tries == 1

    asyncio.run(scenario())
