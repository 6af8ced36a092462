"""The movies demo to look at."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
MOVIES = ROOT / "examples" / "movies"
DEADLINE = 60.0


@pytest.fixture(scope="session")
def movies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The movies demo as `inferway run` serves it; gives its URL."""
    if not (MOVIES / "shelf" / "titles.json").is_file() or not (MOVIES / "model" / "model.npz").is_file():
        pytest.fail("the movies model or its titles are missing: make setup")
    log = tmp_path_factory.mktemp("movies") / "log"
    program = Path(sys.executable).with_name("inferway")
    with log.open("w") as err:
        process = subprocess.Popen(
            [program, "run", MOVIES, "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            env={**os.environ, "INFERWAY_STATE": str(log.parent / "state")},
        )
        assert process.stdout is not None
        try:
            ready: dict[str, Any] = json.loads(process.stdout.readline() or "{}")
            if "url" not in ready:
                pytest.fail(f"the demo did not start:\n{log.read_text()}")
            yield ready["url"]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(DEADLINE)
            process.stdout.close()


def until(what: Any, timeout: float = 20.0) -> Any:
    """Wait for something to become true and give it."""
    end = time.monotonic() + timeout
    while True:
        value = what()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.05)


@pytest.fixture
def wait_for() -> Any:
    return until
