"""Measures the five doors: how soon a Pulumi program is served, and the gateway's memory with all doors open.

`python benchmarks/doors/run.py`, with the Python whose environment holds `inferway`. README.md says how it is done.
"""

import argparse
import base64
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOORS = ROOT / "examples" / "five-doors"
INFERWAY = Path(sys.executable).with_name("inferway")
DEADLINE = 120.0
MB = 1e6

PROGRAMS = {
    "AppSync and Lambda": DOORS / "appsync" / "corrected.py",
    "AppSync for models": DOORS / "management" / "corrected.py",
    "API Management": DOORS / "apim" / "corrected.py",
}
GRAPHQL = "da2-fivedoorsexamplekey000000"
MODELS = "da2-modelmanagementexample000"
SUBSCRIPTION = "f1ed0025f1ed0025f1ed0025f1ed0025"


@contextmanager
def served(path: Path) -> Iterator[tuple[dict[str, Any], float, int]]:
    """Run a definition; give what it says when ready, the seconds that took, and the gateway's process."""
    with tempfile.TemporaryDirectory() as state, tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [INFERWAY, "run", path, "--json", "--port", "0", "--no-access-log"],
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, "INFERWAY_STATE": state},
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - began
        try:
            if not line:
                log.seek(0)
                raise SystemExit(f"{path} was not served:\n{log.read().decode(errors='replace')}")
            yield json.loads(line), seconds, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(DEADLINE)
            process.stdout.close()


def memory(pid: int) -> dict[str, float]:
    """Give a process's own memory in MB, its children's not counted."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 / MB for line in lines[1:] if line.endswith("kB")}
    return {name: sizes[name] for name in ("Pss", "Rss")}


def calls(url: str) -> dict[str, Callable[[], bytes]]:
    """Give one call through each door that needs no signature."""
    image = base64.b64encode((DOORS / "appsync" / "images" / "7.png").read_bytes()).decode()

    def post(path: str, document: object, **headers: str) -> bytes:
        request = urllib.request.Request(
            url + path, json.dumps(document).encode(), {"content-type": "application/json", **headers}
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            answer: bytes = reply.read()
        return answer

    def get(path: str) -> bytes:
        with urllib.request.urlopen(url + path, timeout=30) as reply:
            answer: bytes = reply.read()
        return answer

    return {
        "article": lambda: get("/article/prod/predicted-ratings/321?items=101,131,162&"),
        "AppSync, Lambda": lambda: post(
            "/example-api/graphql",
            {"query": "query($image: String!) { predictImageLabel(image: $image) }", "variables": {"image": image}},
            **{"x-api-key": GRAPHQL},
        ),
        "AppSync, ratings": lambda: post(
            "/example-api/graphql",
            {"query": "{ predictedRatings(user: 321, items: [101, 131, 162]) }"},
            **{"x-api-key": GRAPHQL},
        ),
        "models, predict": lambda: post(
            "/graphql-api/graphql",
            {"query": '{ predict(endpoint: "movie-ratings", user: 321, items: [101, 131, 162]) }'},
            **{"x-api-key": MODELS},
        ),
        "API Management": lambda: post(
            "/ml-model/predict",
            {"user_id": 321, "items": [101, 131, 162]},
            **{"Ocp-Apim-Subscription-Key": SUBSCRIPTION},
        ),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--calls", type=int, default=150, help="calls through each door before memory is read")
    options = parser.parse_args()
    print("seconds from the command until a program is served (median, least and most)")
    for name, program in PROGRAMS.items():
        taken = []
        for _ in range(options.runs + 1):
            with served(program) as (_, seconds, _):
                taken.append(seconds)
        rest = taken[1:]  # the first warms the machine's caches
        print(f"  {name:20} {statistics.median(rest):5.2f}   ({min(rest):.2f} to {max(rest):.2f})")
    with served(DOORS) as (ready, seconds, pid):
        before = memory(pid)
        doors = calls(ready["url"])
        for _ in range(options.calls):
            for call in doors.values():
                call()
        after = memory(pid)
        print(f"all five doors open after {seconds:.2f} s")
        for what, sizes in (("when ready", before), (f"after {options.calls} calls through each", after)):
            print(f"  gateway process, {what}: {sizes['Pss']:.1f} MB PSS, {sizes['Rss']:.1f} MB RSS")
    return 0


if __name__ == "__main__":
    sys.exit(main())
