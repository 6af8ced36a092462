"""A result on its way from a handler that streams it to whoever has invoked the function."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

_MOST_WAITING: Final = 262_144
"""Bytes that wait for a slow caller before the handler is held back."""


class ResultStream:
    """Takes pieces (Sink) and gives them again, in order; `end` says that there will be no more."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._is_over = False
        self._wanted: asyncio.Future[None] | None = None
        self._resume: Callable[[], None] | None = None

    def put(self, piece: bytes, resume: Callable[[], None]) -> bool:
        """Take a piece (Sink)."""
        self._pieces.append(piece)
        self._waiting += len(piece)
        self._wake()
        if self._waiting <= _MOST_WAITING:
            return True
        self._resume = resume
        return False

    def end(self) -> None:
        """Let the reader come to an end behind what is there."""
        self._is_over = True
        self._wake()

    async def next(self) -> bytes | None:
        """Give the next piece, None at the end."""
        while not self._pieces:
            if self._is_over:
                return None
            self._wanted = asyncio.get_running_loop().create_future()
            await self._wanted
        piece = self._pieces.popleft()
        self._waiting -= len(piece)
        resume = self._resume
        if resume is not None and self._waiting <= _MOST_WAITING // 2:
            self._resume = None
            resume()
        return piece

    def _wake(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None and not wanted.done():
            wanted.set_result(None)
