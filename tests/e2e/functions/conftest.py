"""A function served for real, and a client that speaks the Invoke API."""

import asyncio
import base64
import http.client
import json
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from inferway.serving.functions.function_server import FunctionServer
from inferway.serving.functions.options import FunctionOptions

PATIENCE = 30.0


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def failed(self) -> bool:
        return self.headers.get("x-amz-function-error") == "Unhandled"

    @property
    def log(self) -> str:
        return base64.b64decode(self.headers["x-amz-log-result"]).decode()


class Function:
    """A started function with its folder and what it has logged."""

    def __init__(self, server: FunctionServer, folder: Path, lines: list[tuple[str, str]]) -> None:
        self.server = server
        self.folder = folder
        self.lines = lines

    def ask(self, body: bytes, path: str = "", method: str = "POST", **headers: str) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=PATIENCE)
        path = path or f"/2015-03-31/functions/{self.server.name}/invocations"
        with closing(connection):
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())

    async def invoke(self, event: Any = None, **headers: str) -> Answer:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        return await asyncio.to_thread(self.ask, body, **headers)

    async def logged(self, text: str) -> str:
        """Wait until a line with a text was logged, and give it."""
        await until(lambda: any(text in line for _, line in self.lines))
        return next(line for _, line in self.lines if text in line)


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


Serving = Callable[..., AbstractAsyncContextManager[Function]]


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object]], Any]:
    return until


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    """Give a context that serves code, or several files, as the function `greeter`, its handler `index.handler`."""

    @asynccontextmanager
    async def serve(code: str | dict[str, str], /, name: str = "greeter", **options: Any) -> AsyncIterator[Function]:
        folder = tmp_path / "function"
        folder.mkdir(exist_ok=True)
        for file, text in ({"index.py": code} if isinstance(code, str) else code).items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(textwrap.dedent(text), encoding="utf-8")
            (folder / file).chmod(0o755)
        lines: list[tuple[str, str]] = []
        settings = FunctionOptions(**{"path": folder, "handler": "index.handler", "grace": 5.0, **options})
        server = FunctionServer(name, settings, lambda who, line: lines.append((who, line)))
        await server.start()
        try:
            yield Function(server, folder, lines)
        finally:
            await server.stop()

    return serve
