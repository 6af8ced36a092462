"""Measures what a web ACL of ten rules adds to a request: `python benchmarks/waf/run.py`.

One gateway, started as users start it, on a core of its own, serves one API of a MOCK method at two stages, one of them
behind the ACL. The load is wrk's on another core. A figure is the CPU time (user and system) of the gateway's processes
per request; what the ACL adds is its stage's figure less the other's, in the same round of the same run.
"""

import argparse
import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Final, NamedTuple

# Run as a script, only this file's own folder is on the path; the imports below start at the project's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.gateway.process_tree import ProcessTree

HERE: Final = Path(__file__).resolve().parent
GATEWAY_CORE, LOAD_CORE = 0, 1
INFERWAY: Final = Path(sys.executable).with_name("inferway")
BUDGET: Final = 40.0
"""Microseconds of CPU that the list may add to a request."""

STAGES: Final = ("free", "wall")
BINDINGS: Final = """
[apis.bench.stages.free]
[apis.bench.stages.wall]
web_acl = "acl.json"
[account]
throttle = { rate = 1000000, burst = 1000000 }
"""
METHOD: Final[dict[str, Any]] = {
    "responses": {"200": {"description": "ok"}},
    "x-amazon-apigateway-integration": {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": '{"ok": true}'}}},
    },
}
AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


class Case(NamedTuple):
    """A request: its name, method, query and body."""

    name: str
    method: str
    query: str = ""
    body: str = ""


CASES: Final = (
    Case("GET with a query", "GET", "?items=101,131,162"),
    Case("GET with a text", "GET", "?q=wireless+headphones+black&sort=price&page=2"),
    Case("POST of JSON, 110 bytes", "POST", body=json.dumps(
        {"instances": [{"user": 321, "items": [101, 131, 162], "title": "The Good, the Bad and the Ugly"}], "n": 5})),
)  # fmt: skip


def start(folder: Path, port: int) -> ProcessTree:
    """Start the gateway and wait until it answers."""
    paths = {"/ratings/{user}": {"get": METHOD, "post": METHOD}}
    document = {"openapi": "3.0.1", "info": {"title": "bench", "version": "1"}, "paths": paths}
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    (folder / "inferway.toml").write_text(BINDINGS, encoding="utf-8")
    shutil.copy(HERE / "acl.json", folder)
    for case in CASES:
        script = f"wrk.method = {case.method!r}\nwrk.headers['User-Agent'] = {AGENT!r}\n"
        if case.body:
            script += f"wrk.headers['Content-Type'] = 'application/json'\nwrk.body = {case.body!r}\n"
        (folder / f"{CASES.index(case)}.lua").write_text(script, encoding="utf-8")
    tree = ProcessTree([str(INFERWAY), "run", str(folder), "--port", str(port)], core=GATEWAY_CORE, environment={},
                       log=folder / "log")  # fmt: skip
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not tree.ended():
        with contextlib.suppress(OSError):
            for stage in STAGES:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/bench/{stage}/ratings/321", timeout=1).close()
            return tree
        time.sleep(0.05)
    tree.stop()
    raise RuntimeError(f"the gateway did not start: {tree.output()}")


def load(folder: Path, number: int, url: str, seconds: int) -> int:
    """Ask as fast as it is answered; give the number of requests, which all have to be answered with 200."""
    command = ["taskset", "--cpu-list", str(LOAD_CORE), "wrk", "-t1", "-c16", f"-d{seconds}s"]
    script = ["-s", str(folder / f"{number}.lua"), url]
    printed = subprocess.run([*command, *script], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise RuntimeError(f"{CASES[number].name}: {printed}")
    return int(printed.split(" requests in ")[0].split()[-1])


def measure(tree: ProcessTree, folder: Path, number: int, url: str, seconds: int) -> float:
    """Give the CPU time per request in microseconds."""
    before = tree.cpu_seconds()
    count = load(folder, number, url, seconds)
    return (tree.cpu_seconds() - before) / count * 1e6


def measure_round(tree: ProcessTree, folder: Path, port: int, seconds: int) -> list[list[float]]:
    """Measure every case at both stages."""
    base = f"http://127.0.0.1:{port}/bench"
    return [
        [measure(tree, folder, number, f"{base}/{stage}/ratings/321{case.query}", seconds) for stage in STAGES]
        for number, case in enumerate(CASES)
    ]


def main() -> int:
    """Measure every case at both stages in every round, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=1, help="of load for each case and stage in each round")
    options = parser.parse_args()
    os.sched_setaffinity(0, {LOAD_CORE})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        tree = start(folder, port)
        try:
            rounds = [measure_round(tree, folder, port, options.seconds) for _ in range(options.rounds)]
        finally:
            tree.stop()
    print("| request | without, CPU µs | with ten rules | added | may add |\n| --- | --- | --- | --- | --- |")
    over = False
    for number, case in enumerate(CASES):
        free_, walled = (statistics.median(one[number][stage] for one in rounds) for stage in (0, 1))
        added = statistics.median(one[number][1] - one[number][0] for one in rounds)
        over |= added > BUDGET
        print(f"| {case.name} | {free_:.1f} | {walled:.1f} | {added:.1f} | {BUDGET:g} |")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
