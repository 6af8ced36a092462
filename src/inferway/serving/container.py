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
from collections.abc import Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from inferway.serving.asgi import BodyTooLongError, GoneError, Receive, Send, read_body, send_response, server
from inferway.serving.contract import BAD_FOLDER, BODY_LIMIT, PROCESS_HEADER
from inferway.serving.folder import ModelFolderError
from inferway.serving.formats import InvocationError
from inferway.serving.ports import bind
from inferway.serving.script import Invocation, Reply, Script

_QUEUE: Final = 100  # Multi Model Server's job_queue_size; a full queue answers 503 there too
_DRAIN: Final = 25  # seconds for requests under way after SIGTERM; SageMaker sends SIGKILL after 30


class Container:
    """The ASGI application: one model, `threads` predictions at a time, a bounded queue of others."""

    def __init__(self, script: Script, threads: int) -> None:
        self._script = script
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="predict")
        self._room = threads + _QUEUE
        self._process = [(PROCESS_HEADER, str(os.getpid()).encode())]

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        route = (scope["path"], scope["method"])
        if route == ("/invocations", "POST"):
            try:
                reply = await self._invoke(scope, receive)
            except InvocationError as error:
                await _send_error(send, error.status, str(error))
            except GoneError:
                return
            else:
                headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
                await send_response(send, reply.status, reply.content_type, reply.body, headers)
        elif route == ("/ping", "GET"):
            await send_response(send, 200, "application/json", b"", self._process)
        elif scope["path"] in {"/ping", "/invocations"}:
            await _send_error(send, 405, f"{scope['path']} has no method {scope['method']}")
        else:
            await _send_error(send, 404, "there are GET /ping and POST /invocations")

    async def _invoke(self, scope: Mapping[str, Any], receive: Receive) -> Reply:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            body = await read_body(receive, int(headers.get("content-length", "0")), BODY_LIMIT)
        except BodyTooLongError:
            raise InvocationError(413, f"a request body may have {BODY_LIMIT} bytes") from None
        if not self._room:
            raise InvocationError(503, "too many requests are waiting for this model")
        self._room -= 1
        try:
            invocation = Invocation(body=body, headers=headers)
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._script.reply, invocation)
        finally:
            self._room += 1


async def _send_error(send: Send, status: int, text: str) -> None:
    await send_response(send, status, "application/json", json.dumps({"error": text}).encode())


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
        server(Container(script, options.threads), _DRAIN).run(sockets=[sock])
    return 0


def _give_up(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
