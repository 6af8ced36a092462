"""What a supervised process is: its command, how it is looked after, and its state."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: `name` goes before its log lines; `environment` is the whole of it; `folder` "" is the parent's."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    folder: str = ""


class Supervision(msgspec.Struct, frozen=True, kw_only=True):
    """How a process is looked after; times are in seconds.

    It must be ready within `ready_within` of its start. When it ends it is started again, after a delay that doubles
    from `first_delay` to `longest_delay` and begins anew once it has been ready for `settled_after`. Until it was ready
    once, `start_attempts` failures in a row are final, and so is one exit with a code of `hopeless_exits`; after that
    it is tried for ever. Stopping sends SIGTERM, and SIGKILL to its whole group after `grace`.
    """

    ready_within: float = 60.0
    first_delay: float = 0.25
    longest_delay: float = 30.0
    settled_after: float = 60.0
    start_attempts: int = 3
    hopeless_exits: frozenset[int] = frozenset()
    grace: float = 30.0


class ProcessState(StrEnum):
    """Where a supervised process stands."""

    STARTING = "starting"
    READY = "ready"
    BACKING_OFF = "backing off"
    STOPPED = "stopped"
    FAILED = "failed"


class ProcessStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A supervised process at one moment: `pid` is 0 while none runs, `last_exit` says how the last one ended."""

    name: str
    state: ProcessState
    pid: int
    restarts: int
    last_exit: str


class ProcessFailedError(Exception):
    """A process did not come up and will not be tried again; the text says why, with its last words."""
