"""One JSON line per request, and what a stage's own format makes of it, written off the request's way."""

import threading
import time
from collections.abc import Mapping
from typing import BinaryIO, Final

import msgspec

from inferway.body_stream import BrokenStreamError, WatchedStream
from inferway.exchange import Exchange, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.access_log_file import LineFile

_INTERVAL: Final = 0.1
_MAX_WAITING: Final = 100_000
_MOST_CHARACTERS: Final = 67_108_864
"""Characters of paths, causes and lines that may wait: clients say how long those are."""

_BODILESS: Final = frozenset((204, 304))
_LEFT: Final = Fault(kind=FaultKind.CLIENT_LEFT, cause="the client left before the end of its response")


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept of a request.

    `ms` is from the whole request to the whole response; `reply` is the status of the backend's own reply; `line` is
    what the definition itself wants written.
    """

    time: float
    id: str
    api: str
    stage: str
    method: str
    path: str
    route: str
    status: int
    bytes: int
    ms: float
    client: str
    key: str = ""
    fault: str = ""
    whose: str = ""
    cause: str = ""
    reply: int = 0
    line: str = ""
    lost: int = 0


class AccessLog:
    """Takes entries at the cost of an append; a thread encodes and writes them.

    A sink that is slower than the traffic loses entries past 100,000, or 64 MiB, waiting; the next entry written
    counts them in `lost`, and no request waits for it. Lines of a stage that leads them to a file go there instead.
    """

    def __init__(self, sink: BinaryIO | None) -> None:
        self._sink = sink
        self._waiting: list[Entry] = []
        self._size = 0
        self._lost = 0
        self._encoder = msgspec.json.Encoder()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write_on, name="access-log", daemon=True)
        self._led: dict[tuple[str, str], LineFile] = {}
        self._files: dict[str, LineFile] = {}
        self._left: list[LineFile] = []
        if sink is not None:
            self._thread.start()

    def lead(self, paths: Mapping[tuple[str, str], str]) -> None:
        """Write the lines of these stages, by API and stage, to these files from now on; `-` is standard output."""
        files = {path: self._files.get(path) or LineFile(path) for path in paths.values()}
        self._led = {key: files[path] for key, path in paths.items()}
        self._left = [*self._left, *(file for path, file in self._files.items() if path not in files)]
        self._files = files
        if files and not self._thread.is_alive() and not self._closing.is_set():
            self._thread.start()

    def record(self, exchange: Exchange, response: Response, api: str, stage: str, ms: float) -> None:
        """Take one request's entry; that of a response whose body is streamed once the body has ended."""
        if self._sink is None and (api, stage) not in self._led:
            return
        if not isinstance(response.body, bytes):
            response.body = _LoggedStream(self, exchange, response, api, stage)
            return
        self._take(exchange, response, len(response.body), (api, stage, ms))

    def _take(self, exchange: Exchange, response: Response, size: int, of: tuple[str, str, float]) -> None:
        api, stage, ms = of
        line = exchange.line
        if not isinstance(line, str):
            line = line(size)
        if self._led and (led := self._led.get((api, stage))) is not None:
            if line:
                led.append(line)
                line = ""
            if self._sink is None:
                return
        if len(self._waiting) >= _MAX_WAITING or self._size >= _MOST_CHARACTERS:
            self._lost += 1
            return
        request, fault, key = exchange.request, exchange.fault, exchange.key
        self._size += len(request.path) + len(line) + (len(fault.cause) if fault is not None else 0)
        self._waiting.append(
            Entry(
                time.time(),
                exchange.id,
                api,
                stage,
                request.method,
                request.path,
                exchange.route,
                response.status,
                size,
                round(ms, 3),
                request.client,
                key.id if key is not None else "",
                *((fault.kind, fault.whose, fault.cause) if fault is not None else ("", "", "")),
                exchange.reply.status,
                line,
            )
        )

    def close(self) -> None:
        """Write what waits and stop."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _write_on(self) -> None:
        while not self._closing.wait(_INTERVAL):
            self._flush()
            self._flush_files()
        self._flush()
        self._flush_files()
        for file in self._files.values():
            file.close()

    def _flush_files(self) -> None:
        left, self._left = self._left, []
        for file in left:
            file.close()
        for file in self._files.values():
            file.flush()
            if file.lost:
                self._lost, file.lost = self._lost + file.lost, 0

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._size = 0
        lost, self._lost = self._lost, 0
        if not waiting or self._sink is None:
            return
        if lost:
            waiting[-1] = msgspec.structs.replace(waiting[-1], lost=lost)
        try:
            self._sink.write(self._lines(waiting))
            self._sink.flush()
        except (OSError, ValueError):
            self._lost += lost + len(waiting)

    def _lines(self, entries: list[Entry]) -> bytes:
        try:
            return self._encoder.encode_lines(entries)
        except UnicodeEncodeError:
            return self._encoder.encode_lines([_without_surrogates(entry) for entry in entries])


class _LoggedStream(WatchedStream):
    """A response's body on its way, which makes the request's entry at its end, however that comes about."""

    __slots__ = ("_exchange", "_is_over", "_log", "_of", "_response", "_size")

    def __init__(self, log: AccessLog, exchange: Exchange, response: Response, api: str, stage: str) -> None:
        assert not isinstance(response.body, bytes)  # noqa: S101 - the caller has looked
        super().__init__(response.body)
        self._log = log
        self._exchange = exchange
        self._response = response
        self._of = (api, stage)
        self._size = 0
        self._is_over = False

    async def __anext__(self) -> bytes:
        """Give the next piece, and count it."""
        try:
            piece = await self.body.__anext__()
        except BrokenStreamError as error:
            self._end(error.fault)
            raise
        except StopAsyncIteration:
            self._end(None)
            raise
        self._size += len(piece)
        return piece

    def given_up(self) -> None:
        """Make the entry: of a client that left, where it was to have a body."""
        wants_no_body = self._exchange.request.method == "HEAD" or self._response.status in _BODILESS
        self._end(None if wants_no_body else _LEFT)

    def _end(self, fault: Fault | None) -> None:
        if self._is_over:
            return
        self._is_over = True
        exchange = self._exchange
        exchange.fault = fault or exchange.fault
        ms = (time.perf_counter() - exchange.started) * 1000
        self._log._take(exchange, self._response, self._size, (*self._of, ms))  # noqa: SLF001 - one of this module


def _without_surrogates(entry: Entry) -> Entry:
    """Give an entry that UTF-8 can hold: half a surrogate pair from a client's JSON may stand in a cause."""
    cause = entry.cause.encode("utf-8", "backslashreplace").decode()
    path = entry.path.encode("utf-8", "backslashreplace").decode()
    return msgspec.structs.replace(entry, cause=cause, path=path)
