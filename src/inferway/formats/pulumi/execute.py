"""Runs one Pulumi program in its own interpreter: `python execute.py JOB`; stands alone and imports nothing of ours.

It does what Pulumi's own language host does (https://github.com/pulumi/pulumi/blob/master/sdk/python/cmd/
pulumi-language-python-exec), and tells the engine, over an inherited socket, one JSON object a line: the paths modules
are searched in, what went wrong and where, the local files that were read. JOB is JSON too.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import faulthandler
import importlib
import inspect
import json
import os
import resource
import runpy
import signal
import socket
import sys
import traceback
from typing import Any

PR_SET_PDEATHSIG = 1  # https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
MOST_FRAMES = 200
INFO = 1  # LogSeverity of https://github.com/pulumi/pulumi/blob/master/proto/pulumi/engine.proto
LOCAL = {"localhost", "127.0.0.1", "::1", "", None}


class NetworkDeniedError(ConnectionRefusedError):
    """The program asked for a host other than this machine."""


def tie(parent: int) -> None:
    """End this process with its parent; leave no core behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook (https://docs.python.org/3/library/audit_events.html): no name is looked up, no far host called.

    It sees what Python's own sockets do; native libraries and other programs pass it by.
    """
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if host not in LOCAL and not str(host).startswith("127."):
        raise NetworkDeniedError(f"{host} is not reached")


class Report:
    """The way to the engine."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.owner = os.getpid()

    def tell(self, **event: Any) -> None:
        """Send one event; a forked child stays silent."""
        if os.getpid() == self.owner:
            self.line.sendall(json.dumps(event).encode("utf-8", "replace") + b"\n")

    def wait(self) -> None:
        """Wait until the engine listens."""
        self.line.recv(1)

    def failed(self, error: BaseException | None) -> None:
        """Tell of an exception, its causes first."""
        chain: list[dict[str, Any]] = []
        seen: set[int] = set()
        while error is not None and id(error) not in seen and len(chain) < 8:
            seen.add(id(error))
            chain.append(described(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        self.tell(event="failed", chain=chain)


def described(error: BaseException) -> dict[str, Any]:
    """Put an exception into JSON."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    told = [[each.filename, each.lineno or 0, (getattr(each, "colno", None) or 0) + 1] for each in frames]
    if isinstance(error, SyntaxError) and error.filename:
        told.append([error.filename, error.lineno or 0, error.offset or 0])
    kinds = [kind.__name__ for kind in type(error).__mro__]
    text = str(error.msg) if isinstance(error, SyntaxError) else said(error)
    missing = error.name if isinstance(error, ImportError) else None
    code = error.code if isinstance(error, SystemExit) else None
    code = code if code is None or isinstance(code, (int, str)) else repr(code)
    return {"kinds": kinds, "text": text[:8000], "frames": told, "missing": missing, "code": code}


def said(error: BaseException) -> str:
    """Give an exception's text; its class may be the program's own, and fail at that too."""
    try:
        return str(error)
    except BaseException as another:  # noqa: BLE001 - it may raise anything
        return f"<{type(another).__name__} in its __str__>"


def print_own(error: BaseException, job: dict[str, Any]) -> None:
    """Print the traceback as Python would, without the frames below the program's own."""
    told = traceback.TracebackException.from_exception(error)
    none = len(told.stack) if isinstance(error, SyntaxError) else 0  # whose own line stands in its text
    first = next((n for n, each in enumerate(told.stack) if each.filename.startswith(job["root"] + os.sep)), none)
    del told.stack[:first]
    sys.stderr.write("".join(told.format()))


def ended(error: BaseException, job: dict[str, Any]) -> int:
    """Say what Python says where an exception ends a program, and give the exit status that it has then."""
    if not isinstance(error, SystemExit):
        print_own(error, job)
        return 1
    if isinstance(error.code, str):
        sys.stderr.write(f"{error.code}\n")
    return (error.code & 0xFF) if isinstance(error.code, int) else int(error.code is not None)


def local_files(folder: str) -> list[str]:
    """Give the program's own modules."""
    files = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and is_own(file, folder):
            files.add(file)
    return sorted(files)


def tell_of_logs(job: dict[str, Any], report: Report) -> None:
    """Have each warning and error that is logged told with the program's own line: Pulumi's request has no place."""
    log = importlib.import_module("pulumi.log")
    own = getattr(log, "_log", None)
    if own is None:
        return

    def told(engine: Any, severity: int, message: str, *rest: Any) -> Any:
        frame = inspect.currentframe()
        while frame is not None and not is_own(frame.f_code.co_filename, job["root"]):
            frame = frame.f_back
        if frame is not None and severity > INFO:
            place = {"file": frame.f_code.co_filename, "line": frame.f_lineno}
            report.tell(event="logged", text=str(message)[:8000], **place)
        return own(engine, severity, message, *rest)

    vars(log)["_log"] = told


def is_own(file: str, root: str) -> bool:
    """Whether a file is one of the program."""
    return file.startswith(root + os.sep) and "site-packages" not in file


def run(job: dict[str, Any], report: Report) -> None:
    """Run the program, its resources going to the engine's address."""
    pulumi = importlib.import_module("pulumi")
    settings = importlib.import_module("pulumi.runtime.settings")
    runtime = importlib.import_module("pulumi.runtime")
    report.wait()
    runtime.configure(
        settings.Settings(
            monitor=job["address"],
            engine=job["address"],
            project=job["project"],
            stack=job["stack"],
            organization="organization",
            dry_run=False,
            parallel=16,
        )
    )
    if job["memory"]:
        # Since Linux 4.7 this counts private writable memory, thread stacks too, but no mapped libraries, which are
        # large and cost nothing (https://man7.org/linux/man-pages/man2/getrlimit.2.html).
        resource.setrlimit(resource.RLIMIT_DATA, (job["memory"], job["memory"]))
    sys.addaudithook(refuse_network)
    tell_of_logs(job, report)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(lambda: runpy.run_path(job["main"], run_name="__main__")))
    finally:
        loop.close()


def main(job: dict[str, Any]) -> None:
    """Run a program, tell how it went, and end this process."""
    line = socket.socket(fileno=job["line"])
    tie(job["parent"])
    report = Report(line)
    here = os.path.dirname(__file__)  # noqa: PTH120 - pathlib is not imported here, to start sooner
    sys.path[:] = [job["folder"], *(path for path in sys.path if path != here)]
    sys.argv = [job["main"]]
    report.tell(event="paths", paths=sys.path)
    # The engine asks where the program stands before it ends it; this answers even from an endless loop.
    faulthandler.register(signal.SIGUSR2, file=job["asked"], all_threads=False)
    status = 0
    try:
        run(job, report)
    except BaseException as error:  # noqa: BLE001 - whatever ends the program is for the engine to judge
        report.failed(error)
        status = ended(error, job)
    report.tell(event="files", files=local_files(job["root"]))
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    # Threads of the program or of gRPC must not hold up the end.
    os._exit(status)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
