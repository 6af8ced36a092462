"""What a server said before a connection broke."""

import asyncio
import os
import socket
from collections.abc import Iterator
from typing import Final

_READ_BYTES: Final = 64 * 1024


def last_words(transport: asyncio.Transport) -> Iterator[bytes]:
    """Read what the kernel still holds of a broken connection whose socket is not yet closed.

    A server that answers 413 and closes with most of the request unread makes the kernel reset the connection. The
    loop then notices a failed write before it reads the answer, though that has arrived (RFC 9112, section 9.6). Gives
    nothing over TLS, whose bytes only asyncio could decipher. The last piece is empty if the server ended in order.
    """
    if transport.get_extra_info("ssl_object") is not None:
        return
    try:
        with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as remains:
            remains.setblocking(False)  # noqa: FBT003 (the socket's own signature)
            while piece := remains.recv(_READ_BYTES):
                yield piece
            yield b""
    except OSError:
        # Nothing more, or the reset itself.
        return
