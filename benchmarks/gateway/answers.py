"""Checks that a candidate does the work before it is timed."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Final

from benchmarks.gateway.candidates import KEY, PATH, TARGET, Candidate
from benchmarks.gateway.process_tree import ProcessTree

START_TIMEOUT: Final = 30.0

_SCORES: Final = [3.05, 3.58, 4.36]
_RATINGS: Final = {"ratings": _SCORES}
_PREDICTIONS: Final = {"predictions": [{"scores": [score]} for score in _SCORES]}


class WrongAnswer(Exception):  # noqa: N818 - it says what was answered
    """A candidate did not start, or does not do the chain."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Refusal:
    text: str
    target: str
    key: str | None
    statuses: tuple[int, ...]


_REFUSALS: Final = (
    _Refusal(text="a bad key", target=TARGET, key="bad" + KEY, statuses=(401, 403)),
    _Refusal(text="no key", target=TARGET, key=None, statuses=(401, 403)),
    _Refusal(text="no items", target=PATH, key=KEY, statuses=(400,)),
)
_PATTERN: Final = _Refusal(text="bad items", target=f"{PATH}?items=1,x", key=KEY, statuses=(400,))


def check_answers(name: str, candidate: Candidate, tree: ProcessTree, port: int) -> None:
    """Wait until a candidate answers, then raise WrongAnswer unless it answers and refuses as it must."""
    status, body = _first(name, tree, port)
    expected = _RATINGS if candidate.chain else _PREDICTIONS
    if status != 200 or json.loads(body) != expected:
        raise WrongAnswer(f"{name}: {status} {body!r} instead of {json.dumps(expected)}\n{tree.output()}")
    if not candidate.chain:
        return
    for refusal in (*_REFUSALS, _PATTERN) if candidate.pattern else _REFUSALS:
        status, body = _ask(port, refusal.target, refusal.key)
        if status not in refusal.statuses:
            raise WrongAnswer(f"{name}: {refusal.text} gave {status} {body!r}, not {refusal.statuses}")


def _first(name: str, tree: ProcessTree, port: int) -> tuple[int, bytes]:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        if tree.ended():
            raise WrongAnswer(f"{name} ended at its start:\n{tree.output()}")
        try:
            return _ask(port, TARGET, KEY)
        except OSError:
            time.sleep(0.05)
    raise WrongAnswer(f"{name} did not answer within {START_TIMEOUT:.0f} s:\n{tree.output()}")


def _ask(port: int, target: str, key: str | None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", target, headers={"x-api-key": key} if key else {})
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()
