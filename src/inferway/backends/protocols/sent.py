"""What a call to an endpoint becomes in another protocol."""

import msgspec

from inferway.exchange import Headers


class Sent(msgspec.Struct, frozen=True):
    """A POST: where to, the headers that stand for the caller's Content-Type, and the body."""

    target: bytes
    headers: Headers
    body: bytes


class UnsuitedError(Exception):
    """A body that the protocol has no place for; the text says why."""


JSON: Headers = [(b"content-type", b"application/json")]
