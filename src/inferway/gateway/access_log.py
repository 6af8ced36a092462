"""One JSON line per request, written off the request's way."""

import threading
import time
from typing import BinaryIO, Final

import msgspec

from inferway.exchange import Exchange, Response

_INTERVAL: Final = 0.1
_MAX_WAITING: Final = 100_000


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

    A sink that is slower than the traffic loses entries past 100,000 waiting; the next entry written counts them
    in `lost`, and no request waits for it.
    """

    def __init__(self, sink: BinaryIO | None) -> None:
        self._sink = sink
        self._waiting: list[Entry] = []
        self._lost = 0
        self._encoder = msgspec.json.Encoder()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write_on, name="access-log", daemon=True)
        if sink is not None:
            self._thread.start()

    def record(self, exchange: Exchange, response: Response, api: str, stage: str, ms: float) -> None:
        """Take one request's entry."""
        if self._sink is None:
            return
        if len(self._waiting) >= _MAX_WAITING:
            self._lost += 1
            return
        request, fault, key = exchange.request, exchange.fault, exchange.key
        body = response.body
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
                len(body) if isinstance(body, bytes) else -1,
                round(ms, 3),
                request.client,
                key.id if key is not None else "",
                *((fault.kind, fault.whose, fault.cause) if fault is not None else ("", "", "")),
                exchange.reply.status,
                exchange.line,
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
        self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
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


def _without_surrogates(entry: Entry) -> Entry:
    """Give an entry that UTF-8 can hold: half a surrogate pair from a client's JSON may stand in a cause."""
    cause = entry.cause.encode("utf-8", "backslashreplace").decode()
    path = entry.path.encode("utf-8", "backslashreplace").decode()
    return msgspec.structs.replace(entry, cause=cause, path=path)
