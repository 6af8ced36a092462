"""Tests of the bound on a function's log."""

import asyncio

from inferway.serving.functions.log_gate import LogGate


def test_lines_beyond_the_rate_are_dropped_and_said() -> None:
    async def scenario() -> None:
        lines: list[str] = []
        now = 0.0
        gate = LogGate(lines.append, clock=lambda: now)
        line = "x" * 9_999
        for _ in range(200):
            gate.pass_on(line)
        assert len(lines) == 104  # of 10,000 bytes each, in 1 MiB
        now = 0.5
        gate.pass_on("short")
        assert lines[-1] == "short"
        gate.close()
        assert lines[-1] == "96 lines, 960000 bytes, of the log were dropped: more than 256 KiB a second"
        gate.close()
        assert len(lines) == 106

    asyncio.run(scenario())
