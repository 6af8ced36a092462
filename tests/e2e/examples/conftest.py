"""A real `inferway run` of an example, in a copy of its folder."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("inferway")
EXAMPLES = Path(__file__).parents[3] / "examples"

Run = Callable[[str], str]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Serve an example by its name; gives its URL."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(name: str) -> str:
        folder = tmp_path / name
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns(".inferway", "__pycache__"))
        environment = {key: value for key, value in os.environ.items() if key != "INFERWAY_STATE"}
        process = subprocess.Popen(
            [COMMAND, "run", folder, "--port", "0", "--json", "--no-access-log"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        started.append(process)
        assert process.stdout is not None
        url: str = json.loads(process.stdout.readline())["url"]
        return url

    yield begin
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(45)
        assert process.stdout is not None
        process.stdout.close()
