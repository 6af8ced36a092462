"""InvokeEndpointAsync: invocations that are kept on the disk until their results are.

Sources: SageMaker Runtime API reference, "InvokeEndpointAsync"; "Asynchronous inference"
(https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html): inputs up to 1 GB, an hour at the longest.

An invocation is a file in the queue's folder before its 202 goes out, and until its result or its failure is in its
place: one that was under way when the process ended is made again by the next, so that a model may see it twice, and
none is lost while the disk keeps what was written to it.
"""

import asyncio
import contextlib
import logging
import os
import time
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from inferway.backends.endpoints import errors
from inferway.backends.endpoints.container import HeaderSet
from inferway.backends.endpoints.endpoint import Endpoint, Locate, sent_on
from inferway.backends.endpoints.headers import broken, wanted
from inferway.definition.endpoints import AsyncInference
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind

LARGEST_INPUT: Final = 1024 * 1024 * 1024
"""Bytes of an input that is read from its location; as many may be in a result."""

LARGEST_INLINE: Final = 128_000
"""Bytes of an input that comes with the call."""

_TTL: Final = 21_600
_TIMEOUT: Final = 900
_ATTEMPTS: Final = 3
"""How often an invocation is begun; one at which the process ends each time is given up."""

_RENAMED: Final = {b"x-amzn-sagemaker-content-type": b"content-type", b"x-amzn-sagemaker-accept": b"accept"}
_OURS: Final = frozenset(
    b"x-amzn-sagemaker-" + name
    for name in (
        *(b"inputlocation", b"s3outputpathextension", b"filename", b"requestttlseconds", b"invocationtimeoutseconds"),
        *(b"inference-component", b"target-variant"),
    )
)

_log: Final = logging.getLogger("inferway.endpoints")

Find = Callable[[str], Endpoint | None]
"""Gives the endpoint of a name as it is served now, None while it is not."""


class Invocation(msgspec.Struct, frozen=True, kw_only=True):
    """One invocation as it is kept; times are Unix times, `ttl` and `timeout` seconds.

    Without an `input` it has a body, in a file beside its own.
    """

    id: str
    endpoint: str
    inference_id: str
    headers: tuple[tuple[str, str], ...]
    input: str
    output: str
    failure: str
    accepted: float
    ttl: int
    timeout: int
    attempts: int = 0


class _Lane:
    def __init__(self) -> None:
        self.waiting: deque[Invocation] = deque()
        self.running = 0


class AsyncInvocations:
    """The queue of one process; `folder` is its own. Belongs to one event loop."""

    def __init__(self, folder: Path, locate: Locate, find: Find, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._locate = locate
        self._find = find
        self._now = now
        self._lanes: dict[str, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closing = False

    def waiting(self, endpoint: str) -> tuple[int, int]:
        """Give how many invocations of an endpoint wait, and how many are under way."""
        lane = self._lanes.get(endpoint)
        return (len(lane.waiting), lane.running) if lane is not None else (0, 0)

    async def accept(self, endpoint: Endpoint, call: Call) -> Reply:
        """Keep an invocation and give the service's 202, or its refusal."""
        settings = endpoint.settings.asynchronous
        if settings is None:
            return errors.validation_error(f"Endpoint {endpoint.name} has no AsyncInferenceConfig.")
        made = self._invocation(endpoint.name, settings, call)
        if isinstance(made, Reply):
            return made
        lane = self._lanes.setdefault(endpoint.name, _Lane())
        if len(lane.waiting) >= settings.waiting:
            return errors.unavailable(f"{len(lane.waiting)} invocations of endpoint {endpoint.name} wait already.")
        try:
            await asyncio.to_thread(self._keep, made, b"" if made.input else call.body)
        except OSError as error:
            _log.error("An asynchronous invocation cannot be kept: %s", error)
            return errors.error(500, "InternalFailure", "The invocation could not be kept.")
        lane.waiting.append(made)
        self.resume(endpoint.name)
        located = [(b"x-amzn-sagemaker-outputlocation", made.output.encode())]
        if made.failure:
            located.append((b"x-amzn-sagemaker-failurelocation", made.failure.encode()))
        body = msgspec.json.encode({"InferenceId": made.inference_id})
        return Reply(202, [(b"content-type", b"application/json"), *located], body)

    async def recover(self) -> None:
        """Take up what a process before this one left, in the order in which it was accepted."""
        left = await asyncio.to_thread(self._left)
        for made in left:
            self._lanes.setdefault(made.endpoint, _Lane()).waiting.append(made)
        for name in list(self._lanes):
            self.resume(name)

    def resume(self, name: str) -> None:
        """Go on with an endpoint's invocations, as far as it is served and may take them."""
        lane, endpoint = self._lanes.get(name), self._find(name)
        settings = endpoint.settings.asynchronous if endpoint is not None else None
        if lane is None or endpoint is None or settings is None or self._is_closing:
            return
        instances = sum(len(variant.containers) for variant in endpoint.variants.values())
        while lane.waiting and lane.running < settings.concurrency * max(1, instances):
            lane.running += 1
            task = asyncio.get_running_loop().create_task(self._run(lane, lane.waiting.popleft()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Break off what is under way; the next process takes it up."""
        self._is_closing = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _invocation(self, name: str, settings: AsyncInference, call: Call) -> Invocation | Reply:
        headers = sent_on(call.headers)
        flaws = broken(headers)
        if flaws:
            return errors.validation_error(flaws)
        given = {key: value.decode("latin-1") for key, value in headers}
        source = given.get(b"x-amzn-sagemaker-inputlocation", "")
        if bool(source) == bool(call.body):
            return errors.validation_error("Exactly one of Body and InputLocation must be given.")
        if len(call.body) > LARGEST_INLINE:
            return errors.validation_error(
                "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length "
                f"less than or equal to {LARGEST_INLINE}"
            )
        asked, identifier = wanted(headers), str(uuid.uuid4())
        extension = given.get(b"x-amzn-sagemaker-s3outputpathextension", "").strip("/")
        output = "/".join(part for part in (settings.output.rstrip("/"), extension) if part)
        file = given.get(b"x-amzn-sagemaker-filename", f"{identifier}.out")
        failure = f"{settings.failure.rstrip('/')}/{identifier}-error.out" if settings.failure else ""
        try:
            for place in filter(None, (source, f"{output}/{file}", failure)):
                self._locate(place)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a place, it is the caller's or the endpoint's
            return errors.validation_error(str(error))
        return Invocation(
            id=identifier,
            endpoint=name,
            inference_id=asked.inference_id or identifier,
            headers=tuple((key.decode(), value) for key, value in given.items()),
            input=source,
            output=f"{output}/{file}",
            failure=failure,
            accepted=self._now(),
            ttl=int(given.get(b"x-amzn-sagemaker-requestttlseconds", _TTL)),
            timeout=int(given.get(b"x-amzn-sagemaker-invocationtimeoutseconds", _TIMEOUT)),
        )

    async def _run(self, lane: _Lane, made: Invocation) -> None:
        try:
            await self._finish(made, await self._result(made))
        except OSError as error:
            _log.error("Asynchronous invocation %s: its result cannot be written: %s", made.id, error)
        finally:
            lane.running -= 1
            self.resume(made.endpoint)

    async def _result(self, made: Invocation) -> Reply:
        """Invoke the model, and give its reply or what stands for one."""
        if self._now() - made.accepted > made.ttl:
            return errors.error(400, "ValidationError", "The request expired before it was processed.")
        if made.attempts >= _ATTEMPTS:
            return errors.error(500, "InternalFailure", f"The request was begun {made.attempts} times without an end.")
        try:
            begun = msgspec.structs.replace(made, attempts=made.attempts + 1)
            await asyncio.to_thread(self._keep, begun, None)
            body = await asyncio.to_thread(self._input, made)
        except (OSError, ValueError) as error:
            return errors.validation_error(f"The input at {made.input or 'the request'} cannot be read: {error}")
        endpoint = self._find(made.endpoint)
        if endpoint is None:
            return errors.unavailable(f"Endpoint {made.endpoint} is not in service.")
        return await _invoke(endpoint, made, body)

    async def _finish(self, made: Invocation, reply: Reply) -> None:
        well = reply.status // 100 == 2
        place = made.output if well else made.failure
        if not well:
            text = reply.body[:500].decode("utf-8", "replace")
            _log.warning("Asynchronous invocation %s of endpoint %s failed: %s", made.id, made.endpoint, text)
        if place:
            target = self._locate(place)
            await asyncio.to_thread(_write, target, reply.body)
        await asyncio.to_thread(self._forget, made)

    def _keep(self, made: Invocation, body: bytes | None) -> None:
        """Write an invocation, so that it lasts; without a body the one that it has stays."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if body:
            _write(self._folder / f"{made.id}.body", body)
        _write(self._folder / f"{made.id}.json", msgspec.json.encode(made))

    def _input(self, made: Invocation) -> bytes:
        """Read an invocation's input; raises OSError, ValueError."""
        file = self._locate(made.input) if made.input else self._folder / f"{made.id}.body"
        if not file.is_file():
            raise ValueError("there is no such file")
        size = file.stat().st_size
        if size > LARGEST_INPUT:
            raise ValueError(f"it has {size} bytes, and may have {LARGEST_INPUT}")
        return file.read_bytes()

    def _forget(self, made: Invocation) -> None:
        for suffix in ("json", "body"):
            (self._folder / f"{made.id}.{suffix}").unlink(missing_ok=True)

    def _left(self) -> list[Invocation]:
        found = []
        for file in self._folder.glob("*.json") if self._folder.is_dir() else ():
            try:
                found.append(msgspec.json.decode(file.read_bytes(), type=Invocation))
            except (OSError, msgspec.DecodeError) as error:
                _log.error("The asynchronous invocation in %s cannot be read: %s", file, error)
        return sorted(found, key=lambda made: made.accepted)


async def _invoke(endpoint: Endpoint, made: Invocation, body: bytes) -> Reply:
    headers: HeaderSet = tuple(
        (_RENAMED.get(name.encode(), name.encode()), value.encode("latin-1"))
        for name, value in made.headers
        if name.encode() not in _OURS and name not in {"content-type", "accept"}
    )
    outgoing = endpoint.outgoing(headers, body)
    if isinstance(outgoing, Reply):
        return outgoing
    chosen = endpoint.choose(wanted(()))
    if isinstance(chosen, Reply):
        return chosen
    started, seconds = time.perf_counter(), float(made.timeout)
    sent = await endpoint.send(chosen, lambda container: container.long_call(outgoing, seconds, LARGEST_INPUT), started)
    if isinstance(sent, Reply):
        return sent
    if isinstance(sent, Fault):
        text = errors.TIMED_OUT if sent.kind is FaultKind.BACKEND_TIMEOUT else errors.EXITED
        return errors.model_error(endpoint.name, 0, text.encode())
    reply = sent[0]
    chosen.variant.count(started, status=reply.status)
    return reply if reply.status // 100 == 2 else errors.model_error(endpoint.name, reply.status, reply.body)


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all, so that it lasts; raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
