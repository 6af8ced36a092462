"""Measures what a web ACL of ten rules adds to a request: `python benchmarks/waf/run.py`.

One gateway, started as users start it, on a core of its own, serves one API of a MOCK method at two stages, one of them
behind the ACL. The load is wrk's on another core. A figure is the CPU time (user and system) of the gateway's processes
per request; what the ACL adds is its stage's figure less the other's, in the same round of the same run.
"""

import argparse
import json
import shutil
import statistics
import sys
from pathlib import Path
from typing import Final, NamedTuple

# Run as a script, only this file's own folder is on the path; the imports below start at the project's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.loaded_gateway import METHOD, LoadedGateway, loaded_gateway

HERE: Final = Path(__file__).resolve().parent
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


def write(folder: Path) -> None:
    """Put the API, its list and bindings, and wrk's scripts into a folder."""
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


def measure(gateway: LoadedGateway, number: int, stage: str, seconds: int) -> float:
    """Give the CPU time per request in microseconds."""
    url = f"http://{gateway.host}/bench/{stage}/ratings/321{CASES[number].query}"
    return gateway.cpu_per_request(url, ["-s", str(gateway.folder / f"{number}.lua")], seconds)


def measure_round(gateway: LoadedGateway, seconds: int) -> list[list[float]]:
    """Measure every case at both stages."""
    return [[measure(gateway, number, stage, seconds) for stage in STAGES] for number in range(len(CASES))]


def main() -> int:
    """Measure every case at both stages in every round, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=1, help="of load for each case and stage in each round")
    options = parser.parse_args()
    probes = [f"/bench/{stage}/ratings/321" for stage in STAGES]
    with loaded_gateway(write, *probes) as gateway:
        rounds = [measure_round(gateway, options.seconds) for _ in range(options.rounds)]
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
