import subprocess
import sys
from pathlib import Path

import pytest

from inferway.formats.pulumi import descendants

# In a process of its own: adopting orphans and killing all children is not for the one that runs the tests.
ADOPTS = """
import subprocess, sys, time
from inferway.formats.pulumi import descendants
descendants.adopt()
child = "import os, subprocess; print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid, flush=True)"
made = subprocess.run([sys.executable, "-c", child], capture_output=False, stdout=open(sys.argv[1], "w"), check=True)
print(descendants.end_all())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")
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
    descendants.end_group(process.pid)


def test_a_group_is_ended() -> None:
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    descendants.end_group(process.pid)
    assert process.wait(30) == -9
