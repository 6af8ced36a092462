"""The process of one function server: `python -m inferway.serving.functions.process`, its settings in the environment.

It listens once the first handler process has loaded the handler, so whatever answers is ready, or once that has failed:
on the service such a function is there too, and each of its events fails.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import uvicorn
import uvloop

from inferway.serving.asgi import server
from inferway.serving.contract import BAD_FOLDER
from inferway.serving.functions.events import Events
from inferway.serving.functions.handler_process import InitError
from inferway.serving.functions.invoke_api import InvokeApi
from inferway.serving.functions.log_gate import LogGate
from inferway.serving.functions.options import FunctionSettings
from inferway.serving.functions.pool import Pool
from inferway.serving.ports import bind

SETTINGS: Final = "INFERWAY_FUNCTION"


def encode_settings(settings: FunctionSettings) -> str:
    """Give settings as the environment variable SETTINGS holds them."""
    return msgspec.json.encode(settings, enc_hook=str).decode()


def _decode_settings(text: str) -> FunctionSettings:
    return msgspec.json.decode(text, type=FunctionSettings, dec_hook=_path)


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)


async def _serve(settings: FunctionSettings, port: int) -> int:
    options = settings.options
    try:
        sock = bind(options.host, port, shared=True)
    except OSError as error:
        return _give_up(f"cannot bind {options.host}:{port}: {error.strerror}", 1)
    log = LogGate(_write)
    pool = Pool(settings, log.pass_on)
    events = Events(pool)
    with contextlib.closing(sock):
        try:
            await pool.start()
        except InitError as error:
            if error.is_hopeless:
                return _give_up(str(error), BAD_FOLDER)
            _write(f"[ERROR] {error}; every event loads the handler anew, and gets this error until it can be loaded")
        except OSError as error:
            return _give_up(f"the handler's process cannot be started: {error}", 1)
        http = server(InvokeApi(settings, pool, events), options.grace)
        _end_with_sigterm(http)
        try:
            await http.serve(sockets=[sock])
        finally:
            await events.close()
            await pool.close()
            log.close()
    return 0


def _end_with_sigterm(http: uvicorn.Server) -> None:
    """Take over uvicorn's signals, after which it would end this process before its handler processes have ended."""

    def stop() -> None:
        http.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    http.capture_signals = _no_signals  # type: ignore[method-assign]  # uvicorn has no option for it


@contextlib.contextmanager
def _no_signals() -> Iterator[None]:
    yield


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _give_up(text: str, code: int) -> int:
    sys.stderr.write(f"{text}\n")
    return code


def main() -> int:
    """Serve until SIGTERM; give BAD_FOLDER or 1, with a line that says why, where no process can be started."""
    text = os.environ.pop(SETTINGS)
    return uvloop.run(_serve(_decode_settings(text), int(os.environ["PORT"])))


if __name__ == "__main__":
    sys.exit(main())
