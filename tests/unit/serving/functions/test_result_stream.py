"""A streamed result between its handler and its caller: order, its end, and holding the handler back."""

import asyncio

from inferway.serving.functions.result_stream import ResultStream


def test_pieces_come_in_order_and_then_an_end() -> None:
    async def scenario() -> None:
        stream = ResultStream()
        reading = asyncio.create_task(stream.next())
        await asyncio.sleep(0)
        assert stream.put(b"one", lambda: None)
        assert stream.put(b"two", lambda: None)
        assert await reading == b"one"
        stream.end()
        assert [await stream.next(), await stream.next(), await stream.next()] == [b"two", None, None]

    asyncio.run(scenario())


def test_a_handler_is_held_back_until_half_is_read() -> None:
    async def scenario() -> None:
        resumed: list[int] = []
        stream = ResultStream()
        sent = 0
        while stream.put(bytes(50_000), lambda: resumed.append(1)):
            sent += 1
        assert sent == 5  # 262,144 bytes may wait
        for _ in range(3):
            await stream.next()
        assert resumed == []
        await stream.next()
        assert resumed == [1]
        await stream.next()
        assert resumed == [1]

    asyncio.run(scenario())
