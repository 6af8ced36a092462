"""Runs one Python handler, an event at a time: `PYTHON bootstrap.py DESCRIPTOR HANDLER`.

It uses nothing but the standard library, for `PYTHON` may be an interpreter that has nothing of ours. Events come and
results go over the socket DESCRIPTOR: two lengths of four bytes, a JSON head and a body. Error documents have the
shape of Lambda's Python runtime (https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html).
"""

import contextlib
import datetime as dt
import decimal
import faulthandler
import importlib
import json
import logging
import os
import socket
import struct
import sys
import time
import traceback
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

LENGTHS = struct.Struct("!II")
MAX_RESULT = 6_291_556
OWN_FILE = __file__
# From Python 3.12 on the service leaves characters as they are (Lambda guide, "Building with Python", response format).
ESCAPED = sys.version_info < (3, 12)


class Channel:
    """The socket to the function server."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._socket.set_inheritable(False)
        self._owner = os.getpid()

    def send(self, head: dict[str, Any], body: bytes = b"") -> None:
        """Send a message; a process that a handler has forked has none to send, and ends."""
        if os.getpid() != self._owner:
            os._exit(0)
        encoded = json.dumps(head).encode()
        self._socket.sendall(LENGTHS.pack(len(encoded), len(body)) + encoded + body)

    def receive(self) -> tuple[dict[str, Any], bytes]:
        """Wait for a message; the process ends when the function server is gone."""
        head_length, body_length = LENGTHS.unpack(self._read(LENGTHS.size))
        head = json.loads(self._read(head_length))
        return head, self._read(body_length)

    def _read(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            piece = self._socket.recv(min(size - len(data), 1 << 20))
            if not piece:
                os._exit(0)
            data += piece
        return bytes(data)


class LoadError(Exception):
    """A handler that cannot be loaded: the runtime's name for it, and its text."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class Context:
    """What a handler knows of its invocation (https://docs.aws.amazon.com/lambda/latest/dg/python-context.html)."""

    def __init__(self, head: dict[str, Any]) -> None:
        self.aws_request_id = head["id"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.invoked_function_arn = head["arn"]
        self.identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)
        self.client_context = _client_context(head.get("client_context"))
        self._deadline = head["deadline"]

    def get_remaining_time_in_millis(self) -> int:
        """Give the milliseconds that are left until the function's time limit."""
        return max(0, int(self._deadline * 1000 - time.time() * 1000))

    def log(self, message: object) -> None:
        """Write to the function's log."""
        sys.stdout.write(str(message))


def _client_context(given: Any) -> Any:
    if not isinstance(given, dict):
        return None
    client = given.get("client") or {}
    names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")
    return SimpleNamespace(
        custom=given.get("custom"),
        env=given.get("env"),
        client=SimpleNamespace(**{name: client.get(name) for name in names}),
    )


class LogHandler(logging.Handler):
    """The root logger's handler: the level, the time, the request and the message, with tabs between.

    https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html shows the form.
    """

    def __init__(self) -> None:
        super().__init__()
        self.request_id = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record to standard output."""
        moment = dt.datetime.fromtimestamp(record.created, dt.timezone.utc)  # noqa: UP017 - for Python 3.9
        stamp = moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(record.msecs):03d}Z"
        try:
            sys.stdout.write(f"[{record.levelname}]\t{stamp}\t{self.request_id}\t{self.format(record)}\n")
        except Exception:  # noqa: BLE001 - logging's own rule: a log line that cannot be written must not end a program
            self.handleError(record)


def load(name: str) -> Callable[[Any, Context], Any]:
    """Import `module.function` or `folder/module.function`; raises LoadError, and whatever the module itself raises."""
    module_path, dot, function = name.rpartition(".")
    if not dot:
        raise LoadError("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack")
    module_name = module_path.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        traceback.print_exception(type(error), error, error.__traceback__)
        raise LoadError("Runtime.ImportModuleError", f"Unable to import module '{module_path}': {error}") from None
    except SyntaxError as error:
        raise LoadError("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_path}': {error}") from None
    if not hasattr(module, function):
        raise LoadError("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module_path}'")
    handler: Callable[[Any, Context], Any] = getattr(module, function)
    return handler


def error_document(kind: str, text: str, request_id: str, stack: list[str]) -> dict[str, Any]:
    """Give what the caller of a failed function gets, and write it to the log as the runtime does."""
    trace = "".join(stack)
    head = f"[ERROR] {kind}: {text}"
    sys.stdout.write(f"{head}\nTraceback (most recent call last):\n{trace}" if stack else f"{head}\n")
    return {"errorMessage": text, "errorType": kind, "requestId": request_id, "stackTrace": stack}


def document_of(error: BaseException, request_id: str) -> dict[str, Any]:
    """Give the error document of an exception that a handler, or its module's import, raised."""
    if isinstance(error, LoadError):
        return error_document(error.kind, str(error), request_id, [])
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != OWN_FILE]
    # Without columns, so that no line of carets comes with a frame, as from 3.13 on: the vendor's runtime keeps none.
    own = [
        (frame.filename, frame.lineno or 0, frame.name, frame.line)
        for frame in frames
        if "importlib" not in frame.filename
    ]
    return error_document(type(error).__name__, str(error), request_id, traceback.format_list(own))


def _plain(value: object) -> object:
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def run(handler: Callable[[Any, Context], Any], head: dict[str, Any], event: bytes) -> tuple[dict[str, Any], bytes]:
    """Run one event; gives the message for the function server."""
    try:
        result = handler(json.loads(event), Context(head))
    except Exception as error:  # noqa: BLE001 - a handler may raise anything
        return {"kind": "error"}, json.dumps(document_of(error, head["id"])).encode()
    try:
        body = json.dumps(result, ensure_ascii=ESCAPED, default=_plain).encode()
    except (TypeError, ValueError, RecursionError) as error:
        text = f"Unable to marshal response: {error}"
        return {"kind": "error"}, json.dumps(error_document("Runtime.MarshalError", text, head["id"], [])).encode()
    if len(body) > MAX_RESULT:
        return {"kind": "too large", "size": len(body)}, b""
    return {"kind": "result"}, body


def flush() -> None:
    """Write out what a handler has printed; it may have closed or replaced the streams."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # any object may stand there, and nothing is lost but its text
            stream.flush()


def main(descriptor: int, name: str) -> None:
    """Load the handler, say so, and run events until the function server goes away or the handler ends the process."""
    faulthandler.enable()
    channel = Channel(descriptor)
    sys.path[0] = os.getcwd()  # noqa: PTH109 - pathlib would cost a start 10 ms
    sys.argv = [OWN_FILE]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]  # they are text files here
    log = LogHandler()
    logging.getLogger().addHandler(log)
    try:
        handler = load(name)
    except Exception as error:  # noqa: BLE001 - a module may raise anything
        document = document_of(error, "")
        flush()
        channel.send({"kind": "failed"}, json.dumps(document).encode())
        os._exit(1)
    flush()
    channel.send({"kind": "ready"})
    while True:
        head, event = channel.receive()
        log.request_id = head["id"]
        os.environ["_X_AMZN_TRACE_ID"] = head["trace"]
        message, body = run(handler, head, event)
        flush()
        channel.send(message, body)


def guarded(descriptor: int, name: str) -> int:
    """Run `main`; give the exit code of a handler that ends its process, which threads of its own cannot hold up."""
    try:
        main(descriptor, name)
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        sys.stderr.write(f"{error.code}\n")
        return 1
    except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt and the like, as Python itself ends on them
        traceback.print_exception(type(error), error, error.__traceback__)
        return 1
    return 0


if __name__ == "__main__":
    code = guarded(int(sys.argv[1]), sys.argv[2])
    flush()
    os._exit(code)
