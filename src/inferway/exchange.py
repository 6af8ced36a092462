"""What travels through a pipeline: the request, the call to the model, its reply, the response."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote, unquote_plus

import msgspec

from inferway.caller import Authorized, ClientCertificate, Firewalled
from inferway.definition.identity import Identity
from inferway.definition.message_steps import Mark
from inferway.definition.usage import ApiKey
from inferway.faults import Fault

Headers = list[tuple[bytes, bytes]]
Body = bytes | AsyncIterator[bytes]

_NO_HEADERS: Final[Headers] = []


_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def header_name(name: str) -> bytes:
    """Give a header's name for the wire; ValueError where it is not a token (RFC 9110, 5.1)."""
    if _TOKEN.fullmatch(name) is None:
        raise ValueError(f"{name!r} cannot be a header's name")
    return name.encode("ascii")


def header_value(value: object) -> bytes:
    """Give a header's value for the wire; control characters become a space, so that no value can add a header."""
    text = str(value)
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return text.strip().encode("utf-8", "replace")


def query_text(query: Iterable[tuple[str, str]]) -> str:
    """Give names and values as a query string.

    API Gateway leaves a slash as it is (ustayready/fireprox issue 44), and a semicolon (repost.aws, question
    QUlwoyl28tTkyboWbiyDwn1Q); RFC 3986, 3.4, lets both stand in a query.
    """
    return "&".join(f"{quote(name, safe='/;')}={quote(value, safe='/;')}" for name, value in query)


def parse_query(query: str) -> dict[str, list[str]]:
    """Split a query string into values by name; `+` and percent escapes are decoded, a name alone has the value ""."""
    arguments: dict[str, list[str]] = {}
    if not query:
        return arguments
    escaped = "%" in query or "+" in query
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            if escaped:
                if "%" in name or "+" in name:
                    name = unquote_plus(name)
                if "%" in value or "+" in value:
                    value = unquote_plus(value)
            arguments.setdefault(name, []).append(value)
    return arguments


class Request:
    """A request as it came in, whichever server took it.

    `path` and `query` are as sent (percent-encoded, Latin-1); header names in `headers` are lower-case, and
    `names` holds them as the client wrote them, in the same order (lower-case where the edge cannot tell).
    `client` is the peer's address, `certificate` what it showed of itself where TLS asked for that.
    """

    __slots__ = (
        "_arguments",
        "body",
        "certificate",
        "client",
        "headers",
        "method",
        "names",
        "path",
        "query",
        "scheme",
        "version",
    )

    def __init__(
        self,
        *,
        method: str,
        path: str,
        query: str = "",
        headers: Headers = _NO_HEADERS,
        names: Sequence[bytes] = (),
        body: bytes = b"",
        client: str = "",
        scheme: str = "http",
        version: str = "1.1",
        certificate: ClientCertificate | None = None,
    ) -> None:
        self.method = method
        self.path = path
        self.certificate = certificate
        self.query = query
        self.headers = headers
        self.names = names
        self.body = body
        self.client = client
        self.scheme = scheme
        self.version = version
        self._arguments: dict[str, list[str]] | None = None

    def arguments(self) -> dict[str, list[str]]:
        """Give the query's values by name, decoded, in the order sent; parsed on first use and kept."""
        if self._arguments is None:
            self._arguments = parse_query(self.query)
        return self._arguments

    def header(self, name: bytes) -> bytes | None:
        """Give the first value of a header by its lower-case name, None where the request has none."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


class Call:
    """What goes to a backend: `parameters` fill the `{name}` places of its target, `query` is added to it.

    `path` goes below the URL of a target that is a whole service, percent-encoded.
    """

    __slots__ = ("body", "headers", "method", "parameters", "path", "query")

    def __init__(
        self,
        *,
        method: str = "GET",
        parameters: dict[str, str] | None = None,
        query: list[tuple[str, str]] | None = None,
        headers: Headers | None = None,
        body: bytes = b"",
        path: str = "",
    ) -> None:
        self.method = method
        self.path = path
        self.parameters = parameters if parameters is not None else {}
        self.query = query if query is not None else []
        self.headers = headers if headers is not None else []
        self.body = body


class Reply(msgspec.Struct, frozen=True, gc=False):
    """What came back from a backend; header names are lower-case, their order and repetitions kept.

    `error` is the text of a function's own error, None where the backend is no function or did not fail. A reply that
    is passed on as it comes has a `stream` of pieces and no `body`; whoever does not read it to its end closes it.
    """

    status: int
    headers: Headers
    body: bytes
    error: str | None = None
    stream: AsyncGenerator[bytes, None] | None = None

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


class Field(Protocol):
    """The field of a query whose value is being made; `errors` takes those that go out beside the value."""

    errors: list[Exception]

    @property
    def name(self) -> str:
        """Give the field's name in the schema."""
        ...

    @property
    def parent(self) -> str:
        """Give the name of the type that has the field."""
        ...

    @property
    def type(self) -> str:
        """Give the name of the field's own type, without its wrappers."""
        ...

    @property
    def variables(self) -> dict[str, object]:
        """Give the operation's variables."""
        ...

    def selected(self) -> tuple[str, ...]:
        """Give what is selected below the field, as paths of names with slashes between."""
        ...

    def selection_text(self) -> str:
        """Give the field's selection set as the query's text has it, "" for a leaf."""
        ...


class Frame:
    """What one field's pipeline works on: arguments and source of the field, the result before, and a stash.

    `field` is the field in its query; None where a pipeline runs outside of one.
    """

    __slots__ = ("arguments", "call", "field", "previous", "result", "source", "stash")

    def __init__(
        self,
        *,
        arguments: object,
        source: object,
        previous: object,
        stash: dict[str, object],
        field: Field | None = None,
    ) -> None:
        self.arguments = arguments
        self.source = source
        self.previous = previous
        self.stash = stash
        self.field = field
        self.call: object = None
        self.result: object = None

    def inner(self) -> "Frame":
        """Give the frame of a function that runs within this one: it shares all but its call and its result."""
        return Frame(
            arguments=self.arguments,
            source=self.source,
            previous=self.previous,
            stash=self.stash,
            field=self.field,
        )


class Took(NamedTuple):
    """When a step began and ended, by `time.perf_counter`; `step` is the name of its class."""

    step: str
    began: float
    ended: float


_TIMES: Final = "times"


def times_of(exchange: "Exchange") -> list[Took]:
    """Give the times of an exchange's steps, in the order in which they ended; empty where nobody keeps them."""
    times = exchange.variables.get(_TIMES)
    if not isinstance(times, list):
        times = exchange.variables[_TIMES] = []
    return times


Finalizer = Callable[["Exchange"], None]


class Result:
    """Ends a field's pipeline with a value of its own instead of its frame's result."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


NO_CALL: Final = Call()
NO_REPLY: Final = Reply(status=0, headers=[], body=b"")
NO_RESPONSE: Final = Response(status=0, headers=[])
NO_FRAME: Final = Frame(arguments={}, source=None, previous=None, stash={})


class Exchange:
    """One request's state on its way through a pipeline.

    `below` is what the request's path has below what led to its API, as sent: "" or from a slash on.
    """

    __slots__ = (
        "authorizer",
        "backend",
        "below",
        "call",
        "fault",
        "finalizers",
        "firewall",
        "frame",
        "id",
        "identity",
        "key",
        "line",
        "mark",
        "parameters",
        "reply",
        "request",
        "response",
        "route",
        "scope",
        "started",
        "trace",
        "variables",
    )

    def __init__(
        self,
        *,
        request: Request,
        parameters: dict[str, str],
        route: str,
        id: str,  # noqa: A002 - the field's name
        started: float,
        below: str | None = None,
        trace: object = None,
    ) -> None:
        """Begin it; without `below` the API has all of the path."""
        self.request = request
        self.below = request.path if below is None else below
        self.parameters = parameters
        self.route = route
        self.id = id
        self.started = started
        self.call = NO_CALL
        self.reply = NO_REPLY
        self.response = NO_RESPONSE
        self.frame = NO_FRAME
        self.key: ApiKey | None = None
        self.identity: Identity | None = None
        self.authorizer: Authorized | None = None
        self.firewall: Firewalled | None = None
        self.fault: Fault | None = None
        self.mark: Mark | None = None  # the step under way, where the definition marks its steps
        self.scope: object = None  # the dialect's own, made when its first expression is evaluated
        self.backend: object = None  # the one that a step chose, where the pipeline lets one choose
        self.trace = trace  # whoever watches this request, in development
        # What its definition wants of this request in the access log; for a streamed body what makes it of its size.
        self.line: str | Callable[[int], str] = ""
        self.variables: dict[str, object] = {}
        self.finalizers: list[Finalizer] = []

    def in_frame(self, frame: Frame) -> "Exchange":
        """Give an exchange of the same request with a frame and call of its own, for one field's pipeline."""
        inner = Exchange(
            request=self.request,
            parameters=self.parameters,
            route=self.route,
            id=self.id,
            started=self.started,
            below=self.below,
        )
        inner.key = self.key
        inner.identity = self.identity
        inner.authorizer = self.authorizer
        inner.firewall = self.firewall
        inner.trace = self.trace
        inner.variables = self.variables
        inner.finalizers = self.finalizers
        inner.frame = frame
        return inner
