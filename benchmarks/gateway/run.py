"""Measures the movie request through Inferway and its peers: `python benchmarks/gateway/run.py`."""

import argparse
import fcntl
import os
import signal
import statistics
import sys
from pathlib import Path

# Run as a script, only this file's own folder is on the path; the imports below start at the project's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.gateway.answers import WrongAnswer, check_answers
from benchmarks.gateway.candidates import CANDIDATES, MODEL, RUN, MissingPeer, check_installed
from benchmarks.gateway.load import Latency, measure_latency, saturate
from benchmarks.gateway.process_tree import ProcessTree
from benchmarks.gateway.table import Measurement, Round, render
from benchmarks.gateway.workspace import Workspace, make_workspace

GATEWAY_CORE, LOAD_CORE = 0, 1
WARM_UP = LATENCY_SECONDS = 2


def start(name: str, workspace: Workspace) -> ProcessTree:
    """Start one candidate on the gateway's core."""
    candidate = CANDIDATES[name]
    environment = {key: workspace.fill(value) for key, value in candidate.environment.items()}
    command = workspace.command(name, candidate)
    return ProcessTree(command, core=GATEWAY_CORE, environment=environment, log=workspace.log(name))


def measure(name: str, workspace: Workspace, seconds: int) -> Measurement:
    """Start, check, warm up, load and stop one candidate."""
    port = workspace.ports[name]
    tree = start(name, workspace)
    try:
        check_answers(name, CANDIDATES[name], tree, port)
        saturate(port, WARM_UP)
        before = tree.cpu_seconds()
        counted = saturate(port, seconds)
        spent = tree.cpu_seconds() - before
        megabytes = tree.memory("Pss")
        latency = measure_latency(port, LATENCY_SECONDS)
    finally:
        tree.stop()
    microseconds = spent / counted.requests * 1e6
    return Measurement(microseconds=microseconds, megabytes=megabytes, latency=latency, failed=counted.failed)


def measure_rounds(names: list[str], rounds: int, seconds: int) -> tuple[list[Round], list[Latency]]:
    """Measure every candidate once in every round, beside one model server; and that server alone, for its latency."""
    workspace = make_workspace([MODEL, *names])
    command = ["nginx", "-e", "stderr", "-c", workspace.fill("@peers@/model.conf")]
    model = ProcessTree(command, core=LOAD_CORE, environment={}, log=workspace.log(MODEL))
    results: list[Round] = []
    direct: list[Latency] = []
    try:
        for number in range(1, rounds + 1):
            measured: dict[str, Measurement] = {}
            for name in names:
                measured[name] = one = measure(name, workspace, seconds)
                failed = f", {one.failed} FAILED" if one.failed else ""
                print(f"round {number}: {name} {one.microseconds:.1f} µs{failed}", file=sys.stderr, flush=True)
            results.append(measured)
            direct.append(measure_latency(workspace.ports[MODEL], LATENCY_SECONDS))
    finally:
        model.stop()
    return results, direct


def main() -> int:
    """Read the arguments, run, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of load for each candidate in each round")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"among {', '.join(CANDIDATES)}; all by default")
    options = parser.parse_args()
    names = list(dict.fromkeys(options.names or CANDIDATES))
    unknown = [name for name in names if name not in CANDIDATES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(CANDIDATES)}")
    os.sched_setaffinity(0, {LOAD_CORE})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was started is stopped
    RUN.mkdir(exist_ok=True)
    try:
        check_installed(names)
        with (RUN / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            rounds, direct = measure_rounds(names, options.rounds, options.seconds)
    except BlockingIOError:
        print("another run is under way; two at once would spoil both", file=sys.stderr)
        return 1
    except (MissingPeer, WrongAnswer) as error:
        print(error, file=sys.stderr)
        return 1
    print(render(rounds, names))
    failed = {name: sum(each[name].failed for each in rounds) for name in names}
    if any(failed.values()):
        print("\nfailed requests:", ", ".join(f"{name} {count}" for name, count in failed.items() if count))
    p50, p99 = statistics.median(one.p50 for one in direct), statistics.median(one.p99 for one in direct)
    print(f"\nLatency at 1,000 requests/s; straight to the model server: p50 {p50:.0f} µs, p99 {p99:.0f} µs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
