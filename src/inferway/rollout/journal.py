"""What was decided about releases, in a file that outlives the process: one JSON document per line."""

import os
from pathlib import Path
from typing import Final

import msgspec

from inferway.rollout.judge import Outcome

_LAST_TIME: Final = 253_402_300_799
"""The last second of the year 9999: no later one can be shown."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision about a release: which, how it ended, by whom (`rule` or `operator`), why, and what was seen.

    `time` is a Unix time in seconds; `requests`, `errors` and `latency` (milliseconds at the 99th percentile) are the
    release's own.
    """

    time: float
    name: str
    release: str
    outcome: Outcome
    by: str
    reason: str
    requests: int = 0
    errors: int = 0
    latency: float = 0.0


class Journal:
    """Decisions, oldest first; without a file they are kept for this process alone."""

    def __init__(self, file: Path | None) -> None:
        """Read what the file holds. A line that is no decision, as one that was cut off, is passed over."""
        self._file = file
        self.decisions: list[Decision] = []
        self.problem = ""
        self._ends_in_line = True
        if file is not None and file.is_file():
            data = file.read_bytes()
            self._ends_in_line = data[-1:] in (b"", b"\n")
            self.decisions += [found for line in data.splitlines() if (found := _decision(line)) is not None]

    def outcome(self, name: str, release: str) -> Outcome | None:
        """Give how a release ended, None where that is still open."""
        decided = (each for each in reversed(self.decisions) if (each.name, each.release) == (name, release))
        last = next(decided, None)
        return None if last is None or last.outcome is Outcome.RESTARTED else last.outcome

    def write(self, decision: Decision) -> None:
        """Keep a decision on the disk; where that fails it holds for this process, and `problem` says why."""
        self.decisions.append(decision)
        if self._file is None:
            return
        line = msgspec.json.encode(decision) + b"\n"
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._file.open("ab") as file:
                file.write(line if self._ends_in_line else b"\n" + line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.problem = f"{self._file}: {error.strerror}"
            self._ends_in_line = False
        else:
            self.problem = ""
            self._ends_in_line = True


def _decision(line: bytes) -> Decision | None:
    try:
        found = msgspec.json.decode(line, type=Decision)
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if 0 <= found.time <= _LAST_TIME else None
