"""The process that serves one model folder: `python -m inferway.serving.container FOLDER`.

GET /ping and POST /invocations on port SAGEMAKER_BIND_TO_PORT, as SageMaker asks of a container
(https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html). It listens once model_fn has
returned, so whatever answers is ready.
"""

import argparse
import asyncio
import contextlib
import faulthandler
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import uvicorn

from inferway.serving.contract import BAD_FOLDER, BODY_LIMIT, PROCESS_HEADER
from inferway.serving.folder import ModelFolderError
from inferway.serving.formats import InvocationError
from inferway.serving.ports import bind
from inferway.serving.script import Invocation, Reply, Script

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_QUEUE: Final = 100  # Multi Model Server's job_queue_size; a full queue answers 503 there too
_PATIENCE: Final = 4 * BODY_LIMIT  # bytes of a body too long that are read, since a caller who writes does not listen
_KEEP_ALIVE: Final = 300  # seconds; longer than a gateway's pool keeps a connection, so that the pool closes it first
_DRAIN: Final = 25  # seconds for requests under way after SIGTERM; SageMaker sends SIGKILL after 30


class Container:
    """The ASGI application: one model, `threads` predictions at a time, a bounded queue of others."""

    def __init__(self, script: Script, threads: int) -> None:
        self._script = script
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="predict")
        self._room = threads + _QUEUE
        self._process = ((PROCESS_HEADER, str(os.getpid()).encode()),)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        route = (scope["path"], scope["method"])
        if route == ("/invocations", "POST"):
            try:
                reply = await self._invoke(scope, receive)
            except InvocationError as error:
                await _send_error(send, error.status, str(error))
            except _GoneError:
                return
            else:
                headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
                await _send(send, reply.status, reply.content_type, reply.body, headers)
        elif route == ("/ping", "GET"):
            await _send(send, 200, "application/json", b"", self._process)
        elif scope["path"] in {"/ping", "/invocations"}:
            await _send_error(send, 405, f"{scope['path']} has no method {scope['method']}")
        else:
            await _send_error(send, 404, "there are GET /ping and POST /invocations")

    async def _invoke(self, scope: Mapping[str, Any], receive: Receive) -> Reply:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        body = await _read(receive, int(headers.get("content-length", "0")))
        if not self._room:
            raise InvocationError(503, "too many requests are waiting for this model")
        self._room -= 1
        try:
            invocation = Invocation(body=body, headers=headers)
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._script.reply, invocation)
        finally:
            self._room += 1


class _GoneError(Exception):
    """The caller went away before its request was read."""


async def _read(receive: Receive, announced: int) -> bytes:
    """Give the whole body; raises InvocationError 413, once it has read on for the caller to be able to hear it."""
    parts: list[bytes] = []
    received = 0
    more = announced <= _PATIENCE
    while more and received <= _PATIENCE:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        part = message.get("body", b"")
        received += len(part)
        if received <= BODY_LIMIT:
            parts.append(part)
        more = message.get("more_body", False)
    if max(announced, received) > BODY_LIMIT:
        raise InvocationError(413, f"a request body may have {BODY_LIMIT} bytes")
    return b"".join(parts)


async def _send_error(send: Send, status: int, text: str) -> None:
    await _send(send, status, "application/json", json.dumps({"error": text}).encode(), ())


async def _send(
    send: Send, status: int, content_type: str, body: bytes, headers: list[tuple[bytes, bytes]] | tuple[Any, ...]
) -> None:
    own = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": body})


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM; give BAD_FOLDER, or 1 for a model or a port that failed, with a line that says why."""
    parser = argparse.ArgumentParser(prog="python -m inferway.serving.container", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--threads", type=int, default=1, help="predictions at a time; more than 1 needs a safe script")
    parser.add_argument("--shared-port", action="store_true", help="bind a port that the parent process has reserved")
    options = parser.parse_args(arguments)
    faulthandler.enable()
    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    try:
        sock = bind(options.host, port, shared=options.shared_port)
    except OSError as error:
        return _give_up(f"cannot bind {options.host}:{port}: {error.strerror}", 1)
    with contextlib.closing(sock):
        try:
            script = Script(options.folder.resolve())
        except ModelFolderError as error:
            return _give_up(str(error), BAD_FOLDER)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a model_fn may raise anything
            traceback.print_exception(error)
            return _give_up(f"model_fn: {type(error).__name__}: {error}", 1)
        _server(Container(script, options.threads)).run(sockets=[sock])
    return 0


def _server(app: Container) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            http="httptools",
            loop="uvloop",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=_DRAIN,
        )
    )


def _give_up(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
