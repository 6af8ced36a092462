"""Stateful sessions: which instance has the session that a call names.

Source: "Stateful sessions with Amazon SageMaker AI models"
(https://docs.aws.amazon.com/sagemaker/latest/dg/stateful-sessions.html): the model makes the identifier and its expiry.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from inferway.backends.endpoints.variant import Variant
from inferway.exchange import Reply
from inferway.transport.cluster.host import Host

NEW: Final = b"x-amzn-sagemaker-new-session-id"
CLOSED: Final = b"x-amzn-sagemaker-closed-session-id"

_MOST: Final = 100_000
"""Sessions that are known at a time; beyond them the one used longest ago is forgotten."""

_LASTS: Final = 24 * 3600.0
"""Seconds that a session lasts whose model says no time that can be read."""

_NEW: Final = re.compile(r"(?P<id>[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,255})(?:;\s*Expires=(?P<at>[0-9TZ:-]{1,32}))?")


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Where a session is, until when (Unix time)."""

    variant: Variant
    host: Host
    until: float


class Sessions:
    """The sessions of one endpoint."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._known: OrderedDict[str, Session] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def find(self, name: str) -> Session | None:
        """Give where a session is; None for one that is unknown, over or closed."""
        session = self._known.get(name)
        if session is not None and session.until <= self._now():
            del self._known[name]
            return None
        if session is not None:
            self._known.move_to_end(name)
        return session

    def learn(self, reply: Reply, variant: Variant, host: Host) -> None:
        """Take in what a reply says of sessions."""
        for name, value in reply.headers:
            if name == NEW:
                found = _NEW.fullmatch(value.decode("latin-1"))
                if found is not None:
                    self._keep(found["id"], Session(variant=variant, host=host, until=self._until(found["at"])))
            elif name == CLOSED:
                self._known.pop(value.decode("latin-1"), None)

    def _keep(self, name: str, session: Session) -> None:
        self._known[name] = session
        self._known.move_to_end(name)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def _until(self, text: str | None) -> float:
        try:
            return datetime.fromisoformat(text or "").timestamp()
        except ValueError:
            return self._now() + _LASTS
