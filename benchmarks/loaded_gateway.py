"""A gateway, started as users start it, on a core of its own, and wrk's load from another: its CPU time per request."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.gateway.process_tree import ProcessTree

GATEWAY_CORE, LOAD_CORE = 0, 1
INFERWAY: Final = Path(sys.executable).with_name("inferway")

METHOD: Final[dict[str, Any]] = {
    "responses": {"200": {"description": "ok"}},
    "x-amazon-apigateway-integration": {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": '{"ok": true}'}}},
    },
}
"""An operation that answers by itself, so that what is around it is most of what it costs."""


class LoadedGateway:
    """A running gateway at `host`; `folder` holds what it serves."""

    def __init__(self, tree: ProcessTree, host: str, folder: Path) -> None:
        self.host = host
        self.folder = folder
        self._tree = tree

    def cpu_per_request(self, url: str, options: list[str], seconds: int) -> float:
        """Ask as fast as it is answered, with wrk and these options; give microseconds of CPU (user and system).

        Raises RuntimeError where a request is answered with anything but success.
        """
        before = self._tree.cpu_seconds()
        command = ["taskset", "--cpu-list", str(LOAD_CORE), "wrk", "-t1", "-c16", f"-d{seconds}s", *options, url]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in printed or "Socket errors" in printed:
            raise RuntimeError(f"{url}: {printed}")
        count = int(printed.split(" requests in ")[0].split()[-1])
        return (self._tree.cpu_seconds() - before) / count * 1e6


@contextlib.contextmanager
def loaded_gateway(write: Callable[[Path], None], *probes: str) -> Iterator[LoadedGateway]:
    """Serve what `write` puts into a folder; the gateway is up once it answers at the paths of `probes`."""
    os.sched_setaffinity(0, {LOAD_CORE})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder)
        command = [str(INFERWAY), "run", str(folder), "--port", host.partition(":")[2]]
        tree = ProcessTree(command, core=GATEWAY_CORE, environment={}, log=folder / "log")
        try:
            _wait(tree, [f"http://{host}{path}" for path in probes])
            yield LoadedGateway(tree, host, folder)
        finally:
            tree.stop()


def _wait(tree: ProcessTree, urls: list[str]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and not tree.ended():
        with contextlib.suppress(OSError):
            for url in urls:
                urllib.request.urlopen(url, timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"the gateway did not start: {tree.output()}")
