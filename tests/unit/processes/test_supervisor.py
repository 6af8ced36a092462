"""Real child processes: readiness, restarts, output, and an end that leaves nothing behind."""

import asyncio
import contextlib
import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvloop

from inferway.processes.process import Command, ProcessFailedError, ProcessState, ProcessStatus, Supervision
from inferway.processes.supervisor import Supervisor

Run = Callable[[Coroutine[Any, Any, None]], None]

PATIENCE = 20.0  # seconds until a condition that never comes fails the test
SLEEP = "import time; time.sleep(600)"


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    runner: Run = request.param
    return runner


class Watched:
    """A supervisor of `python -c code` whose lines are kept; it is ready once it prints READY."""

    def __init__(self, code: Any, **supervision: Any) -> None:
        self.lines: list[tuple[str, str]] = []
        self._is_ready = asyncio.Event()
        self.supervisor = Supervisor(
            Command(name="child", argv=(sys.executable, "-u", "-c", textwrap.dedent(code)), environment=os.environ),
            ready=self._ready,
            supervision=Supervision(**{"first_delay": 0.01, "ready_within": PATIENCE, "grace": 5.0} | supervision),
            on_line=self._heard,
        )

    def _heard(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        if line == "READY":
            self._is_ready.set()

    async def _ready(self, pid: int) -> None:
        assert pid > 0
        self._is_ready.clear()
        while ("child", "READY") not in self.lines:
            await self._is_ready.wait()

    def note_delays(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """Give a list that each delay between two starts is added to."""
        delays: list[float] = []
        delay = self.supervisor._delay

        def noting(failures: int) -> float:
            delays.append(delay(failures))
            return delays[-1]

        monkeypatch.setattr(self.supervisor, "_delay", noting)
        return delays

    def is_ready_again(self, restarts: int) -> bool:
        return self.status.restarts == restarts and self.status.state is ProcessState.READY

    @property
    def status(self) -> ProcessStatus:
        return self.supervisor.status


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for, a zombie, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children() -> set[str]:
    """The children of this process, zombies among them."""
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_process_starts_is_ready_and_stops(run: Run) -> None:
    async def scenario() -> None:
        before = children()
        watched = Watched(f"print('READY'); {SLEEP}")
        assert watched.status.state is ProcessState.STOPPED
        await watched.supervisor.start()
        status = watched.status
        assert (status.name, status.state, status.restarts, status.last_exit) == ("child", ProcessState.READY, 0, "")
        assert is_alive(status.pid)
        assert os.getsid(status.pid) == status.pid
        await watched.supervisor.stop()
        assert watched.status.state is ProcessState.STOPPED
        assert watched.status.last_exit == "was ended by SIGTERM"
        assert not is_alive(status.pid)
        assert children() == before
        await watched.supervisor.stop()

    run(scenario())


def test_it_can_be_started_again_after_a_stop() -> None:
    async def scenario() -> None:
        watched = Watched(f"print('READY'); {SLEEP}")
        for _ in range(2):
            await watched.supervisor.start()
            with pytest.raises(RuntimeError, match="already started"):
                await watched.supervisor.start()
            await watched.supervisor.stop()

    asyncio.run(scenario())


def test_it_sees_the_environment_given_and_no_other() -> None:
    async def scenario() -> None:
        watched = Watched("import os; print(sorted(os.environ)); print('READY'); import time; time.sleep(600)")
        argv = watched.supervisor._command.argv
        watched.supervisor._command = Command(name="child", argv=argv, environment={"ONLY": "this"})
        await watched.supervisor.start()
        await watched.supervisor.stop()
        names = set(eval(watched.lines[0][1]))
        assert names - {"LC_CTYPE"} == {"ONLY"}  # LC_CTYPE: Python's own, PEP 538

    asyncio.run(scenario())


def test_a_killed_process_is_started_again(run: Run) -> None:
    async def scenario() -> None:
        watched = Watched(f"print('READY'); {SLEEP}")
        await watched.supervisor.start()
        first = watched.status.pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: watched.status.state is ProcessState.READY and watched.status.pid != first)
        assert watched.status.restarts == 1
        assert watched.status.last_exit == "was ended by SIGKILL"
        await watched.supervisor.stop()

    run(scenario())


def test_one_that_ignores_sigterm_is_killed_with_its_whole_group(run: Run) -> None:
    async def scenario() -> None:
        watched = Watched(
            """
            import signal, subprocess, sys, time
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            ignoring = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
            child = subprocess.Popen([sys.executable, "-c", ignoring])
            print(child.pid)
            print("READY")
            time.sleep(600)
            """,
            grace=0.2,
        )
        await watched.supervisor.start()
        grandchild = int(watched.lines[0][1])
        assert is_alive(grandchild)
        await watched.supervisor.stop()
        assert watched.status.last_exit == "was ended by SIGKILL"
        await until(lambda: not is_alive(grandchild))

    run(scenario())


def test_a_crash_takes_the_rest_of_the_group_along() -> None:
    async def scenario() -> None:
        watched = Watched(
            """
            import subprocess, sys, time
            print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid)
            print("READY")
            time.sleep(600)
            """
        )
        await watched.supervisor.start()
        grandchild = int(watched.lines[0][1])
        os.kill(watched.status.pid, signal.SIGKILL)
        await until(lambda: watched.status.restarts == 1)
        await until(lambda: not is_alive(grandchild))
        await watched.supervisor.stop()

    asyncio.run(scenario())


def test_a_start_that_fails_is_tried_so_often_and_then_told(run: Run) -> None:
    async def scenario() -> None:
        watched = Watched("import sys; print('trying'); sys.exit('no weights')", start_attempts=3)
        with pytest.raises(ProcessFailedError) as failure:
            await watched.supervisor.start()
        assert str(failure.value) == "child exited with code 1 before it was ready\n  trying\n  no weights"
        assert watched.lines.count(("child", "trying")) == 3
        assert watched.status.state is ProcessState.FAILED
        assert watched.status.restarts == 2
        await watched.supervisor.stop()
        assert watched.status.state is ProcessState.FAILED

    run(scenario())


def test_a_hopeless_exit_is_not_tried_again() -> None:
    async def scenario() -> None:
        watched = Watched("print('bad'); raise SystemExit(78)", hopeless_exits=frozenset({78}))
        with pytest.raises(ProcessFailedError, match="exited with code 78"):
            await watched.supervisor.start()
        assert watched.lines == [("child", "bad")]

    asyncio.run(scenario())


def test_one_that_is_never_ready_is_ended_at_the_deadline() -> None:
    async def scenario() -> None:
        watched = Watched(SLEEP, ready_within=0.3, start_attempts=1)
        with pytest.raises(ProcessFailedError, match=r"was not ready within 0\.3 s"):
            await watched.supervisor.start()
        assert watched.status.pid == 0

    asyncio.run(scenario())


def test_a_readiness_check_that_raises_is_a_failed_start() -> None:
    async def scenario() -> None:
        watched = Watched(SLEEP, start_attempts=1)

        async def broken(pid: int) -> None:
            raise ValueError("odd answer")

        watched.supervisor._ready = broken
        with pytest.raises(ProcessFailedError, match="cannot be ready: odd answer"):
            await watched.supervisor.start()

    asyncio.run(scenario())


def test_a_crash_loop_after_a_good_start_backs_off_and_is_never_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def scenario() -> None:
        code = f"""
            import pathlib, sys, time
            pathlib.Path({str(tmp_path / "started")!r}).mkdir()  # fails the second time
            print("READY")
            time.sleep(600)
            """
        watched = Watched(code, start_attempts=1, longest_delay=0.05)
        delays = watched.note_delays(monkeypatch)
        await watched.supervisor.start()
        os.kill(watched.status.pid, signal.SIGKILL)
        await until(lambda: len(delays) >= 5)
        assert delays[:5] == [0.01, 0.02, 0.04, 0.05, 0.05]
        await until(lambda: watched.status.state is ProcessState.BACKING_OFF)
        assert watched.status.last_exit.startswith("exited with code 1")
        await watched.supervisor.stop()
        assert watched.status.state is ProcessState.STOPPED

    asyncio.run(scenario())


def test_the_delay_begins_anew_once_the_process_had_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        watched = Watched(f"print('READY'); {SLEEP}", settled_after=0.0)
        delays = watched.note_delays(monkeypatch)
        await watched.supervisor.start()
        for restarts in range(1, 4):
            os.kill(watched.status.pid, signal.SIGKILL)
            await until(partial(watched.is_ready_again, restarts))
        assert delays == [0.01, 0.01, 0.01]
        await watched.supervisor.stop()

    asyncio.run(scenario())


def test_a_command_that_does_not_exist_is_told() -> None:
    async def scenario() -> None:
        watched = Watched("")
        watched.supervisor._command = Command(name="child", argv=("/no/such/command",), environment=os.environ)
        watched.supervisor._supervision = Supervision(start_attempts=1)
        with pytest.raises(ProcessFailedError) as failure:
            await watched.supervisor.start()
        assert "exited with code 127" in str(failure.value)
        assert "cannot run /no/such/command: No such file or directory" in str(failure.value)

    asyncio.run(scenario())


def test_a_folder_that_does_not_exist_is_told() -> None:
    async def scenario() -> None:
        watched = Watched("")
        watched.supervisor._command = Command(name="child", argv=("true",), environment=os.environ, folder="/no/such")
        watched.supervisor._supervision = Supervision(start_attempts=1)
        with pytest.raises(ProcessFailedError, match="cannot be started"):
            await watched.supervisor.start()

    asyncio.run(scenario())


def test_lines_of_both_streams_carry_the_name_and_garbage_does_no_harm(run: Run) -> None:
    async def scenario() -> None:
        watched = Watched(
            r"""
            import os, time
            os.write(2, b"to stderr\n")
            os.write(1, b"\xff\xfe\x00garbage\n")
            os.write(1, b"x" * 100_000 + b"\n")
            os.write(1, b"READY\nunfinished")
            """
        )
        await watched.supervisor.start()
        await until(lambda: ("child", "unfinished") in watched.lines)
        await watched.supervisor.stop()
        assert ("child", "to stderr") in watched.lines
        assert ("child", "\ufffd\ufffd\x00garbage") in watched.lines
        assert ("child", "x" * 8192 + "… (91808 bytes cut)") in watched.lines

    run(scenario())


def test_megabytes_of_output_neither_block_the_child_nor_get_lost(run: Run) -> None:
    async def scenario() -> None:
        watched = Watched(
            """
            import sys, time
            sys.stdout.write("a line of output\\n" * 300_000)
            print("READY")
            time.sleep(600)
            """
        )
        await watched.supervisor.start()
        assert len(watched.lines) == 300_001
        await watched.supervisor.stop()

    run(scenario())


def test_a_listener_that_raises_does_not_harm_the_child(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        watched = Watched(f"print('one'); print('READY'); {SLEEP}")
        heard = watched._heard

        def broken(name: str, line: str) -> None:
            heard(name, line)
            raise ValueError("listener")

        watched.supervisor._on_line = broken
        await watched.supervisor.start()
        assert watched.lines == [("child", "one"), ("child", "READY")]
        await watched.supervisor.stop()

    asyncio.run(scenario())
    assert "A log listener failed" in caplog.text


def test_a_cancelled_start_leaves_nothing() -> None:
    async def scenario() -> None:
        watched = Watched(SLEEP)
        start = asyncio.create_task(watched.supervisor.start())
        await until(lambda: watched.status.pid)
        pid = watched.status.pid
        start.cancel()
        with pytest.raises(asyncio.CancelledError):
            await start
        assert not is_alive(pid)
        assert watched.status.state is ProcessState.STOPPED

    asyncio.run(scenario())


def test_a_start_cancelled_at_any_moment_leaves_nothing(run: Run) -> None:
    async def scenario() -> None:
        before = children(), 0
        for pause in range(40):
            if pause == 1:  # a loop's first child opens what the loop keeps
                before = children(), open_descriptors()
            watched = Watched(SLEEP)
            start = asyncio.create_task(watched.supervisor.start())
            await asyncio.sleep(pause / 4000)
            start.cancel()
            with pytest.raises(asyncio.CancelledError):
                await start
        await until(lambda: (children(), open_descriptors()) == before)

    run(scenario())


def test_a_stop_during_the_start_is_told_to_the_starter() -> None:
    async def scenario() -> None:
        watched = Watched(SLEEP)
        start = asyncio.create_task(watched.supervisor.start())
        await until(lambda: watched.status.pid)
        await watched.supervisor.stop()
        with pytest.raises(ProcessFailedError, match="stopped before it was ready"):
            await start

    asyncio.run(scenario())


def test_a_loop_that_ends_without_a_stop_kills_the_child() -> None:
    async def scenario() -> int:
        watched = Watched(f"print('READY'); {SLEEP}")
        await watched.supervisor.start()
        return watched.status.pid

    assert not is_alive(asyncio.run(scenario()))


def test_no_file_descriptor_leaks(run: Run) -> None:
    async def scenario() -> None:
        watched = Watched(f"print('READY'); {SLEEP}", first_delay=0.0)
        await watched.supervisor.start()
        early = open_descriptors()
        for restarts in range(1, 9):
            os.kill(watched.status.pid, signal.SIGKILL)
            await until(partial(watched.is_ready_again, restarts))
        assert open_descriptors() == early
        await watched.supervisor.stop()

    run(scenario())


PARENT = """
import asyncio, os, sys
from inferway.processes.process import Command
from inferway.processes.supervisor import Supervisor

async def ready(pid):
    print(pid, flush=True)

async def main():
    argv = (sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)")
    await Supervisor(Command(name="child", argv=argv, environment=os.environ), ready=ready).start()
    await asyncio.sleep(600)

asyncio.run(main())
"""


def test_children_go_when_the_supervising_process_is_killed() -> None:
    async def scenario() -> None:
        parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE)
        assert parent.stdout
        try:
            child = int(await asyncio.wait_for(parent.stdout.readline(), PATIENCE))
            assert is_alive(child)
        finally:
            with contextlib.suppress(ProcessLookupError):
                parent.kill()
            await parent.wait()
        await until(lambda: not is_alive(child))

    asyncio.run(scenario())


def test_the_command_finds_the_default_signal_handling() -> None:
    async def scenario() -> None:
        watched = Watched("import time; print(open('/proc/self/status').read()); print('READY'); time.sleep(600)")
        watched.supervisor._command = Command(
            name="child", argv=("sh", "-c", "grep SigIgn /proc/self/status; echo READY"), environment=os.environ
        )
        await watched.supervisor.start()
        await watched.supervisor.stop()
        ignored = int(watched.lines[0][1].split()[1], 16)
        assert not ignored & (1 << (signal.SIGPIPE - 1))

    asyncio.run(scenario())
