"""Compares a warm invoke with another commit's, in turns: `python benchmarks/functions/compare.py COMMIT`.

Each turn is a process of its own that starts a function server, as `run.py` does, with the sources of one of the two.
The figure is the ratio of the least of the turns' medians, which what else the machine does disturbs least.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TURNS = 5
ROOT = Path(__file__).resolve().parents[2]
TURN = """
import json, os, statistics, sys, tempfile, time
from pathlib import Path
import uvloop
from inferway.backends import aws_lambda
from inferway.backends.link import Link
from inferway.definition.targets import LambdaFunction
from inferway.exchange import Call
from inferway.faults import Place
from inferway.serving.functions import function_server
from inferway.serving.functions.options import FunctionOptions
from inferway.transport.client import HttpClient

passed_on = function_server.passed_on
function_server.passed_on = lambda: {**passed_on(), "PYTHONPATH": os.environ["PYTHONPATH"]}

async def main():
    client = HttpClient()
    figures = {}
    with tempfile.TemporaryDirectory() as name:
        Path(name, "index.py").write_text("def handler(event, context): return event\\n")
        options = FunctionOptions(path=Path(name), handler="index.handler", timeout=60.0)
        server = function_server.FunctionServer("echo", options, lambda *_: None)
        await server.start()
        link = Link(client=client, endpoints={}, urls={}, variables={}, functions={"echo": server.url})
        backend = aws_lambda.connect(LambdaFunction(name="echo", place=Place(file="x")), link, 60.0)
        for size, calls in ((100, 3000), (10_000, 1500), (1_000_000, 100)):
            call = Call(method="POST", body=b'"' + b"x" * size + b'"')
            times = []
            for number in range(50 + calls):
                began = time.perf_counter()
                reply = await backend.invoke(call)
                times.append(time.perf_counter() - began)
                assert reply.status == 200
            figures[str(size)] = statistics.median(times[50:]) * 1e6
        await server.stop()
    await client.aclose(0)
    print(json.dumps(figures))

uvloop.run(main())
"""


def turn(source: Path) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(source)}
    done = subprocess.run([sys.executable, "-c", TURN], env=environment, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def main(commit: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name, "tree")
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--detach", "--quiet", str(tree), commit], check=True)
        try:
            turns = [(turn(tree / "src"), turn(ROOT / "src")) for _ in range(TURNS)]
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)
    for size in turns[0][0]:
        before = min(one[size] for one, _ in turns)
        after = min(two[size] for _, two in turns)
        print(f"warm invoke, {size:>7} bytes {before:8.0f} µs before {after:8.0f} µs after {after / before:6.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
