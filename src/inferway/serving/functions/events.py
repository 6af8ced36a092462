"""Events that nobody waits for: the Invoke API's invocation type Event."""

import asyncio
from typing import Final

from inferway.serving.functions.pool import Pool
from inferway.serving.functions.runtime_api import Event

_MOST: Final = 1000  # events that wait; the service has no such bound, and this machine's memory has
_PAUSES: Final = (60.0, 120.0)
"""Seconds before the two retries of a function that failed (Lambda guide, "Error handling for asynchronous
invocation": one minute before the first retry, two before the second)."""


class Events:
    """Runs each event when a place is free, and again when the function fails."""

    def __init__(self, pool: Pool, pauses: tuple[float, ...] = _PAUSES) -> None:
        self._pool = pool
        self._pauses = pauses
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self, event: Event) -> bool:
        """Take an event; False when too many wait."""
        if len(self._tasks) >= _MOST:
            return False
        task = asyncio.get_running_loop().create_task(self._run(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def close(self) -> None:
        """Drop what waits."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, event: Event) -> None:
        for pause in (*self._pauses, None):
            outcome = await self._pool.invoke_later(event)
            if not outcome.failed or pause is None:
                return
            await asyncio.sleep(pause)
