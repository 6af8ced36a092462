"""A command that is ended while a program of the definition runs: nothing of it stays, no process and no folder."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("inferway")
HANGS = (
    "import pathlib, subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True, env={})\n"
    "pathlib.Path(__file__).with_name('pid').write_text(f'{child.pid}\\n')\n"
    "time.sleep(600)\n"
)


def cdk(folder: Path) -> Path:
    (folder / "cdk.json").write_text(json.dumps({"app": "python3 app.py"}))
    (folder / "app.py").write_text(HANGS)
    return folder


def patterns(folder: Path) -> Path:
    (folder / "patterns.py").write_text(f"import inferway.patterns\n{HANGS}")
    return folder


def pulumi(folder: Path) -> Path:
    (folder / "Pulumi.yaml").write_text("name: hangs\nruntime: python\n")
    (folder / "__main__.py").write_text(f"import pulumi\n{HANGS}")
    return folder


def is_there(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return False


def wait_for(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
    return what()


def heed_interrupts() -> None:
    """Have a process heed SIGINT where these tests run in the background of a shell, which has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)]
)
@pytest.mark.parametrize("write", [cdk, patterns, pulumi])
def test_nothing_of_a_program_stays(
    tmp_path: Path, write: Callable[[Path], Path], number: signal.Signals, status: int
) -> None:
    folder, temporary = tmp_path / "definition", tmp_path / "tmp"
    folder.mkdir()
    temporary.mkdir()
    told = write(folder) / "pid"
    with subprocess.Popen(
        [COMMAND, "check", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(temporary)},
        preexec_fn=heed_interrupts,
    ) as process:
        try:
            assert wait_for(lambda: told.exists() and told.read_text().endswith("\n"))
            process.send_signal(number)
            assert process.wait(30) == status
        finally:
            process.kill()
    pid = int(told.read_text())
    assert wait_for(lambda: not is_there(pid))
    if number is not signal.SIGKILL:
        assert list(temporary.iterdir()) == []
