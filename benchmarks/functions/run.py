"""Times functions and tables through their backends: `python benchmarks/functions/run.py`.

A warm invoke is one call of the Lambda backend: HTTP to the function server, the Runtime API to the handler process,
and back. The same backend against a bare uvicorn that answers at once is its floor. CPU is that of this process alone,
the gateway's share. Start is `FunctionServer.start`, whose end is a loaded handler. A table operation is one call of
the table backend, on a file whose commits are synced.
"""

from __future__ import annotations

import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop

from inferway.backends import aws_lambda, table
from inferway.backends.link import Link
from inferway.definition.targets import LambdaFunction, Table
from inferway.exchange import Call
from inferway.faults import Place
from inferway.serving.functions.function_server import FunctionServer
from inferway.serving.functions.options import FunctionOptions
from inferway.stores.tables.definition import simple_definition
from inferway.stores.tables.store import TableStore, sqlite_url
from inferway.transport.client import HttpClient

CALLS = 3000
STARTS = 5
NOWHERE = Place(file="benchmark")
HANDLER = "def handler(event, context): return event\n"
NODE_HANDLER = "exports.handler = async (event) => event\n"
FLOOR = """
import socket, sys, uvicorn
async def app(scope, receive, send):
    while (await receive()).get("more_body"): pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})
config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", http="httptools", loop="uvloop")
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""


async def measure(call: Callable[[], Awaitable[Any]], calls: int) -> tuple[float, float]:
    """Give the median of a call's time, and this process's CPU for each, in microseconds."""
    for _ in range(50):
        await call()
    times = []
    before = time.process_time()
    for _ in range(calls):
        began = time.perf_counter()
        await call()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6, (time.process_time() - before) / calls * 1e6


def show(name: str, figures: tuple[float, float]) -> None:
    print(f"{name:<46} {figures[0]:8.0f} µs {figures[1]:8.0f} µs CPU")


async def functions(folder: Path, client: HttpClient, runtime: str) -> None:
    (folder / "index.py").write_text(HANDLER)
    (folder / "index.js").write_text(NODE_HANDLER)
    options = FunctionOptions(path=folder, handler="index.handler", timeout=60.0, runtime=runtime)
    starts = []
    for _ in range(STARTS):
        server = FunctionServer("echo", options, lambda *_: None)
        began = time.perf_counter()
        await server.start()
        starts.append(time.perf_counter() - began)
        await server.stop()
    name = runtime or "python"
    print(f"{name}: start of a function {statistics.median(starts) * 1e3:.0f} ms")
    server = FunctionServer("echo", options, lambda *_: None)
    await server.start()
    pid = server.processes[0].pid
    try:
        link = Link(client=client, endpoints={}, urls={}, variables={}, functions={"echo": server.url})
        backend = aws_lambda.connect(LambdaFunction(name="echo", place=NOWHERE), link, 60.0)
        for size in (100, 10_000, 1_000_000):
            call = Call(method="POST", body=b'"' + b"x" * size + b'"')

            async def invoke(call: Call = call) -> None:
                reply = await backend.invoke(call)  # type: ignore[misc]  # a connected backend is awaited
                assert reply.status == 200

            show(f"{name}: warm invoke, {size} bytes", await measure(invoke, CALLS if size < 100_000 else CALLS // 20))
        print(f"{name}: memory", memory(pid))
    finally:
        await server.stop()


def memory(pid: int) -> str:
    """Say how many MiB a function server and its handler process hold."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    page = resource.getpagesize()
    sizes = [int(Path(f"/proc/{one}/statm").read_text().split()[1]) * page / 2**20 for one in (pid, *children)]
    return f"{sizes[0]:.0f} MiB for the function server, {sizes[1]:.0f} MiB for its handler process"


async def floor(client: HttpClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        argv = [sys.executable, "-c", FLOOR, str(listener.fileno())]
        with subprocess.Popen(argv, pass_fds=[listener.fileno()]) as process:  # noqa: ASYNC220 - nothing else runs
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            link = Link(client=client, endpoints={}, urls={}, variables={}, functions={"echo": url})
            backend = aws_lambda.connect(LambdaFunction(name="echo", place=NOWHERE), link, 60.0)
            call = Call(method="POST", body=b'"' + b"x" * 100 + b'"')

            async def invoke() -> None:
                reply = await backend.invoke(call)  # type: ignore[misc]  # a connected backend is awaited
                assert reply.status == 200

            show("a uvicorn that answers at once", await measure(invoke, CALLS))
            process.terminate()


async def tables(folder: Path, client: HttpClient) -> None:
    store = TableStore(sqlite_url(folder / "tables.db"))
    await store.open([simple_definition("models", "id")])
    link = Link(client=client, endpoints={}, urls={}, variables={}, tables={"models": store})
    backend = table.connect(Table(name="models", place=NOWHERE), link, 60.0)
    key = b'"Key":{"id":{"S":"m1"}}'
    update = b'"UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":"1"}}'
    requests = {
        "PutItem": b'{"Item":{"id":{"S":"m1"},"metric":{"N":"0.97"}}}',
        "GetItem": b"{%b}" % key,
        "UpdateItem": b"{%b,%b}" % (key, update),
        "Query": b'{"KeyConditionExpression":"id = :i","ExpressionAttributeValues":{":i":{"S":"m1"}}}',
    }
    for operation, body in requests.items():
        headers = [(b"x-amz-target", b"DynamoDB_20120810." + operation.encode())]
        call = Call(method="POST", headers=headers, body=body)

        async def invoke(call: Call = call) -> None:
            reply = await backend.invoke(call)  # type: ignore[misc]  # a connected backend is awaited
            assert reply.status == 200

        show(operation, await measure(invoke, CALLS // 3))
    await store.close()


def cost_of_import(module: str) -> str:
    """Say what importing a module costs a process that has everything else of a gateway."""
    code = (
        "import inferway.app.application, time; from pathlib import Path\n"
        "size = lambda: int(Path('/proc/self/statm').read_text().split()[1]) * 4 / 1024\n"
        "before, began = size(), time.perf_counter()\n"
        f"import {module}\n"
        "print(f'{size() - before:.0f} MiB, {(time.perf_counter() - began) * 1e3:.0f} ms')"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


async def main() -> None:
    client = HttpClient()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for runtime in ("", "nodejs20.x"):
            await functions(folder, client, runtime)
        await floor(client)
        await tables(folder, client)
    await client.aclose(0)
    print("import of the table store", cost_of_import("inferway.stores.tables.store"))


if __name__ == "__main__":
    uvloop.run(main())
