"""Asks a model process whether it is ready."""

import asyncio
from typing import Final

from inferway.serving.contract import PROCESS_HEADER

_ANSWER_WITHIN: Final = 2.0  # seconds (SageMaker's own limit for /ping: your-algorithms-inference-code.html)
_FIRST_PAUSE: Final = 0.01
_LONGEST_PAUSE: Final = 0.05


async def until_ready(host: str, port: int, pid: int) -> None:
    """Return once process `pid` itself, of those that share the port, answers GET /ping with 200."""
    pause = _FIRST_PAUSE
    while True:
        try:
            # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the answer.
            async with asyncio.timeout(_ANSWER_WITHIN):
                answering = await _answering_process(host, port)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pause = min(_LONGEST_PAUSE, pause * 1.5)
        else:
            if answering == pid:
                return
            pause = _FIRST_PAUSE  # the kernel chose another replica for this connection, and may choose again
        await asyncio.sleep(pause)


async def _answering_process(host: str, port: int) -> int:
    """Give the id of the process that answers, 0 when it is not well; raises OSError when none listens."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(b"GET /ping HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        status, *fields = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    finally:
        writer.close()
    headers = dict(field.partition(b": ")[::2] for field in fields)
    return int(headers.get(PROCESS_HEADER, b"0")) if status.split()[1:2] == [b"200"] else 0
