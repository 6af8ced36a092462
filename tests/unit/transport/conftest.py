"""Servers that misbehave on purpose, loops that tolerate no leftovers, and certificates."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import uvloop

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on each kind of loop; a task left over or an error nobody handled fails the test."""

    def run_it(coroutine: Coroutine[Any, Any, Any]) -> Any:
        unhandled: list[dict[str, Any]] = []

        async def main() -> Any:
            asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
            result = await coroutine
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            return result

        with asyncio.Runner(loop_factory=request.param) as runner:
            result = runner.run(main())
        assert unhandled == []
        return result

    return run_it


class Server:
    """Runs a script for each connection, and counts them."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        self.accepted = 0
        self.open = 0
        self._idle = asyncio.Event()
        self.connected = asyncio.Event()

    def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self.open += 1
        self.connected.set()
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._script(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away, as some tests want
        finally:
            self.open -= 1
            if not self.open:
                self._idle.set()
            writer.close()

    async def until_idle(self) -> None:
        """Wait until no connection is open at the server's end."""
        async with asyncio.timeout(10):
            while self.open:  # another may have come since
                self._idle.clear()
                await self._idle.wait()

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.fixture
def serve() -> Callable[..., Any]:
    """`async with serve(script) as server`: a raw server on a loopback port; `tls` makes it speak TLS."""

    @asynccontextmanager
    async def serving(
        script: Script, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", path: str = ""
    ) -> AsyncIterator[Server]:
        server = Server(script)
        if path:
            listener = await asyncio.start_unix_server(server, path)
            server.url = f"unix://{path}"
        else:
            listener = await asyncio.start_server(server, host, 0, ssl=tls)
            port = listener.sockets[0].getsockname()[1]
            shown = f"[{host}]" if ":" in host else host
            server.url = f"{'https' if tls else 'http'}://{shown}:{port}"
        try:
            yield server
        finally:
            listener.close()
            await server.stop()

    return serving


@pytest.fixture
def read_request() -> Callable[[asyncio.StreamReader], Awaitable[tuple[bytes, bytes]]]:
    """Read one request as (head, body)."""

    async def read(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return head, await reader.readexactly(length)

    return read


@pytest.fixture
def answer(read_request: Callable[..., Awaitable[tuple[bytes, bytes]]]) -> Callable[..., Script]:
    """Build a script that answers each request with these bytes, one after another, and then waits for the next."""

    def script(*replies: bytes, then_close: bool = False) -> Script:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for reply in replies:
                await read_request(reader)
                writer.write(reply)
                await writer.drain()
            if not then_close:
                await reader.read()

        return handle

    return script


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    writer.transport.abort()


@pytest.fixture(name="reset")
def reset_fixture() -> Callable[[asyncio.StreamWriter], None]:
    """Close a connection with RST."""
    return reset


@pytest.fixture
def blackhole() -> Iterator[str]:
    """A port on which a connection is never established: its accept queue is full and nobody accepts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.settimeout(0)
            filler.connect_ex(listener.getsockname())
            fillers.append(filler)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for filler in fillers:
            filler.close()


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A certificate authority, what it signed, and a certificate that signed itself."""
    if shutil.which("openssl") is None:
        pytest.fail("the openssl command is missing; on Debian: apt-get install openssl")
    folder = tmp_path_factory.mktemp("certificates")
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    authority = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    _openssl("req", "-x509", *new_key, "-keyout", str(ca_key), "-out", str(ca), "-subj", "/CN=test CA", *authority)

    def sign(name: str, subject_names: str, *validity: str) -> Path:
        key, request, chain = folder / f"{name}.key", folder / f"{name}.csr", folder / f"{name}.pem"
        extensions = folder / f"{name}.ext"
        names = f"subjectAltName={subject_names}\n" if subject_names else ""
        extensions.write_text(f"{names}authorityKeyIdentifier=keyid\n")
        _openssl("req", *new_key, "-keyout", str(key), "-out", str(request), "-subj", f"/CN={name}")
        by = ("-CA", str(ca), "-CAkey", str(ca_key), "-CAcreateserial", "-extfile", str(extensions))
        _openssl("x509", "-req", "-in", str(request), "-out", str(chain), *by, *validity)
        chain.write_bytes(chain.read_bytes() + key.read_bytes())
        return chain

    self_signed, own_key = folder / "self.pem", folder / "self.key"
    own = ("-subj", "/CN=self", "-addext", "subjectAltName=IP:127.0.0.1")
    _openssl("req", "-x509", *new_key, "-keyout", str(own_key), "-out", str(self_signed), *own)
    self_signed.write_bytes(self_signed.read_bytes() + own_key.read_bytes())
    return SimpleNamespace(
        ca=ca,
        good=sign("good", "IP:127.0.0.1,DNS:model.test", "-days", "2"),
        wrong_host=sign("wrong", "DNS:elsewhere.test", "-days", "2"),
        wild=sign("wild", "DNS:*.model.test", "-days", "2"),
        nameless=sign("nameless", "", "-days", "2"),
        expired=sign("expired", "IP:127.0.0.1", "-days", "-1"),
        client=sign("client", "DNS:client.test", "-days", "2"),
        self_signed=self_signed,
    )
