"""Model servers in this process that say who they are, and an endpoint in front of them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.backends.endpoints.endpoint import Endpoint
from inferway.backends.endpoints.json_lines import JsonLines
from inferway.definition.endpoints import ServedEndpoint
from inferway.exchange import Call, Reply
from inferway.faults import Fault
from inferway.transport.client import HttpClient

Answer = Callable[[str, dict[str, str], bytes], Awaitable[tuple[int, dict[str, str], bytes] | None]]
"""Takes path, headers and body; gives status, headers and body, None to break the connection off."""


class Model:
    """A model server: `seen` has the paths, headers and bodies that it got, `answer` what it says."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.url = ""
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Answer = self.well
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def well(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        return 200, {"content-type": "application/json"}, json.dumps({"model": self.name}).encode()

    async def start(self) -> None:
        port = int(self.url.rpartition(":")[2]) if self.url else 0
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            serving = list(self._serving)
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while await self._answer_one(reader, writer):
                    pass
        finally:
            self._serving.discard(task)
            writer.close()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        path = first.split()[1]
        self.seen.append((path, headers, body))
        answered = await self.answer(path, headers, body)
        if answered is None:
            return False
        status, given, answer = answered
        head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{head}content-length: {len(answer)}\r\n\r\n".encode() + answer)
        await writer.drain()
        return True


class Scene:
    """Models by name, and what an endpoint is made with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.client = HttpClient()
        self.writer = JsonLines()
        self.models: dict[str, Model] = {}
        self.endpoints: list[Endpoint] = []

    async def model(self, name: str) -> Model:
        made = self.models[name] = Model(name)
        await made.start()
        return made

    def endpoint(self, settings: ServedEndpoint) -> Endpoint:
        made = Endpoint(settings, self.client, self.locate, self.writer)
        self.endpoints.append(made)
        made.start()
        return made

    def locate(self, place: str) -> Path:
        return self.folder / place.removeprefix("s3://")

    async def close(self) -> None:
        for endpoint in self.endpoints:
            await endpoint.stop()
        await self.client.aclose(grace=0.1)
        await asyncio.gather(*(model.stop() for model in self.models.values()))
        self.writer.close()


@contextlib.asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    made = Scene(folder)
    try:
        async with asyncio.timeout(30):
            yield made
    finally:
        await made.close()
    # What ends with its connection ends in the loop's next rounds.
    for _ in range(1000):
        if len(asyncio.all_tasks()) == 1:
            break
        await asyncio.sleep(0.01)
    assert len(asyncio.all_tasks()) == 1


Play = Callable[[Callable[[Scene], Awaitable[Any]]], Any]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Runs a test's coroutine in a scene, and sees that it leaves no task behind."""

    def run(work: Callable[[Scene], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            async with scene(tmp_path) as made:
                return await work(made)

        return asyncio.run(main())

    return run


async def ask(endpoint: Endpoint, body: bytes = b"{}", seconds: float = 60.0, **headers: str) -> Reply | Fault:
    """Call an endpoint; a header's name is given with _ for -, without its prefix."""
    pairs = [(b"content-type", b"application/json")]
    pairs += [
        (f"x-amzn-sagemaker-{name.replace('_', '-')}".encode(), value.encode("latin-1"))
        for name, value in headers.items()
    ]
    return await endpoint.invoke(Call(method="POST", headers=pairs, body=body), seconds)


@pytest.fixture(name="ask")
def _ask() -> Callable[..., Awaitable[Reply | Fault]]:
    return ask
