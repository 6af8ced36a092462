"""An enclosed command ends as itself, and leaves nothing behind, whoever ends it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inferway.processes import enclosure

# Starts one that leaves its group and its parent, and holds the pipe that is descriptor 1 until it ends.
STRAYS = "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True)"

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")


def started(text: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        enclosure.enclosed((sys.executable, "-c", text)), stdout=subprocess.PIPE, start_new_session=True
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 0),
        ("raise SystemExit(3)", 3),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import os; os.killpg(0, 9)", -9),
        ("import os; os.kill(os.getpid(), 15)", -15),
    ],
)
def test_it_ends_as_its_command(text: str, code: int) -> None:
    with started(text) as process:
        assert process.wait(60) == code
        enclosure.end(process)


def test_a_command_that_is_not_there_is_the_shell_s_127() -> None:
    ended = subprocess.run(enclosure.enclosed(("/none/such",)), capture_output=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (127, b"cannot run /none/such: No such file or directory\n")


@on_linux
def test_what_left_its_group_ends_with_the_command() -> None:
    with started(STRAYS) as process:
        assert process.communicate(timeout=60)[0] == b""  # all that held the pipe are gone


@on_linux
def test_all_is_ended_when_asked() -> None:
    with started(f"{STRAYS}; print(1, flush=True); import time; time.sleep(600)") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        enclosure.end(process)
        assert process.stdout.read() == b""
        assert process.returncode == -9


@on_linux
def test_all_is_ended_when_the_parent_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text(f"{STRAYS}; print(1, flush=True); import time; time.sleep(600)", "utf-8")
    parent = (
        "import subprocess, sys; from inferway.processes import enclosure;"
        f"subprocess.run(enclosure.enclosed((sys.executable, {str(file)!r})), start_new_session=True)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"1\n"
        os.kill(process.pid, signal.SIGKILL)
        assert process.stdout.read() == b""
