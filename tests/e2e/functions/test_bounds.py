"""What a handler may use, and what one that misbehaves does to others: nothing."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from inferway.processes.process import ProcessState

Serving = Callable[..., Any]
Until = Callable[[Callable[[], object]], Any]

HOLDS = """
    import time
    def handler(event, context):
        held = bytearray(event * 1024 * 1024)
        return len(held)
    """


def test_memory_is_bounded_where_it_is_stated(serving: Serving) -> None:
    # configuration-memory, "Determining the appropriate memory setting"; reported: Runtime.ExitError, signal: killed
    async def scenario() -> None:
        async with serving(HOLDS, memory=128, timeout=30.0) as function:
            answer = await function.invoke(300, X_Amz_Log_Type="Tail")
            request = answer.headers["x-amzn-requestid"]
            assert answer.json == {
                "errorType": "Runtime.ExitError",
                "errorMessage": f"RequestId: {request} Error: Runtime exited with error: signal: killed",
            }
            assert "Memory Size: 128 MB\tMax Memory Used: 128 MB\t" in answer.log
            assert (await function.invoke(1)).json == 1_048_576
        async with serving(HOLDS, timeout=30.0) as function:
            assert (await function.invoke(300)).json == 300 * 1_048_576
        async with serving(HOLDS, memory=128, enforce_memory=False, timeout=30.0) as function:
            assert (await function.invoke(300)).json == 300 * 1_048_576

    asyncio.run(scenario())


def test_memory_is_bounded_while_the_handler_is_loaded(serving: Serving) -> None:
    async def scenario() -> None:
        code = "import time\nheld = bytearray(300 << 20)\ntime.sleep(60)\ndef handler(e, c): ..."
        async with serving(code, memory=128) as function:
            document = (await function.invoke()).json
            assert document["errorType"] == "Runtime.ExitError"
            assert document["errorMessage"].endswith("signal: killed")

    asyncio.run(scenario())


def test_a_handler_that_stops_its_server_is_ended_and_the_function_comes_again(
    serving: Serving, wait_until: Until
) -> None:
    code = """
        import os, signal, time
        def handler(event, context):
            if event:
                os.kill(os.getppid(), signal.SIGSTOP)
                time.sleep(60)
            return "well"
        """

    async def scenario() -> None:
        async with serving(code, timeout=60.0) as function:
            with pytest.raises(OSError, match=r".*"):
                await function.invoke(1)
            await wait_until(
                lambda: function.server.processes[0].restarts == 1 and function.server.state is ProcessState.READY
            )
            assert (await function.invoke(0)).json == "well"

    asyncio.run(scenario())


def test_a_log_without_end_is_cut_and_says_so(serving: Serving) -> None:
    code = """
        import sys
        def handler(event, context):
            for number in range(event): sys.stdout.write(f"{number:07}" + "x" * 992 + "\\n")
            return "done"
        """

    async def scenario() -> None:
        async with serving(code, timeout=60.0) as function:
            answer = await function.invoke(20_000, X_Amz_Log_Type="Tail")
            assert answer.json == "done"
            assert "0019999x" in answer.log  # the tail is the caller's and whole
            said = await function.logged("of the log were dropped")
            assert re.fullmatch(r"\d+ lines, \d+ bytes, of the log were dropped: more than 256 KiB a second", said)
            assert sum(len(line) for _, line in function.lines) < 5_000_000

    asyncio.run(scenario())
