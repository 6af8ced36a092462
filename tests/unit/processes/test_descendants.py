"""Processes that have left their group or their parent are found and ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inferway.processes.descendants import descendants, end_group, kill, marked, resident

# In a process of its own: adopting orphans and killing all children is not for the one that runs the tests.
ADOPTS = """
import subprocess, sys
from inferway.processes.descendants import adopt_orphans, end_descendants
adopt_orphans()
child = "import os, subprocess; print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid, flush=True)"
made = subprocess.run([sys.executable, "-c", child], capture_output=False, stdout=open(sys.argv[1], "w"), check=True)
print(end_descendants())
"""

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells, and lets a process adopt orphans")


@on_linux
def test_orphans_in_sessions_of_their_own_are_ended(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    ended = subprocess.run(
        [sys.executable, "-c", ADOPTS, str(told)], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.split() == ["True"]
    assert not Path(f"/proc/{int(told.read_text())}").exists()


def test_a_group_that_is_gone_is_no_error() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], start_new_session=True)
    process.wait()
    end_group(process.pid)
    kill([process.pid])


def test_a_group_is_ended() -> None:
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    end_group(process.pid)
    assert process.wait(30) == -9


@on_linux
def test_a_child_is_known_by_its_parent_and_by_what_it_inherited() -> None:
    environment = {**os.environ, "INFERWAY_TEST_MARK": "/a/b"}
    process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"x")
    process.stdin.flush()
    assert process.stdout.read(1) == b"x"  # it runs, with its own environment
    assert process.pid in descendants(os.getpid())
    assert list(marked("\0INFERWAY_TEST_MARK=/a/")) == [process.pid]
    assert list(marked("\0TEST_MARK=/a/")) == []
    assert resident(os.getpid()) > 0
    process.communicate()
