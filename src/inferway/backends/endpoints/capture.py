"""Data capture: calls and replies as JSON lines.

Source: "Capture data from real-time endpoint" (https://docs.aws.amazon.com/sagemaker/latest/dg/
model-monitor-data-capture-endpoint.html): the record, and `ENDPOINT/VARIANT/yyyy/mm/dd/hh/` below the destination.
"""

import base64
import random
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from inferway.backends.endpoints.headers import Wanted
from inferway.backends.endpoints.json_lines import JsonLines, Line
from inferway.definition.endpoints import Capture

LARGEST_FILE: Final = 10 * 1024 * 1024
"""Bytes after which a new file is begun; each hour has files of its own."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a call: its content type, "" where it has none, and its body."""

    content_type: str
    body: bytes


class DataCapture:
    """Captures the calls of one endpoint. `locate` gives the folder of a destination; it may raise."""

    def __init__(
        self,
        endpoint: str,
        settings: Capture,
        locate: Callable[[str], Path],
        writer: JsonLines,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._endpoint = endpoint
        self._settings = settings
        self._locate = locate
        self._writer = writer
        self._chance = chance
        self._files: dict[str, tuple[str, Path]] = {}

    def is_due(self) -> bool:
        """Say whether the next call is one of the sample."""
        return self._chance() * 100 < self._settings.sampling

    def take(self, variant: str, asked: Side, answered: Side, wanted: Wanted, event: str = "") -> None:
        """Have a call written; nothing waits for it."""
        now = time.time()

        def place() -> Path:
            return self._file(variant, now)

        def make() -> bytes:
            return record(self._settings, asked, answered, wanted, (event or str(uuid.uuid4()), now))

        size = 500 + len(asked.body) + len(answered.body)
        self._writer.put(Line(place=place, make=make, size=size))

    def _file(self, variant: str, now: float) -> Path:
        """Give the file for a record of this hour: the one begun last, while it has room."""
        hour = time.strftime("%Y/%m/%d/%H", time.gmtime(now))
        known = self._files.get(variant)
        if known is not None and known[0] == hour and (not known[1].exists() or known[1].stat().st_size < LARGEST_FILE):
            return known[1]
        moment = time.strftime("%M-%S", time.gmtime(now))
        name = f"{moment}-{int(now * 1000) % 1000:03d}-{uuid.uuid4()}.jsonl"
        file = self._locate(self._settings.destination) / self._endpoint / variant / hour / name
        self._files[variant] = hour, file
        return file


def record(settings: Capture, asked: Side, answered: Side, wanted: Wanted, event: tuple[str, float]) -> bytes:
    """Give the line for a call; `event` is its identifier and its time (Unix)."""
    captured = {}
    if settings.input:
        captured["endpointInput"] = _side(settings, asked, "INPUT")
    if settings.output:
        captured["endpointOutput"] = _side(settings, answered, "OUTPUT")
    metadata: dict[str, object] = {"eventId": event[0]}
    if wanted.custom_attributes:
        metadata["customAttributes"] = [wanted.custom_attributes]
    if wanted.inference_id:
        metadata["inferenceId"] = wanted.inference_id
    metadata["inferenceTime"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(event[1]))
    return msgspec.json.encode({"captureData": captured, "eventMetadata": metadata, "eventVersion": "0"})


def _side(settings: Capture, side: Side, mode: str) -> dict[str, str]:
    kind = side.content_type.partition(";")[0].strip().lower()
    encoding = "BASE64"
    if kind in _lowered(settings.json):
        encoding = "JSON"
    elif kind in _lowered(settings.csv):
        encoding = "CSV"
    data = ""
    if encoding != "BASE64":
        try:
            data = side.body.decode("utf-8")
        except UnicodeDecodeError:
            encoding = "BASE64"
    if encoding == "BASE64":
        data = base64.b64encode(side.body).decode("ascii")
    return {"observedContentType": side.content_type, "mode": mode, "data": data, "encoding": encoding}


def _lowered(kinds: tuple[str, ...]) -> list[str]:
    return [kind.lower() for kind in kinds]
