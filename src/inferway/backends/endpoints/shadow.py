"""A shadow variant: gets copies of calls, is never waited for, and is compared with what the caller got.

Source: "Shadow variants" (https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests.html): only the production
variant's responses go back to the caller. Bounds and comparison are ours.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec

from inferway.backends.endpoints.capture import DataCapture, Side
from inferway.backends.endpoints.container import HeaderSet, Outgoing
from inferway.backends.endpoints.headers import Wanted
from inferway.backends.endpoints.variant import Variant, invocation
from inferway.definition.balancing import Balancing, Routing
from inferway.definition.endpoints import ServedShadow
from inferway.exchange import Reply
from inferway.transport.client import HttpClient
from inferway.transport.cluster.cluster import ClusterRefusedError
from inferway.transport.errors import TransportError

_DIFFERENCES: Final = 100
_SHOWN: Final = 200
_BALANCING: Final = Balancing(routing=Routing.LEAST_OUTSTANDING_REQUESTS)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A call that the shadow answered otherwise: statuses, milliseconds, and how the bodies begin."""

    time: float
    variant: str
    production_status: int
    shadow_status: int
    production_ms: float
    shadow_ms: float
    production: str
    shadow: str


class Mirrored(msgspec.Struct, frozen=True, kw_only=True):
    """A call that the caller has its answer to: what was asked, by whom it was answered, how, and how fast.

    `outgoing` is what it became in the protocol of the endpoint's instances.
    """

    headers: HeaderSet
    body: bytes
    outgoing: Outgoing
    wanted: Wanted
    variant: str
    status: int
    answer: bytes
    milliseconds: float


class Shadow:
    """One shadow variant: `mirrored` counts the copies that were sent, `dropped` those that were too many."""

    def __init__(
        self,
        settings: ServedShadow,
        client: HttpClient,
        capture: DataCapture | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.name = settings.name
        self.variant = Variant(settings.name, settings.urls, _BALANCING, client)
        self.differences: deque[Difference] = deque(maxlen=_DIFFERENCES)
        self.mirrored = 0
        self.dropped = 0
        self.same_status = 0
        self.same_body = 0
        self.faster = 0
        self._settings = settings
        self._capture = capture
        self._chance = chance
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def under_way(self) -> int:
        """How many copies are under way."""
        return len(self._tasks)

    def mirror(self, call: Mirrored, seconds: float) -> None:
        """Send a copy of a call that has been answered, if it is one of the sample and there is room."""
        if self._chance() * 100 >= self._settings.sampling:
            return
        if len(self._tasks) >= self._settings.at_once:
            self.dropped += 1
            return
        self.mirrored += 1
        task = asyncio.get_running_loop().create_task(self._send(call, seconds), name=f"shadow {self.name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Let copies under way go."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _send(self, call: Mirrored, seconds: float) -> None:
        started = time.perf_counter()
        reply: Reply | None = None
        try:
            reply, _ = await self.variant.send(invocation(call.outgoing, seconds))
        except (TransportError, ClusterRefusedError, ValueError) as error:
            body = str(error).encode()
        else:
            body = reply.body
        status = reply.status if reply is not None else 0
        took = self.variant.count(started, status=status)
        self._compare(call, status, body, took)
        if self._capture is not None and reply is not None:
            asked = Side(content_type=content_type(call.headers), body=call.body)
            answered = Side(content_type=content_type(reply.headers), body=reply.body)
            self._capture.take(self.name, asked, answered, call.wanted)

    def _compare(self, call: Mirrored, status: int, body: bytes, took: float) -> None:
        alike = status == call.status
        self.same_status += alike
        self.same_body += body == call.answer
        self.faster += took < call.milliseconds
        if alike and body == call.answer:
            return
        self.differences.append(
            Difference(
                time=round(time.time(), 3),
                variant=call.variant,
                production_status=call.status,
                shadow_status=status,
                production_ms=round(call.milliseconds, 3),
                shadow_ms=round(took, 3),
                production=_beginning(call.answer),
                shadow=_beginning(body),
            )
        )


def content_type(headers: HeaderSet | list[tuple[bytes, bytes]]) -> str:
    """Give the content type that headers have, "" where they have none."""
    return next((value.decode("latin-1") for name, value in headers if name == b"content-type"), "")


def _beginning(body: bytes) -> str:
    return body[:_SHOWN].decode("utf-8", "replace")
