"""Runs one Python handler, an event at a time: a client of the Lambda Runtime API that its environment names.

It uses nothing but the standard library, for the interpreter may be one that has nothing of ours. Error documents have
the shape of Lambda's Python runtime (https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import faulthandler
import importlib
import json
import logging
import os
import re
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

OWN_FILE = __file__
BASE = "/2018-06-01/runtime"
# From Python 3.12 on the service leaves characters as they are (Lambda guide, "Building with Python", response format).
VERSION = re.search(r"python3\.(\d+)", os.environ.get("AWS_EXECUTION_ENV", ""))
ESCAPED = VERSION is not None and int(VERSION[1]) < 12
# A decimal's digits stand in a result as they are, which json cannot do: it is marked, and the quotes are taken away.
MARK = f"decimal-{os.urandom(8).hex()}:"
MARKED = re.compile(f'"{MARK}([^"]*)"')


class RuntimeApi:
    """The Runtime API's client; http.client would cost an event several times as much.

    An answer and the request for the next event are sent in one piece.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._owner = os.getpid()
        self._socket = self._connect()
        self._next = f"GET {BASE}/invocation/next HTTP/1.1\r\nHost: {address}\r\n\r\n".encode()
        self._held = b""

    def next(self) -> tuple[dict[str, str], bytes]:
        """Wait for the first event: its headers, with names in lower case, and its body."""
        return self._ask(self._next, 1)

    def answer(self, path: str, body: bytes, kind: str = "") -> tuple[dict[str, str], bytes]:
        """Post a result, or an error of a kind, and wait for the next event."""
        return self._ask(self._post(path, body, kind) + self._next, 2)

    def give_up(self, body: bytes, kind: str) -> None:
        """Post the error of a handler that cannot be loaded."""
        self._ask(self._post("/init/error", body, kind), 1)

    def _post(self, path: str, body: bytes, kind: str) -> bytes:
        head = f"POST {BASE}{path} HTTP/1.1\r\nHost: {self._address}\r\n"
        if kind:
            kind = "".join(each for each in kind if " " <= each <= "~")
            head += f"Lambda-Runtime-Function-Error-Type: {kind}\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body

    def _ask(self, message: bytes, responses: int) -> tuple[dict[str, str], bytes]:
        """Send a message and give the last of the responses to it."""
        if os.getpid() != self._owner:  # a process that a handler has forked has nothing to say, and ends
            os._exit(0)
        try:
            return self._exchange(message, responses)
        except OSError:  # the handler may have closed what it had not opened
            self._socket.detach()  # its number may be another's by now
            try:
                self._socket = self._connect()
                return self._exchange(message, responses)
            except OSError:
                os._exit(0)  # the function server is gone

    def _exchange(self, message: bytes, responses: int) -> tuple[dict[str, str], bytes]:
        self._held = b""
        self._socket.sendall(message)
        for _ in range(responses - 1):
            self._receive()
        return self._receive()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection((self._host, self._port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _receive(self) -> tuple[dict[str, str], bytes]:
        data = self._held
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._read(65_536)
        _, *lines = data[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        size, end = int(headers["content-length"]), end + 4
        if len(data) >= end + size:
            self._held = data[end + size :]
            return headers, data[end : end + size]
        parts, missing = [data[end:]], size - (len(data) - end)
        while missing:
            parts.append(self._read(min(missing, 1 << 20)))
            missing -= len(parts[-1])
        self._held = b""
        return headers, b"".join(parts)

    def _read(self, size: int) -> bytes:
        piece = self._socket.recv(size)
        if not piece:
            raise ConnectionResetError
        return piece


class LoadError(Exception):
    """A handler that cannot be loaded: the runtime's name for it, its text, and where in the code it is."""

    def __init__(self, kind: str, text: str, *stack: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.stack = list(stack)


class Shown(SimpleNamespace):
    """An object of a context, written as the vendor's runtime writes it: `Name([field=value,...])`."""

    def __repr__(self) -> str:
        fields = ",".join(f"{name}={value}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"{type(self).__name__}([{fields}])"


class CognitoIdentity(Shown):
    """Who has signed in, of an application that invokes the function by itself."""


class Client(Shown):
    """Such an application."""


class ClientContext(Shown):
    """What such an application says of itself."""


class LambdaContext(Shown):
    """What a handler knows of its invocation (https://docs.aws.amazon.com/lambda/latest/dg/python-context.html)."""

    def __init__(self, headers: dict[str, str]) -> None:
        identity = _parsed(headers.get("lambda-runtime-cognito-identity"))
        super().__init__(
            aws_request_id=headers["lambda-runtime-aws-request-id"],
            log_group_name=os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME"),
            log_stream_name=os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME"),
            function_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME"),
            memory_limit_in_mb=os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
            function_version=os.environ.get("AWS_LAMBDA_FUNCTION_VERSION"),
            invoked_function_arn=headers["lambda-runtime-invoked-function-arn"],
            client_context=_client_context(_parsed(headers.get("lambda-runtime-client-context"))),
            identity=CognitoIdentity(
                cognito_identity_id=identity.get("cognitoIdentityId"),
                cognito_identity_pool_id=identity.get("cognitoIdentityPoolId"),
            ),
            tenant_id=headers.get("lambda-runtime-aws-tenant-id"),
            _epoch_deadline_time_in_ms=int(headers["lambda-runtime-deadline-ms"]),
        )

    def get_remaining_time_in_millis(self) -> int:
        """Give the milliseconds that are left until the function's time limit."""
        left: int = self._epoch_deadline_time_in_ms - int(time.time() * 1000)
        return max(0, left)

    def log(self, message: object) -> None:
        """Write to the function's log."""
        sys.stdout.write(str(message))


def _parsed(text: str | None) -> dict[str, Any]:
    given = json.loads(text) if text else None
    return given if isinstance(given, dict) else {}


def _client_context(given: dict[str, Any]) -> Any:
    if not given:
        return None
    client = given.get("client") or {}
    names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")
    return ClientContext(
        custom=given.get("custom"),
        env=given.get("env"),
        client=Client(**{name: client.get(name) for name in names}),
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


def load(name: str) -> Callable[[Any, LambdaContext], Any]:
    """Import `module.function` or `folder/module.function`; raises LoadError, and whatever the module itself raises."""
    module_path, dot, function = name.rpartition(".")
    if not dot:
        text = f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)"
        raise LoadError("Runtime.MalformedHandlerName", text)
    if module_path.split(".")[0] in sys.builtin_module_names:
        text = f"Cannot use built-in module {module_path} as a handler module"
        raise LoadError("Runtime.BuiltInModuleConflict", text)
    try:
        module = importlib.import_module(module_path.replace("/", "."))
    except ImportError as error:
        traceback.print_exception(type(error), error, error.__traceback__)
        raise LoadError("Runtime.ImportModuleError", f"Unable to import module '{module_path}': {error}") from None
    except SyntaxError as error:
        where = f'  File "{error.filename}" Line {error.lineno}\n    {error.text}'
        text = f"Syntax error in module '{module_path}': {error}"
        raise LoadError("Runtime.UserCodeSyntaxError", text, where) from None
    if not hasattr(module, function):
        raise LoadError("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module_path}'")
    handler: Callable[[Any, LambdaContext], Any] = getattr(module, function)
    return handler


def error_document(kind: str, text: str, request_id: str, stack: list[str]) -> dict[str, Any]:
    """Give what the caller of a failed function gets, and write it to the log as the runtime does."""
    trace = "".join(stack)
    head = f"[ERROR] {kind}: {text}"
    sys.stdout.write(f"{head}\nTraceback (most recent call last):\n{trace}")
    return {"errorMessage": text, "errorType": kind, "requestId": request_id, "stackTrace": stack}


def document_of(error: BaseException, request_id: str) -> dict[str, Any]:
    """Give the error document of an exception that a handler, or its module's import, raised."""
    if isinstance(error, LoadError):
        return error_document(error.kind, str(error), request_id, error.stack)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != OWN_FILE]
    # Without columns, so that no line of carets comes with a frame, as from 3.13 on: the vendor's runtime keeps none.
    own = [(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in frames]
    return error_document(type(error).__name__, str(error), request_id, traceback.format_list(own))


def encoded(result: Any) -> bytes:
    """Give a result as the runtime sends it: JSON, and bytes as they are; raises what json raises."""
    if isinstance(result, bytes):
        return result
    text = json.dumps(result, ensure_ascii=ESCAPED, default=_plain)
    return (MARKED.sub(r"\1", text) if MARK in text else text).encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    if isinstance(value, decimal.Decimal):
        return float("nan") if value.is_nan() else f"{MARK}{value}"
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def run(handler: Callable[[Any, LambdaContext], Any], headers: dict[str, str], event: bytes) -> tuple[str, bytes, str]:
    """Run one event; give where its answer goes, the answer and, of an error, its type."""
    request_id = headers["lambda-runtime-aws-request-id"]
    base = f"/invocation/{request_id}"
    try:
        result = handler(json.loads(event), LambdaContext(headers))
    except Exception as error:  # noqa: BLE001 - a handler may raise anything
        document = document_of(error, request_id)
        return f"{base}/error", json.dumps(document).encode(), document["errorType"]
    try:
        return f"{base}/response", encoded(result), ""
    except (TypeError, ValueError, RecursionError) as error:
        document = error_document("Runtime.MarshalError", f"Unable to marshal response: {error}", request_id, [])
        return f"{base}/error", json.dumps(document).encode(), document["errorType"]


def flush() -> None:
    """Write out what a handler has printed; it may have closed or replaced the streams."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # any object may stand there, and nothing is lost but its text
            stream.flush()


def main() -> None:
    """Load the handler, and run events until the function server goes away or the handler ends the process."""
    faulthandler.enable()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    sys.argv = [OWN_FILE]
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]  # they are text files here
    log = LogHandler()
    logging.getLogger().addHandler(log)
    try:
        handler = load(os.environ["_HANDLER"])
    except Exception as error:  # noqa: BLE001 - a module may raise anything
        document = document_of(error, "")
        flush()
        api.give_up(json.dumps(document).encode(), document["errorType"])
        os._exit(1)
    flush()
    headers, event = api.next()
    while True:
        log.request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
        answer = run(handler, headers, event)
        flush()
        headers, event = api.answer(*answer)


def guarded() -> int:
    """Run `main`; give the exit code of a handler that ends its process, which threads of its own cannot hold up."""
    try:
        main()
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        sys.stderr.write(f"{error.code}\n")
        return 1
    except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt and the like, as Python itself ends on them
        traceback.print_exception(type(error), error, error.__traceback__)
        if isinstance(error, KeyboardInterrupt):
            flush()
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        return 1
    return 0


if __name__ == "__main__":
    code = guarded()
    flush()
    os._exit(code)
