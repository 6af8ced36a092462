"""The beginning of a streamed response, for whoever watches a request.

Source: API Gateway, "Troubleshoot issues with response streaming": TestInvokeMethod buffers a stream until it is
complete, 35 seconds have gone, or more than 1 MB is there.
"""

import asyncio
from contextlib import suppress
from typing import Final

from inferway.body_stream import BrokenStreamError
from inferway.exchange import Body

MOST: Final = 1_048_576
LONGEST: Final = 35.0


async def beginning(body: Body, most: int = MOST, seconds: float = LONGEST) -> tuple[bytes, BrokenStreamError | None]:
    """Give what comes of a body within so many bytes and seconds, and what broke it off; a stream is ended then."""
    if isinstance(body, bytes):
        return body, None
    pieces: list[bytes] = []
    size = 0
    broke: BrokenStreamError | None = None
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for piece in body:
                    pieces.append(piece)
                    size += len(piece)
                    if size > most:
                        break
    except BrokenStreamError as error:
        broke = error
    finally:
        close = getattr(body, "aclose", None)
        if close is not None:
            await close()
    return b"".join(pieces), broke
