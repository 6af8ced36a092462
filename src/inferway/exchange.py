"""What travels through a pipeline: the request, the call to the model, its reply, the response."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Final

from inferway.definition.deployment import ApiKey
from inferway.faults import Fault

Headers = list[tuple[bytes, bytes]]
Body = bytes | AsyncIterator[bytes]

_NO_HEADERS: Final[Headers] = []


class Request:
    """A request as it came in, whichever server took it.

    `path` and `query` are as sent (percent-encoded, Latin-1); header names in `headers` are lower-case, and
    `names` holds them as the client wrote them, in the same order (lower-case where the edge cannot tell).
    `client` is the peer's address.
    """

    __slots__ = ("body", "client", "headers", "method", "names", "path", "query", "scheme", "version")

    def __init__(
        self,
        *,
        method: str,
        path: str,
        query: str = "",
        headers: Headers = _NO_HEADERS,
        names: Iterable[bytes] | None = None,
        body: bytes = b"",
        client: str = "",
        scheme: str = "http",
        version: str = "1.1",
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.names = names
        self.body = body
        self.client = client
        self.scheme = scheme
        self.version = version

    def header(self, name: bytes) -> bytes | None:
        """Give the first value of a header by its lower-case name, None where the request has none."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class Call:
    """What goes to a backend: `path` is the part after the target's own address, percent-encoded."""

    __slots__ = ("body", "headers", "method", "parameters", "query")

    def __init__(
        self,
        *,
        method: str = "GET",
        parameters: dict[str, str] | None = None,
        query: list[tuple[str, str]] | None = None,
        headers: Headers | None = None,
        body: bytes = b"",
    ) -> None:
        self.method = method
        self.parameters = parameters if parameters is not None else {}
        self.query = query if query is not None else []
        self.headers = headers if headers is not None else []
        self.body = body


class Reply:
    """What came back from a backend; header names are lower-case."""

    __slots__ = ("body", "error", "headers", "status")

    def __init__(self, *, status: int, headers: Headers, body: bytes, error: str | None = None) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.error = error

    def header(self, name: bytes) -> bytes | None:
        """Give the first value of a header by its lower-case name, None where the reply has none."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class Response:
    """What goes back to the client. Content-Length, Date and Connection are the edge's to add."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, *, status: int, headers: Headers, body: Body = b"") -> None:
        self.status = status
        self.headers = headers
        self.body = body


class Frame:
    """What one field's pipeline works on: arguments and source of the field, the result before, and a stash."""

    __slots__ = ("arguments", "call", "previous", "result", "source", "stash")

    def __init__(self, *, arguments: object, source: object, previous: object, stash: dict[str, object]) -> None:
        self.arguments = arguments
        self.source = source
        self.previous = previous
        self.stash = stash
        self.call: object = None
        self.result: object = None


Finalizer = Callable[["Exchange"], None]

NO_CALL: Final = Call()
NO_REPLY: Final = Reply(status=0, headers=[], body=b"")
NO_RESPONSE: Final = Response(status=0, headers=[])
NO_FRAME: Final = Frame(arguments={}, source=None, previous=None, stash={})


class Exchange:
    """One request's state on its way through a pipeline."""

    __slots__ = (
        "call",
        "fault",
        "finalizers",
        "frame",
        "id",
        "key",
        "parameters",
        "reply",
        "request",
        "response",
        "route",
        "scope",
        "started",
        "variables",
    )

    def __init__(self, *, request: Request, parameters: dict[str, str], route: str, id: str, started: float) -> None:  # noqa: A002 - the field's name
        self.request = request
        self.parameters = parameters
        self.route = route
        self.id = id
        self.started = started
        self.call = NO_CALL
        self.reply = NO_REPLY
        self.response = NO_RESPONSE
        self.frame = NO_FRAME
        self.key: ApiKey | None = None
        self.fault: Fault | None = None
        self.scope: object = None
        self.variables: dict[str, object] = {}
        self.finalizers: list[Finalizer] = []

    def in_frame(self, frame: Frame) -> "Exchange":
        """Give an exchange of the same request with a frame and call of its own, for one field's pipeline."""
        inner = Exchange(
            request=self.request, parameters=self.parameters, route=self.route, id=self.id, started=self.started
        )
        inner.key = self.key
        inner.variables = self.variables
        inner.finalizers = self.finalizers
        inner.frame = frame
        return inner
