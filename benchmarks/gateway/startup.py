"""Measures how soon Inferway is ready, and its memory then: `python benchmarks/gateway/startup.py [FOLDER]`."""

import argparse
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

# Run as a script, only this file's own folder is on the path; the imports below start at the project's root.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.gateway.answers import START_TIMEOUT, WrongAnswer
from benchmarks.gateway.candidates import HERE, INFERWAY, RUN, MissingPeer, check_installed
from benchmarks.gateway.process_tree import ProcessTree

_LOOK_EVERY = 0.001


@dataclass(frozen=True, kw_only=True, slots=True)
class Startup:
    """One start: seconds until the line that says ready, and MB of memory then."""

    seconds: float
    pss: float
    rss: float


def measure_startup(folder: Path) -> Startup:
    """Start the gateway on a free port, wait for its `--json` line, read its memory, stop it."""
    RUN.mkdir(exist_ok=True)
    log = RUN / "startup.log"
    # An installed package has its bytecode; this one's may never have been written, so it gets a place for it.
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(RUN / "bytecode")}
    environment = {"MODEL_URL": "http://127.0.0.1:9", **bytecode}
    began = time.perf_counter()
    tree = ProcessTree(
        [INFERWAY, "run", str(folder), "--json", "--port", "0"], core=0, environment=environment, log=log
    )
    try:
        while '"url"' not in tree.output():
            if tree.ended() or time.perf_counter() - began > START_TIMEOUT:
                raise WrongAnswer(f"inferway did not get ready:\n{tree.output()}")
            time.sleep(_LOOK_EVERY)
        seconds = time.perf_counter() - began
        return Startup(seconds=seconds, pss=tree.memory("Pss"), rss=tree.memory("Rss"))
    finally:
        tree.stop()


def main() -> int:
    """Print the medians of some starts. One before them writes the bytecode and does not count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "movies")
    options = parser.parse_args()
    try:
        check_installed(["inferway"])
        measure_startup(options.folder)
        starts = [measure_startup(options.folder) for _ in range(options.runs)]
    except (MissingPeer, WrongAnswer) as error:
        print(error, file=sys.stderr)
        return 1
    for heading, values in (
        ("ready after, ms", [one.seconds * 1e3 for one in starts]),
        ("PSS, MB", [one.pss for one in starts]),
        ("RSS, MB", [one.rss for one in starts]),
    ):
        print(f"{heading:16} {statistics.median(values):7.1f}   ({min(values):.1f} to {max(values):.1f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
