"""What a model call over HTTP can fail with."""

from enum import StrEnum


class TransportErrorKind(StrEnum):
    """What went wrong, as far as the client can tell."""

    BAD_REQUEST = "bad request"
    CONNECT_FAILED = "connect failed"
    TLS_FAILED = "TLS failed"
    TIMED_OUT = "timed out"
    CLOSED_EARLY = "closed early"
    MALFORMED_REPLY = "malformed reply"
    REPLY_HEADERS_TOO_LARGE = "reply headers too large"
    REPLY_BODY_TOO_LARGE = "reply body too large"
    CLIENT_CLOSED = "client closed"


class Wait(StrEnum):
    """What a call was waiting for when its time ran out."""

    POOL = "pool"
    CONNECT = "connect"
    READ = "read"
    TOTAL = "total"


class TransportError(Exception):
    """A call that brought no reply.

    `text` says what happened, in words for the operator's log; `origin` is the server as a URL, without a path;
    `request_sent` is true once any byte of the request was handed to the socket: while it is false, sending the call
    again is safe whatever its method; `wait` is set for TIMED_OUT only.
    """

    def __init__(
        self,
        kind: TransportErrorKind,
        text: str,
        *,
        origin: str,
        request_sent: bool = False,
        wait: Wait | None = None,
    ) -> None:
        super().__init__(f"{origin}: {text}")
        self.kind = kind
        self.text = text
        self.origin = origin
        self.request_sent = request_sent
        self.wait = wait
