"""What a step asks of a backend, whatever its protocol."""

from collections.abc import Awaitable
from typing import Protocol

from inferway.exchange import Call, Reply
from inferway.faults import Fault


class Backend(Protocol):
    """A target connected at deployment; one object serves all its calls."""

    def invoke(self, call: Call) -> Reply | Fault | Awaitable[Reply | Fault]:
        """Send a call and give the reply, or the fault that stood in its way; raises nothing."""
        ...
