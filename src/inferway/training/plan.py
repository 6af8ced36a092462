"""One training job as data: what runs, on what, and where its results go."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """Input data under a name: `source` is a file or a folder, copied for the job, or linked where it is `streamed`."""

    name: str
    source: Path
    streamed: bool = False
    content_type: str = ""


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that the script prints: the first group of `regex` (Python's `re`) holds it."""

    name: str
    regex: str


class TrainingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a training container does.

    `code` is a folder, or an archive of one, and `program` a file in it; `hyperparameters` are as they were sent, JSON
    in each value or plain text. The model goes to `artifact`, gzipped unless `compressed` is false, what else the
    script leaves to `output`. `environment` is added to what every script finds; `max_runtime` is in seconds.
    """

    name: str
    arn: str
    code: Path
    program: str
    artifact: Path
    output: Path
    hyperparameters: Mapping[str, str] = {}
    channels: tuple[Channel, ...] = ()
    metrics: tuple[Metric, ...] = ()
    environment: Mapping[str, str] = {}
    instance_type: str = "local"
    max_runtime: float = 86_400.0
    compressed: bool = True


def encode(plan: TrainingPlan) -> bytes:
    """Give a plan as JSON."""
    return msgspec.json.encode(plan, enc_hook=str)


def decode(data: bytes) -> TrainingPlan:
    """Read a plan's JSON; raises msgspec.DecodeError."""
    return msgspec.json.decode(data, type=TrainingPlan, dec_hook=_path)


def _path(kind: type, value: Any) -> Any:
    return kind(value)
